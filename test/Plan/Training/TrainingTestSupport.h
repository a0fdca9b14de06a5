//===- TrainingTestSupport.h - Training, simulated --------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs forward and backward over a tree, computing what is missing when it is
// asked for, and counts. Knows nothing of needs or demands.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TEST_PLAN_TRAINING_TRAININGTESTSUPPORT_H
#define CONVEINSUM_TEST_PLAN_TRAINING_TRAININGTESTSUPPORT_H

#include "Equation/RandomEquation.h"
#include "Plan/PlanTestSupport.h"
#include "conveinsum/Plan/Training/Training.h"
#include <set>

namespace conveinsum {

/// What the equation and the goal say of the steps of a tree.
struct SimulatedTree {
  const ContractionTree &tree;
  // Per value.
  std::vector<Count> macs, elements;
  std::vector<bool> hasGradient, isPrepared;

  SimulatedTree(const Equation &equation, const ContractionTree &tree,
                const PlanGoal &goal)
      : tree(tree) {
    for (unsigned value = 0; value < numValues(); ++value) {
      OperandSet set = tree.operandsOf(value);
      elements.push_back(equation.elements(set));
      bool gradient = false, prepared = true;
      for (unsigned operand : set.set_bits()) {
        gradient |= llvm::is_contained(goal.gradients, operand);
        prepared &= llvm::is_contained(goal.constants, operand);
      }
      hasGradient.push_back(gradient);
      isPrepared.push_back(prepared);
      macs.push_back(isStep(value)
                         ? equation.macs(tree.operandsOf(sides(value).first),
                                         tree.operandsOf(sides(value).second),
                                         goal.objective.count)
                         : 0);
    }
  }

  unsigned numValues() const {
    return tree.numOperands() + tree.steps().size();
  }
  unsigned root() const { return numValues() - 1; }
  bool isStep(unsigned value) const { return value >= tree.numOperands(); }
  ContractionTree::Step sides(unsigned value) const {
    return tree.steps()[value - tree.numOperands()];
  }
  /// Values for which there is a choice.
  std::vector<unsigned> keepable() const {
    std::vector<unsigned> values;
    for (unsigned value = tree.numOperands(); value < root(); ++value)
      if (!isPrepared[value])
        values.push_back(value);
    return values;
  }
};

/// One forward and one backward pass.
class TrainingRun {
public:
  TrainingRun(const SimulatedTree &on, const std::vector<unsigned> &keep)
      : on(on) {
    for (unsigned value = 0; value < on.numValues(); ++value) {
      bool isFree = !on.isStep(value) || on.isPrepared[value];
      if (isFree || llvm::is_contained(keep, value))
        there.insert(value);
      if (llvm::is_contained(keep, value))
        kept += on.elements[value];
      if (!isFree)
        product(value, value);
    }
    backward(on.root());
  }

  Count kept = 0, macs = 0, written = 0;
  std::set<unsigned> recomputed;

private:
  /// One product of a step, whose result is as large as `like`.
  void product(unsigned step, unsigned like) {
    macs += on.macs[step];
    written += on.elements[like];
  }

  void fetch(unsigned value) {
    if (!there.insert(value).second)
      return;
    auto [lhs, rhs] = on.sides(value);
    fetch(lhs);
    fetch(rhs);
    product(value, value);
    recomputed.insert(value);
  }

  void backward(unsigned value) {
    if (!on.isStep(value))
      return;
    auto [lhs, rhs] = on.sides(value);
    for (auto [side, other] : {std::pair(lhs, rhs), std::pair(rhs, lhs)}) {
      if (!on.hasGradient[side])
        continue;
      fetch(other);
      product(value, side);
    }
    for (unsigned side : {lhs, rhs})
      if (on.hasGradient[side])
        backward(side);
  }

  const SimulatedTree &on;
  std::set<unsigned> there;
};

/// The choices of kept values, by number.
inline std::vector<unsigned> choiceOf(const SimulatedTree &on,
                                      unsigned number) {
  std::vector<unsigned> keep;
  for (unsigned value : on.keepable()) {
    if (number & 1)
      keep.push_back(value);
    number /= 2;
  }
  return keep;
}
inline unsigned numChoices(const SimulatedTree &on) {
  return 1u << on.keepable().size();
}

/// Operands with gradients, constant ones and others; sometimes the dense
/// count.
inline PlanGoal randomTrainingGoal(SplitMix64 &random, unsigned operands) {
  PlanGoal goal(random.oneIn(3) ? MacCount::Dense : MacCount::Exact);
  bool all = random.oneIn(5), allowsConstants = random.oneIn(2);
  for (unsigned operand = 0; operand < operands; ++operand) {
    if (all || random.oneIn(2))
      goal.gradients.push_back(operand);
    else if (allowsConstants && !random.oneIn(3))
      goal.constants.push_back(operand);
  }
  return goal;
}

inline PlanGoal allGradients(const Equation &equation) {
  PlanGoal goal;
  for (unsigned operand = 0; operand < equation.numOperands(); ++operand)
    goal.gradients.push_back(operand);
  return goal;
}

/// A random equation of at least two operands.
inline Equation randomNetwork(uint64_t seed, unsigned maxOperands) {
  RandomEquationOptions options;
  options.maxOperands = maxOperands;
  for (;; seed += 1000003) {
    RandomEquation random = randomEquation(seed, options);
    if (random.shapes.size() > 1)
      return makeEquation(random.text, random.shapes, random.geometry);
  }
}

inline ContractionTree randomTree(SplitMix64 &random, unsigned operands) {
  Count trees = numberOfTrees(operands);
  return treeOfRank(operands,
                    Count(random.between(0, int64_t(trees.word()) - 1)));
}

inline TrainingFront jointFrontOf(const Equation &equation,
                                  const PlanGoal &goal,
                                  const TrainingOptions &options = {}) {
  Caught caught;
  auto front = jointFront(equation, goal, options, caught);
  EXPECT_TRUE(front) << caught.text();
  EXPECT_EQ(caught.count, 0u);
  return front ? *front : TrainingFront();
}

inline TrainingFront treeFrontOf(const Equation &equation,
                                 const ContractionTree &tree,
                                 const PlanGoal &goal,
                                 const TrainingOptions &options = {}) {
  Caught caught;
  auto front = treeFront(equation, tree, goal, options, caught);
  EXPECT_TRUE(front) << caught.text();
  EXPECT_EQ(caught.count, 0u);
  return front ? *front : TrainingFront();
}

/// What a point says of itself must be what its tree and its kept values give.
inline void expectConsistent(const Equation &equation, const PlanGoal &goal,
                             const TrainingFront &front) {
  for (const TrainingPoint &point : front.points) {
    Caught caught;
    ASSERT_TRUE(point.tree.verify(caught)) << caught.text();
    auto again = evaluateTrainingPoint(equation, point.tree, point.keptValues,
                                       goal, caught);
    ASSERT_TRUE(again) << caught.text();
    EXPECT_TRUE(again->kept == point.kept);
    EXPECT_TRUE(again->macs == point.macs);
    EXPECT_TRUE(again->written == point.written);
    EXPECT_EQ(again->keptValues, point.keptValues);
    EXPECT_EQ(again->recomputedValues, point.recomputedValues);
    EXPECT_TRUE(again->forwardPeak == point.forwardPeak);
    EXPECT_TRUE(again->backwardPeak == point.backwardPeak);
    TrainingRun run(SimulatedTree(equation, point.tree, goal),
                    point.keptValues);
    EXPECT_TRUE(run.kept == point.kept);
    EXPECT_TRUE(run.macs == point.macs);
    EXPECT_TRUE(run.written == point.written);
    EXPECT_TRUE(std::equal(run.recomputed.begin(), run.recomputed.end(),
                           point.recomputedValues.begin(),
                           point.recomputedValues.end()));
  }
}

} // namespace conveinsum

#endif // CONVEINSUM_TEST_PLAN_TRAINING_TRAININGTESTSUPPORT_H
