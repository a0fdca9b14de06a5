//===- MemoryLimitRefusalTest.cpp - Limits that are refused ---------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The diagnostics of memory limits, and networks of one tree.
//
//===----------------------------------------------------------------------===//

#include "LimitedPlan.h"

using namespace conveinsum;

static std::string refusalOf(const Equation &equation, const PlanGoal &goal,
                             Count limit) {
  Caught caught;
  EXPECT_FALSE(planWithin(equation, goal, limit, caught));
  EXPECT_EQ(caught.count, 1u);
  return caught.diagnostic ? caught.diagnostic->message : "";
}

TEST(MemoryLimit, RefusalsSayWhatSlicingCouldDo) {
  Equation equation = makeEquation("ab,bc,cd->ad", {{30, 4}, {4, 50}, {50, 6}});
  EXPECT_EQ(refusalOf(equation, {}, 3000),
            "expected a memory limit of at least 3296 bytes, the smallest peak "
            "of all trees, got 3000 bytes; slicing does not help, as the "
            "operands and the result take 3200 bytes");
  Equation large = makeEquation("ab,bc,cd->ad", {{4, 64}, {64, 64}, {64, 4}});
  EXPECT_EQ(refusalOf(large, {}, 19500),
            "expected a memory limit of at least 19520 bytes, the smallest "
            "peak of all trees, got 19500 bytes; slicing a into 2 fits, at "
            "1.00 times the flops");
  EXPECT_EQ(refusalOf(large, {}, 18500 - 4),
            "expected a memory limit of at least 19520 bytes, the smallest "
            "peak of all trees, got 18496 bytes; no slicing was found that "
            "fits");
}

TEST(MemoryLimit, RefusesDynamicExtentsAndFaultyGoals) {
  Equation dynamic = makeEquation("ij,jk->ik", {{2, kDynamic}, {kDynamic, 3}});
  EXPECT_EQ(refusalOf(dynamic, {}, 100),
            "expected static extents to count bytes, got a dynamic extent of "
            "mode j in operand 0");
  PlanGoal goal;
  goal.constants = {7};
  Equation equation = makeEquation("ij,jk->ik", {{2, 3}, {3, 3}});
  EXPECT_EQ(refusalOf(equation, goal, 100),
            "expected an operand below 2 in constants, got 7");
}

TEST(MemoryLimit, OneAndTwoOperands) {
  Equation one = makeEquation("iij->j", {{3, 3, 4}});
  EXPECT_EQ(toString(smallestFeasibleLimit(one, {}).bytes), "160");
  Caught caught;
  EXPECT_TRUE(planWithin(one, {}, 160, caught));
  EXPECT_FALSE(planWithin(one, {}, 159, caught));
  Equation two = makeEquation("ij,jk->ik", {{2, 3}, {3, 4}});
  EXPECT_EQ(toString(smallestFeasibleLimit(two, {}).bytes), "104");
  EXPECT_TRUE(planWithin(two, {}, 104, caught));
  EXPECT_FALSE(planWithin(two, {}, 103, caught));
}

TEST(MemoryLimit, Names) {
  EXPECT_EQ(name(LimitScope::AllSchedules), "all schedules");
  EXPECT_EQ(name(LimitScope::DepthFirst), "depth-first schedules");
  EXPECT_EQ(name(LimitScope::Found), "plans that were found");
}
