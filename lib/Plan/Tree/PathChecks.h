//===- PathChecks.h - Whether a list of pairs is a plan ---------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The checks on lists of pairs that text forms, IR attributes and callers of
// the library share. A fault names the pair and the side, so that a caller that
// has the text can point at the byte.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_TREE_PATHCHECKS_H
#define CONVEINSUM_LIB_PLAN_TREE_PATHCHECKS_H

#include "conveinsum/Plan/Tree/ContractionTree.h"

namespace conveinsum {

struct PathFault {
  std::string message;
  /// The pair at fault and its side (0 or 1); absent if the list as a whole is.
  std::optional<unsigned> pair = std::nullopt;
  unsigned side = 0;
  /// The operand concerned, where one is.
  std::optional<unsigned> operand = std::nullopt;

  /// As a diagnostic, at byte `position` if given.
  Fault diagnostic(std::optional<size_t> position = std::nullopt) const;
};

/// The first fault of a list of pairs of SSA numbers.
std::optional<PathFault>
checkSsaPath(unsigned numOperands, llvm::ArrayRef<ContractionTree::Step> path);

/// The first fault of a list in opt_einsum's linear form. Without one, `ssa`
/// receives the same steps in SSA numbers.
std::optional<PathFault>
checkLinearPath(unsigned numOperands,
                llvm::ArrayRef<ContractionTree::Step> path,
                llvm::SmallVectorImpl<ContractionTree::Step> &ssa);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_TREE_PATHCHECKS_H
