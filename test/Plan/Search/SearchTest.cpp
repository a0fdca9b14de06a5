//===- SearchTest.cpp - Tables and lists ----------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The searches against all trees, against each other and against the checker.
//
//===----------------------------------------------------------------------===//

#include "Plan/RandomGoal.h"
#include "Plan/RandomNetwork.h"
#include "Plan/Search/Planners.h"
#include "Plan/Search/SetSearch.h"
#include "Plan/Search/SubsetTable.h"

using namespace conveinsum;

static PlannedTree planFor(const Equation &equation, const PlanGoal &goal,
                           PlannerKind planner = PlannerKind::Auto) {
  Caught caught;
  auto result = plan(equation, {planner, goal}, caught);
  EXPECT_TRUE(result) << caught.text();
  return result ? *result : PlannedTree();
}

//===----------------------------------------------------------------------===//
// Against all trees
//===----------------------------------------------------------------------===//

TEST(Search, IsTheOptimumOfEveryObjectiveOverAllTrees) {
  unsigned larger = 0;
  for (uint64_t seed = 0; seed < 600; ++seed) {
    RandomEquation random = randomEquation(5000 + seed);
    Equation equation =
        makeEquation(random.text, random.shapes, random.geometry);
    SplitMix64 draw(seed);
    PlanGoal goal = randomGoal(draw, equation.numOperands());
    Count best = Count::infinity();
    for (const ContractionTree &tree :
         spreadTrees(equation.numOperands(), 1000))
      best = std::min(best, evaluateGoal(equation, tree, goal).value);
    PlannedTree plan = planFor(equation, goal);
    EXPECT_EQ(toString(plan.value), toString(best))
        << "seed " << seed << ": " << random.text << ", " << spell(goal) << ", "
        << plan.tree.treeText();
    EXPECT_EQ(plan.proof, Proof::Optimal);
    larger += equation.numOperands() >= 5;
  }
  EXPECT_GE(larger, 100u) << "the seeds hardly test anything";
}

TEST(Search, SevenOperandsOverAllTrees) {
  // 10395 trees each.
  for (uint64_t seed = 0; seed < 6; ++seed) {
    Equation equation = randomNetwork(seed, {7, 3, 2});
    SplitMix64 draw(seed);
    PlanGoal goal(*Objective::parse(kObjectives[seed]));
    if (seed % 2)
      goal.gradients = {0, 3, 5};
    Count best = Count::infinity();
    for (const ContractionTree &tree : spreadTrees(7, 20000))
      best = std::min(best, evaluateGoal(equation, tree, goal).value);
    EXPECT_EQ(toString(planFor(equation, goal).value), toString(best))
        << equation.text() << ", " << spell(goal);
  }
}

TEST(Search, SizePrefersFewerMacs) {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    Equation equation = randomNetwork(seed, {6, 3, 1});
    PlanGoal size(ObjectiveKind::Size), flops;
    PlannedTree plan = planFor(equation, size);
    Count fewest = Count::infinity();
    for (const ContractionTree &tree : spreadTrees(6, 1000))
      if (evaluateGoal(equation, tree, size).value == plan.value)
        fewest = std::min(fewest, evaluateGoal(equation, tree, flops).value);
    EXPECT_EQ(toString(evaluateGoal(equation, plan.tree, flops).value),
              toString(fewest));
  }
}

//===----------------------------------------------------------------------===//
// Lists against the table
//===----------------------------------------------------------------------===//

template <class T>
static SetSearchResult<T> searchWithin(const Equation &equation,
                                       const PlanGoal &goal, Count bound,
                                       bool connectedOnly = false) {
  CostModel model(equation, goal);
  PlannerOptions options;
  SearchClock clock(options);
  SetSearchOptions limits;
  limits.connectedOnly = connectedOnly;
  return searchSets<T>(model, fromCount<T>(bound), unreachable<T>(), limits,
                       clock);
}

TEST(SetSearch, FindsTheTreeOfTheTable) {
  for (uint64_t seed = 0; seed < 120; ++seed) {
    RandomNetworkOptions options;
    options.operands = 5 + seed % 6;
    options.regularity = 2 + seed % 3;
    options.connected = seed % 2;
    options.largest = seed % 5 ? 9 : 2; // many ties
    Equation equation = randomNetwork(seed, options);
    SplitMix64 draw(seed);
    PlanGoal goal = randomGoal(draw, options.operands);
    goal.target.fuses = false;
    // Ties of a maximum are decided in a second pass.
    if (goal.objective.kind == ObjectiveKind::Size)
      goal.objective.kind = ObjectiveKind::Flops;
    PlannedTree plan = planFor(equation, goal);
    for (Count bound : {plan.value, plan.value + plan.value / 3 + 1}) {
      auto words = searchWithin<uint64_t>(equation, goal, bound);
      ASSERT_TRUE(words.isComplete && words.tree) << spell(goal);
      EXPECT_EQ(words.tree->treeText(), plan.tree.treeText())
          << equation.text() << ", " << spell(goal);
      EXPECT_EQ(toString(words.value), toString(plan.value));
      auto counts = searchWithin<Count>(equation, goal, bound);
      ASSERT_TRUE(counts.isComplete && counts.tree);
      EXPECT_EQ(counts.tree->treeText(), plan.tree.treeText());
    }
    if (plan.value == 0)
      continue;
    auto below = searchWithin<uint64_t>(equation, goal, plan.value - 1);
    EXPECT_TRUE(below.isComplete);
    EXPECT_FALSE(below.tree) << "below the optimum";
  }
}

TEST(SetSearch, FindsTheTreeOfTheTableForConvModes) {
  unsigned compared = 0;
  for (uint64_t seed = 0; seed < 400; ++seed) {
    RandomEquation random = randomEquation(9000 + seed);
    Equation equation =
        makeEquation(random.text, random.shapes, random.geometry);
    if (equation.numOperands() < 3)
      continue;
    SplitMix64 draw(seed);
    PlanGoal goal = randomGoal(draw, equation.numOperands());
    goal.target.fuses = false;
    if (goal.objective.kind == ObjectiveKind::Size)
      goal.objective.kind = ObjectiveKind::Flops;
    PlannedTree plan = planFor(equation, goal);
    auto found = searchWithin<Count>(equation, goal, plan.value);
    ASSERT_TRUE(found.isComplete && found.tree)
        << random.text << ", " << spell(goal);
    EXPECT_EQ(found.tree->treeText(), plan.tree.treeText())
        << random.text << ", " << spell(goal);
    ++compared;
  }
  EXPECT_GE(compared, 200u);
}

/// Whether every step joins values that share a mode.
static bool isConnected(const Equation &equation, const ContractionTree &tree) {
  for (auto [lhs, rhs] : tree.steps())
    if (equation.kind(tree.operandsOf(lhs), tree.operandsOf(rhs)) ==
        StepKind::Outer)
      return false;
  return true;
}

TEST(SetSearch, ConnectedTreesAreTheBestWithoutOuterProducts) {
  for (uint64_t seed = 0; seed < 60; ++seed) {
    Equation equation = randomNetwork(seed, {6, 3, 1});
    Count best = Count::infinity();
    for (const ContractionTree &tree : spreadTrees(6, 1000))
      if (isConnected(equation, tree))
        best = std::min(best, evaluateGoal(equation, tree, {}).value);
    PlannerOptions options;
    options.connectedOnly = true;
    Caught caught;
    auto found = plan(equation, options, caught);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->proof, Proof::OptimalConnected);
    EXPECT_EQ(toString(found->value), toString(best)) << equation.text();
    EXPECT_TRUE(isConnected(equation, found->tree));
  }
}

TEST(SetSearch, StopsAtItsLimits) {
  Equation equation = randomNetwork(1, {18, 3, 1});
  CostModel model(equation, {});
  PlannerOptions options;
  SearchClock clock(options);
  SetSearchOptions limits;
  limits.maxWork = 1000;
  auto result = searchSets<Count>(model, Count::infinity(), Count::infinity(),
                                  limits, clock);
  EXPECT_FALSE(result.isComplete);
  EXPECT_LT(clock.moves(), 100000u);
  limits = {};
  limits.maxBytes = 40'000;
  EXPECT_FALSE(searchSets<Count>(model, Count::infinity(), Count::infinity(),
                                 limits, clock)
                   .isComplete);
}

TEST(StepCost, PredictsInWordsWhatDoublesDoNotHold) {
  Equation equation = makeEquation("ij,jk,kl->il", {{2, 3}, {3, 4}, {4, 5}});
  PlanGoal goal = Objective(ObjectiveKind::Time);
  CostModel model(equation, goal);
  StepCost<uint64_t> price(model);
  StepFigures figures;
  figures.macs = (uint64_t(1) << 53) + 1;
  figures.left = figures.right = figures.result = 1;
  StepCost<uint64_t>::Side side{1, false, false, false};
  EXPECT_EQ(Count(price(figures.macs.word(), side, side, 1, false)),
            stepCost(goal, figures));
}

TEST(Search, ConvModesThatOnlyTheResultHolds) {
  // As in the gradient of a factor that alone holds a conv mode: o = 0 .. 4.
  LinearRelation relation;
  relation.mode = 4;
  relation.resultExtent = 5;
  Equation gradient = Equation::fromParts({{"i", "j", "k", "l", "h"},
                                           {{0, 1}, {1, 2}, {2, 3}},
                                           {0, 3, 4},
                                           {{2, 3}, {3, 4}, {4, 5}},
                                           {relation}});
  for (llvm::StringRef word : {"flops", "size", "write", "roof-20", "time"}) {
    PlanGoal goal(*Objective::parse(word));
    Count best = Count::infinity();
    for (const ContractionTree &tree : spreadTrees(3, 10))
      best = std::min(best, evaluateGoal(gradient, tree, goal).value);
    EXPECT_EQ(toString(planFor(gradient, goal).value), toString(best));
    auto found = searchWithin<Count>(gradient, goal, best);
    ASSERT_TRUE(found.tree);
    EXPECT_EQ(toString(found.value), toString(best));
  }
}

TEST(Search, PeakIsProvenWhereTheBoundsMeet) {
  for (uint64_t seed = 0; seed < 30; ++seed) {
    Equation equation = randomNetwork(seed, {6, 3, 1});
    PlanGoal goal(ObjectiveKind::Peak);
    Count best = Count::infinity();
    for (const ContractionTree &tree : spreadTrees(6, 1000))
      best = std::min(best, evaluateGoal(equation, tree, goal).value);
    PlannedTree plan = planFor(equation, goal);
    ASSERT_TRUE(plan.lowerBound);
    EXPECT_LE(*plan.lowerBound, best);
    EXPECT_GE(plan.value, best);
    if (plan.proof == Proof::Optimal)
      EXPECT_EQ(toString(plan.value), toString(best));
  }
}

TEST(Search, ValuesBeyond128BitsStillCompare) {
  int64_t big = int64_t(1) << 60;
  Equation equation = makeEquation(
      "ab,bc,cd,da->", {{big, big}, {big, big}, {big, big}, {big, big}});
  PlannedTree plan = planFor(equation, {});
  EXPECT_EQ(plan.value, Count::powerOfTwo(181) + Count::powerOfTwo(120));
}

TEST(Search, PairsOfSetsThatNoIndicesMeet) {
  // Mode b: i0 + 4 i1 + i2 - 6 = 4 o. The factor of {0} and {1, 2} is 1, that
  // of {0, 1} and {2} is 0; 13 more operands keep the table away.
  RandomEquation random = randomEquation(903552);
  std::string left = random.text.substr(0, random.text.find("->"));
  std::string right = random.text.substr(random.text.find("->"));
  std::vector<Shape> shapes = random.shapes;
  PlanGoal goal;
  goal.constants = {2};
  goal.gradients = {3};
  for (unsigned k = 0; k < 13; ++k) {
    left += ",(x" + std::to_string(k) + ")(x" + std::to_string(k + 1) + ")";
    shapes.push_back({2, 2});
  }
  Equation equation = makeEquation(left + right, shapes, random.geometry);
  PlannedTree plan = planFor(equation, goal);
  if (plan.lowerBound)
    EXPECT_LE(*plan.lowerBound, plan.value);
  auto found = searchWithin<Count>(equation, goal, plan.value);
  EXPECT_TRUE(!found.isComplete || found.tree);
}

TEST(CostModel, WideConvModesHaveWordsToThemselves) {
  // 63 and 70 operands hold h; another conv mode follows.
  for (unsigned kernels : {62u, 63u, 70u}) {
    std::string text = "hz";
    std::vector<Shape> shapes{{9, 3}};
    for (unsigned k = 1; k < kernels; ++k) {
      text += ",h";
      shapes.push_back({1 + k % 2});
    }
    text += ",zw,w->hw|hw";
    shapes.push_back({3, 4});
    shapes.push_back({2});
    Equation equation = makeEquation(text, shapes);
    for (MacCount count : {MacCount::Exact, MacCount::Dense}) {
      CostModel model(equation, count);
      for (unsigned a : {0u, 1u, kernels - 1, kernels, kernels + 1})
        for (unsigned b : {0u, 1u, kernels - 1, kernels, kernels + 1})
          if (a != b)
            EXPECT_EQ(toString(model.macs<Count>(model.leaf(a), model.leaf(b))),
                      toString(equation.macs(equation.singleton(a),
                                             equation.singleton(b), count)))
                << kernels << ": " << a << ", " << b;
    }
  }
}

TEST(CostModel, StatesOfWideConvModesAreThoseOfTheirSets) {
  // Sets of a feature and 69 kernels of 1 to 3 taps.
  for (PaddingMode padding :
       {PaddingMode::Full, PaddingMode::Same, PaddingMode::Circular}) {
    GeometryMap geometry;
    geometry["h"].padding.mode = padding;
    std::string text = "h";
    std::vector<Shape> shapes{{200}};
    for (unsigned k = 1; k < 70; ++k) {
      text += ",h";
      shapes.push_back({1 + k % 3});
    }
    Equation equation = makeEquation(text + "->h|h", shapes, geometry);
    CostModel model(equation, MacCount::Exact);
    const ConvModel &mode = model.convModels().front();
    ASSERT_FALSE(mode.isNarrow());
    SplitMix64 draw(7);
    for (unsigned round = 0; round < 200; ++round) {
      std::vector<uint64_t> rows[3];
      OperandSet sets[2] = {equation.emptySet(), equation.emptySet()};
      for (std::vector<uint64_t> &row : rows)
        row.assign(model.words() + 1, 0);
      unsigned sparse = draw.between(2, 9);
      for (unsigned operand = 0; operand < 70; ++operand) {
        unsigned side = draw.between(0, sparse);
        if (side > 1)
          continue;
        sets[side].set(operand);
        for (unsigned word = 0; word < model.words(); ++word) {
          rows[side][word] |= model.leaf(operand)[word];
          rows[2][word] |= model.leaf(operand)[word];
        }
      }
      if (sets[0].none() || sets[1].none())
        continue;
      unsigned a = mode.wideState(rows[0].data()),
               b = mode.wideState(rows[1].data());
      ConvModel::Joined joined =
          mode.joinStates(a, b, rows[0].data(), rows[1].data());
      EXPECT_EQ(joined.state, mode.wideState(rows[2].data()));
      EXPECT_TRUE(joined.factor.exact ==
                  equation.macs(sets[0], sets[1], MacCount::Exact));
      EXPECT_TRUE(mode.extentOfState(a).exact == equation.elements(sets[0]));
    }
  }
}

TEST(Search, TieBreaksBeyond64Bits) {
  Equation equation = makeEquation("g,aef,abcefg,d,bcd->",
                                   {{2048},
                                    {2048, 512, 16384},
                                    {2048, 16384, 4096, 512, 16384, 2048},
                                    {16384},
                                    {16384, 4096, 16384}});
  PlanGoal size(ObjectiveKind::Size), flops;
  PlannedTree plan = planFor(equation, size);
  EXPECT_EQ(toString(evaluateGoal(equation, plan.tree, flops).value),
            "2361183242671773190144");
}
