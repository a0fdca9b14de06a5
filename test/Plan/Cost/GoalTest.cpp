//===- GoalTest.cpp - What a plan is good for -----------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Costs of steps and trees against figures worked out by hand.
//
//===----------------------------------------------------------------------===//

#include "Plan/PlanTestSupport.h"

using namespace conveinsum;

static Count valueOf(const Equation &equation, llvm::StringRef tree,
                     const PlanGoal &goal) {
  Caught caught;
  auto parsed =
      ContractionTree::parseTree(tree, equation.numOperands(), caught);
  EXPECT_TRUE(parsed) << caught.text();
  return evaluateGoal(equation, *parsed, goal).value;
}

static PlanGoal goalOf(llvm::StringRef objective,
                       llvm::ArrayRef<unsigned> gradients = {},
                       llvm::ArrayRef<unsigned> constants = {}) {
  PlanGoal goal(*Objective::parse(objective));
  goal.gradients.assign(gradients.begin(), gradients.end());
  goal.constants.assign(constants.begin(), constants.end());
  return goal;
}

/// ij,jk,kl->il: the steps of ((0,1),2) take 24 and 40 MACs, the operands have
/// 6, 12 and 20 elements, the results 8 and 10.
static Equation chain() {
  return makeEquation("ij,jk,kl->il", {{2, 3}, {3, 4}, {4, 5}});
}

TEST(Objective, WordsAndUnits) {
  for (llvm::StringRef word :
       {"flops", "size", "write", "combo-64", "roof-300", "time", "peak"}) {
    auto objective = Objective::parse(word);
    ASSERT_TRUE(objective) << word.str();
    EXPECT_EQ(objective->name(), word);
  }
  for (llvm::StringRef word :
       {"", "Flops", "combo", "combo-", "combo-x", "roof--1", "roof-1.5",
        "combo-64 ", "roof-99999999999999999999"})
    EXPECT_FALSE(Objective::parse(word)) << word.str();
  EXPECT_EQ(Objective::parse("flops")->unit(), "MACs");
  EXPECT_EQ(Objective::parse("time")->unit(), "ps");
  EXPECT_EQ(Objective::parse("combo-2")->unit(), "");
}

TEST(EvaluateGoal, EveryObjectiveOfAChain) {
  Equation equation = chain();
  auto value = [&](llvm::StringRef objective) {
    return toString(valueOf(equation, "((0,1),2)", goalOf(objective)));
  };
  EXPECT_EQ(value("flops"), "64");
  EXPECT_EQ(value("size"), "10");
  EXPECT_EQ(value("write"), "18");
  EXPECT_EQ(value("combo-10"), "244");
  // max(24, 6 + 12 + 8) + max(40, 8 + 20 + 10)
  EXPECT_EQ(value("roof-1"), "66");
  // Operands 38, results 8 + 10 elements of 4 bytes.
  EXPECT_EQ(value("peak"), toString(4 * (38 + 18)));
}

TEST(EvaluateGoal, GradientsAddProducts) {
  Equation equation = chain();
  auto value = [&](llvm::StringRef objective,
                   llvm::ArrayRef<unsigned> gradients) {
    return toString(
        valueOf(equation, "((0,1),2)", goalOf(objective, gradients)));
  };
  EXPECT_EQ(value("flops", {0, 1, 2}), toString(3 * 64));
  // Operand 2 alone: its product is one more of the last step.
  EXPECT_EQ(value("flops", {2}), toString(24 + 2 * 40));
  // Operand 0: the last step's left side, and the first's.
  EXPECT_EQ(value("flops", {0}), toString(2 * 24 + 2 * 40));
  // The gradient of operand 2 has 20 elements.
  EXPECT_EQ(value("write", {2}), toString(18 + 20));
  EXPECT_EQ(value("roof-1", {2}), toString(26 + 2 * 40));
}

TEST(EvaluateGoal, ConstantsFoldAway) {
  Equation equation = chain();
  PlanGoal goal = goalOf("flops", {}, {1, 2});
  // jk,kl->jl is prepared; ij,jl->il remains.
  EXPECT_EQ(toString(valueOf(equation, "(0,(1,2))", goal)), "30");
  EXPECT_EQ(toString(valueOf(equation, "((0,1),2)", goal)), "64");
  Caught caught;
  auto tree = ContractionTree::parseTree("(0,(1,2))", 3, caught);
  GoalCost cost = evaluateGoal(equation, *tree, goal);
  EXPECT_EQ(cost.prepared, std::vector<unsigned>{0});
  EXPECT_EQ(cost.figures[0].products(), 0u);
}

TEST(EvaluateGoal, TimeLeavesOutFusedEdges) {
  // Two depthwise steps in a row.
  Equation equation =
      makeEquation("bch,ch,ch->bch|h", {{4, 8, 64}, {8, 3}, {8, 5}});
  PlanGoal apart = goalOf("time");
  // Bytes decide.
  apart.target.macsPerSecond.fill(uint64_t(1) << 60);
  apart.target.callPicoseconds = 0;
  PlanGoal fused = apart;
  fused.target.fuses = true;
  apart.target.fuses = false;
  Caught caught;
  auto tree = ContractionTree::parseTree("((0,1),2)", 3, caught);
  GoalCost with = evaluateGoal(equation, *tree, fused);
  GoalCost without = evaluateGoal(equation, *tree, apart);
  EXPECT_TRUE(with.figures[0].resultFused && with.figures[1].leftFused);
  EXPECT_FALSE(without.figures[0].resultFused || without.figures[1].leftFused);
  EXPECT_LT(with.value, without.value);
}

TEST(VerifyGoal, NamesTheOperand) {
  Equation equation = chain();
  auto refusal = [&](llvm::ArrayRef<unsigned> gradients,
                     llvm::ArrayRef<unsigned> constants) {
    Caught caught;
    EXPECT_FALSE(
        verifyGoal(equation, goalOf("flops", gradients, constants), caught));
    EXPECT_EQ(caught.count, 1u);
    return caught.diagnostic->message;
  };
  EXPECT_EQ(refusal({3}, {}),
            "expected an operand below 3 in gradients, got 3");
  EXPECT_EQ(refusal({}, {0, 0}),
            "expected every operand once in constants, got operand 0 twice");
  EXPECT_EQ(refusal({0, 1}, {1}),
            "expected a constant operand to need no gradient, got operand 1 in "
            "both gradients and constants");
}
