//===- StepTest.cpp - Any order of steps means the same -------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The proof of the maths: on random equations, steps composed along random
// trees give what the definition of the whole gives, keep what section 4 says,
// and cost what section 5 says.
//
//===----------------------------------------------------------------------===//

#include "EquationTestSupport.h"
#include "llvm/ADT/STLExtras.h"
#include <cstdlib>
#include <map>

using namespace conveinsum;

/// How many random equations: more by CONVEINSUM_RANDOM_EQUATIONS.
static uint64_t numEquations() {
  const char *wish = std::getenv("CONVEINSUM_RANDOM_EQUATIONS");
  return wish ? std::strtoull(wish, nullptr, 10) : 300;
}

//===----------------------------------------------------------------------===//
// Random trees
//===----------------------------------------------------------------------===//

namespace {
/// A value along a tree with its entries, in f64 and in the ring.
struct Computed {
  SetValue value;
  std::vector<double> real;
  std::vector<uint64_t> ring;
};

/// Joins pairs at random until one value is left, and checks every step.
class RandomTree {
public:
  RandomTree(const Equation &equation, SplitMix64 &random)
      : equation(equation), random(random) {}

  Computed run(std::vector<Computed> values) {
    while (values.size() > 1) {
      random.shuffle(values);
      Computed right = std::move(values.back());
      values.pop_back();
      Computed left = std::move(values.back());
      values.pop_back();
      values.push_back(join(left, right));
    }
    return std::move(values.front());
  }

private:
  Computed join(const Computed &left, const Computed &right);
  void checkShape(const Equation &step, const SetValue &joined);
  void checkMacs(const Equation &step, const SetValue &left,
                 const SetValue &right);

  const Equation &equation;
  SplitMix64 &random;
};
} // namespace

/// The step with each raw operand replaced by its value: diagonals taken,
/// private modes summed, modes with one participant sliced; and without the
/// modes that no side holds. None of that counts as MACs.
static Equation withoutFreeWork(const Equation &step) {
  EquationParts parts;
  parts.operands.resize(2);
  parts.shapes.resize(2);
  std::map<ModeId, ModeId> number;
  auto renumber = [&](ModeId mode) {
    auto [it, isNew] = number.try_emplace(mode, parts.labels.size());
    if (isNew)
      parts.labels.push_back(step.label(mode).str());
    return it->second;
  };
  for (unsigned k = 0; k < 2; ++k)
    for (auto [mode, extent] :
         llvm::zip_equal(step.operandModes(k), step.operandShape(k))) {
      const LinearRelation *relation = step.relation(mode);
      if (step.numHolders(mode) == 1 && !step.inResult(mode))
        continue;
      if (llvm::is_contained(parts.operands[k], renumber(mode)))
        continue;
      bool isSliced = relation && relation->terms.size() == 1;
      parts.operands[k].push_back(renumber(mode));
      parts.shapes[k].push_back(isSliced ? relation->resultExtent : extent);
    }
  for (ModeId mode : step.resultModes())
    if (step.numHolders(mode) > 0)
      parts.result.push_back(renumber(mode));
  for (LinearRelation relation : step.relations()) {
    if (relation.terms.size() < 2)
      continue;
    relation.mode = renumber(relation.mode);
    parts.relations.push_back(relation);
  }
  return Equation::fromParts(std::move(parts));
}

void RandomTree::checkShape(const Equation &step, const SetValue &joined) {
  Caught caught;
  EXPECT_TRUE(step.verify(caught)) << describe(step) << caught.text();
  EXPECT_EQ(step.numOperands(), 2u);
  llvm::SmallVector<ModeId, 6> sorted(joined.modes);
  llvm::sort(sorted);
  EXPECT_EQ(sorted, equation.kept(joined.set));
  Shape expected;
  for (ModeId mode : joined.modes)
    expected.push_back(equation.extent(mode, joined.set));
  EXPECT_EQ(step.resultShape(), expected) << describe(step);
  EXPECT_EQ(Count(elementCount(expected)), equation.elements(joined.set));
}

void RandomTree::checkMacs(const Equation &step, const SetValue &left,
                           const SetValue &right) {
  Equation bare = withoutFreeWork(step);
  auto ones = makeOperands<uint64_t>(
      bare, [](unsigned, size_t) { return uint64_t(1); });
  Evaluation<uint64_t> evaluation = evaluateAll(bare, ones);
  Count terms = 0;
  for (uint64_t count : evaluation.terms)
    terms += count;
  EXPECT_EQ(toString(equation.macs(left.set, right.set, MacCount::Exact)),
            toString(terms))
      << describe(step);
  EXPECT_EQ(toString(equation.macs(right.set, left.set, MacCount::Exact)),
            toString(terms))
      << describe(step);
}

Computed RandomTree::join(const Computed &left, const Computed &right) {
  Equation step = equation.step(left.value, right.value);
  Computed joined;
  joined.value = equation.join(left.value, right.value);
  checkShape(step, joined.value);
  checkMacs(step, left.value, right.value);
  if (::testing::Test::HasFailure())
    return joined;
  joined.real = evaluate<double>(step, {left.real, right.real}).value;
  joined.ring = evaluate<uint64_t>(step, {left.ring, right.ring}).value;
  return joined;
}

/// The definition of the whole against three random trees.
static void checkTrees(const Equation &equation, SplitMix64 &random) {
  Caught caught;
  EXPECT_TRUE(equation.verify(caught)) << caught.text();
  auto real = makeOperands<double>(
      equation, [&](unsigned, size_t) { return randomEntry(random); });
  auto ring = makeOperands<uint64_t>(
      equation, [&](unsigned, size_t) { return random.next(); });
  Evaluation<double> wholeReal = evaluateAll(equation, real);
  Evaluation<uint64_t> wholeRing = evaluateAll(equation, ring);
  for (unsigned tree = 0; tree < 3; ++tree) {
    std::vector<Computed> leaves;
    for (unsigned k = 0; k < equation.numOperands(); ++k)
      leaves.push_back({equation.leaf(k), real[k], ring[k]});
    Computed root = RandomTree(equation, random).run(std::move(leaves));
    if (::testing::Test::HasFailure())
      return;
    EXPECT_EQ(root.value.modes,
              llvm::SmallVector<ModeId>(equation.resultModes()));
    EXPECT_EQ(root.ring, wholeRing.value);
    for (size_t i = 0; i < root.real.size(); ++i)
      EXPECT_LE(std::abs(root.real[i] - wholeReal.value[i]),
                1e-9 * wholeReal.magnitude[i]);
  }
}

TEST(StepTest, AnyTreeMeansTheSame) {
  for (uint64_t seed = 0; seed < numEquations(); ++seed) {
    RandomEquation drawn = randomEquation(seed);
    Equation equation = resolved(drawn);
    if (equation.numOperands() == 1)
      continue;
    SplitMix64 random(~seed);
    checkTrees(equation, random);
    ASSERT_FALSE(HasFailure()) << "seed " << seed << ", " << drawn.text << "\n"
                               << describe(equation);
  }
}

/// The equation with all numbers of its relations drawn anew: gradients, and
/// what no user can say in words.
static Equation withRandomRelations(const Equation &equation,
                                    SplitMix64 &random) {
  EquationParts parts = equation.parts();
  for (LinearRelation &relation : parts.relations) {
    for (LinearRelation::Term &term : relation.terms) {
      int64_t size = random.between(1, 6);
      term.coefficient = random.oneIn(2) ? size : -size;
    }
    relation.offset = random.between(-12, 12);
    relation.resultCoefficient = random.between(1, 6);
    relation.resultExtent = random.between(1, 9);
    relation.modulus = random.oneIn(2) ? 0 : random.between(1, 16);
    relation.feature.reset();
  }
  // A mode that only the result has: a gradient towards its last participant.
  if (random.oneIn(4)) {
    LinearRelation lonely;
    lonely.mode = parts.labels.size();
    lonely.offset = random.between(-4, 4);
    lonely.resultCoefficient = random.between(1, 3);
    lonely.resultExtent = random.between(1, 4);
    lonely.modulus = random.oneIn(2) ? 0 : random.between(1, 6);
    parts.labels.push_back("lonely");
    parts.relations.push_back(lonely);
    parts.result.push_back(lonely.mode);
  }
  return Equation::fromParts(std::move(parts));
}

TEST(StepTest, AnyRelationMeansTheSame) {
  for (uint64_t seed = 0; seed < numEquations(); ++seed) {
    SplitMix64 random(seed + 1000000);
    Equation equation =
        withRandomRelations(resolved(randomEquation(random.next())), random);
    if (equation.numOperands() == 1 || evaluationWork(equation) > 1000000)
      continue;
    checkTrees(equation, random);
    ASSERT_FALSE(HasFailure()) << "seed " << seed << ", " << describe(equation);
  }
}

//===----------------------------------------------------------------------===//
// Layout and relations
//===----------------------------------------------------------------------===//

static std::string joinedText(const Equation &equation, const SetValue &left,
                              const SetValue &right) {
  return equation.step(left, right).text();
}

TEST(StepTest, TheLargerSideGivesTheLayout) {
  Equation cp = resolved("bshw,rt,rs,rh,rw->bthw|hw",
                         {{2, 4, 9, 9}, {3, 5}, {3, 4}, {3, 3}, {3, 3}});
  SetValue first = cp.join(cp.leaf(0), cp.leaf(2));
  EXPECT_EQ(joinedText(cp, cp.leaf(0), cp.leaf(2)), "bshw,rs->brhw");
  EXPECT_EQ(joinedText(cp, cp.leaf(2), cp.leaf(0)), "rs,bshw->brhw");
  EXPECT_EQ(joinedText(cp, first, cp.leaf(3)), "brhw,rh->brhw|h");
  SetValue second = cp.join(first, cp.leaf(3));
  SetValue third = cp.join(second, cp.leaf(4));
  EXPECT_EQ(joinedText(cp, third, cp.leaf(1)), "brhw,rt->bthw");
  EXPECT_EQ(joinedText(cp, cp.leaf(3), cp.leaf(4)), "rh,rw->rhw");
}

TEST(StepTest, ALeafIsReadAsGiven) {
  // a is a diagonal, c is private, h has one participant only.
  Equation equation = resolved("aach,ab,b->ah|h", {{3, 3, 2, 5}, {3, 4}, {4}},
                               {{"h", {2, int64_t(1), {}, false, {}, {}}}});
  SetValue left = equation.leaf(0), right = equation.leaf(1);
  Equation step = equation.step(left, right);
  EXPECT_EQ(step.text(), "aach,ab->abh|h");
  ASSERT_EQ(step.relations().size(), 1u);
  EXPECT_EQ(step.relationText(step.relations()[0]), "i0 = 2 o");
  EXPECT_EQ(step.relations()[0].resultExtent, 3);
  SetValue joined = equation.join(left, right);
  Equation last = equation.step(joined, equation.leaf(2));
  EXPECT_EQ(last.text(), "abh,b->ah");
  EXPECT_EQ(last.operandShape(0), llvm::ArrayRef<int64_t>({3, 4, 3}));
}

TEST(StepTest, RelationsCarryShiftsStrideAndFeature) {
  // x - 2 k - 3 l + 4 = 2 o; x: 16, k: 3, l: 2 (same: ext 8, low 3).
  Geometry geometry;
  geometry.stride = 2;
  geometry.dilation = std::vector<int64_t>{2, 3};
  Equation equation =
      resolved("h,h,h->h|h", {{16}, {3}, {2}}, {{"h", geometry}});
  EXPECT_EQ(equation.relationText(equation.relations()[0]),
            "i0 - 2 i1 - 3 i2 + 3 = 2 o");
  // The kernels: -2 i - 3 j runs over -7 .. 0, which is z - 7.
  Equation kernels = equation.step(equation.leaf(1), equation.leaf(2));
  EXPECT_EQ(kernels.relationText(kernels.relations()[0]),
            "-2 i0 - 3 i1 + 7 = o");
  EXPECT_EQ(kernels.relations()[0].feature, std::nullopt);
  SetValue joined = equation.join(equation.leaf(1), equation.leaf(2));
  Equation last = equation.step(joined, equation.leaf(0));
  EXPECT_EQ(last.relationText(last.relations()[0]), "i0 + i1 - 4 = 2 o");
  EXPECT_EQ(last.relations()[0].feature, std::optional<unsigned>(1));
}

TEST(StepTest, ACommonFactorIsDivided) {
  Geometry geometry;
  geometry.dilation = int64_t(2);
  Equation equation =
      resolved("h,h,h->h|h", {{16}, {3}, {3}}, {{"h", geometry}});
  Equation kernels = equation.step(equation.leaf(1), equation.leaf(2));
  EXPECT_EQ(kernels.relationText(kernels.relations()[0]), "-i0 - i1 + 4 = o");
}

TEST(StepTest, AnEmptyWindowGivesZeros) {
  // 3 i0 + 3 i1 + i2 = 8 with i2 < 2: no multiple of 3 is in 7 .. 8.
  LinearRelation relation;
  relation.terms = {{0, 3, 0}, {1, 3, 0}, {2, 1, 0}};
  relation.offset = -8;
  relation.resultExtent = 1;
  Equation equation = Equation::fromParts(
      {{"h"}, {{0}, {0}, {0}}, {0}, {{3}, {3}, {2}}, {relation}});
  SetValue both = equation.join(equation.leaf(0), equation.leaf(1));
  EXPECT_EQ(equation.extent(0, both.set), 0);
  Equation first = equation.step(equation.leaf(0), equation.leaf(1));
  Equation last = equation.step(both, equation.leaf(2));
  Caught caught;
  EXPECT_TRUE(first.verify(caught) && last.verify(caught)) << caught.text();
  EXPECT_EQ(first.resultShape(), Shape{0});
  EXPECT_EQ(equation.macs(both.set, equation.singleton(2), MacCount::Exact),
            Count(0));
  auto result = evaluate<double>(
      last, {llvm::ArrayRef<double>(), llvm::ArrayRef<double>({1, 2})});
  EXPECT_EQ(result.value, std::vector<double>{0});
  EXPECT_EQ(result.terms, std::vector<uint64_t>{0});
}

//===----------------------------------------------------------------------===//
// Dynamic extents
//===----------------------------------------------------------------------===//

TEST(StepTest, DynamicPlainModesAndFeaturesPass) {
  Equation equation = resolved(
      "bsh,rs,rh,rt->bth|h", {{kDynamic, 4, kDynamic}, {3, 4}, {3, 3}, {3, 5}});
  EXPECT_TRUE(equation.isDecomposable());
  SetValue value = equation.join(equation.leaf(0), equation.leaf(1));
  Equation step = equation.step(value, equation.leaf(2));
  EXPECT_EQ(step.text(), "brh,rh->brh|h");
  EXPECT_EQ(step.resultShape(), (Shape{kDynamic, 3, kDynamic}));
  EXPECT_EQ(step.relationText(step.relations()[0]), "i0 - i1 + 1 = o");
  EXPECT_EQ(step.relations()[0].extentOffset, -1);
}

TEST(StepTest, AWindowOfADynamicFeatureIsUnknown) {
  EXPECT_FALSE(resolved("h,h,h->h|h", {{kDynamic}, {3}, {3}}).isDecomposable());
  EXPECT_TRUE(
      resolved("bh,h,h->bh|h", {{kDynamic, 9}, {3}, {3}}).isDecomposable());
}
