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
  /// Largest sum of the sizes of step results alive at once.
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

/// A tree whose steps stand in the order in which they run.
struct ScheduledTree {
  ContractionTree tree;
  /// The steps of the tree that was given, in that order, and its peak.
  Schedule schedule;

  /// The SSA number that a value of the given tree has in `tree`.
  unsigned numberOf(unsigned value) const;
};

/// The tree in the order with the smallest peak. Of orders that are equally
/// good: depth first with the sides of every step as they stand; depth first
/// with the side first that runs first; a fixed one, in which steps of both
/// sides take turns. Example, ((0,1),((2,3),4)) with sizes 2 of {0,1}, 9 of
/// {2,3}, 1 of {2,3,4} and 1 of all, alive while each step runs:
///
///   ((0,1),((2,3),4))   2, 11, 12, 4   peak 12
///   (((2,3),4),(0,1))   9, 10,  3, 4   peak 10: this one
ScheduledTree scheduleSteps(const ContractionTree &tree,
                            llvm::ArrayRef<Count> sizes);
/// The tree in a given order (a permutation of the steps that respects the
/// tree). Sides stay where they are.
ScheduledTree inOrder(const ContractionTree &tree, llvm::ArrayRef<Count> sizes,
                      llvm::ArrayRef<unsigned> order);
/// Whether the steps stand in the order of the tree's text, so that the text
/// says all.
bool isDepthFirst(const ContractionTree &tree);
/// The peak if the steps run as they stand.
Count peakAsGiven(const ContractionTree &tree, llvm::ArrayRef<Count> sizes);

/// The smallest peak among depth-first orders, which finish one side of a step
/// before they begin the other. Never below that of `smallestPeak`.
Schedule depthFirstPeak(const ContractionTree &tree,
                        llvm::ArrayRef<Count> sizes);

} // namespace conveinsum

#endif // CONVEINSUM_PLAN_TREE_SCHEDULE_H
