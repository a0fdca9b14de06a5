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
//     std::optional<PlanAnswer> answer =
//         makePlan(equation, request, source, onError);
//     answer->plan.tree                         // steps in running order
//
// Limits are kept, or refused with the smallest one that can be and with what
// slicing could do about it.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_PLAN_REQUEST_PLANREQUEST_H
#define CONVEINSUM_PLAN_REQUEST_PLANREQUEST_H

#include "conveinsum/Plan/Request/PlanSource.h"

namespace conveinsum {

/// What is asked of the planner.
struct PlanRequest {
  PlannerOptions options;
  /// An order that somebody pinned; it is not searched for. Its steps run as
  /// they stand if no other order of them needs fewer bytes, or if
  /// `keepsOrder`.
  std::optional<ContractionTree> pinned;
  bool keepsOrder = false;
  /// Bytes that may be alive at once. Where it is not refused it is a wish: the
  /// answer is the best plan within it if there is one.
  std::optional<uint64_t> memoryLimit;
  bool refusesLimit = true;
  /// Whether the network may be gone through in slices.
  bool slices = false;
  /// Bytes that training may keep from forward to backward.
  std::optional<uint64_t> keepLimit;
};

/// Stands in for every extent that is not known when a network with such
/// extents is planned; features are at least as long as their kernels.
constexpr int64_t kAssumedExtent = 64;

/// The pinned order, with its value under the goal, or the planner's plan,
/// within the limits. Reports limits that it does not keep within. A network
/// with extents that are not known is planned as if they were `kAssumedExtent`:
/// nothing is proven then, and there is no value. The planner `exact`, limits
/// and budgets of bytes need all extents; a pinned order, and `left`, none.
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

/// What slicing could do about a limit that no plan of the whole meets, as the
/// end of a diagnostic.
std::string slicingAdvice(const Equation &equation,
                          const PlannerOptions &options, Count limitBytes);

} // namespace conveinsum

#endif // CONVEINSUM_PLAN_REQUEST_PLANREQUEST_H
