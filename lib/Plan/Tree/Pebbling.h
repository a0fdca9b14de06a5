//===- Pebbling.h - Best orders of forests of steps -------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What Schedule.h offers for a tree, for a forest in which some results stay
// alive after they were read: training keeps them for the backward pass.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_TREE_PEBBLING_H
#define CONVEINSUM_LIB_PLAN_TREE_PEBBLING_H

#include "conveinsum/Equation/Equation.h"
#include <array>

namespace conveinsum {

/// One step of a forest. Every step is read by one later step at the most.
struct PebbleStep {
  static constexpr unsigned kNoInput = ~0u;

  /// Of the result.
  Count size = 0;
  /// The steps whose results this one reads, both before it in the list.
  std::array<unsigned, 2> inputs = {kNoInput, kNoInput};
  /// The result is not given free when it has been read.
  bool stays = false;
};

/// The order of all steps with the smallest peak; among equal ones, a fixed
/// one. Takes O(n log^2 n) time.
std::vector<unsigned> smallestPeakOrder(llvm::ArrayRef<PebbleStep> steps);

/// Largest sum of the sizes alive at once along `order`.
Count peakOf(llvm::ArrayRef<PebbleStep> steps, llvm::ArrayRef<unsigned> order);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_TREE_PEBBLING_H
