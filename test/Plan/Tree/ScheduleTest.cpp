//===- ScheduleTest.cpp - The order that keeps fewest bytes alive ---------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Schedules against all orders of small forests, simulated with plain sets.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Tree/Schedule.h"
#include "AllOrders.h"
#include "Equation/RandomEquation.h"
#include "Plan/PlanTestSupport.h"

using namespace conveinsum;

//===----------------------------------------------------------------------===//
// All orders
//===----------------------------------------------------------------------===//

static std::vector<PebbleStep> stepsOf(const ContractionTree &tree,
                                       const std::vector<Count> &sizes) {
  std::vector<PebbleStep> steps;
  for (unsigned index = 0; index < sizes.size(); ++index) {
    auto [lhs, rhs] = tree.steps()[index];
    PebbleStep step;
    step.size = sizes[index];
    if (lhs >= tree.numOperands())
      step.inputs[0] = lhs - tree.numOperands();
    if (rhs >= tree.numOperands())
      step.inputs[1] = rhs - tree.numOperands();
    steps.push_back(step);
  }
  return steps;
}

/// The smallest peak over both orders of the sides of every step.
static Count smallestDepthFirst(const ContractionTree &tree,
                                const std::vector<Count> &sizes) {
  unsigned operands = tree.numOperands();
  Count best = Count::infinity();
  for (unsigned choice = 0; choice < 1u << sizes.size(); ++choice) {
    std::vector<unsigned> order;
    auto finish = [&](auto &self, unsigned value) -> void {
      if (value < operands)
        return;
      auto [first, second] = tree.steps()[value - operands];
      if (choice >> (value - operands) & 1)
        std::swap(first, second);
      self(self, first);
      self(self, second);
      order.push_back(value - operands);
    };
    finish(finish, 2 * operands - 2);
    best = std::min(best, peakOf(tree, sizes, order));
  }
  return best;
}

//===----------------------------------------------------------------------===//
// Random forests
//===----------------------------------------------------------------------===//

static ContractionTree randomTree(SplitMix64 &random, unsigned operands) {
  Count trees = numberOfTrees(operands);
  return treeOfRank(operands,
                    Count(random.between(0, int64_t(trees.word()) - 1)));
}

/// Zeros, equal ones and large differences.
static std::vector<Count> randomSizes(SplitMix64 &random, unsigned count) {
  std::vector<Count> sizes;
  int64_t most = random.oneIn(3) ? 3 : 40;
  for (unsigned index = 0; index < count; ++index)
    sizes.push_back(Count(random.oneIn(6) ? 0 : random.between(0, most)));
  return sizes;
}

static void expectPermutation(const std::vector<unsigned> &order, size_t size) {
  std::set<unsigned> seen(order.begin(), order.end());
  EXPECT_EQ(order.size(), size);
  EXPECT_EQ(seen.size(), size);
  EXPECT_TRUE(seen.empty() || *seen.rbegin() == size - 1);
}

/// Whether every step comes after its inputs.
static bool isTopological(const std::vector<PebbleStep> &steps,
                          const std::vector<unsigned> &order) {
  std::vector<bool> done(steps.size());
  for (unsigned index : order) {
    for (unsigned input : steps[index].inputs)
      if (input != PebbleStep::kNoInput && !done[input])
        return false;
    done[index] = true;
  }
  return true;
}

TEST(Peak, EqualsTheBestOfAllOrders) {
  SplitMix64 random(1);
  unsigned interleaved = 0;
  for (unsigned round = 0; round < 2000; ++round) {
    unsigned operands = unsigned(random.between(2, 8));
    ContractionTree tree = randomTree(random, operands);
    std::vector<Count> sizes = randomSizes(random, operands - 1);
    std::vector<PebbleStep> steps = stepsOf(tree, sizes);
    Schedule schedule = smallestPeak(tree, sizes);
    expectPermutation(schedule.order, sizes.size());
    EXPECT_TRUE(isTopological(steps, schedule.order));
    EXPECT_EQ(toString(schedule.peak), toString(smallestPeakOfAllOrders(steps)))
        << tree.treeText();
    EXPECT_TRUE(schedule.peak == peakOf(tree, sizes, schedule.order));

    Schedule depthFirst = depthFirstPeak(tree, sizes);
    expectPermutation(depthFirst.order, sizes.size());
    EXPECT_TRUE(isTopological(steps, depthFirst.order));
    EXPECT_TRUE(depthFirst.peak == smallestDepthFirst(tree, sizes))
        << tree.treeText();
    EXPECT_TRUE(depthFirst.peak == peakOf(tree, sizes, depthFirst.order));
    EXPECT_TRUE(depthFirst.peak >= schedule.peak);
    interleaved += depthFirst.peak > schedule.peak;
  }
  EXPECT_GT(interleaved, 0u);
}

TEST(Peak, EqualsTheBestOfAllOrdersOfForestsInWhichResultsStay) {
  SplitMix64 random(2);
  for (unsigned round = 0; round < 2000; ++round) {
    unsigned operands = unsigned(random.between(2, 8));
    std::vector<PebbleStep> steps = stepsOf(randomTree(random, operands),
                                            randomSizes(random, operands - 1));
    for (PebbleStep &step : steps)
      step.stays = random.oneIn(3);
    // Without its last steps a tree is a forest.
    steps.resize(size_t(random.between(1, int64_t(steps.size()))));
    std::vector<unsigned> order = smallestPeakOrder(steps);
    expectPermutation(order, steps.size());
    EXPECT_TRUE(isTopological(steps, order));
    EXPECT_EQ(toString(peakOf(steps, order)),
              toString(smallestPeakOfAllOrders(steps)));
  }
}

//===----------------------------------------------------------------------===//
// By hand
//===----------------------------------------------------------------------===//

static ContractionTree parse(llvm::StringRef text, unsigned operands) {
  Caught caught;
  auto tree = ContractionTree::parseTree(text, operands, caught);
  EXPECT_TRUE(tree) << caught.text();
  return tree ? *tree : ContractionTree();
}

TEST(Peak, OperandsCountNothing) {
  EXPECT_TRUE(smallestPeak(parse("0", 1), {}).peak == 0);
  EXPECT_TRUE(depthFirstPeak(parse("0", 1), {}).order.empty());
  EXPECT_TRUE(smallestPeak(parse("(0,1)", 2), {Count(7)}).peak == 7);
}

TEST(Peak, InputsAndResultAreAliveTogether) {
  // 5 and 6 wait for 7.
  ContractionTree tree = parse("((0,1),(2,3))", 4);
  std::vector<Count> sizes{5, 6, 7};
  EXPECT_TRUE(smallestPeak(tree, sizes).peak == 18);
  EXPECT_TRUE(depthFirstPeak(tree, sizes).peak == 18);
}

TEST(Peak, InterleavingBeatsEveryDepthFirstOrder) {
  // Two chains 10, 1, 7. Depth first, 7 of the first one waits while the second
  // one is at 10 + 1. Taking turns, only 1 waits, and the join at 7 + 7 + 1 is
  // the peak.
  ContractionTree tree = parse("((((0,1),2),3),(((4,5),6),7))", 8);
  std::vector<Count> sizes(7);
  for (unsigned index = 0; index < 7; ++index) {
    unsigned below = tree.operandsOf(tree.resultOf(index)).count();
    sizes[index] = below == 2 ? 10 : below == 3 ? 1 : below == 4 ? 7 : 1;
  }
  EXPECT_TRUE(depthFirstPeak(tree, sizes).peak == 18);
  EXPECT_TRUE(smallestPeak(tree, sizes).peak == 15);
}

TEST(Peak, SizesBeyond127BitsAreComparedExactly) {
  // The two chains, times 2^124: 15 times that fits into 128 bits, 18 times
  // that does not.
  ContractionTree tree = parse("((((0,1),2),3),(((4,5),6),7))", 8);
  Count unit = Count::powerOfTwo(124);
  std::vector<Count> sizes(7);
  for (unsigned index = 0; index < 7; ++index) {
    unsigned below = tree.operandsOf(tree.resultOf(index)).count();
    sizes[index] = unit * (below == 2 ? 10 : below == 4 ? 7 : 1);
  }
  EXPECT_TRUE(smallestPeak(tree, sizes).peak == unit * 15);
  EXPECT_TRUE(depthFirstPeak(tree, sizes).peak == unit * 18);
}

TEST(Peak, ThousandsOfStepsNeedNoStack) {
  constexpr unsigned operands = 5000;
  ContractionTree chain = ContractionTree::leftToRight(operands);
  SplitMix64 random(3);
  std::vector<Count> sizes = randomSizes(random, operands - 1);
  // Along a chain there is one order.
  std::vector<unsigned> only(sizes.size());
  std::iota(only.begin(), only.end(), 0u);
  EXPECT_EQ(smallestPeak(chain, sizes).order, only);
  EXPECT_EQ(depthFirstPeak(chain, sizes).order, only);

  // A balanced tree whose results all have size 1: one waits per level.
  std::vector<ContractionTree::Step> steps;
  for (unsigned value = 0; steps.size() + 1 < 4096; value += 2)
    steps.push_back({value, value + 1});
  ContractionTree balanced(4096, steps);
  std::vector<Count> ones(steps.size(), 1);
  EXPECT_TRUE(smallestPeak(balanced, ones).peak == 13);
  EXPECT_TRUE(depthFirstPeak(balanced, ones).peak == 13);
}
