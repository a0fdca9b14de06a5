//===- Plan.h - What is to be done with a network ---------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A plan is a decision: the steps in the order in which they run, which results
// stay for the backward pass, which steps run as one group, and which modes are
// gone through in slices. It is what the IR carries and the compiled code
// obeys; how it was found is said elsewhere (`Provenance`, Search/Planner.h).
//
// Worked example, "bsh,rs,rh,rt->bth|h", operands 0 to 3, steps 4 to 6:
//
//   tree     ((0,1),2),3   4 = 0 1, then 5 = 4 2, then 6 = 5 3
//   kept     {4}           what step 4 makes is there when gradients are
//   computed groups   {{4,5}}       4 and 5 are one loop nest; 4 is never
//   written out slicing  h by 8        all steps once for every eight entries
//   of the result
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_PLAN_TREE_PLAN_H
#define CONVEINSUM_PLAN_TREE_PLAN_H

#include "conveinsum/Plan/Tree/ContractionTree.h"

namespace conveinsum {

/// One mode and how it is cut (Memory/Slicing.h).
struct ModeSlicing {
  ModeId mode = 0;
  /// Entries of the plain mode, or of the conv mode's result, in every chunk
  /// but the last, which may be smaller.
  int64_t chunk = 1;
  /// Of a conv mode: the participant that is cut. Default: the feature; if
  /// there is none, the participant with the largest extent.
  std::optional<unsigned> operand;

  bool operator==(const ModeSlicing &other) const {
    return mode == other.mode && chunk == other.chunk &&
           operand == other.operand;
  }
};

/// The sliced modes, the outermost loop first. Empty: one slice, the whole.
using Slicing = llvm::SmallVector<ModeSlicing, 3>;

/// Steps that run as one: SSA numbers of their results, ascending, at least
/// two. All results but the last are read by steps of the group only, and only
/// the last is written to memory.
using FusedGroup = llvm::SmallVector<unsigned, 4>;

struct Plan {
  /// The steps in the order in which they run.
  ContractionTree tree;
  /// SSA numbers of results that stay for the backward pass, ascending; results
  /// of steps before the last.
  llvm::SmallVector<unsigned, 4> kept;
  /// Ascending by their first member; no step is in two.
  std::vector<FusedGroup> groups;
  Slicing slicing;

  Plan() = default;
  explicit Plan(ContractionTree tree) : tree(std::move(tree)) {}

  /// Reports a tree that does not verify; kept values and members of groups
  /// that are no results of steps, that are named twice or not in order; the
  /// last result as kept; groups of one step, groups whose inner results are
  /// read outside of them or are kept. Whether a slicing fits is asked of
  /// `verifySlicing`, which knows the equation.
  bool verify(ErrorFn onError) const;

  bool operator==(const Plan &other) const;
  bool operator!=(const Plan &other) const { return !(*this == other); }
  friend llvm::hash_code hash_value(const Plan &plan);
};

llvm::hash_code hash_value(const Plan &plan);

} // namespace conveinsum

#endif // CONVEINSUM_PLAN_TREE_PLAN_H
