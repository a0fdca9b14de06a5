//===- AnytimePlanner.cpp - The best tree of a budget ---------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Seeds, then rounds of annealing, each longer than the one before by a half,
// or, in large networks, by an eighth, each ended by searching subtrees anew.
// Seeds and rounds are the same whatever the budget is; a budget only cuts them
// off. So more of it never gives a worse tree.
//
//===----------------------------------------------------------------------===//

#include "AnytimePlanner.h"
#include "Plan/Seeds/BisectionSeed.h"
#include "Plan/Seeds/GreedySeed.h"
#include "Plan/Seeds/OrderedTree.h"

using namespace conveinsum;

/// Operands from which bisection pays for the time it takes.
static constexpr unsigned kPartitionOperands = 40;
static constexpr unsigned kPartitionSeeds = 100;

AnytimePlanner::AnytimePlanner(const Equation &equation, const CostModel &model,
                               SearchClock &clock)
    : operands(model.numOperands()),
      length(uint64_t(operands < kPartitionOperands ? 256 : 64) * operands),
      graph(SeedGraph::of(equation)), clock(clock) {
  for (const SeedGraph::Net &net : graph.nets) {
    uint64_t size = net.pins.size();
    pins += size;
    // A vertex that changes sides changes what its neighbours gain.
    neighbours += size * std::min<uint64_t>(size, 8);
  }
  auto narrow = std::make_unique<TreeAnnealer<double>>(equation, model, clock);
  TreeAnnealer<double> &first = *narrow;
  annealer = std::move(narrow);
  addGreedySeeds(1);
  if (!first.isBeyondDoubles())
    return;
  annealer = std::make_unique<TreeAnnealer<WideReal>>(equation, model, clock);
  addGreedySeeds(1);
}

void AnytimePlanner::addGreedySeeds(unsigned trials) {
  for (unsigned trial = 0; trial < trials; ++trial) {
    Pairs pairs = greedyPairs(graph, GreedyParameters::ofTrial(trial));
    if (operands >= kPartitionOperands)
      pairs = refineAlongOrder(graph, std::move(pairs));
    annealer->load(pairs);
    annealer->keepBest();
    // A seed looks at every pair of neighbours a few times.
    clock.spend(4 * std::max<uint64_t>(operands, pins));
  }
}

void AnytimePlanner::addPartitionSeed(unsigned trial) {
  annealer->load(partitionPairs(graph, PartitionParameters::ofTrial(trial)));
  annealer->keepBest();
  clock.spend(120 * std::max<uint64_t>(4 * operands, neighbours));
}

void AnytimePlanner::run(uint64_t moves) {
  clock.enter("annealing");
  uint64_t first = clock.moves();
  for (; !clock.isOver() && clock.moves() - first < moves; ++round)
    runRound();
}

void AnytimePlanner::runRound() {
  bool isLarge = operands >= kPartitionOperands;
  // Every other round begins anew: what the best tree lacks may lie far off.
  // The others begin with the best tree, which in large networks may be the
  // seed of this round.
  bool isFresh = round % 2 == 1;
  bool hasSeed = isLarge && round < kPartitionSeeds;
  if (hasSeed)
    addPartitionSeed(round);
  if (isFresh && !isLarge)
    annealer->load(greedyPairs(graph, GreedyParameters::ofTrial(round)));
  else if (!isFresh || !hasSeed)
    annealer->loadBest();
  // Cool rounds keep what is good in the best tree, hot ones leave it. Large
  // networks are cooler: what bisection has found takes long to be found again.
  static constexpr double temperatures[] = {1, 0.5, 2, 0.3};
  double hot = temperatures[round % std::size(temperatures)];
  if (isLarge)
    hot = isFresh || round % 4 == 0 ? 0.5 : 1;
  bool isWhole = annealer->anneal(length, hot, 0.03, round + 1);
  length += isLarge ? length / 8 : length / 2;
  if (isWhole)
    annealer->polish(8, 4);
}

ContractionTree conveinsum::planGreedily(const Equation &equation,
                                         const CostModel &model,
                                         SearchClock &clock) {
  AnytimePlanner planner(equation, model, clock);
  planner.addGreedySeeds(16);
  return planner.best();
}

ContractionTree conveinsum::planByAnnealing(const Equation &equation,
                                            const CostModel &model,
                                            uint64_t moves,
                                            SearchClock &clock) {
  AnytimePlanner planner(equation, model, clock);
  planner.run(moves);
  return planner.best();
}
