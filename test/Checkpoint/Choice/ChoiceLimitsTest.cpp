//===- ChoiceLimitsTest.cpp - Fronts of large graphs ----------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is proven of fronts that were thinned and of states that were dropped,
// and the time of networks of a real size.
//
//===----------------------------------------------------------------------===//

#include "ChoiceTestSupport.h"
#include <ctime>

using namespace conveinsum;

/// For every point of `exact` there is one that keeps no more and costs at most
/// the error more.
static void expectWithinError(const CheckpointFront &front,
                              const BestChoices &exact) {
  if (front.error().isInfinite())
    return;
  for (const auto &[bytes, work] : exact) {
    std::optional<size_t> picked = front.pick(bytes);
    ASSERT_TRUE(picked);
    EXPECT_LE(front.points()[*picked].macs, work.first + front.error());
    if (front.isExact()) {
      EXPECT_EQ(front.points()[*picked].macs, work.first);
    }
  }
}

TEST(CheckpointLimits, ThinnedFrontsStayWithinTheErrorTheyState) {
  SplitMix64 random(21);
  unsigned thinned = 0;
  for (unsigned round = 0; round < 400; ++round) {
    RandomProblemOptions options;
    options.values = random.between(6, 11);
    options.most = 50;
    CheckpointProblem problem = randomProblem(random, options);
    CheckpointOptions limits;
    limits.maxPoints = random.between(2, 8);
    CheckpointFront front(problem, limits);
    BestChoices exact = bestBySubsets(problem);
    expectWithinError(front, exact);
    expectConsistent(problem, front);
    EXPECT_FALSE(front.error().isInfinite());
    // The ends stay.
    EXPECT_EQ(front.minBytes(), exact.begin()->first);
    EXPECT_EQ(front.points().back().macs, exact.rbegin()->second.first);
    thinned += !front.isExact();
  }
  EXPECT_GT(thinned, 100u);
}

TEST(CheckpointLimits, DroppedStatesStayWithinTheErrorTheyState) {
  SplitMix64 random(22);
  unsigned missed = 0, unproven = 0;
  for (unsigned round = 0; round < 1000; ++round) {
    RandomProblemOptions options;
    options.values = random.between(6, 11);
    options.neededOneIn = 3;
    options.most = 50;
    options.pinnedOneIn = random.oneIn(2) ? 6 : 1000000;
    CheckpointProblem problem = randomProblem(random, options);
    CheckpointOptions limits;
    limits.maxStates = random.between(1, 3);
    if (random.oneIn(2))
      limits.maxPoints = 4;
    CheckpointFront front(problem, limits);
    expectWithinError(front, bestBySubsets(problem));
    expectConsistent(problem, front);
    missed += !front.isExact();
    unproven += front.error().isInfinite();
    // Without pins nothing must be kept, and everything may be.
    if (options.pinnedOneIn > 6) {
      EXPECT_EQ(front.minBytes(), Count(0));
      EXPECT_EQ(front.points().back().macs, Count(0));
      EXPECT_FALSE(front.error().isInfinite());
    }
  }
  EXPECT_GT(missed, 100u);
  EXPECT_LT(unproven, 100u);
}

/// Layers of a contraction and a relu; every other layer adds an earlier one.
static CheckpointProblem layers(SplitMix64 &random, unsigned count,
                                bool areEqual) {
  CheckpointProblem problem;
  for (unsigned layer = 0; layer < count; ++layer) {
    int64_t elements = areEqual ? 4096 : random.between(1000, 100000);
    auto add = [&](int64_t macs, bool isNeeded) {
      CheckpointValue value;
      value.bytes = 4 * elements;
      value.macs = macs;
      value.written = elements;
      value.isNeeded = isNeeded;
      if (!problem.empty())
        value.inputs.push_back(problem.size() - 1);
      problem.push_back(std::move(value));
      return problem.size() - 1;
    };
    unsigned before = problem.size();
    add(elements * (areEqual ? 100 : random.between(10, 1000)), true);
    if (layer > 2 && layer % 2) {
      // A sum is read by what recomputes a relu only.
      unsigned sum = add(0, false);
      problem[sum].inputs.push_back(before - random.between(1, 4));
    }
    add(0, true);
  }
  return problem;
}

TEST(CheckpointLimits, ChainsOfFiftyLayersTakeMilliseconds) {
  SplitMix64 random(23);
  for (bool areEqual : {true, false}) {
    CheckpointProblem problem = layers(random, 50, areEqual);
    std::clock_t start = std::clock();
    CheckpointFront front(problem);
    double seconds = double(std::clock() - start) / CLOCKS_PER_SEC;
    // Far above what it takes, and of this process alone.
    EXPECT_LT(seconds, 2.0 * CONVEINSUM_TEST_SLOWNESS);
    RecordProperty(areEqual ? "equal_ms" : "different_ms", int(seconds * 1000));
    EXPECT_EQ(front.isExact(), areEqual);
    EXPECT_LE(front.points().size(), 4096u);
    EXPECT_EQ(front.minBytes(), Count(0));
    EXPECT_EQ(front.points().back().written, Count(0));
    // Thinning costs little of what all work is.
    EXPECT_LT(front.error() * Count(200), front.points().front().macs);
  }
}

TEST(CheckpointLimits, BranchesThatTakeTurnsAreDecidedOneAfterTheOther) {
  // 40 chains of 3 values, given layer by layer, of which only the last are
  // needed: in that order 2^40 states.
  CheckpointProblem problem;
  constexpr unsigned chains = 40;
  for (unsigned layer = 0; layer < 3; ++layer)
    for (unsigned chain = 0; chain < chains; ++chain) {
      CheckpointValue value;
      value.bytes = layer == 2 ? 10 : 1;
      value.macs = 5;
      value.isNeeded = layer == 2;
      if (layer > 0)
        value.inputs.push_back(problem.size() - chains);
      problem.push_back(std::move(value));
    }
  CheckpointFront front(problem);
  EXPECT_TRUE(front.isExact());
  // Per chain: 15 MACs for nothing, 5 for the second value, 0 for the last.
  EXPECT_EQ(front.points().front().macs, Count(15 * chains));
  std::optional<size_t> picked = front.pick(chains);
  ASSERT_TRUE(picked);
  EXPECT_EQ(front.points()[*picked].macs, Count(5 * chains));
}

TEST(CheckpointLimits, WideGraphsEnd) {
  // One needed value reads 60 that only it reads, each from one of 60 more that
  // all of these read in pairs.
  SplitMix64 random(24);
  CheckpointProblem problem;
  for (unsigned index = 0; index < 180; ++index) {
    CheckpointValue value;
    value.bytes = random.between(1, 1000);
    value.macs = random.between(1, 1000);
    if (index >= 60)
      for (unsigned read = 0; read < 2; ++read)
        value.inputs.push_back(index / 60 * 60 - 60 + random.between(0, 59));
    problem.push_back(std::move(value));
  }
  CheckpointValue last;
  last.bytes = 1000000;
  last.macs = 1;
  last.isNeeded = true;
  for (unsigned index = 120; index < 180; ++index)
    last.inputs.push_back(index);
  problem.push_back(std::move(last));
  CheckpointOptions limits;
  limits.maxStates = 64;
  limits.maxPoints = 512;
  CheckpointFront front(problem, limits);
  EXPECT_FALSE(front.isExact());
  EXPECT_EQ(front.minBytes(), Count(0));
  EXPECT_EQ(front.points().back().macs, Count(0));
  EXPECT_FALSE(front.error().isInfinite());
  EXPECT_LE(front.error(), front.points().front().macs);
}
