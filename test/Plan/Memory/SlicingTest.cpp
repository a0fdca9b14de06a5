//===- SlicingTest.cpp - Slices are the whole -----------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The definition evaluated slice by slice and put together is the definition of
// the whole, entry by entry, in integers. Costs are those of all slices,
// enumerated.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Memory/Slicing.h"
#include "Equation/EquationTestSupport.h"
#include "Plan/PlanTestSupport.h"
#include "llvm/ADT/STLExtras.h"

using namespace conveinsum;

/// Every combination of chunks, the last mode fastest.
static std::vector<llvm::SmallVector<int64_t, 3>>
allSlices(const Equation &equation, const Slicing &slicing) {
  std::vector<llvm::SmallVector<int64_t, 3>> all{{}};
  for (const ModeSlicing &mode : slicing) {
    decltype(all) longer;
    for (const auto &index : all)
      for (int64_t i = 0; i < numChunks(equation, mode); ++i) {
        longer.push_back(index);
        longer.back().push_back(i);
      }
    all = std::move(longer);
  }
  return all;
}

/// Up to three modes with random chunks, and random participants to cut.
static Slicing randomSlicing(const Equation &equation, SplitMix64 &random) {
  std::vector<ModeId> modes;
  for (ModeId mode = 0; mode < equation.numModes(); ++mode) {
    const LinearRelation *relation = equation.relation(mode);
    if (relation ? relation->modulus == 0 : equation.size(mode) > 0)
      modes.push_back(mode);
  }
  random.shuffle(modes);
  Slicing slicing;
  for (ModeId mode : llvm::ArrayRef(modes).take_front(3)) {
    const LinearRelation *relation = equation.relation(mode);
    int64_t extent = relation ? relation->resultExtent : equation.size(mode);
    ModeSlicing cut{mode, random.between(1, extent), std::nullopt};
    if (relation && random.oneIn(2))
      cut.operand =
          relation->terms[random.between(0, relation->terms.size() - 1)]
              .operand;
    slicing.push_back(cut);
    if (random.oneIn(2))
      break;
  }
  return slicing;
}

//===----------------------------------------------------------------------===//
// Meaning
//===----------------------------------------------------------------------===//

/// Calls `visit(flat index in the box, flat index in the whole)`.
template <typename Visit>
static void forBox(llvm::ArrayRef<int64_t> box, llvm::ArrayRef<int64_t> whole,
                   llvm::ArrayRef<int64_t> starts, Visit visit) {
  size_t count = elementCount(box);
  for (size_t flat = 0; flat < count; ++flat) {
    size_t rest = flat, at = 0, stride = 1;
    for (size_t dimension = box.size(); dimension-- > 0;) {
      int64_t index = int64_t(rest % box[dimension]) + starts[dimension];
      ASSERT_GE(index, 0);
      ASSERT_LT(index, whole[dimension]);
      rest /= box[dimension];
      at += size_t(index) * stride;
      stride *= whole[dimension];
    }
    visit(flat, at);
  }
}

/// The whole, put together from slices.
static std::vector<uint64_t>
evaluateSlices(const Equation &equation, const Slicing &slicing,
               const std::vector<std::vector<uint64_t>> &operands) {
  std::vector<uint64_t> result(elementCount(equation.resultShape()), 0);
  for (const auto &index : allSlices(equation, slicing)) {
    Slice slice = slicedEquation(equation, slicing, index);
    Caught caught;
    EXPECT_TRUE(slice.equation.verify(caught)) << caught.text();
    std::vector<std::vector<uint64_t>> parts;
    for (unsigned k = 0; k < operands.size(); ++k) {
      auto box = slice.equation.operandShape(k);
      parts.emplace_back(elementCount(box));
      forBox(box, equation.operandShape(k), slice.operandStarts[k],
             [&](size_t flat, size_t at) { parts[k][flat] = operands[k][at]; });
    }
    auto value = evaluateAll(slice.equation, parts).value;
    forBox(slice.equation.resultShape(), equation.resultShape(),
           slice.resultStarts,
           [&](size_t flat, size_t at) { result[at] += value[flat]; });
  }
  return result;
}

TEST(Slicing, SlicesPutTogetherAreTheWhole) {
  unsigned tiled = 0, summed = 0;
  for (uint64_t seed = 0; seed < 700; ++seed) {
    RandomEquationOptions options;
    options.maxWork = 3000;
    RandomEquation drawn = randomEquation(seed, options);
    Equation equation = makeEquation(drawn.text, drawn.shapes, drawn.geometry);
    SplitMix64 random(seed);
    Slicing slicing = randomSlicing(equation, random);
    if (slicing.empty() || numSlices(equation, slicing) > 64)
      continue;
    SCOPED_TRACE(std::to_string(seed) + " " + describe(equation));
    Caught caught;
    ASSERT_TRUE(verifySlicing(equation, slicing, caught)) << caught.text();
    auto operands = makeOperands<uint64_t>(
        equation, [&](unsigned, size_t) { return random.next(); });
    EXPECT_EQ(evaluateSlices(equation, slicing, operands),
              evaluateAll(equation, operands).value);
    tiled += llvm::any_of(slicing, [&](const ModeSlicing &mode) {
      return equation.relation(mode.mode) && numChunks(equation, mode) > 1;
    });
    summed += accumulates(equation, slicing);
  }
  EXPECT_GE(tiled, 150u) << "hardly any conv mode is sliced";
  EXPECT_GE(summed, 100u) << "hardly any slices add up";
}

/// The tile of a mode in one slice: what it reads of the feature, operand 0.
static std::pair<int64_t, int64_t>
readBy(const Equation &equation, const Slicing &slicing, int64_t index) {
  Slice slice = slicedEquation(equation, slicing, {index});
  return {slice.operandStarts[0][0], slice.equation.operandShape(0)[0]};
}

TEST(Slicing, TilesReadTheirHalo) {
  Equation same = makeEquation("h,h->h|h", {{9}, {3}});
  Slicing slicing{{*makeEquation("h,h->h|h", {{9}, {3}}).resultModes().begin(),
                   4, std::nullopt}};
  EXPECT_EQ(numChunks(same, slicing[0]), 3);
  EXPECT_EQ(readBy(same, slicing, 0), std::pair(int64_t(0), int64_t(5)));
  EXPECT_EQ(readBy(same, slicing, 1), std::pair(int64_t(3), int64_t(6)));
  EXPECT_EQ(readBy(same, slicing, 2), std::pair(int64_t(7), int64_t(2)));
  EXPECT_EQ(haloOf(same, slicing[0]), 2);

  // s (t - 1) + 1 + d (k - 1) = 2 * 2 + 1 + 3 * 2.
  GeometryMap geometry;
  geometry["h"].stride = 2;
  geometry["h"].dilation = int64_t(3);
  geometry["h"].padding = {PaddingMode::Valid, 0, 0};
  Equation strided = makeEquation("h,h->h|h", {{40}, {3}}, geometry);
  slicing[0].chunk = 3;
  EXPECT_EQ(readBy(strided, slicing, 1), std::pair(int64_t(6), int64_t(11)));
  EXPECT_EQ(haloOf(strided, slicing[0]), 5);

  // The last tile of a full convolution meets the last entry only.
  geometry.clear();
  geometry["h"].padding = {PaddingMode::Explicit, 0, 20};
  Equation padded = makeEquation("h,h->h|h", {{5}, {3}}, geometry);
  slicing[0].chunk = 1;
  EXPECT_EQ(readBy(padded, slicing, 22), std::pair(int64_t(4), int64_t(1)));
}

//===----------------------------------------------------------------------===//
// Costs
//===----------------------------------------------------------------------===//

namespace {
/// Costs added up over all slices, one by one.
struct Enumerated {
  Count value = 0, prepared = 0, slice = 0, hoisted = 0, hoisting = 0;
  std::vector<unsigned> once;
};
} // namespace

static Count stepBytes(const PlanGoal &goal, const StepFigures &step) {
  return step.result *
         byteSize(step.isLast ? goal.resultType
                              : intermediateType(goal.dtype, goal.resultType));
}

/// The peak of the steps in `counted` alone.
static Count peakOfSome(const ContractionTree &tree,
                        const std::vector<StepFigures> &figures,
                        const PlanGoal &goal,
                        llvm::function_ref<bool(unsigned)> counted) {
  std::vector<Count> sizes;
  for (unsigned k = 0; k < figures.size(); ++k)
    sizes.push_back(counted(k) ? stepBytes(goal, figures[k]) : 0);
  return smallestPeak(tree, sizes).peak;
}

static Enumerated addUpSlices(const Equation &equation,
                              const ContractionTree &tree,
                              const Slicing &slicing, const PlanGoal &goal) {
  Enumerated sum;
  auto touches = [&](unsigned step) {
    OperandSet set = tree.operandsOf(tree.resultOf(step));
    return llvm::any_of(slicing, [&](const ModeSlicing &mode) {
      return llvm::any_of(equation.holders(mode.mode),
                          [&](unsigned operand) { return set.test(operand); });
    });
  };
  std::vector<int> reader(tree.steps().size(), -1);
  for (unsigned k = 0; k < tree.steps().size(); ++k)
    for (unsigned value : {tree.steps()[k].first, tree.steps()[k].second})
      if (value >= tree.numOperands())
        reader[value - tree.numOperands()] = k;
  PlanGoal unfused = goal;
  unfused.target.fuses = false;
  bool isFirst = true;
  for (const auto &index : allSlices(equation, slicing)) {
    Equation slice = slicedEquation(equation, slicing, index).equation;
    GoalCost cost = evaluateGoal(slice, tree, unfused);
    for (unsigned k = 0; k < tree.steps().size(); ++k) {
      bool isReadByCalls = cost.figures[k].isPrepared && reader[k] >= 0 &&
                           !cost.figures[reader[k]].isPrepared;
      if (touches(k) || isFirst) {
        sum.value = combine(goal.objective, sum.value, cost.steps[k]);
        sum.prepared += isReadByCalls ? stepBytes(goal, cost.figures[k]) : 0;
      }
      if (!isFirst || touches(k) || cost.figures[k].isPrepared)
        continue;
      if (!touches(reader[k]))
        continue;
      sum.hoisted += stepBytes(goal, cost.figures[k]);
      OperandSet below = tree.operandsOf(tree.resultOf(k));
      Count peak = peakOfSome(tree, cost.figures, goal, [&](unsigned other) {
        OperandSet set = tree.operandsOf(tree.resultOf(other));
        return !cost.figures[other].isPrepared && set.anyCommon(below) &&
               !set.test(below);
      });
      sum.hoisting =
          std::max(sum.hoisting, peak - stepBytes(goal, cost.figures[k]));
    }
    Count peak = peakOfSome(tree, cost.figures, goal, [&](unsigned k) {
      bool inPlace =
          k + 1 == tree.steps().size() && !accumulates(equation, slicing);
      return touches(k) && !cost.figures[k].isPrepared && !inPlace;
    });
    sum.slice = std::max(sum.slice, peak);
    isFirst = false;
  }
  for (unsigned k = 0; k < tree.steps().size(); ++k)
    if (!touches(k))
      sum.once.push_back(k);
  return sum;
}

static Count bytesOfWhole(const Equation &equation, const PlanGoal &goal) {
  Count bytes =
      equation.elements(equation.fullSet()) * byteSize(goal.resultType);
  for (unsigned k = 0; k < equation.numOperands(); ++k)
    bytes += elementCount(equation.operandShape(k)) * byteSize(goal.dtype);
  return bytes;
}

TEST(Slicing, CostsAreThoseOfAllSlices) {
  static const char *words[] = {"flops",    "size",    "write",
                                "combo-64", "roof-20", "time"};
  unsigned checked = 0, hoisted = 0;
  for (uint64_t seed = 0; seed < 500; ++seed) {
    RandomEquation drawn = randomEquation(seed);
    Equation equation = makeEquation(drawn.text, drawn.shapes, drawn.geometry);
    SplitMix64 random(seed);
    Slicing slicing = randomSlicing(equation, random);
    if (slicing.empty() || numSlices(equation, slicing) > 100)
      continue;
    SCOPED_TRACE(std::to_string(seed) + " " + describe(equation));
    PlanGoal goal(*Objective::parse(words[seed % 6]));
    if (random.oneIn(2))
      goal.objective.count = MacCount::Dense;
    goal.resultType = random.oneIn(2) ? ElementType::F64 : ElementType::F32;
    for (unsigned k = 0; k < equation.numOperands(); ++k) {
      if (random.oneIn(4))
        goal.constants.push_back(k);
      else if (random.oneIn(4))
        goal.gradients.push_back(k);
    }
    Count trees = numberOfTrees(equation.numOperands());
    ContractionTree tree =
        treeOfRank(equation.numOperands(),
                   Count(random.between(0, int64_t(trees.word()) - 1)));
    Enumerated expected = addUpSlices(equation, tree, slicing, goal);
    SlicedCost cost = evaluateSliced(equation, tree, slicing, goal);
    EXPECT_TRUE(cost.value == expected.value)
        << toString(cost.value) << ", expected " << toString(expected.value);
    EXPECT_TRUE(cost.slices == allSlices(equation, slicing).size());
    EXPECT_EQ(cost.hoisted, expected.once);
    Count peak = bytesOfWhole(equation, goal) + expected.prepared +
                 expected.hoisted + std::max(expected.slice, expected.hoisting);
    EXPECT_TRUE(cost.peak == peak)
        << toString(cost.peak) << ", expected " << toString(peak);
    ++checked;
    hoisted += expected.hoisted != 0;
  }
  EXPECT_GE(checked, 250u);
  EXPECT_GE(hoisted, 20u) << "hardly anything is hoisted";
}

TEST(Slicing, NothingIsFusedAcrossTheSlices) {
  // kc * kc is elementwise, as is what reads it; only b is sliced.
  Equation equation =
      makeEquation("kc,kc,bkc->bkc", {{8, 8}, {8, 8}, {4, 8, 8}});
  PlanGoal goal(*Objective::parse("time"));
  goal.target = TargetModel::gpu();
  goal.target.fuses = true;
  ContractionTree tree = ContractionTree::leftToRight(3);
  GoalCost whole = evaluateGoal(equation, tree, goal);
  ASSERT_TRUE(whole.figures[0].resultFused);
  ModeId b = equation.resultModes()[0];
  Slicing slicing{{b, 1, std::nullopt}};
  Equation slice = slicedEquation(equation, slicing, {0}).equation;
  PlanGoal unfused = goal;
  unfused.target.fuses = false;
  GoalCost single = evaluateGoal(slice, tree, unfused);
  EXPECT_TRUE(evaluateSliced(equation, tree, slicing, goal).value ==
              single.steps[0] + 4 * single.steps[1]);
}

TEST(Slicing, NoSlicingIsTheWhole) {
  Equation equation = makeEquation("ab,bc,cd->ad", {{3, 4}, {4, 5}, {5, 6}});
  ContractionTree tree = ContractionTree::leftToRight(3);
  SlicedCost cost = evaluateSliced(equation, tree, {}, {});
  EXPECT_TRUE(cost.value == evaluateGoal(equation, tree, {}).value);
  EXPECT_TRUE(cost.peak == peakBytes(equation, tree, {}));
  EXPECT_TRUE(cost.slices == 1);
}
