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
/// Bisection serves while its best tree has at most so many times the bits of
/// the best tree of all.
static constexpr double kServingBits = 1.05;

/// What the seeds look at: what is written where nothing else counts. Of conv
/// modes their graph knows too little for that.
static SeedGraph::Cost seedCostOf(const CostModel &model) {
  switch (model.goal().objective.kind) {
  case ObjectiveKind::Size:
  case ObjectiveKind::Write:
  case ObjectiveKind::Peak:
    return model.hasConvModes() ? SeedGraph::Cost::Macs
                                : SeedGraph::Cost::Elements;
  case ObjectiveKind::Flops:
  case ObjectiveKind::Combo:
  case ObjectiveKind::Roof:
  case ObjectiveKind::Time:
    break;
  }
  return SeedGraph::Cost::Macs;
}

AnytimePlanner::AnytimePlanner(const Equation &equation, const CostModel &model,
                               SearchClock &clock)
    : operands(model.numOperands()),
      length(uint64_t(operands < kPartitionOperands ? 256 : 64) * operands),
      hasDearWindows(operands > kMaxExactOperands &&
                     !WindowSearch::serves(model)),
      graph(SeedGraph::of(equation, seedCostOf(model))), clock(clock) {
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

bool AnytimePlanner::bisectionServes() const {
  return seedBits <= annealer->bestBits() * kServingBits;
}

/// In large networks what the first cuts miss is not found again, so most of
/// the time goes to them. Not where annealing is far ahead of all of them:
/// bisection does not suit every sparse network. Up to 64 operands the moves
/// that a search spends depend on what proofs have asked before, and with it on
/// the budget; there every round has a seed.
bool AnytimePlanner::wantsPartitionSeed() const {
  if (operands < kPartitionOperands)
    return false;
  if (operands <= kMaxExactOperands)
    return true;
  bool pays = partitionSeeds == 0 || bisectionServes();
  return seedMoves <= allMoves / 100 * (pays ? 62 : 15);
}

/// Which shape is best depends on the network: all are tried, then the best one
/// again and again, and the others now and then.
void AnytimePlanner::addPartitionSeed() {
  unsigned trial = partitionSeeds++;
  constexpr unsigned shapes = PartitionParameters::kShapes;
  unsigned shape = trial < shapes        ? trial
                   : trial % shapes == 0 ? trial / shapes
                                         : seedShape;
  PartitionParameters parameters = PartitionParameters::ofTrial(shape);
  parameters.seed += uint64_t(trial) << 32;
  uint64_t tries = 0;
  annealer->load(partitionPairs(graph, parameters, &tries));
  if (annealer->bits() < seedBits) {
    seedBits = annealer->bits();
    seedShape = shape % shapes;
  }
  annealer->keepBest();
  uint64_t weight = std::max<uint64_t>(4 * operands, neighbours);
  uint64_t spent = 80 * weight + tries / 40 * (4 + neighbours / operands);
  clock.spend(spent);
  seedMoves += spent;
}

void AnytimePlanner::run(uint64_t moves) {
  clock.enter("annealing");
  uint64_t first = clock.moves();
  for (; !clock.isOver() && clock.moves() - first < moves; ++round) {
    uint64_t before = clock.moves();
    runRound();
    allMoves += clock.moves() - before;
  }
}

void AnytimePlanner::runRound() {
  bool isLarge = operands >= kPartitionOperands;
  // Every other round begins anew: what the best tree lacks may lie far off.
  // The others begin with the best tree, which in large networks may be the
  // seed of this round. So do all where the seed is far from it: annealing does
  // not make up for that.
  bool isFresh = round % 2 == 1;
  bool hasSeed = wantsPartitionSeed();
  if (hasSeed)
    addPartitionSeed();
  bool isNear = annealer->bits() <= annealer->bestBits() * kServingBits;
  if (isFresh && !isLarge)
    annealer->load(greedyPairs(graph, GreedyParameters::ofTrial(round)));
  else if (!isFresh || !hasSeed || !isNear)
    annealer->loadBest();
  // Cool rounds keep what is good in the best tree, hot ones leave it. Large
  // networks are cooler: what bisection has found takes long to be found again.
  // Where it finds nothing, annealing has to, in fewer and longer rounds.
  static constexpr double temperatures[] = {1, 0.5, 2, 0.3};
  double hot = temperatures[round % std::size(temperatures)];
  if (isLarge)
    hot = (isFresh || round % 4 == 0 ? 0.5 : 1) * (bisectionServes() ? 1 : 2);
  uint64_t start = clock.moves();
  bool isWhole = annealer->anneal(length, hot, 0.03, round + 1);
  uint64_t annealed = clock.moves() - start;
  if (!isLarge || hasDearWindows)
    length += length / 2;
  else
    length += length / (bisectionServes() ? 8 : 4);
  if (!isWhole)
    return;
  annealer->polish(8, hasDearWindows ? 1 : 4);
  // Where windows take nearly all of the time, more is annealed between them.
  uint64_t polished = clock.moves() - start - annealed;
  if (operands > kMaxExactOperands && polished > 8 * annealed)
    length *= 2;
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
