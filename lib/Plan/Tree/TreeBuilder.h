//===- TreeBuilder.h - Trees built pair by pair -----------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Planners and the enumeration of trees make trees by joining SSA values. The
// builder numbers the results and puts the side with the lowest operand first,
// so that one unordered tree has one spelling.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_TREE_TREEBUILDER_H
#define CONVEINSUM_LIB_PLAN_TREE_TREEBUILDER_H

#include "conveinsum/Plan/Tree/ContractionTree.h"
#include <numeric>

namespace conveinsum {

class TreeBuilder {
public:
  explicit TreeBuilder(unsigned numOperands)
      : operands(numOperands), lowest(numOperands) {
    std::iota(lowest.begin(), lowest.end(), 0u);
  }

  /// Joins two SSA values and returns the SSA number of the result.
  unsigned join(unsigned a, unsigned b) {
    if (lowest[b] < lowest[a])
      std::swap(a, b);
    steps.push_back({a, b});
    lowest.push_back(lowest[a]);
    return lowest.size() - 1;
  }

  /// The tree, once N-1 pairs are joined.
  ContractionTree finish() const { return ContractionTree(operands, steps); }

private:
  unsigned operands;
  llvm::SmallVector<ContractionTree::Step, 8> steps;
  llvm::SmallVector<unsigned, 16> lowest;
};

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_TREE_TREEBUILDER_H
