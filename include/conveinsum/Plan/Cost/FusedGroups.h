//===- FusedGroups.h - Steps that a target runs as one ----------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one answer to which steps of a tree run as one: costs leave out the bytes
// along the edges inside of groups, and a plan carries the groups (Tree/Plan.h)
// to whoever generates code.
//
// A result is never written if its reader takes it up as it is made, which
// `TargetModel::fusesInto` says of two kinds of steps, and if nothing else
// needs it: prepared results, and those that are kept, are written. Every
// result has one reader, so a group is a piece of the tree, and its last step
// is the only one that writes. Worked example, "bch,ch,ch,ct->bth|h", a layer
// of two depthwise steps and a contraction, on a target that fuses steps which
// stream but not contractions:
//
//   tree ((0,1),2),3    4 = 0 1 and 5 = 4 2 stream, 6 = 5 3 contracts
//   groups {{4,5}}      4 is never written; 5 is, and 6 reads it
//
// Searches that work on sets instead of trees ask `fusesInto` about the pair in
// hand; tests hold them against the checker `evaluateGoal`, which asks here.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_PLAN_COST_FUSEDGROUPS_H
#define CONVEINSUM_PLAN_COST_FUSEDGROUPS_H

#include "conveinsum/Plan/Cost/Goal.h"
#include "conveinsum/Plan/Tree/Plan.h"

namespace conveinsum {

/// The groups that the goal's target runs, whatever the objective, in the form
/// of `Plan::groups`. `written` names results that have to be in memory, such
/// as `Plan::kept`. The tree must verify, the shapes must be static.
std::vector<FusedGroup> fusedGroups(const Equation &equation,
                                    const ContractionTree &tree,
                                    const PlanGoal &goal,
                                    llvm::ArrayRef<unsigned> written = {});

/// The same from the figures of the tree's steps.
std::vector<FusedGroup> fusedGroupsOf(const ContractionTree &tree,
                                      llvm::ArrayRef<StepFigures> figures,
                                      const TargetModel &target,
                                      llvm::ArrayRef<unsigned> written = {});

/// Marks the edges inside of groups as fused, and all others as not.
void markFused(const ContractionTree &tree, llvm::ArrayRef<FusedGroup> groups,
               llvm::MutableArrayRef<StepFigures> figures);

} // namespace conveinsum

#endif // CONVEINSUM_PLAN_COST_FUSEDGROUPS_H
