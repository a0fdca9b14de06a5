//===- TreeNetwork.h - Networks without cycles ------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// N operands and N - 1 bonds that connect them, each held by two operands and
// summed; any number of open modes, each held by one operand and the result.
// For `flops`, two theorems (docs/Planning.md has the proofs):
//
// Outer products cannot win if at most one end of the tree (an operand with one
// bond) has no open mode, or if the network is a path without open modes
// inside. Then the optimum over trees of steps that join neighbours is the
// optimum. Where two ends are closed they can: `a,b,abc->c` with c > a, b.
//
// Ends of one operand join it in a fixed order. Joining an end with bond w and
// open modes o to a value of S elements costs S o and makes it o / w times as
// large, so of two ends that one goes first whose 1/o - 1/w is larger, whatever
// else is joined in between. So of all sets with that operand only those with
// leading ends matter: a star has N of them, not 2^N.
//
// Paths are solved by the recurrence over intervals in N^3 / 6 steps, stars by
// sorting, all others by lists of sets (SetSearch.h) that obey the fixed
// orders.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_SEARCH_TREENETWORK_H
#define CONVEINSUM_LIB_PLAN_SEARCH_TREENETWORK_H

#include "Planners.h"

namespace conveinsum {

class TreeNetwork {
public:
  /// Nothing for other networks and goals.
  static std::optional<TreeNetwork> of(const CostModel &model);

  bool outerProductsCannotWin() const;
  /// The best tree without outer products of a path or a star, if that takes at
  /// most `maxMoves`.
  std::optional<ContractionTree> plan(uint64_t maxMoves,
                                      SearchClock &clock) const;
  /// For up to 64 operands: the end that joins before each end, as a set of
  /// none or one; and the operand that ends hang on. Empty where numbers are
  /// too large to be compared.
  struct Order {
    uint64_t ends = 0;
    std::vector<uint64_t> before, holder;
  };
  Order orderOfEnds() const;

private:
  struct Bond {
    unsigned neighbour;
    Count size;
  };

  bool isEnd(unsigned operand) const { return bonds[operand].size() == 1; }
  bool isPath() const;
  std::optional<unsigned> centre() const;
  /// Whether end `a` joins before end `b` of the same operand.
  bool goesFirst(unsigned a, unsigned b) const;
  template <class T>
  std::optional<ContractionTree> planPath() const;

  unsigned operands = 0;
  std::vector<llvm::SmallVector<Bond, 3>> bonds;
  std::vector<Count> open; // product of the open modes
};

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_SEARCH_TREENETWORK_H
