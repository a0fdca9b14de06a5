//===- FasterTree.h - When fewest MACs are not least time -------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A plan that minimises MACs may lose time to another tree: its steps move more
// bytes, or run at lower rates. Whoever shows such a plan says so.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_PLAN_SEARCH_FASTERTREE_H
#define CONVEINSUM_PLAN_SEARCH_FASTERTREE_H

#include "conveinsum/Plan/Search/Planner.h"

namespace conveinsum {

/// The same goal with the objective `time`.
PlanGoal timeGoal(PlanGoal goal);

/// A tree that is predicted to take less time than one that minimises MACs.
struct FasterTree {
  ContractionTree tree;
  Count picoseconds = 0;        ///< of this tree
  Count plannedPicoseconds = 0; ///< of the plan
};

/// The tree that the planner finds for `time`, where the plan is one that
/// minimises `flops`, has few operands, and is predicted to take more than 1.1
/// times as long.
std::optional<FasterTree> findFasterTree(const Equation &equation,
                                         const PlannedTree &plan);

/// The budget of a search whose result is only shown beside a plan: that of the
/// planner where it is fast, a fraction of a second elsewhere.
SearchBudget comparisonBudget(const Equation &equation);

} // namespace conveinsum

#endif // CONVEINSUM_PLAN_SEARCH_FASTERTREE_H
