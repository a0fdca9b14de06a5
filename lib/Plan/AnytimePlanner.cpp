//===- AnytimePlanner.cpp - The best tree of a budget ---------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Seeds, then rounds of annealing, each twice as long as the one before, each
// ended by searching subtrees anew. Seeds and rounds are the same whatever the
// budget is; a budget only cuts them off. So more of it never gives a worse
// tree.
//
//===----------------------------------------------------------------------===//

#include "AnytimePlanner.h"
#include "GreedySeed.h"
#include "OrderedTree.h"
#include "PartitionSeed.h"

using namespace conveinsum;

/// Operands from which bisection gives better trees than greed and a short
/// annealing.
static constexpr unsigned kPartitionOperands = 65;

AnytimePlanner::AnytimePlanner(const Equation &equation, const CostModel &model,
                               SearchClock &clock)
    : operands(model.numOperands()), graph(SeedGraph::of(equation)),
      clock(clock), annealer(model, clock) {
  addGreedySeeds(1);
}

void AnytimePlanner::addGreedySeeds(unsigned trials) {
  for (unsigned trial = 0; trial < trials; ++trial) {
    Pairs pairs = greedyPairs(graph, GreedyParameters::ofTrial(trial));
    if (operands >= kPartitionOperands)
      pairs = refineAlongOrder(graph, std::move(pairs));
    annealer.load(pairs);
    annealer.keepBest();
    // A seed looks at every pair of neighbours a few times.
    clock.spend(4 * operands);
  }
}

void AnytimePlanner::addPartitionSeed(unsigned trial) {
  annealer.load(partitionPairs(graph, PartitionParameters::ofTrial(trial)));
  annealer.keepBest();
  clock.spend(200 * operands);
}

void AnytimePlanner::run(uint64_t moves) {
  clock.enter("annealing");
  uint64_t first = clock.moves();
  for (;; ++round) {
    uint64_t spent = clock.moves() - first;
    if (clock.isOver() || spent >= moves)
      return;
    uint64_t length = (uint64_t(256) * operands) << std::min(round, 40u);
    runRound(std::min(length, moves - spent));
  }
}

void AnytimePlanner::runRound(uint64_t moves) {
  double hot = 1;
  if (operands >= kPartitionOperands) {
    // Thousands of operands forget a good seed long before they find a better
    // tree: every round starts from the best one, warm.
    addPartitionSeed(round);
    annealer.loadBest();
    hot = 0.1;
  }
  annealer.anneal(moves, hot, 0.005, round + 1);
  annealer.loadBest();
  annealer.polish(8, 4);
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
