//===- SetSearch.h - Exact search over the sets that matter -----*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The programme of SubsetTable.h on lists instead of tables, for up to 64
// operands. Lists of sets grow by size: the sets of n operands are the unions
// of disjoint sets of m and n - m operands. With an upper bound U on the
// optimum, only sets S are listed that a tree within the bound can contain:
//
//     best(S) + (least cost of any step that reads S)  <=  U
//
// Sets at the bound stay, so that ties are decided as in the table. If the full
// set is found, it is the optimum; if it is not, the optimum lies above U.
//
// Disjoint partners of a set are found in a hierarchy over each sorted list:
// blocks of 8 sets, blocks of 8 blocks and so on, each with the operands that
// all or any of its sets have and its smallest values. A block in which all
// sets share an operand with the one in hand, in which none is a neighbour of
// it, or in which all cost too much is skipped as a whole.
//
// `connectedOnly` joins only sets that share a mode (the plan is then optimal
// among trees without outer products, if the network is connected).
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_SEARCH_SETSEARCH_H
#define CONVEINSUM_LIB_PLAN_SEARCH_SETSEARCH_H

#include "Plan/Tree/TreeBuilder.h"
#include "SearchClock.h"
#include "SubsetTable.h"
#include "TreeNetwork.h"

namespace conveinsum {

template <class T>
struct SetSearchResult {
  /// All sets within the bound were looked at.
  bool isComplete = false;
  /// A tree within the bound, if there is one; of its value.
  std::optional<ContractionTree> tree;
  T value = unreachable<T>();
  /// Whether the type was wide enough for every tie-break.
  bool isExact = true;
};

struct SetSearchOptions {
  bool connectedOnly = false;
  /// With `connectedOnly`: ends of a tree join in this order.
  TreeNetwork::Order ends;
  /// Moves after which the search gives up.
  uint64_t maxWork = ~uint64_t(0);
  /// Memory after which it does.
  size_t maxBytes = size_t(1) << 30;
};

/// Searches the trees of a model with up to 64 operands whose value is at most
/// `bound`. Results with more than `forbid` elements are not made.
template <class T>
SetSearchResult<T> searchSets(const CostModel &model, T bound, T forbid,
                              const SetSearchOptions &options,
                              SearchClock &clock);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_SEARCH_SETSEARCH_H
