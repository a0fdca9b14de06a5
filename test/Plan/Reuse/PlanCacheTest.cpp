//===- PlanCacheTest.cpp - Plans that were found before -------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is kept, what serves which query, and threads that share a cache.
//
//===----------------------------------------------------------------------===//

#include "PlanCacheTestSupport.h"
#include <thread>

using namespace conveinsum;

TEST(PlanCache, TheSameQueryGivesTheSamePlan) {
  PlanCache cache;
  for (int64_t size : {4, 5, 6}) {
    PlannedTree first = planThrough(cache, layer(size), {}, false);
    PlannedTree again = planThrough(cache, layer(size), {}, true);
    EXPECT_EQ(first.tree, again.tree);
    EXPECT_EQ(first.proof, again.proof);
    EXPECT_EQ(first.moves, again.moves);
    EXPECT_EQ(first.lowerBound, again.lowerBound);
  }
  PlanCache::Statistics statistics = cache.statistics();
  EXPECT_EQ(statistics.memoryHits, 3u);
  EXPECT_EQ(statistics.misses, 3u);
  EXPECT_EQ(statistics.diskHits, 0u);
}

TEST(PlanCache, DisguisedNetworksHitWithTheSameValue) {
  SplitMix64 random(6);
  PlanCache cache;
  unsigned tested = 0;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    RandomEquation drawn = randomEquation(seed);
    Network network{makeEquation(drawn.text, drawn.shapes, drawn.geometry), {}};
    if (network.equation.numOperands() <= 2)
      continue;
    PlannerOptions options;
    PlannedTree first =
        planThrough(cache, network.equation, options,
                    bool(cache.lookup(network.equation, options)));
    for (unsigned disguises = 0; disguises < 2; ++disguises) {
      Network other = disguise(network, random);
      PlannedTree second = planThrough(cache, other.equation, options, true);
      EXPECT_EQ(toString(first.value), toString(second.value));
      ++tested;
    }
  }
  EXPECT_GT(tested, 200u);
}

TEST(PlanCache, OtherGoalsMiss) {
  PlanCache cache;
  planThrough(cache, layer(4), {}, false);
  planThrough(cache, layer(4), {PlannerKind::Auto, MacCount::Dense}, false);
  PlannerOptions trained;
  trained.goal.gradients = {1};
  planThrough(cache, layer(4), trained, false);
  planThrough(cache, layer(4), trained, true);
}

TEST(PlanCache, PlannersShareOptimaOnly) {
  PlanCache cache;
  Equation equation = layer(4);
  planThrough(cache, equation, PlannerKind::Exact, false);
  planThrough(cache, equation, PlannerKind::Auto, true);
  planThrough(cache, equation, PlannerKind::Exact, true);
  PlannerOptions timed;
  timed.budget.seconds = 1;
  planThrough(cache, equation, timed, true);
  EXPECT_FALSE(cache.lookup(equation, PlannerKind::Anneal));
  for (PlannerKind kind :
       {PlannerKind::Left, PlannerKind::Rebuild, PlannerKind::Greedy}) {
    planThrough(cache, equation, kind, false);
    planThrough(cache, equation, kind, false);
  }
}

TEST(PlanCache, KeepsWhatDoesNotDependOnTheClock) {
  Equation equation = layer(4);
  std::atomic<bool> stop{true};
  enum Budget { None, Moves, Seconds, Stopped };
  auto isKept = [&](Proof proof, Budget budget) {
    PlannerOptions options;
    if (budget == Moves)
      options.budget.moves = 1000;
    if (budget == Seconds)
      options.budget.seconds = 0.5;
    if (budget == Stopped)
      options.stop = &stop;
    PlannedTree plan = planOf(equation);
    plan.proof = proof;
    PlanCache cache;
    cache.insert(equation, options, plan);
    auto known = cache.lookup(equation, options);
    EXPECT_TRUE(!known || known->proof == proof);
    // Another budget is another search, but an optimum is one for all.
    options.budget.moves = 7;
    EXPECT_EQ(bool(cache.lookup(equation, options)), proof == Proof::Optimal);
    return bool(known);
  };
  for (Budget budget : {None, Moves, Seconds, Stopped}) {
    EXPECT_TRUE(isKept(Proof::Optimal, budget));
    EXPECT_EQ(isKept(Proof::OptimalConnected, budget), budget != Stopped);
    EXPECT_EQ(isKept(Proof::BestFound, budget),
              budget == None || budget == Moves);
    for (Proof proof :
         {Proof::Greedy, Proof::Left, Proof::Rebuild, Proof::Pinned})
      EXPECT_FALSE(isKept(proof, budget));
  }
}

TEST(PlanCache, WhatNeedsNoPlanGoesPast) {
  PlanCache cache;
  Equation pair = makeEquation("ab,bc->ac", {{2, 3}, {3, 4}});
  planThrough(cache, pair, {}, false);
  planThrough(cache, pair, {}, false);
  Caught caught;
  Equation dynamic =
      makeEquation("ab,bc,cd->ad", {{kDynamic, 3}, {3, 4}, {4, 5}});
  EXPECT_TRUE(planCached(cache, dynamic, PlannerKind::Left, caught));
  EXPECT_EQ(caught.count, 0u);
  EXPECT_FALSE(planCached(cache, dynamic, {}, caught));
  EXPECT_EQ(caught.count, 1u);
  EXPECT_EQ(cache.statistics().entries, 0u);
}

TEST(PlanCache, GoalsThatDoNotVerifyNeverReachTheCache) {
  PlanCache cache;
  PlannerOptions options;
  options.goal.gradients = {1, 99};
  EXPECT_FALSE(cache.lookup(layer(4), options));
  cache.insert(layer(4), options, planOf(layer(4)));
  EXPECT_EQ(cache.statistics().entries, 0u);
}

TEST(PlanCache, TheLeastRecentlyUsedLeaves) {
  PlanCacheOptions options;
  options.memoryBytes = 4096;
  PlanCache cache(options);
  for (int64_t size = 1; size <= 200; ++size) {
    planThrough(cache, layer(size), {}, false);
    // Used all the time, so it stays.
    planThrough(cache, layer(1), {}, true);
  }
  EXPECT_LT(cache.statistics().entries, 30u);
  EXPECT_GT(cache.statistics().entries, 2u);
  planThrough(cache, layer(200), {}, true);
  planThrough(cache, layer(2), {}, false);
  options.memoryBytes = 0;
  PlanCache none(options);
  planThrough(none, layer(1), {}, false);
  planThrough(none, layer(1), {}, false);
  EXPECT_EQ(none.statistics().entries, 0u);
}

TEST(PlanCache, ThreadsShareACache) {
  PlanCacheOptions options;
  options.memoryBytes = 16384; // too little for all, so that plans leave too
  PlanCache cache(options);
  std::vector<Equation> layers;
  std::vector<Count> values;
  for (int64_t size = 1; size <= 40; ++size) {
    layers.push_back(layer(size));
    values.push_back(planOf(layers.back()).value);
  }
  std::atomic<unsigned> wrong{0};
  std::vector<std::thread> threads;
  for (unsigned seed = 0; seed < 4; ++seed)
    threads.emplace_back([&, seed] {
      SplitMix64 random(seed);
      for (unsigned round = 0; round < 300; ++round) {
        unsigned index = random.between(0, layers.size() - 1);
        const Equation &equation = layers[index];
        auto plan = planCached(cache, equation, {}, [](const Fault &) {});
        wrong += !plan || plan->value != values[index] ||
                 evaluateGoal(equation, plan->tree, {}).value != values[index];
      }
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(wrong, 0u);
  PlanCache::Statistics statistics = cache.statistics();
  EXPECT_EQ(statistics.memoryHits + statistics.misses, 1200u);
  EXPECT_GT(statistics.memoryHits, 100u);
}
