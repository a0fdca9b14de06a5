//===- ChoiceWaysTest.cpp - Fronts of values with several ways ------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Fronts where values have several ways to be computed, against all ways with
// all subsets.
//
//===----------------------------------------------------------------------===//

#include "ChoiceTestSupport.h"

using namespace conveinsum;

/// The ways of the values that have several, one after the other.
static bool nextWays(const CheckpointProblem &problem,
                     std::vector<unsigned> &ways) {
  size_t index = 0;
  for (const CheckpointValue &value : problem) {
    if (value.alternatives.empty())
      continue;
    if (++ways[index] < value.alternatives.size())
      return true;
    ways[index++] = 0;
  }
  return false;
}

static std::vector<unsigned> firstWays(const CheckpointProblem &problem) {
  std::vector<unsigned> ways;
  for (const CheckpointValue &value : problem)
    if (!value.alternatives.empty())
      ways.push_back(0);
  return ways;
}

static BestChoices bestByWays(const CheckpointProblem &problem) {
  BestChoices all;
  std::vector<unsigned> ways = firstWays(problem);
  do {
    Count fixedMacs;
    for (const auto &[bytes, work] :
         bestBySubsets(withWays(problem, ways, fixedMacs))) {
      Work sum{work.first + fixedMacs, work.second};
      auto [at, isNew] = all.try_emplace(bytes, sum);
      if (!isNew)
        at->second = std::min(at->second, sum);
    }
  } while (nextWays(problem, ways));
  return bestOf(all);
}

/// x -> y by two ways. Both cost 10 whatever is kept but the second, which has
/// a value of 8 bytes in its middle, costs 9.
static CheckpointProblem workedExample() {
  CheckpointProblem problem(3);
  problem[0].bytes = 8;
  problem[0].macs = 5;
  problem[0].isNeeded = true;
  problem[2].bytes = 4;
  problem[2].alternatives.resize(2);
  problem[2].alternatives[0].fixedMacs = 10;
  problem[2].alternatives[1].fixedMacs = 9;
  problem[2].alternatives[0].first = problem[2].alternatives[0].end = 0;
  problem[2].alternatives[1].first = 0;
  problem[2].alternatives[1].end = 1;
  problem[2].alternatives[1].inputs.push_back(0);
  return problem;
}

TEST(CheckpointWays, TheWayDependsOnTheBudget) {
  CheckpointProblem problem = workedExample();
  CheckpointFront front(problem);
  expectPoints(front, {{0, {10, 0}}, {8, {9, 0}}});
  EXPECT_EQ(front.choice(0).ways, std::vector<unsigned>{0});
  EXPECT_EQ(front.choice(1).ways, std::vector<unsigned>{1});
  EXPECT_EQ(front.choice(1).kept, std::vector<unsigned>{0});
  EXPECT_TRUE(front.choice(0).kept.empty());
}

TEST(CheckpointWays, FrontsMeetAllWaysWithAllSubsets) {
  SplitMix64 random(21);
  unsigned withSeveral = 0;
  std::set<std::vector<unsigned>> seen;
  for (unsigned round = 0; round < 1500; ++round) {
    RandomProblemOptions options;
    options.values = random.between(1, 6);
    options.neededOneIn = random.between(1, 4);
    options.pinnedOneIn = random.oneIn(2) ? 5 : 1000000;
    CheckpointProblem problem = withRandomWays(
        random, randomProblem(random, options), options, random.between(1, 3));
    if (problem.size() > 13)
      continue;
    CheckpointFront front(problem);
    EXPECT_TRUE(front.isExact());
    expectPoints(front, bestByWays(problem));
    withSeveral += !firstWays(problem).empty();
    for (size_t point = 0; point < front.points().size(); ++point) {
      CheckpointChoice choice = front.choice(point);
      EXPECT_EQ(choice.keptBytes, front.points()[point].keptBytes);
      EXPECT_EQ(choice.macs, front.points()[point].macs);
      seen.insert(choice.ways);
    }
    if (HasFailure())
      FAIL() << "round " << round;
  }
  EXPECT_GT(withSeveral, 500u);
  EXPECT_GT(seen.size(), 20u);
}

TEST(CheckpointWays, LimitsAreSaidAndHold) {
  SplitMix64 random(22);
  unsigned missed = 0;
  for (unsigned round = 0; round < 200; ++round) {
    RandomProblemOptions options;
    options.values = 8;
    options.neededOneIn = 3;
    options.pinnedOneIn = 1000000;
    CheckpointProblem problem =
        withRandomWays(random, randomProblem(random, options), options, 3);
    CheckpointFront exact(problem);
    ASSERT_TRUE(exact.isExact());
    CheckpointOptions limits;
    limits.maxPoints = random.between(2, 4);
    limits.maxStates = random.between(1, 3);
    CheckpointFront limited(problem, limits);
    for (const CheckpointFront::Point &point : exact.points()) {
      std::optional<size_t> picked = limited.pick(point.keptBytes);
      if (!picked) {
        EXPECT_TRUE(limited.error().isInfinite());
        continue;
      }
      EXPECT_LE(limited.points()[*picked].macs, point.macs + limited.error());
      missed += limited.points()[*picked].macs > point.macs;
    }
    if (HasFailure())
      FAIL() << "round " << round;
  }
  EXPECT_GT(missed, 20u);
}
