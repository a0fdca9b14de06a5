//===- MemoryLimitTest.cpp - Plans that fit in memory ---------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Against all trees and all depth-first orders of random equations, whose bytes
// are added up here once more from the definition; large networks.
//
//===----------------------------------------------------------------------===//

#include "Equation/RandomEquation.h"
#include "LimitedPlan.h"
#include "llvm/ADT/STLExtras.h"

using namespace conveinsum;

//===----------------------------------------------------------------------===//
// The definition
//===----------------------------------------------------------------------===//

namespace {
/// The bytes of one tree, order by order.
class Bytes {
public:
  Bytes(const Equation &equation, const ContractionTree &tree,
        const PlanGoal &goal)
      : tree(tree), prepared(tree.steps().size(), false) {
    for (unsigned k = 0; k < equation.numOperands(); ++k) {
      Count elements = 1;
      for (int64_t extent : equation.operandShape(k))
        elements *= Count(extent);
      always += elements * byteSize(goal.dtype);
    }
    if (tree.steps().empty())
      always +=
          equation.elements(equation.fullSet()) * byteSize(goal.resultType);
    ElementType stored = intermediateType(goal.dtype, goal.resultType);
    for (unsigned k = 0; k < tree.steps().size(); ++k) {
      OperandSet set = tree.operandsOf(tree.resultOf(k));
      prepared[k] = llvm::all_of(set.set_bits(), [&](unsigned operand) {
        return llvm::is_contained(goal.constants, operand);
      });
      bool isLast = k + 1 == tree.steps().size();
      sizes.push_back(equation.elements(set) *
                      byteSize(isLast ? goal.resultType : stored));
    }
    for (unsigned k = 0; k < tree.steps().size(); ++k)
      if (prepared[k] && !isReadByPrepared(k))
        always += sizes[k];
  }

  /// The smallest peak over the 2^steps depth-first orders.
  Count depthFirst() const {
    Count best = Count::infinity();
    for (unsigned turns = 0; turns < 1u << tree.steps().size(); ++turns) {
      Count live = 0, peak = 0;
      run(tree.numOperands() + tree.steps().size() - 1, turns, live, peak);
      best = std::min(best, always + peak);
    }
    return best;
  }

private:
  bool isReadByPrepared(unsigned k) const {
    for (unsigned reader = 0; reader < tree.steps().size(); ++reader)
      if (tree.steps()[reader].first == tree.resultOf(k) ||
          tree.steps()[reader].second == tree.resultOf(k))
        return prepared[reader];
    return false;
  }
  Count size(unsigned value) const {
    if (value < tree.numOperands() || prepared[value - tree.numOperands()])
      return 0;
    return sizes[value - tree.numOperands()];
  }
  void run(unsigned value, unsigned turns, Count &live, Count &peak) const {
    if (value < tree.numOperands())
      return;
    unsigned index = value - tree.numOperands();
    auto [first, second] = tree.steps()[index];
    if (turns >> index & 1)
      std::swap(first, second);
    run(first, turns, live, peak);
    run(second, turns, live, peak);
    live += size(value);
    peak = std::max(peak, live);
    live -= size(first) + size(second);
  }

  const ContractionTree &tree;
  Count always = 0;
  std::vector<bool> prepared;
  std::vector<Count> sizes;
};

/// One tree of a network.
struct Weighed {
  Count value, depthFirst, any;
};
} // namespace

static std::vector<Weighed> weighAll(const Equation &equation,
                                     const PlanGoal &goal) {
  std::vector<Weighed> all;
  PlanGoal peak = goal;
  peak.objective = Objective(ObjectiveKind::Peak);
  for (const ContractionTree &tree :
       spreadTrees(equation.numOperands(), 1000)) {
    Count any = evaluateGoal(equation, tree, peak).value;
    Count value = goal.objective.kind == ObjectiveKind::Peak
                      ? any
                      : evaluateGoal(equation, tree, goal).value;
    all.push_back({value, Bytes(equation, tree, goal).depthFirst(), any});
  }
  return all;
}

/// The smallest value among the trees whose peak is within the limit.
static Count bestWithin(const std::vector<Weighed> &all, Count limit,
                        Count Weighed::*peak) {
  Count best = Count::infinity();
  for (const Weighed &tree : all)
    if (tree.*peak <= limit)
      best = std::min(best, tree.value);
  return best;
}

static Count smallest(const std::vector<Weighed> &all, Count Weighed::*figure) {
  Count best = Count::infinity();
  for (const Weighed &tree : all)
    best = std::min(best, tree.*figure);
  return best;
}

/// Goals of all kinds, with gradients, constants, types and targets.
static PlanGoal randomGoal(const Equation &equation, SplitMix64 &random) {
  static const char *words[] = {"flops",   "size", "write", "combo-64",
                                "roof-20", "time", "peak"};
  PlanGoal goal(*Objective::parse(words[random.between(0, 6)]));
  if (random.oneIn(3))
    goal.objective.count = MacCount::Dense;
  if (random.oneIn(2))
    goal.target = TargetModel::gpu();
  if (random.oneIn(3))
    goal.dtype = ElementType::I8, goal.resultType = ElementType::I16;
  for (unsigned k = 0; k < equation.numOperands(); ++k) {
    if (random.oneIn(4))
      goal.constants.push_back(k);
    else if (random.oneIn(4))
      goal.gradients.push_back(k);
  }
  return goal;
}

//===----------------------------------------------------------------------===//
// Small networks
//===----------------------------------------------------------------------===//

/// Checks the plan within one limit against all trees.
static void expectBestWithin(const Equation &equation, const PlanGoal &goal,
                             const std::vector<Weighed> &all, Count limit,
                             unsigned &bent) {
  Count depthFirst = bestWithin(all, limit, &Weighed::depthFirst);
  Count any = bestWithin(all, limit, &Weighed::any);
  Caught caught;
  auto found = planWithin(equation, goal, limit, caught);
  if (!found) {
    EXPECT_EQ(caught.count, 1u);
    EXPECT_TRUE(depthFirst == Count::infinity()) << toString(limit);
    return;
  }
  EXPECT_EQ(caught.count, 0u);
  Caught faults;
  EXPECT_TRUE(found->plan.tree.verify(faults)) << faults.text();
  EXPECT_LE(found->peak, limit);
  EXPECT_LE(found->peak, found->depthFirstPeak);
  EXPECT_TRUE(found->depthFirstPeak ==
              Bytes(equation, found->plan.tree, goal).depthFirst());
  EXPECT_TRUE(found->plan.value ==
              evaluateGoal(equation, found->plan.tree, goal).value);
  // Trees that fit in interleaved orders only are an extra.
  EXPECT_LE(found->plan.value, depthFirst);
  EXPECT_GE(found->plan.value, any);
  EXPECT_LE(found->plan.lowerBound.value_or(0), any);
  if (found->scope == LimitScope::AllSchedules) {
    EXPECT_TRUE(found->plan.value == any)
        << toString(found->plan.value) << " " << toString(any);
    EXPECT_EQ(found->plan.proof, Proof::Optimal);
  } else {
    EXPECT_EQ(found->scope, LimitScope::DepthFirst);
    EXPECT_TRUE(found->plan.value == depthFirst);
  }
  bent += found->plan.value != smallest(all, &Weighed::value);
}

TEST(MemoryLimit, IsTheBestOfAllTreesAndDepthFirstOrders) {
  unsigned bent = 0;
  for (uint64_t seed = 0; seed < 260; ++seed) {
    SplitMix64 random(seed);
    RandomEquation drawn = randomEquation(seed);
    Equation equation = makeEquation(drawn.text, drawn.shapes, drawn.geometry);
    if (equation.numOperands() > 5 && seed % 8 != 0)
      continue;
    SCOPED_TRACE(std::to_string(seed) + " " + drawn.text);
    PlanGoal goal = randomGoal(equation, random);
    std::vector<Weighed> all = weighAll(equation, goal);
    Count least = smallest(all, &Weighed::depthFirst), most = 0;
    for (const Weighed &tree : all)
      most = std::max(most, tree.depthFirst);
    for (Count limit : {least, least + (most - least) / 8,
                        least + (most - least) / 3, most - (most > 0), most})
      expectBestWithin(equation, goal, all, limit, bent);
  }
  EXPECT_GE(bent, 60u) << "the limits hardly change a plan";
}

TEST(MemoryLimit, ValuesThatWaitCount) {
  // Two halves that grow before they shrink: while the second one grows, the
  // first one waits.
  unsigned waits = 0, bent = 0;
  for (uint64_t seed = 0; seed < 9; ++seed) {
    SplitMix64 random(seed);
    auto size = [&] { return random.between(5, 8); };
    int64_t x = size(), y = size(), a = size(), b = size();
    // The half that needs more has to be first: neither, the second, the first.
    int64_t z = x + (seed % 3 == 0 ? 0 : seed % 3 == 1 ? 1 : -1);
    int64_t p = random.between(2, 4), q = random.between(2, 4);
    Equation equation =
        makeEquation("ax,ay,xyp,bz,bw,zwq->pq",
                     {{a, x}, {a, y}, {x, y, p}, {b, z}, {b, y}, {z, y, q}});
    SCOPED_TRACE(seed);
    PlanGoal goal(*Objective::parse(seed % 2 ? "flops" : "size"));
    std::vector<Weighed> all = weighAll(equation, goal);
    FeasibleLimit least = smallestFeasibleLimit(equation, goal);
    EXPECT_TRUE(least.bytes == smallest(all, &Weighed::depthFirst));
    waits += least.lowerBound < least.bytes;
    // Every limit at which a tree begins to fit, the small ones.
    std::vector<Count> limits;
    for (const Weighed &tree : all)
      limits.push_back(tree.depthFirst);
    llvm::sort(limits);
    limits.erase(std::unique(limits.begin(), limits.end()), limits.end());
    limits.resize(std::min<size_t>(limits.size(), 30));
    for (Count limit : limits)
      expectBestWithin(equation, goal, all, limit, bent);
  }
  EXPECT_GE(waits, 3u);
}

TEST(MemoryLimit, SmallestLimitIsFeasibleAndOneByteLessIsNot) {
  for (uint64_t seed = 500; seed < 640; ++seed) {
    RandomEquation drawn = randomEquation(seed);
    Equation equation = makeEquation(drawn.text, drawn.shapes, drawn.geometry);
    if (equation.numOperands() > 5)
      continue;
    SCOPED_TRACE(std::to_string(seed) + " " + drawn.text);
    SplitMix64 random(seed);
    PlanGoal goal = randomGoal(equation, random);
    std::vector<Weighed> all = weighAll(equation, goal);
    FeasibleLimit limit = smallestFeasibleLimit(equation, goal);
    EXPECT_TRUE(limit.isExact);
    EXPECT_TRUE(limit.bytes == smallest(all, &Weighed::depthFirst));
    EXPECT_TRUE(Bytes(equation, limit.tree, goal).depthFirst() == limit.bytes);
    EXPECT_LE(limit.lowerBound, smallest(all, &Weighed::any));
    Caught caught;
    EXPECT_TRUE(planWithin(equation, goal, limit.bytes, caught));
    EXPECT_EQ(caught.count, 0u);
    if (smallest(all, &Weighed::any) < limit.bytes || limit.bytes == 0)
      continue;
    EXPECT_FALSE(planWithin(equation, goal, limit.bytes - 1, caught));
    EXPECT_NE(
        caught.text().find("at least " + toString(limit.bytes) +
                           " bytes, the smallest peak of all trees, got " +
                           toString(limit.bytes - 1) + " bytes"),
        std::string::npos)
        << caught.text();
  }
}

TEST(MemoryLimit, ThePlanWithoutALimitIsKeptIfItFits) {
  Equation equation = makeEquation("ab,bc,cd->ad", {{30, 4}, {4, 50}, {50, 6}});
  PlannedTree free = planOf(equation);
  Count peak = peakBytes(equation, free.tree, free.goal);
  Caught caught;
  auto found = planWithin(equation, {}, peak, caught);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->plan.tree, free.tree);
  EXPECT_EQ(found->plan.proof, free.proof);
  EXPECT_EQ(found->scope, LimitScope::AllSchedules);
}

TEST(MemoryLimit, BytesOfAChain) {
  // In f32: operands 120 + 200 + 300, then bc,cd of 24 and the result of 180.
  Equation equation = makeEquation("ab,bc,cd->ad", {{30, 4}, {4, 50}, {50, 6}});
  FeasibleLimit limit = smallestFeasibleLimit(equation, {});
  EXPECT_EQ(toString(limit.bytes), toString(4 * (620 + 24 + 180)));
  EXPECT_EQ(limit.tree.treeText(), "(0,(1,2))");
  LiveBytes live = liveBytes(equation, limit.tree, {});
  EXPECT_EQ(toString(live.resident), "2480");
  ASSERT_EQ(live.sizes.size(), 2u);
  EXPECT_EQ(toString(live.sizes[0]), "96");
}

//===----------------------------------------------------------------------===//
// Large networks
//===----------------------------------------------------------------------===//

/// A ladder of two rows of matrices, with rungs.
static Equation ladder(unsigned rungs) {
  std::string text;
  std::vector<Shape> shapes;
  auto label = [](char row, unsigned k) {
    return std::string("(") + row + std::to_string(k) + ")";
  };
  for (char row : {'u', 'l'})
    for (unsigned k = 0; k < rungs; ++k) {
      text += (text.empty() ? "" : ",") + label('r', k);
      Shape shape{int64_t(2 + k % 3)};
      for (unsigned end : {k, k + 1})
        if (end > 0 && end < rungs) {
          text += label(row, end);
          shape.push_back(2 + (end + (row == 'u')) % 4);
        }
      shapes.push_back(shape);
    }
  return makeEquation(text + "->", shapes);
}

TEST(MemoryLimit, LargeNetworksFitWhereTheSearchSaysSo) {
  for (unsigned rungs : {6u, 10u}) {
    Equation equation = ladder(rungs);
    PlanGoal goal;
    goal.objective = Objective(ObjectiveKind::Write);
    PlannerOptions options(PlannerKind::Auto, goal);
    options.budget.moves = 20000;
    Caught caught;
    FeasibleLimit limit = smallestFeasibleLimit(equation, goal);
    EXPECT_EQ(limit.isExact, 2 * rungs <= kMaxExactPeakOperands);
    EXPECT_LE(limit.lowerBound, limit.bytes);
    auto found = planWithOptions(equation, options, limit.bytes, caught);
    ASSERT_TRUE(found) << caught.text();
    EXPECT_LE(found->peak, limit.bytes);
    EXPECT_TRUE(found->plan.value ==
                evaluateGoal(equation, found->plan.tree, goal).value);
    EXPECT_FALSE(planWithOptions(equation, options, 1, caught));
    EXPECT_NE(caught.text().find(limit.isExact ? "peak of all trees"
                                               : "peak that was found"),
              std::string::npos);
  }
}
