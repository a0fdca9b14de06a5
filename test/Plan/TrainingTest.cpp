//===- TrainingTest.cpp - What to keep from forward to backward -----------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Fronts against all trees with all choices, simulated, and against the stored
// fronts of the data file.
//
//===----------------------------------------------------------------------===//

#include "TrainingTestSupport.h"
#include <map>

using namespace conveinsum;
namespace json = llvm::json;

static TrainingFront jointFrontOf(const Equation &equation,
                                  const PlanGoal &goal,
                                  const TrainingOptions &options = {}) {
  Caught caught;
  auto front = jointFront(equation, goal, options, caught);
  EXPECT_TRUE(front) << caught.text();
  EXPECT_EQ(caught.count, 0u);
  return front ? *front : TrainingFront();
}

static TrainingFront treeFrontOf(const Equation &equation,
                                 const ContractionTree &tree,
                                 const PlanGoal &goal,
                                 const TrainingOptions &options = {}) {
  Caught caught;
  auto front = treeFront(equation, tree, goal, options, caught);
  EXPECT_TRUE(front) << caught.text();
  EXPECT_EQ(caught.count, 0u);
  return front ? *front : TrainingFront();
}

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
  Count least = kMaxCount;
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

/// What a point says of itself must be what its tree and its kept values give.
static void expectConsistent(const Equation &equation, const PlanGoal &goal,
                             const TrainingFront &front) {
  for (const TrainingPoint &point : front.points) {
    Caught caught;
    ASSERT_TRUE(point.tree.verify(caught)) << caught.text();
    auto again = evaluateTrainingPoint(equation, point.tree, point.keptValues,
                                       goal, caught);
    ASSERT_TRUE(again) << caught.text();
    EXPECT_TRUE(again->kept == point.kept);
    EXPECT_TRUE(again->macs == point.macs);
    EXPECT_TRUE(again->written == point.written);
    EXPECT_EQ(again->keptValues, point.keptValues);
    EXPECT_EQ(again->recomputedValues, point.recomputedValues);
    EXPECT_TRUE(again->forwardPeak == point.forwardPeak);
    EXPECT_TRUE(again->backwardPeak == point.backwardPeak);
    TrainingRun run(SimulatedTree(equation, point.tree, goal),
                    point.keptValues);
    EXPECT_TRUE(run.kept == point.kept);
    EXPECT_TRUE(run.macs == point.macs);
    EXPECT_TRUE(run.written == point.written);
    EXPECT_TRUE(std::equal(run.recomputed.begin(), run.recomputed.end(),
                           point.recomputedValues.begin(),
                           point.recomputedValues.end()));
  }
}

static void expectFrontsOfAllTrees(const Equation &equation,
                                   const PlanGoal &goal, SplitMix64 &random) {
  SCOPED_TRACE(equation.text());
  unsigned operands = equation.numOperands();
  Points all;
  Count trees = numberOfTrees(operands);
  Count chosen = Count(random.between(0, int64_t(trees) - 1));
  for (Count rank = 0; rank < trees; ++rank) {
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

TEST(Training, FrontsAreThoseOfAllTreesAndAllChoices) {
  SplitMix64 random(1);
  for (uint64_t seed = 0; seed < 250; ++seed) {
    Equation equation = randomNetwork(seed, 5);
    expectFrontsOfAllTrees(
        equation, randomTrainingGoal(random, equation.numOperands()), random);
  }
}

TEST(Training, FrontsOfSixOperandsAreThoseOfAllTreesAndAllChoices) {
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

TEST(Training, EveryChoiceIsEvaluatedFromTheDefinition) {
  SplitMix64 random(3);
  for (uint64_t seed = 300; seed < 400; ++seed) {
    Equation equation = randomNetwork(seed, 6);
    PlanGoal goal = randomTrainingGoal(random, equation.numOperands());
    ContractionTree tree = randomTree(random, equation.numOperands());
    SimulatedTree on(equation, tree, goal);
    for (unsigned number = 0; number < numChoices(on); ++number) {
      std::vector<unsigned> keep = choiceOf(on, number);
      TrainingRun run(on, keep);
      Caught caught;
      auto point = evaluateTrainingPoint(equation, tree, keep, goal, caught);
      ASSERT_TRUE(point) << caught.text();
      EXPECT_TRUE(point->macs == run.macs);
      EXPECT_TRUE(point->kept == run.kept);
      EXPECT_EQ(point->keptValues, keep);
    }
  }
}

//===----------------------------------------------------------------------===//
// Against the data file
//===----------------------------------------------------------------------===//

/// Calls `visit(entry, equation)` for the networks with up to `maxOperands`.
static void
forEachNetwork(unsigned maxOperands,
               llvm::function_ref<void(const json::Object &, const Equation &)>
                   visit) {
  json::Value file = readDataFile("networks.json");
  for (const json::Value &value : *file.getAsObject()->getArray("networks")) {
    const json::Object &entry = *value.getAsObject();
    if (*entry.getInteger("n") > maxOperands)
      continue;
    SCOPED_TRACE(entry.getString("name")->str());
    visit(entry, equationOf(entry));
  }
}

TEST(Training, JointFrontsMeetTheStoredOnes) {
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

TEST(Training, TheLastPointIsTheOptimumWithoutRecomputation) {
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

TEST(Training, JointFrontsAreNeverWorseThanThoseOfTheBestForwardTree) {
  unsigned better = 0;
  forEachNetwork(10, [&](const json::Object &, const Equation &equation) {
    PlanGoal goal = allGradients(equation);
    Plan forward = planOf(equation);
    TrainingFront joint = jointFrontOf(equation, goal);
    TrainingFront single = treeFrontOf(equation, forward.tree, goal);
    expectNotWorse(joint, single);
    better += joint.points.front().macs < single.points.front().macs;
  });
  EXPECT_GT(better, 0u);
}

TEST(Training, ThinnedFrontsStayWithinTheErrorTheyState) {
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

TEST(Training, NothingIsKeptWithoutGradients) {
  Equation equation = makeEquation("ij,jk,kl->il", {{8, 8}, {8, 2}, {2, 8}});
  TrainingFront front = jointFrontOf(equation, PlanGoal());
  ASSERT_EQ(front.points.size(), 1u);
  EXPECT_TRUE(front.points[0].kept == 0);
  EXPECT_TRUE(front.points[0].macs == 256);
  EXPECT_TRUE(front.points[0].backwardPeak == 0);
}

TEST(Training, TheExampleOfTheHeader) {
  Equation equation = makeEquation("ij,jk,kl->il", {{8, 8}, {8, 2}, {2, 8}});
  PlanGoal goal = allGradients(equation);
  TrainingFront front = jointFrontOf(equation, goal);
  ASSERT_EQ(front.points.size(), 2u);
  EXPECT_EQ(front.points[0].tree.treeText(), "((0,1),2)");
  EXPECT_TRUE(front.points[0].kept == 0);
  EXPECT_TRUE(front.points[0].macs == 896);
  EXPECT_EQ(front.points[0].recomputedValues, std::vector<unsigned>{3});
  EXPECT_TRUE(front.points[1].kept == 16);
  EXPECT_TRUE(front.points[1].macs == 768);
  EXPECT_EQ(front.points[1].keptValues, std::vector<unsigned>{3});
}

TEST(Training, ConstantOperandsArePreparedAlongTheirCheapestTree) {
  // Operand 3 is trained; 0, 1 and 2 are constant: the whole but the last step.
  Equation equation = makeEquation("ij,jk,kl,l->i", {{9, 2}, {2, 9}, {9, 2}, {2}});
  PlanGoal goal;
  goal.gradients = {3};
  goal.constants = {0, 1, 2};
  TrainingFront front = jointFrontOf(equation, goal);
  ASSERT_EQ(front.points.size(), 1u);
  EXPECT_TRUE(front.points[0].macs == 2 * 18);
  EXPECT_EQ(front.points[0].tree.treeText(), "((0,(1,2)),3)");
  expectConsistent(equation, goal, front);
}

TEST(Training, OneAndTwoOperandsHaveOnePoint) {
  Equation one = makeEquation("ij->i", {{3, 4}});
  TrainingFront front = jointFrontOf(one, allGradients(one));
  ASSERT_EQ(front.points.size(), 1u);
  EXPECT_TRUE(front.points[0].macs == 0);
  EXPECT_EQ(front.points[0].tree, ContractionTree::leftToRight(1));
  EXPECT_EQ(treeFrontOf(one, front.points[0].tree, allGradients(one)).points.size(), 1u);

  Equation two = makeEquation("ij,j->i", {{3, 4}, {4}});
  front = jointFrontOf(two, allGradients(two));
  ASSERT_EQ(front.points.size(), 1u);
  EXPECT_TRUE(front.points[0].macs == 36);
  PlanGoal constant;
  constant.constants = {0, 1};
  front = jointFrontOf(two, constant);
  ASSERT_EQ(front.points.size(), 1u);
  EXPECT_TRUE(front.points[0].macs == 0);
}

TEST(Training, SizesOfZeroAndSaturatedOnes) {
  Equation empty = makeEquation("ij,jk,kl->il", {{8, 0}, {0, 2}, {2, 8}});
  TrainingFront front = jointFrontOf(empty, allGradients(empty));
  ASSERT_EQ(front.points.size(), 1u);
  EXPECT_TRUE(front.points[0].macs == 0);

  int64_t large = int64_t(1) << 60;
  Equation huge = makeEquation("ij,jk,kl,lm->im", {{large, large}, {large, large}, {large, large}, {large, large}});
  front = jointFrontOf(huge, allGradients(huge));
  ASSERT_EQ(front.points.size(), 1u);
  EXPECT_TRUE(front.points[0].kept == 0);
  EXPECT_TRUE(front.points[0].macs == kMaxCount);
}

TEST(Training, TreesOfHundredsOfOperandsHaveAFront) {
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
  options.maxPoints = 1000;
  for (const ContractionTree &tree :
       {ContractionTree::leftToRight(operands),
        ContractionTree(operands, steps)}) {
    TrainingFront front = treeFrontOf(equation, tree, goal, options);
    EXPECT_FALSE(front.exact);
    EXPECT_GT(front.points.size(), 900u);
    EXPECT_LE(front.points.size(), 1000u);
    EXPECT_TRUE(front.points.front().kept == 0);
    EXPECT_TRUE(front.points.back().recomputedValues.empty());
    EXPECT_TRUE(front.error * 20 < front.points.back().macs)
        << toString(front.error) << " of "
        << toString(front.points.back().macs);
  }
}

//===----------------------------------------------------------------------===//
// Budgets
//===----------------------------------------------------------------------===//

TEST(Training, PicksTheCheapestPointWithinABudget) {
  Equation equation = makeEquation("ij,jk,kl->il", {{8, 8}, {8, 2}, {2, 8}});
  PlanGoal goal = allGradients(equation);
  goal.dtype = goal.resultType = ElementType::BF16;
  TrainingFront front = jointFrontOf(equation, goal);
  EXPECT_TRUE(keptBytes(front.points[1], goal) == 32);
  EXPECT_EQ(pick(front, 0), &front.points[0]);
  EXPECT_EQ(pick(front, 15), &front.points[0]);
  EXPECT_EQ(pick(front, 16), &front.points[1]);
  EXPECT_EQ(pickBytes(front, goal, 31), &front.points[0]);
  EXPECT_EQ(pickBytes(front, goal, 32), &front.points[1]);
  EXPECT_EQ(pick(TrainingFront(), 100), nullptr);
  // int8 operands make int32 intermediates.
  goal.dtype = ElementType::I8;
  goal.resultType = ElementType::I32;
  EXPECT_TRUE(keptBytes(front.points[1], goal) == 64);
}

//===----------------------------------------------------------------------===//
// Refusals
//===----------------------------------------------------------------------===//

static std::string refusal(llvm::function_ref<bool(ErrorFn)> ask) {
  Caught caught;
  EXPECT_FALSE(ask(caught));
  EXPECT_EQ(caught.count, 1u);
  return caught.text();
}

TEST(Training, RefusesWhatItCannotTake) {
  Equation equation = makeEquation("ij,jk,kl->il", {{8, 8}, {8, 2}, {2, 8}});
  ContractionTree tree = ContractionTree::leftToRight(3);
  PlanGoal goal = allGradients(equation);

  PlanGoal wrong = goal;
  wrong.gradients.push_back(7);
  auto hasText = [](const std::string &text, llvm::StringRef part) {
    EXPECT_TRUE(llvm::StringRef(text).contains(part)) << text;
  };
  hasText(refusal([&](ErrorFn onError) {
            return jointFront(equation, wrong, {}, onError).has_value();
          }),
          "expected an operand below 3 in gradients, got 7");
  hasText(refusal([&](ErrorFn onError) {
            return treeFront(equation, ContractionTree::leftToRight(4), goal,
                             {}, onError)
                .has_value();
          }),
          "expected a tree over 3 operands, got one over 4");
  hasText(refusal([&](ErrorFn onError) {
            ContractionTree twice(3, {{0, 1}, {0, 2}});
            return treeFront(equation, twice, goal, {}, onError).has_value();
          }),
          "expected");
  TrainingOptions none;
  none.maxPoints = 1;
  hasText(refusal([&](ErrorFn onError) {
            return jointFront(equation, goal, none, onError).has_value();
          }),
          "expected at least 2 points per front, got 1");
  hasText(refusal([&](ErrorFn onError) {
            return treeFront(equation, tree, goal, none, onError).has_value();
          }),
          "expected at least 2 points per front, got 1");

  auto evaluate = [&](std::vector<unsigned> kept, ErrorFn onError) {
    return evaluateTrainingPoint(equation, tree, kept, goal, onError)
        .has_value();
  };
  for (unsigned value : {0u, 4u, 9u})
    hasText(refusal([&](ErrorFn onError) { return evaluate({value}, onError); }),
            "neither the last one nor prepared, got value " +
                std::to_string(value));
  hasText(refusal([&](ErrorFn onError) { return evaluate({3, 3}, onError); }),
          "expected every kept value once, got value 3 twice");
  goal.gradients = {2};
  goal.constants = {0, 1};
  hasText(refusal([&](ErrorFn onError) { return evaluate({3}, onError); }),
          "got value 3");
}

TEST(Training, RefusesDynamicShapesAndTooManyOperands) {
  Equation dynamic = makeEquation("ij,jk,kl->il", {{kDynamic, 8}, {8, 2}, {2, 8}});
  EXPECT_TRUE(llvm::StringRef(refusal([&](ErrorFn onError) {
                return jointFront(dynamic, {}, {}, onError).has_value();
              })).contains("expected static extents"));

  std::string text = "a";
  for (unsigned operand = 1; operand < 17; ++operand)
    text += ",a";
  Equation large = makeEquation(text + "->a", std::vector<Shape>(17, Shape{2}));
  EXPECT_TRUE(llvm::StringRef(refusal([&](ErrorFn onError) {
                return jointFront(large, {}, {}, onError).has_value();
              })).contains("expected at most 16 operands"));
}
