//===- AnytimePlanner.h - The best tree of a budget -------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A search that can go on as long as it is let: greedy and partition seeds,
// then rounds of annealing and subtree search (TreeAnnealer.h).
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_SEARCH_ANYTIMEPLANNER_H
#define CONVEINSUM_LIB_PLAN_SEARCH_ANYTIMEPLANNER_H

#include "Plan/Seeds/SeedGraph.h"
#include "Planners.h"
#include "TreeAnnealer.h"

namespace conveinsum {

class AnytimePlanner {
public:
  /// Starts from one greedy tree. For at least three operands.
  AnytimePlanner(const Equation &equation, const CostModel &model,
                 SearchClock &clock);

  /// Goes on for whole rounds until `moves` are spent, or to the end of the
  /// budget.
  void run(uint64_t moves);
  /// Looks at some greedy trees.
  void addGreedySeeds(unsigned trials);
  /// The best tree so far.
  ContractionTree best() const { return annealer->best(); }

private:
  bool bisectionServes() const;
  bool wantsPartitionSeed() const;
  void addPartitionSeed();
  void runRound();

  unsigned operands;
  uint64_t length;     // of the next round, in moves
  bool hasDearWindows; // they take far longer than annealing
  SeedGraph graph;
  uint64_t pins = 0, neighbours = 0; // of all nets
  SearchClock &clock;
  std::unique_ptr<LocalSearch> annealer;
  unsigned round = 0;
  unsigned partitionSeeds = 0;
  uint64_t allMoves = 0, seedMoves = 0; // spent here, and on these seeds
  /// Of the best of them, as it was made: log2 of its cost.
  double seedBits = std::numeric_limits<double>::max();
  unsigned seedShape = 0;
};

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_SEARCH_ANYTIMEPLANNER_H
