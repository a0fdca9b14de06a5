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

#include "Equation/RandomEquation.h"
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

/// A path with steps of two to five operands.
static ContractionPath randomPath(SplitMix64 &random, unsigned operands) {
  ContractionPath path;
  path.operands = operands;
  std::vector<unsigned> left(operands);
  std::iota(left.begin(), left.end(), 0u);
  while (left.size() > 1) {
    random.shuffle(left);
    int64_t most = std::min<int64_t>(5, left.size());
    unsigned width = random.between(2, most);
    ContractionPath::Step step;
    step.number = path.steps.size();
    step.inputs.assign(left.end() - width, left.end());
    left.resize(left.size() - width);
    left.push_back(operands + path.steps.size());
    path.steps.push_back(std::move(step));
  }
  return path;
}

/// The least value of all ways to do the steps from `index` on.
static Count leastValue(const Equation &equation, const ContractionPath &path,
                        const PlanGoal &goal,
                        std::vector<ContractionTree> &shapes,
                        unsigned index = 0) {
  if (index == path.steps.size())
    return evaluateGoal(equation, path.split(shapes), goal).value;
  std::optional<Count> least;
  unsigned width = path.steps[index].inputs.size();
  Count ways = numberOfTrees(width);
  for (Count rank = 0; rank < ways; rank += 1) {
    shapes[index] = treeOfRank(width, rank);
    Count value = leastValue(equation, path, goal, shapes, index + 1);
    if (!least || value < *least)
      least = value;
  }
  return *least;
}

/// Whatever the objective, with convolutions, gradients and constants: the
/// steps of a path are split as well as they can be, all together.
TEST(PathSplit, AllWaysOfAllStepsAreCompared) {
  using Kind = ObjectiveKind;
  const Objective kObjectives[] = {
      {Kind::Flops},     {Kind::Flops, 0, MacCount::Dense},
      {Kind::Size},      {Kind::Write},
      {Kind::Combo, 16}, {Kind::Roof, 4}};
  unsigned compared = 0;
  for (uint64_t seed = 0; seed < 1500; ++seed) {
    SplitMix64 random(seed);
    RandomEquation drawn = randomEquation(300 + seed);
    Equation equation = makeEquation(drawn.text, drawn.shapes, drawn.geometry);
    unsigned operands = equation.numOperands();
    if (operands < 3)
      continue;
    ContractionPath path = randomPath(random, operands);
    PlanGoal goal(kObjectives[seed % std::size(kObjectives)]);
    for (unsigned operand = 0; operand < operands; ++operand)
      if (random.oneIn(3))
        (random.oneIn(2) ? goal.gradients : goal.constants).push_back(operand);
    Caught caught;
    auto split = splitPath(equation, path, goal, std::ref(caught));
    ASSERT_TRUE(split) << caught.text();
    std::vector<ContractionTree> shapes(path.steps.size());
    EXPECT_EQ(evaluateGoal(equation, split->tree, goal).value,
              leastValue(equation, path, goal, shapes))
        << drawn.text << ", " << goal.objective.name() << ", "
        << split->tree.treeText();
    ++compared;
  }
  EXPECT_GT(compared, 600u);
}

/// Costs of 2^150 and 2^102: the table has a wider type for them.
TEST(PathSplit, AnySizeOfCosts) {
  int64_t large = int64_t(1) << 50;
  Equation equation = makeEquation("ij,jk,kl,lm,mn->in", {{large, large},
                                                          {large, large},
                                                          {large, large},
                                                          {large, large},
                                                          {large, 4}});
  Caught caught;
  auto path = ContractionPath::parse("(1,2,3,4),(0,1)", PathForm::Linear, 5,
                                     std::ref(caught));
  ASSERT_TRUE(path);
  auto split = splitPath(equation, *path, PlanGoal(), std::ref(caught));
  ASSERT_TRUE(split);
  EXPECT_EQ(split->tree.treeText(), "(0,(1,(2,(3,4))))");
}

TEST(PathSplit, Limits) {
  auto refusal = [](StringRef text, Objective objective) {
    std::string expr = "a";
    for (unsigned operand = 1; operand < 18; ++operand)
      expr += ",a";
    Equation equation =
        makeEquation(expr + "->a", std::vector<Shape>(18, Shape{2}));
    Caught caught;
    auto path =
        ContractionPath::parse(text, PathForm::Linear, 18, std::ref(caught));
    EXPECT_TRUE(path);
    if (!path ||
        splitPath(equation, *path, PlanGoal(objective), std::ref(caught)))
      return std::string();
    EXPECT_EQ(caught.count, 1u);
    return caught.diagnostic->message;
  };
  const char *seventeen = "(0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16),(0,1)";
  const char *sixteen = "(0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15),(0,1,2)";
  const char *seven = "(0,1,2,3,4,5,6),(0,1,2,3,4,5,6),(0,1,2,3,4,5)";
  EXPECT_EQ(refusal(seventeen, {}),
            "expected steps of at most 16 operands, got step 0 of 17");
  EXPECT_EQ(refusal(sixteen, {}), "");
  EXPECT_EQ(refusal(seven, {ObjectiveKind::Time}), "");
  EXPECT_EQ(refusal(seven, {ObjectiveKind::Peak}),
            "expected steps of at most 6 operands where the peak is "
            "minimised, got step 0 of 7");
}
