//===- ContractionPathTest.cpp - Orders as other planners write them ------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What paths mean, however they are spelt; that NumPy agrees is tested with the
// command.
//
//===----------------------------------------------------------------------===//

#include "Plan/PlanTestSupport.h"
#include "conveinsum/Plan/Request/PathSplit.h"

using namespace conveinsum;
using llvm::StringRef;
using Inputs = std::vector<std::vector<unsigned>>;

static Inputs read(StringRef text, PathForm form, unsigned operands) {
  Caught caught;
  auto path = ContractionPath::parse(text, form, operands, std::ref(caught));
  EXPECT_TRUE(path) << text.str() << ": " << caught.text();
  Inputs inputs;
  if (path)
    for (const ContractionPath::Step &step : path->steps)
      inputs.emplace_back(step.inputs.begin(), step.inputs.end());
  return inputs;
}

static Inputs linear(StringRef text, unsigned operands) {
  return read(text, PathForm::Linear, operands);
}

TEST(ContractionPath, StepsOfAnyNumberOfOperands) {
  // The example of the header.
  EXPECT_EQ(linear("(1,),(0,1,2),(0,1)", 4), (Inputs{{0, 2, 3}, {1, 4}}));
  EXPECT_EQ(read("(1,),(0,2,3),(4,5)", PathForm::Ssa, 4),
            (Inputs{{0, 2, 3}, {1, 4}}));
  EXPECT_EQ(linear("(0,)", 1), Inputs());
  EXPECT_EQ(linear("(0,),(0,)", 1), Inputs());
  EXPECT_EQ(linear("(2,1,0)", 3), (Inputs{{2, 1, 0}}));
  // The list is 0 1 2, then 1 2 0, then 1 and the result of 2 and 0.
  EXPECT_EQ(linear("(0,),(1,2),(1,0)", 3), (Inputs{{2, 0}, {3, 1}}));
}

TEST(ContractionPath, WhatPythonPrints) {
  for (StringRef text :
       {"(0,2),(0,1)", "[(0, 2), (0, 1)]", "((0, 2), (0, 1))",
        "['einsum_path', (0, 2), (0, 1)]", "[\"einsum_path\",[0,2],[0,1]]",
        "('einsum_path', (0, 2), (0, 1),)", "[[0 2]\n [0 1]]",
        "[array([0, 2]), array([0, 1])]", "[np.array([0, 2]), (0, 1)]",
        "[array([0, 2], dtype=int64), array([0, 1], dtype=uint8)]",
        "[(np.int64(0), np.int64(2)), (np.int64(0), np.int64(1))]"})
    EXPECT_EQ(linear(text, 3), (Inputs{{0, 2}, {1, 3}})) << text.str();
}

TEST(ContractionPath, FaultsPointAtTheText) {
  const std::tuple<const char *, size_t, const char *> faults[] = {
      {"(0,1,2)", 7, "expected steps that leave one operand, got 2 left"},
      {"(0,1,4),(0,1)", 5, "expected a position below 4 in step 0, got 4"},
      {"(0,1,1),(0,1)", 5, "expected different positions in step 0, got 1"},
      {"(),(0,1)", 2, "expected the end, got ','"},
      {"((),(0,1))", 2, "expected a number, got ')'"},
      {"['path', (0,1)]", 1,
       "expected steps or 'einsum_path', got another word"},
      {"list(0,1)", 0, "expected '(', got a word"}};
  for (auto [text, position, message] : faults) {
    Caught caught;
    EXPECT_FALSE(
        ContractionPath::parse(text, PathForm::Linear, 4, std::ref(caught)));
    ASSERT_EQ(caught.count, 1u) << text;
    EXPECT_EQ(caught.diagnostic->message, message) << text;
    EXPECT_EQ(caught.diagnostic->position, position) << text;
  }
}

TEST(PathSplit, TheBestWayIsTaken) {
  Equation equation =
      makeEquation("ij,jk,kl,lm->im", {{2, 30}, {30, 3}, {3, 40}, {40, 5}});
  Caught caught;
  auto path = ContractionPath::parse("(1,2,3),(0,1)", PathForm::Linear, 4,
                                     std::ref(caught));
  ASSERT_TRUE(path);
  auto split = splitPath(equation, *path, PlanGoal(), std::ref(caught));
  ASSERT_TRUE(split);
  EXPECT_EQ(split->tree.treeText(), "(0,(1,(2,3)))");
  EXPECT_EQ(split->remarks,
            std::vector<std::string>{"step 0 of the path joins 3 operands; it "
                                     "is done in pairs, (0,(1,2)), the best of "
                                     "3 ways"});
}
