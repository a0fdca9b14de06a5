//===- ContractionTreeTest.cpp - Forms of trees and their refusals --------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every text form is read, printed and refused, with the byte of the fault.
//
//===----------------------------------------------------------------------===//

#include "Plan/PlanTestSupport.h"

using namespace conveinsum;
using llvm::StringRef;
using Step = ContractionTree::Step;

static std::vector<Step> stepsOf(const std::optional<ContractionTree> &tree) {
  if (!tree)
    return {{~0u, ~0u}};
  return std::vector<Step>(tree->steps().begin(), tree->steps().end());
}

TEST(ContractionTree, ReadsTheThreeFormsOfOneTree) {
  Caught caught;
  std::vector<Step> expected{{0, 2}, {3, 1}};
  EXPECT_EQ(stepsOf(ContractionTree::parseTree("((0,2),1)", 3, caught)),
            expected);
  EXPECT_EQ(stepsOf(ContractionTree::parseSsaPath("(0,2),(3,1)", 3, caught)),
            expected);
  // After (0,2) the list is 1, 3.
  EXPECT_EQ(stepsOf(ContractionTree::parseLinearPath("(0,2),(1,0)", 3, caught)),
            expected);
  EXPECT_EQ(caught.count, 0u) << caught.text();
}

TEST(ContractionTree, TakesBlanksAndBothBrackets) {
  Caught caught;
  std::vector<Step> expected{{0, 2}, {3, 1}};
  for (StringRef text : {"[[0, 2], 1]", " ( [0 ,2] , 1 ) ", "((00,2),\t1)"})
    EXPECT_EQ(stepsOf(ContractionTree::parseTree(text, 3, caught)), expected)
        << text.str();
  for (StringRef text : {"[(0, 2), (1, 0)]", "((0,2),(1,0))", "[[0,2],[1,0]]",
                         " [0,2] , (1,0) "})
    EXPECT_EQ(stepsOf(ContractionTree::parseLinearPath(text, 3, caught)),
              expected)
        << text.str();
  EXPECT_EQ(stepsOf(ContractionTree::parseSsaPath("[[0,2],[3,1]]", 3, caught)),
            expected);
  EXPECT_EQ(caught.count, 0u) << caught.text();
}

TEST(ContractionTree, OneOperandHasNoSteps) {
  Caught caught;
  for (StringRef text : {"0", " 0 "})
    EXPECT_TRUE(stepsOf(ContractionTree::parseTree(text, 1, caught)).empty());
  for (StringRef text : {"", " ", "[]", "()"}) {
    EXPECT_TRUE(
        stepsOf(ContractionTree::parseLinearPath(text, 1, caught)).empty());
    EXPECT_TRUE(
        stepsOf(ContractionTree::parseSsaPath(text, 1, caught)).empty());
  }
  ContractionTree tree = ContractionTree::leftToRight(1);
  EXPECT_EQ(tree.treeText(), "0");
  EXPECT_EQ(tree.linearPathText(), "");
  EXPECT_TRUE(tree.verify(caught));
  EXPECT_EQ(caught.count, 0u) << caught.text();
}

TEST(ContractionTree, LeftToRight) {
  ContractionTree tree = ContractionTree::leftToRight(4);
  EXPECT_EQ(tree.treeText(), "(((0,1),2),3)");
  EXPECT_EQ(tree.ssaPathText(), "(0,1),(4,2),(5,3)");
  EXPECT_EQ(tree.linearPathText(), "(0,1),(0,2),(0,1)");
}

TEST(ContractionTree, OperandsBelowAValue) {
  Caught caught;
  auto tree = ContractionTree::parseTree("((0,3),(2,1))", 4, caught);
  ASSERT_TRUE(tree);
  EXPECT_EQ(tree->operandsOf(2).count(), 1u);
  OperandSet pair = tree->operandsOf(4);
  EXPECT_TRUE(pair.test(0) && pair.test(3) && pair.count() == 2);
  EXPECT_TRUE(tree->operandsOf(6).all());
}

TEST(ContractionTree, StepsAndSetsOfAllValues) {
  Caught caught;
  for (unsigned operands = 1; operands <= 5; ++operands)
    for (const ContractionTree &tree : spreadTrees(operands, 200)) {
      EXPECT_EQ(tree.numValues(), 2 * operands - 1);
      std::vector<OperandSet> sets = tree.operandSets();
      ASSERT_EQ(sets.size(), tree.numValues());
      for (unsigned value = 0; value < tree.numValues(); ++value)
        EXPECT_TRUE(sets[value] == tree.operandsOf(value));
      unsigned next = 0;
      for (auto [index, lhs, rhs, result] : tree.numberedSteps()) {
        EXPECT_EQ(index, next++);
        EXPECT_EQ(std::pair(lhs, rhs), tree.steps()[index]);
        EXPECT_EQ(result, tree.resultOf(index));
      }
      EXPECT_EQ(next, tree.steps().size());
    }
}

TEST(ContractionTree, AllTreesRoundTripThroughAllForms) {
  Caught caught;
  for (unsigned operands = 1; operands <= 6; ++operands)
    for (const ContractionTree &tree : spreadTrees(operands, 1000)) {
      auto nested =
          ContractionTree::parseTree(tree.treeText(), operands, caught);
      auto linear = ContractionTree::parseLinearPath(tree.linearPathText(),
                                                     operands, caught);
      auto ssa =
          ContractionTree::parseSsaPath(tree.ssaPathText(), operands, caught);
      auto path =
          ContractionTree::fromLinearPath(tree.linearPath(), operands, caught);
      ASSERT_TRUE(nested && linear && ssa && path) << caught.text();
      EXPECT_EQ(*nested, tree);
      EXPECT_EQ(*ssa, tree);
      // The linear form does not tell the sides of a pair apart.
      EXPECT_EQ(*linear, *path);
      EXPECT_EQ(linear->linearPathText(), tree.linearPathText());
      for (unsigned value = 0; value < 2 * operands - 1; ++value)
        EXPECT_TRUE(linear->operandsOf(value) == tree.operandsOf(value));
      EXPECT_EQ(hash_value(*nested), hash_value(tree));
    }
}

//===----------------------------------------------------------------------===//
// Refusals
//===----------------------------------------------------------------------===//

namespace {
struct Refusal {
  StringRef text;
  size_t position;
  StringRef message;
};
} // namespace

template <typename Parse>
static void expectRefusals(Parse parse, llvm::ArrayRef<Refusal> refusals) {
  for (const Refusal &refusal : refusals) {
    Caught caught;
    EXPECT_FALSE(parse(refusal.text, 3, caught)) << refusal.text.str();
    ASSERT_EQ(caught.count, 1u) << refusal.text.str();
    EXPECT_EQ(caught.diagnostic->message, refusal.message)
        << refusal.text.str();
    EXPECT_EQ(caught.diagnostic->position, refusal.position)
        << refusal.text.str();
  }
}

TEST(ContractionTree, RefusesMalformedTrees) {
  expectRefusals(
      [](StringRef text, unsigned n, ErrorFn e) {
        return ContractionTree::parseTree(text, n, e);
      },
      {{"", 0, "expected an operand position or '(', got the end of the text"},
       {"((0,2),1", 8, "expected ')', got the end of the text"},
       {"((0,2),1]", 8, "expected ')', got ']'"},
       {"[[0,2],1)", 8, "expected ']', got ')'"},
       {"((0,2),1) x", 10, "expected the end, got 'x'"},
       {"((0,2),1))", 9, "expected the end, got ')'"},
       {"(0,1,2)", 4, "expected ')', got ','"},
       {"((0),1)", 3, "expected ',', got ')'"},
       {"()", 1, "expected an operand position or '(', got ')'"},
       {"((0,-2),1)", 4, "expected an operand position or '(', got '-'"},
       {"((0,2),3)", 7, "expected an operand position below 3, got 3"},
       {"((0,2),99999999999999999999)", 7,
        "expected a number below 4294967296, got 99999999999999999999"},
       {"((0,2),4294967296)", 7,
        "expected a number below 4294967296, got 4294967296"},
       {"((0,2),2)", 7, "expected every operand once, got operand 2 again"},
       {"(0,2)", 5, "expected 3 operands in the tree, operand 1 is missing"},
       {"0", 1, "expected 3 operands in the tree, operand 1 is missing"},
       {"((0 2),1)", 4, "expected ',', got '2'"},
       {"((0,2),\xff)", 7,
        "expected an operand position or '(', got the byte 0xff"}});
}

TEST(ContractionTree, RefusesMalformedLinearPaths) {
  expectRefusals(
      [](StringRef text, unsigned n, ErrorFn e) {
        return ContractionTree::parseLinearPath(text, n, e);
      },
      {{"", 0, "expected 2 steps for 3 operands, got 0"},
       {"(0,2)", 5, "expected 2 steps for 3 operands, got 1"},
       {"(0,2),(0,1),(0,1)", 13, "expected 2 steps for 3 operands, got 3"},
       {"(0,3),(0,1)", 3, "expected a position below 3 in step 0, got 3"},
       {"(0,2),(2,1)", 7, "expected a position below 2 in step 1, got 2"},
       {"(0,0),(0,1)", 3,
        "expected two different positions in step 0, got 0 twice"},
       {"(0,2),(0,1),", 12, "expected '(', got the end of the text"},
       {"(0,2),(0,1) 7", 12, "expected the end, got '7'"},
       {"[(0,2),(0,1)", 12, "expected ']', got the end of the text"},
       {"(0,2)(0,1)", 5, "expected the end, got '('"},
       {"(0,1,2)", 4, "expected ')', got ','"},
       {"(0,)", 3, "expected a number, got ')'"},
       {"0,2", 0, "expected '(', got '0'"},
       {"(0,2),(0,-1)", 9, "expected a number, got '-'"},
       {"(0,2),(0,99999999999)", 9,
        "expected a number below 4294967296, got 99999999999"}});
}

TEST(ContractionTree, RefusesMalformedSsaPaths) {
  expectRefusals(
      [](StringRef text, unsigned n, ErrorFn e) {
        return ContractionTree::parseSsaPath(text, n, e);
      },
      {{"(0,2)", 5, "expected 2 steps for 3 operands, got 1"},
       // A step that reads itself.
       {"(0,3),(3,1)", 3, "expected an SSA number below 3 in step 0, got 3"},
       {"(0,2),(4,1)", 7, "expected an SSA number below 4 in step 1, got 4"},
       {"(0,2),(2,1)", 7,
        "expected every value once, got operand 2 again in step 1"},
       {"(1,1),(3,0)", 3,
        "expected every value once, got operand 1 again in step 0"},
       {"(0,1),(3,2),(3,4)", 13,
        "expected every value once, got the result of step 0 again in step 2"},
       {"(0,2),(3,1)]", 11, "expected the end, got ']'"}});
}

TEST(ContractionTree, VerifiesTreesThatNobodyParsed) {
  auto fault = [](ContractionTree tree) {
    Caught caught;
    EXPECT_FALSE(tree.verify(caught));
    return caught.diagnostic ? caught.diagnostic->message : "";
  };
  EXPECT_EQ(fault(ContractionTree()),
            "expected at least one operand, got none");
  EXPECT_EQ(fault(ContractionTree(3, {{0, 1}})),
            "expected 2 steps for 3 operands, got 1");
  EXPECT_EQ(fault(ContractionTree(2, {{0, 1}, {2, 2}})),
            "expected every value once, got the result of step 0 again in step "
            "1");
  EXPECT_EQ(fault(ContractionTree(2, {{0, 7}})),
            "expected an SSA number below 2 in step 0, got 7");
}

TEST(ContractionTree, DeepTextsNeedNoStack) {
  constexpr unsigned operands = 20000;
  ContractionTree tree = ContractionTree::leftToRight(operands);
  Caught caught;
  auto read = ContractionTree::parseTree(tree.treeText(), operands, caught);
  ASSERT_TRUE(read) << caught.text();
  EXPECT_EQ(*read, tree);
  EXPECT_FALSE(
      ContractionTree::parseTree(std::string(1000000, '('), 3, caught));
}
