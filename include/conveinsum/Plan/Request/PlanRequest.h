//===- PlanRequest.h - The one door to planning -----------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Whoever wants a plan, the command, a pass or an embedding compiler, fills one
// request and gets one answer:
//
//     PlanRequest request;
//     request.options.goal.constants = {1, 2};
//     request.memoryLimit = 64 << 20;
//     PlanSource source;                        // no cache
//     std::optional<PlanAnswer> answer = makePlan(equation, request, source,
//     onError); answer->plan.tree
//
// Limits are kept or refused with the smallest one that can be.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_PLAN_REQUEST_PLANREQUEST_H
#define CONVEINSUM_PLAN_REQUEST_PLANREQUEST_H

#include "conveinsum/Plan/Memory/Slicing.h"
#include "conveinsum/Plan/Request/PlanSource.h"
#include "conveinsum/Plan/Training/Training.h"

namespace conveinsum {

/// What is asked of the planner.
struct PlanRequest {
  PlannerOptions options;
  /// An order that somebody pinned; it is not searched for.
  std::optional<ContractionTree> pinned;
  /// Bytes that may be alive at once. Where it is not refused it is a wish: the
  /// answer is the best plan within it if there is one.
  std::optional<uint64_t> memoryLimit;
  bool refusesLimit = true;
  /// Whether the network may be gone through in slices.
  bool slices = false;
  /// Bytes that training may keep from forward to backward.
  std::optional<uint64_t> keepLimit;
};

/// How a plan meets a limit on the bytes alive at once.
struct MemoryReport {
  Count limit = 0; ///< bytes
  /// Bytes: in the best order, and in the best depth-first order.
  Count peak = 0, depthFirstPeak = 0;
  /// Among which plans it is the best; nothing for a pinned order.
  std::optional<LimitScope> scope;
};

/// What a plan for training keeps within a limit.
struct KeptReport {
  Count limit = 0; ///< bytes
  TrainingPoint point;
  /// No tree with any choice of kept values within the limit has fewer MACs.
  bool isOptimal = false;
};

/// A plan, and what limits asked of it.
struct PlanAnswer {
  PlannedTree plan;
  std::optional<MemoryReport> memory;
  std::optional<KeptReport> kept;
  std::optional<SlicedPlan> slicing;
  std::optional<bool> cached;
};

/// The pinned order, with its value under the goal, or the planner's plan,
/// within the limits. Reports limits that it does not keep within.
std::optional<PlanAnswer> makePlan(const Equation &equation,
                                   const PlanRequest &request,
                                   PlanSource &source, ErrorFn onError);

/// A front, and whether it is one over all trees.
struct FoundFront {
  TrainingFront front;
  bool isJoint = true;
  /// Of the one tree, if it was planned.
  std::optional<PlannedTree> plan;
};
/// The front over all trees for the planners `exact` and, up to
/// kMaxJointOperands, `auto`; else that of the pinned or the planned order.
std::optional<FoundFront> findFront(const Equation &equation,
                                    const PlanRequest &request,
                                    PlanSource &source, ErrorFn onError);

/// A plan that consists of a tree that someone gave.
PlannedTree pinnedPlan(const Equation &equation, ContractionTree tree,
                const PlanGoal &goal);

} // namespace conveinsum

#endif // CONVEINSUM_PLAN_REQUEST_PLANREQUEST_H
