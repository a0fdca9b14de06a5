//===- AnytimePlanner.cpp - The best tree of a budget ---------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Seeds, then rounds of annealing, each twice as long as the one before, each
// ended by searching subtrees anew. The rounds are the same whatever the budget
// is; a budget only cuts them off. So more of it never gives a worse tree.
//
//===----------------------------------------------------------------------===//

#include "Planners.h"
#include "TreeAnnealer.h"

using namespace conveinsum;

namespace {
/// One after the other, rounds of a search.
class Rounds {
public:
  Rounds(const CostModel &model, SearchClock &clock)
      : model(model), clock(clock), annealer(model, clock) {}

  ContractionTree run(uint64_t moves) {
    clock.enter("annealing");
    uint64_t first = clock.moves();
    annealer.load(ContractionTree::leftToRight(model.numOperands()).steps());
    for (unsigned round = 0;; ++round) {
      uint64_t spent = clock.moves() - first;
      if (clock.isOver() || spent >= moves)
        break;
      runRound(round, std::min(lengthOf(round), moves - spent));
    }
    return annealer.best();
  }

private:
  uint64_t lengthOf(unsigned round) const {
    return (uint64_t(256) * model.numOperands()) << std::min(round, 40u);
  }

  void runRound(unsigned round, uint64_t moves) {
    annealer.anneal(moves, 1.0, 0.005, round + 1);
    annealer.loadBest();
    annealer.polish(8, 4);
  }

  const CostModel &model;
  SearchClock &clock;
  TreeAnnealer annealer;
};
} // namespace

ContractionTree conveinsum::planByAnnealing(const Equation &equation,
                                            const CostModel &model,
                                            uint64_t moves,
                                            SearchClock &clock) {
  return Rounds(model, clock).run(moves);
}

ContractionTree conveinsum::planGreedily(const Equation &equation,
                                         const CostModel &model,
                                         SearchClock &clock) {
  return ContractionTree::leftToRight(equation.numOperands());
}
