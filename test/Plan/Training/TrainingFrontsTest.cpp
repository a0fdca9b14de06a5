//===- TrainingFrontsTest.cpp - Fronts of trees and over all trees --------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Fronts against all trees with all choices, simulated, against the stored
// fronts of the data file, and against each other.
//
//===----------------------------------------------------------------------===//

#include "TrainingTestSupport.h"
#include <map>

using namespace conveinsum;
namespace json = llvm::json;

//===----------------------------------------------------------------------===//
// Against simulation
//===----------------------------------------------------------------------===//

namespace {
/// Kept elements and MACs -> fewest elements written.
using Points = std::map<std::pair<Count, Count>, Count>;
} // namespace

/// Adds the points of all choices on a tree.
static void addChoices(const SimulatedTree &on, Points &points) {
  for (unsigned number = 0; number < numChoices(on); ++number) {
    TrainingRun run(on, choiceOf(on, number));
    auto [at, isNew] = points.try_emplace({run.kept, run.macs}, run.written);
    if (!isNew)
      at->second = std::min(at->second, run.written);
  }
}

/// The points that none beats, in ascending order.
static Points frontOf(const Points &points) {
  Points unbeaten;
  Count least = Count::infinity();
  for (const auto &[numbers, written] : points)
    if (numbers.second < least) {
      least = numbers.second;
      unbeaten.try_emplace(numbers, written);
    }
  return unbeaten;
}

static void expectPoints(const TrainingFront &front, const Points &expected) {
  ASSERT_EQ(front.points.size(), expected.size());
  auto at = expected.begin();
  for (const TrainingPoint &point : front.points) {
    EXPECT_EQ(toString(point.kept), toString(at->first.first));
    EXPECT_EQ(toString(point.macs), toString(at->first.second));
    EXPECT_EQ(toString(point.written), toString(at->second));
    ++at;
  }
}

static void expectFrontsOfAllTrees(const Equation &equation,
                                   const PlanGoal &goal, SplitMix64 &random) {
  SCOPED_TRACE(equation.text());
  unsigned operands = equation.numOperands();
  Points all;
  Count trees = numberOfTrees(operands);
  Count chosen = Count(random.between(0, int64_t(trees.word()) - 1));
  for (Count rank = 0; rank < trees; rank += 1) {
    ContractionTree tree = treeOfRank(operands, rank);
    Points points;
    addChoices(SimulatedTree(equation, tree, goal), points);
    if (rank == chosen) {
      TrainingFront front = treeFrontOf(equation, tree, goal);
      EXPECT_TRUE(front.exact);
      expectPoints(front, frontOf(points));
      expectConsistent(equation, goal, front);
    }
    for (const auto &[numbers, written] : frontOf(points)) {
      auto [at, isNew] = all.try_emplace(numbers, written);
      if (!isNew)
        at->second = std::min(at->second, written);
    }
  }
  TrainingFront front = jointFrontOf(equation, goal);
  EXPECT_TRUE(front.exact);
  EXPECT_TRUE(front.error == 0);
  expectPoints(front, frontOf(all));
  expectConsistent(equation, goal, front);
}

TEST(TrainingFronts, FrontsAreThoseOfAllTreesAndAllChoices) {
  SplitMix64 random(1);
  for (uint64_t seed = 0; seed < 250; ++seed) {
    Equation equation = randomNetwork(seed, 5);
    expectFrontsOfAllTrees(
        equation, randomTrainingGoal(random, equation.numOperands()), random);
  }
}

TEST(TrainingFronts, FrontsOfSixOperandsAreThoseOfAllTreesAndAllChoices) {
  SplitMix64 random(2);
  unsigned seen = 0;
  for (uint64_t seed = 5000; seen < 12; ++seed) {
    Equation equation = randomNetwork(seed, 6);
    if (equation.numOperands() < 6)
      continue;
    expectFrontsOfAllTrees(equation, randomTrainingGoal(random, 6), random);
    ++seen;
  }
}

//===----------------------------------------------------------------------===//
// Against the data file
//===----------------------------------------------------------------------===//

/// Calls `visit(entry, equation)` for the networks with up to `maxOperands`.
static void forEachNetwork(
    unsigned maxOperands,
    llvm::function_ref<void(const json::Object &, const Equation &)> visit) {
  json::Value file = readDataFile("networks.json");
  for (const json::Value &value : *file.getAsObject()->getArray("networks")) {
    const json::Object &entry = *value.getAsObject();
    if (*entry.getInteger("n") > maxOperands)
      continue;
    SCOPED_TRACE(entry.getString("name")->str());
    visit(entry, equationOf(entry));
  }
}

TEST(TrainingFronts, JointFrontsMeetTheStoredOnes) {
  unsigned seen = 0;
  forEachNetwork(12, [&](const json::Object &entry, const Equation &equation) {
    const json::Array *stored = entry.getArray("train_front");
    if (!stored)
      return;
    PlanGoal goal = allGradients(equation);
    TrainingFront front = jointFrontOf(equation, goal);
    EXPECT_TRUE(front.exact);
    ASSERT_EQ(front.points.size(), stored->size());
    for (size_t index = 0; index < stored->size(); ++index) {
      const json::Array &numbers = *(*stored)[index].getAsArray();
      EXPECT_EQ(toString(front.points[index].kept), digits(numbers[0]));
      EXPECT_EQ(toString(front.points[index].macs), digits(numbers[1]));
    }
    expectConsistent(equation, goal, front);
    ++seen;
  });
  EXPECT_EQ(seen, 43u);
}

TEST(TrainingFronts, TheLastPointIsTheOptimumWithoutRecomputation) {
  unsigned seen = 0;
  forEachNetwork(12, [&](const json::Object &entry, const Equation &equation) {
    const json::Object *optimum = entry.getObject("optimum");
    if (!optimum)
      return;
    PlanGoal goal = allGradients(equation);
    EXPECT_EQ(toString(jointFrontOf(equation, goal).points.back().macs),
              digits(*optimum->get("train_all_grads_macs")));
    goal.gradients.erase(goal.gradients.begin());
    TrainingFront frozen = jointFrontOf(equation, goal);
    EXPECT_EQ(toString(frozen.points.back().macs),
              digits(*optimum->get("train_operand0_frozen_macs")));
    EXPECT_TRUE(frozen.points.back().recomputedValues.empty());
    EXPECT_TRUE(frozen.points.front().keptValues.empty());
    ++seen;
  });
  EXPECT_EQ(seen, 85u);
}

//===----------------------------------------------------------------------===//
// Properties
//===----------------------------------------------------------------------===//

/// Every point of `other` is met or beaten, up to `error` MACs.
static void expectNotWorse(const TrainingFront &front,
                           const TrainingFront &other, Count error = 0) {
  for (const TrainingPoint &point : other.points) {
    const TrainingPoint *picked = pick(front, point.kept);
    ASSERT_TRUE(picked);
    EXPECT_TRUE(picked->macs <= point.macs + error)
        << toString(picked->macs) << " > " << toString(point.macs);
  }
}

TEST(TrainingFronts, JointFrontsAreNeverWorseThanThoseOfTheBestForwardTree) {
  unsigned better = 0;
  forEachNetwork(10, [&](const json::Object &, const Equation &equation) {
    PlanGoal goal = allGradients(equation);
    PlannedTree forward = planOf(equation);
    TrainingFront joint = jointFrontOf(equation, goal);
    TrainingFront single = treeFrontOf(equation, forward.tree, goal);
    expectNotWorse(joint, single);
    better += joint.points.front().macs < single.points.front().macs;
  });
  EXPECT_GT(better, 0u);
}

TEST(TrainingFronts, ThinnedFrontsStayWithinTheErrorTheyState) {
  unsigned thinned = 0;
  forEachNetwork(10, [&](const json::Object &entry, const Equation &equation) {
    PlanGoal goal = allGradients(equation);
    TrainingFront exact = jointFrontOf(equation, goal);
    TrainingOptions few;
    few.maxPoints = 4;
    TrainingFront joint = jointFrontOf(equation, goal, few);
    EXPECT_EQ(joint.exact, joint.error == 0);
    expectNotWorse(joint, exact, joint.error);
    expectNotWorse(exact, joint);
    expectConsistent(equation, goal, joint);
    EXPECT_TRUE(joint.points.front().kept == 0);
    EXPECT_TRUE(joint.points.back().macs == exact.points.back().macs);
    thinned += !joint.exact;

    ContractionTree tree = exact.points.front().tree;
    TrainingFront single = treeFrontOf(equation, tree, goal, few);
    EXPECT_LE(single.points.size(), 4u);
    expectNotWorse(single, treeFrontOf(equation, tree, goal), single.error);
    expectConsistent(equation, goal, single);
  });
  EXPECT_GT(thinned, 0u);
}

TEST(TrainingFronts, TreesOfHundredsOfOperandsHaveAFront) {
  // A chain of matrices: joined from the left, and in a balanced way.
  constexpr unsigned operands = 300;
  std::string text;
  std::vector<Shape> shapes;
  SplitMix64 random(5);
  int64_t rows = 7;
  for (unsigned operand = 0; operand < operands; ++operand) {
    std::string from = "(m" + std::to_string(operand) + ")";
    std::string to = "(m" + std::to_string(operand + 1) + ")";
    text += (operand == 0 ? "" : ",") + from + to;
    int64_t columns = random.between(5, 60);
    shapes.push_back({rows, columns});
    rows = columns;
  }
  Equation equation = makeEquation(text + "->(m0)(m300)", shapes);
  std::vector<ContractionTree::Step> steps;
  std::vector<unsigned> level(operands);
  std::iota(level.begin(), level.end(), 0u);
  while (level.size() > 1) {
    std::vector<unsigned> above;
    for (size_t index = 0; index + 1 < level.size(); index += 2) {
      steps.push_back({level[index], level[index + 1]});
      above.push_back(operands + unsigned(steps.size()) - 1);
    }
    if (level.size() % 2)
      above.push_back(level.back());
    level = above;
  }
  PlanGoal goal = allGradients(equation);
  TrainingOptions options;
  options.maxPoints = 500;
  for (const ContractionTree &tree : {ContractionTree::leftToRight(operands),
                                      ContractionTree(operands, steps)}) {
    TrainingFront front = treeFrontOf(equation, tree, goal, options);
    EXPECT_FALSE(front.exact);
    EXPECT_GT(front.points.size(), 450u);
    EXPECT_LE(front.points.size(), 500u);
    EXPECT_TRUE(front.points.front().kept == 0);
    EXPECT_TRUE(front.points.back().recomputedValues.empty());
    EXPECT_TRUE(front.error * 10 < front.points.back().macs)
        << toString(front.error) << " of "
        << toString(front.points.back().macs);
  }
}
