//===- LocalMoves.h - Moves that make a tree fit ----------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For networks that are too large to search all trees of: exchanges
// ((A,B),C) -> ((A,C),B) that bring the peak of a tree down to a limit, and
// from there its value.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_MEMORY_LOCALMOVES_H
#define CONVEINSUM_LIB_PLAN_MEMORY_LOCALMOVES_H

#include "conveinsum/Plan/Tree/ContractionTree.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace conveinsum {

/// A tree with its figures. Less is better: first what is above the limit, then
/// the value, then the peak.
struct MeasuredTree {
  ContractionTree tree;
  Count excess = Count::infinity(), value = Count::infinity(),
        peak = Count::infinity();

  bool betterThan(const MeasuredTree &other) const {
    if (excess != other.excess)
      return excess < other.excess;
    if (value != other.value)
      return value < other.value;
    return peak < other.peak;
  }
};

/// Exchanges as long as one of them betters the tree, `maxMoves` of them at the
/// most. `measure` fills in the figures of a tree.
MeasuredTree
improve(MeasuredTree start, uint64_t maxMoves,
        llvm::function_ref<MeasuredTree(const ContractionTree &)> measure);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_MEMORY_LOCALMOVES_H
