//===- PathSplit.h - Steps of many operands, split --------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A plan joins two values at a time. Where a path of another planner joins
// more, the best of all ways to do so in pairs is taken, with the rest of the
// path as it is. Worked example, "ij,jk,kl,lm->im" with the path (1,2,3),(0,1):
// the first step may be ((1,2),3), ((1,3),2) or (1,(2,3)). What the steps of a
// wide one cost depends on no other step, so several are split each for itself;
// only for `peak`, which is no property of steps, they are split in turn.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_PLAN_REQUEST_PATHSPLIT_H
#define CONVEINSUM_PLAN_REQUEST_PATHSPLIT_H

#include "conveinsum/Plan/Cost/Goal.h"
#include "conveinsum/Plan/Tree/ContractionPath.h"

namespace conveinsum {

/// Operands of a step up to which it is split; under `peak`, where all trees
/// are compared.
constexpr unsigned kMaxSplitOperands = 16;
constexpr unsigned kMaxComparedOperands = 6;

struct SplitPath {
  ContractionTree tree;
  /// One sentence for every step that was split.
  std::vector<std::string> remarks;
};

/// Splits the steps of a path that join more than two values. A step that is
/// too wide, or a network that is too large to look at all ways, is refused.
std::optional<SplitPath> splitPath(const Equation &equation,
                                   const ContractionPath &path,
                                   const PlanGoal &goal, ErrorFn onError);

} // namespace conveinsum

#endif // CONVEINSUM_PLAN_REQUEST_PATHSPLIT_H
