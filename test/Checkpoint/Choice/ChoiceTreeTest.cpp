//===- ChoiceTreeTest.cpp - Choices of one network against its front ------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The steps of a tree are a forward pass: its front must be that of the room
// Plan/Training, which knows trees only.
//
//===----------------------------------------------------------------------===//

#include "ChoiceTestSupport.h"
#include "Plan/Training/TrainingTestSupport.h"
#include "Plan/Training/TrainingTree.h"

using namespace conveinsum;

static CheckpointProblem problemOf(const TrainingTree &tree) {
  CheckpointProblem problem;
  ValueBits needed = tree.neededValues();
  for (unsigned value = 0; value < tree.numValues(); ++value) {
    CheckpointValue what;
    what.isFree = !tree.isKeepable(value);
    what.isNeeded = needed[value];
    if (tree.isStep(value)) {
      what.bytes = tree.stepOf(value).result;
      what.macs = tree.stepOf(value).macs;
      what.written = tree.stepOf(value).result;
      auto [lhs, rhs] = tree.sidesOf(value);
      what.inputs = {lhs, rhs};
    }
    problem.push_back(std::move(what));
  }
  return problem;
}

/// Kept elements and recomputed MACs, the best of equal MACs only.
static void expectSameFront(const Equation &equation,
                            const ContractionTree &tree, const PlanGoal &goal,
                            unsigned &points) {
  TrainingFront expected = treeFrontOf(equation, tree, goal);
  ASSERT_TRUE(expected.exact);
  CheckpointFront front(problemOf(TrainingTree(equation, tree, goal)));
  ASSERT_TRUE(front.isExact());
  Count unavoidable = expected.points.back().macs;
  size_t at = 0;
  std::optional<Count> last;
  for (const CheckpointFront::Point &point : front.points()) {
    if (last && *last == point.macs)
      continue; // for fewer elements written
    last = point.macs;
    ASSERT_LT(at, expected.points.size());
    EXPECT_EQ(point.keptBytes, expected.points[at].kept);
    EXPECT_EQ(point.macs + unavoidable, expected.points[at].macs);
    ++at;
  }
  EXPECT_EQ(at, expected.points.size());
  points += at;
}

TEST(CheckpointTrees, FrontsMeetThoseOfSingleNetworks) {
  SplitMix64 random(31);
  unsigned points = 0;
  for (unsigned round = 0; round < 300; ++round) {
    RandomEquationOptions options;
    options.maxOperands = 8;
    RandomEquation text = randomEquation(round, options);
    Equation equation = makeEquation(text.text, text.shapes, text.geometry);
    if (equation.numOperands() < 3)
      continue;
    SCOPED_TRACE(equation.text());
    PlanGoal goal;
    for (unsigned operand = 0; operand < equation.numOperands(); ++operand) {
      if (!random.oneIn(3))
        goal.gradients.push_back(operand);
      else if (random.oneIn(2))
        goal.constants.push_back(operand);
    }
    expectSameFront(equation, randomTree(random, equation.numOperands()), goal,
                    points);
  }
  EXPECT_GT(points, 400u);
}
