//===- Planners.h - The planners behind `plan` ------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One function per planner. They are called with shapes and limits checked
// (Planner.cpp), for at least three operands.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_SEARCH_PLANNERS_H
#define CONVEINSUM_LIB_PLAN_SEARCH_PLANNERS_H

#include "Plan/Cost/CostModel.h"
#include "SearchClock.h"

namespace conveinsum {

/// A tree and what is proven of it.
struct FoundTree {
  ContractionTree tree;
  Proof proof = Proof::BestFound;
  std::optional<Count> lowerBound;
  /// False if no budget would have helped to prove anything.
  bool mayProve = true;
};

/// The optimum over all trees, from the table over all subsets; at most
/// kMaxTableLeaves operands.
ContractionTree planByTable(const Equation &equation, const PlanGoal &goal,
                            SearchClock &clock);

/// All operands but the feature of the first conv mode (operand 0 if there is
/// none) along their own optimum, then that one; at most kMaxTableLeaves + 1
/// operands.
ContractionTree planRebuild(const Equation &equation, const PlanGoal &goal,
                            SearchClock &clock);

/// The best tree of rounds of annealing that spend at least `moves`, or less at
/// the end of the budget. What is found in fewer moves is never better.
ContractionTree planByAnnealing(const Equation &equation,
                                const CostModel &model, uint64_t moves,
                                SearchClock &clock);

/// The best of some greedy trees.
ContractionTree planGreedily(const Equation &equation, const CostModel &model,
                             SearchClock &clock);

/// Annealing, then as much proof as the budget allows; from 3 operands on.
/// Beyond 64, only a tree that meets a lower bound of all trees is proven.
FoundTree planWithProof(const Equation &equation, const PlannerOptions &options,
                        SearchClock &clock);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_SEARCH_PLANNERS_H
