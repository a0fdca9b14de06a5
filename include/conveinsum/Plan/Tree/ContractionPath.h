//===- ContractionPath.h - Orders as other planners write them --*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// NumPy and opt_einsum join any number of operands in a step. In their linear
// form a step names positions in a list, from which it removes them and to
// whose end it puts its result; a step of one moves it to the end. The SSA form
// numbers all results instead. Worked example, four operands:
//
//   linear        list before    SSA          joins
//   (1,)          0 1 2 3        (1,)         nothing: 4 is operand 1
//   (0,1,2)       0 2 3 1        (0,2,3)      three at once
//   (0,1)         1 5            (4,5)        the rest
//
// Text may be what Python prints: a list or a tuple, with NumPy's word
// 'einsum_path' in front, of tuples, lists, arrays, np.int64(0) and the like.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_PLAN_TREE_CONTRACTIONPATH_H
#define CONVEINSUM_PLAN_TREE_CONTRACTIONPATH_H

#include "conveinsum/Plan/Tree/ContractionTree.h"

namespace conveinsum {

enum class PathForm { Linear, Ssa };

struct ContractionPath {
  /// What a step joins, two values or more. Values are numbered as in a
  /// ContractionTree: operands first, then the results of these steps.
  struct Step {
    llvm::SmallVector<unsigned, 2> inputs;
    unsigned number = 0; ///< of the step as it was written
  };

  unsigned operands = 0;
  std::vector<Step> steps;

  /// Reads a path. A fault is reported with its byte in `text`.
  static std::optional<ContractionPath> parse(llvm::StringRef text,
                                              PathForm form,
                                              unsigned numOperands,
                                              ErrorFn onError);

  /// The tree whose step `k` of this path is split as `shapes[k]` says: a tree
  /// over its inputs, in their order.
  ContractionTree split(llvm::ArrayRef<ContractionTree> shapes) const;
};

} // namespace conveinsum

#endif // CONVEINSUM_PLAN_TREE_CONTRACTIONPATH_H
