//===- Schedule.h - The order that keeps fewest bytes alive -----*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A tree says which pairs are joined; it leaves open when. While a step runs,
// its two inputs and its result are alive, and so is every result that waits
// for its reader. The order of steps with the smallest peak is found exactly by
// J. W. H. Liu's algorithm for generalised pebbling (SIAM J. Algebraic Discrete
// Methods 8, 1987): every subtree is a sequence of hill-valley segments, and
// segments of brothers are merged by descending hill minus valley.
//
// Operands are alive from beginning to end: they belong to the caller.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_PLAN_TREE_SCHEDULE_H
#define CONVEINSUM_PLAN_TREE_SCHEDULE_H

#include "conveinsum/Plan/Tree/ContractionTree.h"

namespace conveinsum {

struct Schedule {
  /// Steps in the order in which they run.
  std::vector<unsigned> order;
  /// Largest sum of the sizes of step results alive at once; saturating.
  Count peak = 0;
};

/// The best order of the steps of `tree`. `sizes[k]` is the size of the result
/// of step k. A step needs both inputs while its result comes into being;
/// operands count nothing here. Among equal peaks, a fixed one.
Schedule smallestPeak(const ContractionTree &tree, llvm::ArrayRef<Count> sizes);

/// The peak of a given order (a permutation of the steps that respects the
/// tree).
Count peakOf(const ContractionTree &tree, llvm::ArrayRef<Count> sizes,
             llvm::ArrayRef<unsigned> order);

/// The smallest peak among depth-first orders, which finish one side of a step
/// before they begin the other. Never below that of `smallestPeak`.
Schedule depthFirstPeak(const ContractionTree &tree,
                        llvm::ArrayRef<Count> sizes);

} // namespace conveinsum

#endif // CONVEINSUM_PLAN_TREE_SCHEDULE_H
