//===- BudgetTest.cpp - Budgets in words ----------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Checkpoint/Choice/Budget.h"
#include "gtest/gtest.h"

using namespace conveinsum;

/// A front from 100 bytes to 1099.
static CheckpointFront frontOfSizes() {
  CheckpointProblem problem(2);
  problem[0].bytes = 100;
  problem[0].pin = CheckpointPin::Keep;
  problem[1].bytes = 999;
  problem[1].macs = 1;
  for (CheckpointValue &value : problem)
    value.isNeeded = true;
  return CheckpointFront(problem);
}

static std::string bytesFor(llvm::StringRef text) {
  auto budget = CheckpointBudget::parse(text);
  return budget ? toString(budget->bytesFor(frontOfSizes())) : "refused";
}

TEST(CheckpointBudget, WordsSayBytes) {
  EXPECT_EQ(bytesFor("min"), "100");
  EXPECT_EQ(bytesFor("max"), "1099");
  EXPECT_EQ(bytesFor("2KiB"), "2048");
  EXPECT_EQ(bytesFor("1.5kB"), "1500");
  EXPECT_EQ(bytesFor("7B"), "7");
  EXPECT_EQ(bytesFor("0B"), "0");
  EXPECT_EQ(toString(CheckpointBudget().bytesFor(frontOfSizes())), "1099");
}

TEST(CheckpointBudget, SharesAreRoundedDown) {
  EXPECT_EQ(bytesFor("1"), "1099");
  EXPECT_EQ(bytesFor("1.0"), "1099");
  EXPECT_EQ(bytesFor("100%"), "1099");
  EXPECT_EQ(bytesFor("0.5"), "549");
  EXPECT_EQ(bytesFor(".5"), "549");
  EXPECT_EQ(bytesFor("50%"), "549");
  EXPECT_EQ(bytesFor("12.5%"), "137");
  EXPECT_EQ(bytesFor("0"), "0");
  EXPECT_EQ(bytesFor("0.999999999999"), "1098");
}

TEST(CheckpointBudget, OtherTextIsRefused) {
  for (const char *text :
       {"", "%", ".", "1.1", "101%", "-1", "-1B", "0.5x", "50%%", "1MiB%",
        "half", "1e-3", "nan", "MAX", "0.5 0.5", "99999999999999999999TiB", "2",
        "4096", "0.00000000000000000000000000000000000001"})
    EXPECT_FALSE(CheckpointBudget::parse(text)) << text;
}
