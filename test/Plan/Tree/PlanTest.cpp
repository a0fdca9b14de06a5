//===- PlanTest.cpp - Decisions that contradict themselves ----------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a plan verifies, line by line.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Tree/Plan.h"
#include "gtest/gtest.h"

using namespace conveinsum;

/// ((0,1),2),3: steps 4, 5 and 6.
static Plan chain() { return Plan(ContractionTree::leftToRight(4)); }

/// The message of the first fault; empty if there is none.
static std::string fault(const Plan &plan) {
  std::string message;
  bool verifies = plan.verify(
      [&](const Fault &diagnostic) { message = diagnostic.message; });
  EXPECT_EQ(verifies, message.empty());
  return message;
}

TEST(Plan, Verifies) {
  Plan plan = chain();
  EXPECT_EQ(fault(plan), "");
  plan.kept = {4, 5};
  EXPECT_EQ(fault(plan), "");
  plan.kept = {5};
  plan.groups = {{4, 5}};
  EXPECT_EQ(fault(plan), "");
  plan.groups = {{4, 5, 6}};
  plan.kept = {};
  EXPECT_EQ(fault(plan), "");
}

TEST(Plan, RefusesKeptValues) {
  Plan plan = chain();
  plan.kept = {2};
  EXPECT_EQ(fault(plan),
            "expected kept values to be results of steps, from 4 to 6, got 2");
  plan.kept = {7};
  EXPECT_EQ(fault(plan),
            "expected kept values to be results of steps, from 4 to 6, got 7");
  plan.kept = {5, 4};
  EXPECT_EQ(fault(plan),
            "expected kept values in ascending order, got 5 before 4");
  plan.kept = {4, 4};
  EXPECT_EQ(fault(plan),
            "expected kept values in ascending order, got 4 before 4");
  plan.kept = {6};
  EXPECT_EQ(fault(plan), "expected kept values before the result of the last "
                         "step, got 6");
}

TEST(Plan, RefusesGroups) {
  Plan plan = chain();
  plan.groups = {{4}};
  EXPECT_EQ(fault(plan), "expected a group of at least two steps, got 1");
  plan.groups = {{3, 4}};
  EXPECT_EQ(fault(plan), "expected the members of a group to be results of "
                         "steps, from 4 to 6, got 3");
  plan.groups = {{4, 5}, {5, 6}};
  EXPECT_EQ(fault(plan),
            "expected every step in one group at most, got 5 in two");
  plan.groups = {{4, 6}};
  EXPECT_EQ(fault(plan), "expected the result 4 to be read in its group, got "
                         "step 5 as its reader");
  plan.groups = {{4, 5}};
  plan.kept = {4};
  EXPECT_EQ(fault(plan), "expected a kept value that is written to memory, got "
                         "4 inside a group");
}

TEST(Plan, RefusesGroupsOutOfOrder) {
  // ((0,1),(2,3)),4 beside ((5,6),..): two groups of two.
  Plan plan(ContractionTree(6, {{0, 1}, {6, 2}, {3, 4}, {8, 5}, {7, 9}}));
  plan.groups = {{6, 7}, {8, 9}};
  EXPECT_EQ(fault(plan), "");
  plan.groups = {{8, 9}, {6, 7}};
  EXPECT_EQ(fault(plan), "expected groups in the order of their first steps, "
                         "got 8 before 6");
}

TEST(Plan, ComparesEveryPart) {
  Plan plan = chain(), other = chain();
  EXPECT_EQ(hash_value(plan), hash_value(other));
  other.kept = {4};
  EXPECT_TRUE(plan != other);
  other = chain();
  other.groups = {{4, 5}};
  EXPECT_TRUE(plan != other);
  other = chain();
  other.slicing.push_back({0, 4, std::nullopt});
  EXPECT_TRUE(plan != other);
}
