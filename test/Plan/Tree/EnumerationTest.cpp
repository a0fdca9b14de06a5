//===- EnumerationTest.cpp - All trees, each once -------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Counts and distinctness. Trees are compared as sets of sets of operands, not
// as texts, so that two spellings of one tree would be found out.
//
//===----------------------------------------------------------------------===//

#include "Plan/PlanTestSupport.h"
#include <set>

using namespace conveinsum;

/// The operand sets of all inner nodes: what an unordered tree is.
static std::set<uint64_t> innerSets(const ContractionTree &tree) {
  std::vector<uint64_t> sets;
  for (unsigned operand = 0; operand < tree.numOperands(); ++operand)
    sets.push_back(uint64_t(1) << operand);
  for (auto [lhs, rhs] : tree.steps())
    sets.push_back(sets[lhs] | sets[rhs]);
  return std::set<uint64_t>(sets.begin() + tree.numOperands(), sets.end());
}

TEST(TreeEnumeration, CountsTrees) {
  std::vector<uint64_t> expected{1, 1, 3, 15, 105, 945, 10395, 135135, 2027025};
  for (unsigned index = 0; index < expected.size(); ++index)
    EXPECT_EQ(toString(numberOfTrees(index + 1)),
              std::to_string(expected[index]));
  // (2*12-3)!!
  EXPECT_EQ(toString(numberOfTrees(12)), "13749310575");
  EXPECT_EQ(numberOfTrees(1000), numberOfTrees(999) * 1997);
}

TEST(TreeEnumeration, AllTreesAreDistinctAndValid) {
  for (unsigned operands = 1; operands <= 7; ++operands) {
    std::set<std::set<uint64_t>> seen;
    Count count = numberOfTrees(operands);
    for (Count rank = 0; rank < count; rank += 1) {
      ContractionTree tree = treeOfRank(operands, rank);
      Caught caught;
      ASSERT_TRUE(tree.verify(caught)) << caught.text();
      ASSERT_EQ(tree.numOperands(), operands);
      seen.insert(innerSets(tree));
    }
    EXPECT_EQ(seen.size(), count.word()) << operands << " operands";
  }
}

TEST(TreeEnumeration, SpreadTakesAllOrAsManyAsAsked) {
  EXPECT_EQ(spreadTrees(1, 100).size(), 1u);
  EXPECT_EQ(spreadTrees(2, 100).size(), 1u);
  EXPECT_EQ(spreadTrees(5, 105).size(), 105u);
  EXPECT_EQ(spreadTrees(5, ~uint64_t(0)).size(), 105u);
  EXPECT_EQ(spreadTrees(5, 0).size(), 0u);
  for (unsigned operands : {5u, 7u, 12u, 16u, 40u}) {
    std::set<std::set<uint64_t>> seen;
    std::vector<ContractionTree> trees = spreadTrees(operands, 97);
    for (const ContractionTree &tree : trees) {
      Caught caught;
      EXPECT_TRUE(tree.verify(caught)) << caught.text();
      seen.insert(innerSets(tree));
    }
    EXPECT_EQ(trees.size(), 97u);
    EXPECT_EQ(seen.size(), 97u) << operands << " operands";
  }
}

TEST(TreeEnumeration, SpreadReachesBothEnds) {
  std::vector<ContractionTree> trees = spreadTrees(6, 10);
  EXPECT_EQ(trees.front(), treeOfRank(6, 0));
  // The last of ten even parts of 945.
  EXPECT_EQ(trees.back(), treeOfRank(6, 850));
}
