//===- TrainingPeaksTest.cpp - Bytes alive in both passes -----------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Peaks against all orders that Training.h leaves open, each of them run with a
// set of what is alive.
//
//===----------------------------------------------------------------------===//

#include "Plan/Tree/AllOrders.h"
#include "TrainingTestSupport.h"

using namespace conveinsum;

namespace {
/// What the passes over one tree with one choice of kept values share.
class Passes {
public:
  Passes(const SimulatedTree &on, std::vector<unsigned> keep, unsigned bytes)
      : on(on), keep(std::move(keep)), elementBytes(bytes) {}

  Count forwardPeak() const {
    std::vector<PebbleStep> steps;
    for (unsigned value = on.tree.numOperands(); value <= on.root(); ++value)
      steps.push_back(stepOf(value, llvm::is_contained(keep, value),
                             on.tree.numOperands()));
    return smallestPeakOfAllOrders(steps);
  }

  Count backwardPeak() {
    Count best = Count::infinity();
    for (choice = 0; choice < 1u << (2 * on.tree.steps().size()); ++choice) {
      peak = 0;
      values = std::set<unsigned>(keep.begin(), keep.end());
      gradients = {on.root()};
      note();
      if (on.hasGradient[on.root()])
        visit(on.root());
      best = std::min(best, peak);
    }
    return best;
  }

private:
  bool isFree(unsigned value) const {
    return !on.isStep(value) || on.isPrepared[value] || value == on.root();
  }
  Count bytes(unsigned value) const {
    return isFree(value) ? 0 : on.elements[value] * elementBytes;
  }
  bool isThere(unsigned value) const {
    return isFree(value) || values.count(value) != 0;
  }
  /// Whether a gradient reads a value.
  bool isNeeded(unsigned value) const {
    for (auto [lhs, rhs] : on.tree.steps()) {
      if (lhs == value)
        return on.hasGradient[rhs];
      if (rhs == value)
        return on.hasGradient[lhs];
    }
    return false;
  }

  /// A step whose inputs are numbered from `first`.
  PebbleStep stepOf(unsigned value, bool stays, unsigned first) const {
    PebbleStep step;
    step.size = bytes(value);
    step.stays = stays;
    auto [lhs, rhs] = on.sides(value);
    if (lhs >= first)
      step.inputs[0] = lhs - first;
    if (rhs >= first)
      step.inputs[1] = rhs - first;
    return step;
  }

  Count alive() const {
    Count sum = 0;
    for (unsigned value : values)
      sum += bytes(value);
    for (unsigned value : gradients)
      sum += bytes(value);
    return sum;
  }
  void note(Count more = 0) { peak = std::max(peak, alive() + more); }

  /// Notes what must be computed for `value` to be there, sides first, and what
  /// that reads.
  void collect(unsigned value, std::vector<unsigned> &region,
               std::vector<unsigned> &read) const {
    if (isThere(value)) {
      read.push_back(value);
      return;
    }
    auto [lhs, rhs] = on.sides(value);
    collect(lhs, region, read);
    collect(rhs, region, read);
    region.push_back(value);
  }

  void recompute(const std::vector<unsigned> &region) {
    std::vector<PebbleStep> steps;
    for (unsigned value : region) {
      PebbleStep step;
      step.size = bytes(value);
      step.stays = isNeeded(value);
      auto [lhs, rhs] = on.sides(value);
      unsigned inputs = 0;
      for (unsigned at = 0; at < steps.size(); ++at)
        if (region[at] == lhs || region[at] == rhs)
          step.inputs[inputs++] = at;
      steps.push_back(step);
    }
    note(smallestPeakOfAllOrders(steps));
    for (unsigned value : region)
      if (isNeeded(value))
        values.insert(value);
  }

  void visit(unsigned value) {
    auto [first, second] = on.sides(value);
    unsigned bits = choice >> (2 * (value - on.tree.numOperands()));
    std::vector<unsigned> region, read;
    for (unsigned side : {first, second})
      if (isNeeded(side) && !isThere(side))
        collect(side, region, read);
    recompute(region);
    for (unsigned side : read)
      if (!isNeeded(side))
        values.erase(side);
    if (bits & 1)
      std::swap(first, second);
    for (auto [side, other] :
         {std::pair(first, second), std::pair(second, first)}) {
      if (!on.hasGradient[side])
        continue;
      EXPECT_TRUE(isThere(other));
      gradients.insert(side);
      note();
      values.erase(other);
    }
    gradients.erase(value);
    if ((bits & 1) != (bits >> 1 & 1))
      std::swap(first, second);
    for (unsigned side : {first, second})
      if (on.hasGradient[side] && on.isStep(side))
        visit(side);
  }

  const SimulatedTree &on;
  std::vector<unsigned> keep;
  unsigned elementBytes;
  unsigned choice = 0;
  std::set<unsigned> values, gradients;
  Count peak = 0;
};
} // namespace

static void expectPeaks(uint64_t seed, unsigned operands, SplitMix64 &random) {
  Equation equation = randomNetwork(seed, operands);
  PlanGoal goal = randomTrainingGoal(random, equation.numOperands());
  goal.dtype = goal.resultType =
      random.oneIn(2) ? ElementType::F32 : ElementType::F16;
  ContractionTree tree = randomTree(random, equation.numOperands());
  SimulatedTree on(equation, tree, goal);
  for (unsigned number = 0; number < numChoices(on); ++number) {
    std::vector<unsigned> keep = choiceOf(on, number);
    Caught caught;
    auto point = evaluateTrainingPoint(equation, tree, keep, goal, caught);
    ASSERT_TRUE(point) << caught.text();
    Passes passes(on, keep, byteSize(goal.dtype));
    SCOPED_TRACE(equation.text() + " " + tree.treeText());
    EXPECT_EQ(toString(point->forwardPeak), toString(passes.forwardPeak()));
    EXPECT_EQ(toString(point->backwardPeak), toString(passes.backwardPeak()));
  }
}

TEST(TrainingPeaks, AreTheBestOfAllOrders) {
  SplitMix64 random(1);
  for (uint64_t seed = 0; seed < 300; ++seed)
    expectPeaks(seed, 5, random);
  for (uint64_t seed = 1000; seed < 1020; ++seed)
    expectPeaks(seed, 6, random);
}

TEST(TrainingPeaks, OfTwoTracesByHand) {
  // Two traces: values 6 and 8 are matrices of 100 elements, 7 and 9 numbers.
  Equation equation =
      makeEquation("ij,jk,ki,lm,mn,nl->",
                   {{10, 2}, {2, 10}, {10, 10}, {10, 2}, {2, 10}, {10, 10}});
  PlanGoal goal = allGradients(equation);
  Caught caught;
  auto tree = ContractionTree::parseTree("(((0,1),2),((3,4),5))", 6, caught);
  ASSERT_TRUE(tree) << caught.text();
  ASSERT_EQ(tree->ssaPathText(), "(0,1),(6,2),(3,4),(8,5),(7,9)");
  auto peaks = [&](std::vector<unsigned> keep) {
    auto point = evaluateTrainingPoint(equation, *tree, keep, goal, caught);
    EXPECT_TRUE(point) << caught.text();
    return std::pair(toString(point->forwardPeak),
                     toString(point->backwardPeak));
  };
  // Forward, a number waits for a matrix and the other number. Backward, one
  // matrix is recomputed while the gradients of both numbers are there; it is
  // gone before its gradient comes.
  EXPECT_EQ(peaks({7, 9}), std::pair(toString(4 * 102), toString(4 * 102)));
  // Everything stays. Backward, all of it is there, and the first gradient.
  EXPECT_EQ(peaks({6, 7, 8, 9}),
            std::pair(toString(4 * 202), toString(4 * 203)));
}
