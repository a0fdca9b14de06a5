//===- TrainingTest.cpp - What to keep from forward to backward -----------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Single choices against simulation, small cases by hand, budgets and refusals.
//
//===----------------------------------------------------------------------===//

#include "TrainingTestSupport.h"

using namespace conveinsum;

TEST(Training, EveryChoiceIsEvaluatedFromTheDefinition) {
  SplitMix64 random(3);
  for (uint64_t seed = 300; seed < 400; ++seed) {
    Equation equation = randomNetwork(seed, 6);
    PlanGoal goal = randomTrainingGoal(random, equation.numOperands());
    ContractionTree tree = randomTree(random, equation.numOperands());
    SimulatedTree on(equation, tree, goal);
    for (unsigned number = 0; number < numChoices(on); ++number) {
      std::vector<unsigned> keep = choiceOf(on, number);
      TrainingRun run(on, keep);
      Caught caught;
      auto point = evaluateTrainingPoint(equation, tree, keep, goal, caught);
      ASSERT_TRUE(point) << caught.text();
      EXPECT_TRUE(point->macs == run.macs);
      EXPECT_TRUE(point->kept == run.kept);
      EXPECT_EQ(point->keptValues, keep);
    }
  }
}

//===----------------------------------------------------------------------===//
// By hand
//===----------------------------------------------------------------------===//

TEST(Training, NothingIsKeptWithoutGradients) {
  Equation equation = makeEquation("ij,jk,kl->il", {{8, 8}, {8, 2}, {2, 8}});
  TrainingFront front = jointFrontOf(equation, PlanGoal());
  ASSERT_EQ(front.points.size(), 1u);
  EXPECT_TRUE(front.points[0].kept == 0);
  EXPECT_TRUE(front.points[0].macs == 256);
  EXPECT_TRUE(front.points[0].backwardPeak == 0);
}

TEST(Training, TheExampleOfTheHeader) {
  Equation equation = makeEquation("ij,jk,kl->il", {{8, 8}, {8, 2}, {2, 8}});
  PlanGoal goal = allGradients(equation);
  TrainingFront front = jointFrontOf(equation, goal);
  ASSERT_EQ(front.points.size(), 2u);
  EXPECT_EQ(front.points[0].tree.treeText(), "((0,1),2)");
  EXPECT_TRUE(front.points[0].kept == 0);
  EXPECT_TRUE(front.points[0].macs == 896);
  EXPECT_EQ(front.points[0].recomputedValues, std::vector<unsigned>{3});
  EXPECT_TRUE(front.points[1].kept == 16);
  EXPECT_TRUE(front.points[1].macs == 768);
  EXPECT_EQ(front.points[1].keptValues, std::vector<unsigned>{3});
}

TEST(Training, ConstantOperandsArePreparedAlongTheirCheapestTree) {
  // Operand 3 is trained; 0, 1 and 2 are constant: the whole but the last step.
  Equation equation =
      makeEquation("ij,jk,kl,l->i", {{9, 2}, {2, 9}, {9, 2}, {2}});
  PlanGoal goal;
  goal.gradients = {3};
  goal.constants = {0, 1, 2};
  TrainingFront front = jointFrontOf(equation, goal);
  ASSERT_EQ(front.points.size(), 1u);
  EXPECT_TRUE(front.points[0].macs == 2 * 18);
  EXPECT_EQ(front.points[0].tree.treeText(), "((0,(1,2)),3)");
  expectConsistent(equation, goal, front);
}

TEST(Training, OneAndTwoOperandsHaveOnePoint) {
  Equation one = makeEquation("ij->i", {{3, 4}});
  TrainingFront front = jointFrontOf(one, allGradients(one));
  ASSERT_EQ(front.points.size(), 1u);
  EXPECT_TRUE(front.points[0].macs == 0);
  EXPECT_EQ(front.points[0].tree, ContractionTree::leftToRight(1));
  EXPECT_EQ(
      treeFrontOf(one, front.points[0].tree, allGradients(one)).points.size(),
      1u);

  Equation two = makeEquation("ij,j->i", {{3, 4}, {4}});
  front = jointFrontOf(two, allGradients(two));
  ASSERT_EQ(front.points.size(), 1u);
  EXPECT_TRUE(front.points[0].macs == 36);
  PlanGoal constant;
  constant.constants = {0, 1};
  front = jointFrontOf(two, constant);
  ASSERT_EQ(front.points.size(), 1u);
  EXPECT_TRUE(front.points[0].macs == 0);
}

TEST(Training, SizesOfZeroAndBeyond128Bits) {
  Equation empty = makeEquation("ij,jk,kl->il", {{8, 0}, {0, 2}, {2, 8}});
  TrainingFront front = jointFrontOf(empty, allGradients(empty));
  ASSERT_EQ(front.points.size(), 1u);
  EXPECT_TRUE(front.points[0].macs == 0);

  int64_t large = int64_t(1) << 60;
  Equation huge = makeEquation(
      "ij,jk,kl,lm->im",
      {{large, large}, {large, large}, {large, large}, {large, large}});
  front = jointFrontOf(huge, allGradients(huge));
  // 3 products of 3 steps of 2^180 MACs, and once more what is not kept.
  ASSERT_EQ(front.points.size(), 3u);
  for (unsigned kept = 0; kept < 3; ++kept) {
    EXPECT_EQ(front.points[kept].kept, kept * Count::powerOfTwo(120));
    EXPECT_EQ(front.points[kept].macs, (11 - kept) * Count::powerOfTwo(180));
  }
}

//===----------------------------------------------------------------------===//
// Budgets
//===----------------------------------------------------------------------===//

TEST(Training, PicksTheCheapestPointWithinABudget) {
  Equation equation = makeEquation("ij,jk,kl->il", {{8, 8}, {8, 2}, {2, 8}});
  PlanGoal goal = allGradients(equation);
  goal.dtype = goal.resultType = ElementType::BF16;
  TrainingFront front = jointFrontOf(equation, goal);
  EXPECT_TRUE(keptBytes(front.points[1], goal) == 32);
  EXPECT_EQ(pick(front, 0), &front.points[0]);
  EXPECT_EQ(pick(front, 15), &front.points[0]);
  EXPECT_EQ(pick(front, 16), &front.points[1]);
  EXPECT_EQ(pickBytes(front, goal, 31), &front.points[0]);
  EXPECT_EQ(pickBytes(front, goal, 32), &front.points[1]);
  EXPECT_EQ(pick(TrainingFront(), 100), nullptr);
  // int8 operands make int32 intermediates.
  goal.dtype = ElementType::I8;
  goal.resultType = ElementType::I32;
  EXPECT_TRUE(keptBytes(front.points[1], goal) == 64);
}

//===----------------------------------------------------------------------===//
// Refusals
//===----------------------------------------------------------------------===//

static std::string refusal(llvm::function_ref<bool(ErrorFn)> ask) {
  Caught caught;
  EXPECT_FALSE(ask(caught));
  EXPECT_EQ(caught.count, 1u);
  return caught.text();
}

TEST(Training, RefusesWhatItCannotTake) {
  Equation equation = makeEquation("ij,jk,kl->il", {{8, 8}, {8, 2}, {2, 8}});
  ContractionTree tree = ContractionTree::leftToRight(3);
  PlanGoal goal = allGradients(equation);

  PlanGoal wrong = goal;
  wrong.gradients.push_back(7);
  auto hasText = [](const std::string &text, llvm::StringRef part) {
    EXPECT_TRUE(llvm::StringRef(text).contains(part)) << text;
  };
  hasText(refusal([&](ErrorFn onError) {
            return jointFront(equation, wrong, {}, onError).has_value();
          }),
          "expected an operand below 3 in gradients, got 7");
  hasText(refusal([&](ErrorFn onError) {
            return treeFront(equation, ContractionTree::leftToRight(4), goal,
                             {}, onError)
                .has_value();
          }),
          "expected a tree over 3 operands, got one over 4");
  hasText(refusal([&](ErrorFn onError) {
            ContractionTree twice(3, {{0, 1}, {0, 2}});
            return treeFront(equation, twice, goal, {}, onError).has_value();
          }),
          "expected");
  TrainingOptions none;
  none.maxPoints = 1;
  hasText(refusal([&](ErrorFn onError) {
            return jointFront(equation, goal, none, onError).has_value();
          }),
          "expected at least 2 points per front, got 1");
  hasText(refusal([&](ErrorFn onError) {
            return treeFront(equation, tree, goal, none, onError).has_value();
          }),
          "expected at least 2 points per front, got 1");

  auto evaluate = [&](std::vector<unsigned> kept, ErrorFn onError) {
    return evaluateTrainingPoint(equation, tree, kept, goal, onError)
        .has_value();
  };
  for (unsigned value : {0u, 4u, 9u})
    hasText(
        refusal([&](ErrorFn onError) { return evaluate({value}, onError); }),
        "neither the last one nor prepared, got value " +
            std::to_string(value));
  hasText(refusal([&](ErrorFn onError) { return evaluate({3, 3}, onError); }),
          "expected every kept value once, got value 3 twice");
  goal.gradients = {2};
  goal.constants = {0, 1};
  hasText(refusal([&](ErrorFn onError) { return evaluate({3}, onError); }),
          "got value 3");
}

TEST(Training, RefusesDynamicShapesAndTooManyOperands) {
  Equation dynamic =
      makeEquation("ij,jk,kl->il", {{kDynamic, 8}, {8, 2}, {2, 8}});
  EXPECT_TRUE(llvm::StringRef(refusal([&](ErrorFn onError) {
                return jointFront(dynamic, {}, {}, onError).has_value();
              })).contains("expected static extents"));

  std::string text = "a";
  for (unsigned operand = 1; operand < 17; ++operand)
    text += ",a";
  Equation large = makeEquation(text + "->a", std::vector<Shape>(17, Shape{2}));
  EXPECT_TRUE(llvm::StringRef(refusal([&](ErrorFn onError) {
                return jointFront(large, {}, {}, onError).has_value();
              })).contains("expected at most 16 operands"));
}
