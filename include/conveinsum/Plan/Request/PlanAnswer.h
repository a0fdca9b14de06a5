//===- PlanAnswer.h - What a request for a plan is answered by --*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The decision, how it was found, and what limits asked of it. Figures are
// those of the order in which the plan's steps stand, because they run in it.
// SSA numbers, here and in reports, are those of that order.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_PLAN_REQUEST_PLANANSWER_H
#define CONVEINSUM_PLAN_REQUEST_PLANANSWER_H

#include "conveinsum/Plan/Memory/Slicing.h"
#include "conveinsum/Plan/Training/Training.h"

namespace conveinsum {

/// How a plan meets a limit on the bytes alive at once.
struct MemoryReport {
  Count limit = 0; ///< bytes
  /// Bytes: in the order of the plan, and in the best depth-first order.
  Count peak = 0, depthFirstPeak = 0;
  /// Among which plans it is the best; nothing for a pinned order.
  std::optional<LimitScope> scope;
};

/// What a plan for training keeps within a limit.
struct KeptReport {
  Count limit = 0; ///< bytes
  /// Its tree is that of the plan.
  TrainingPoint point;
  /// No tree with any choice of kept values within the limit has fewer MACs.
  bool isOptimal = false;
};

struct PlanAnswer {
  /// The steps in the order with the fewest live bytes (`scheduleSteps`). With
  /// gradients, `kept` holds what the backward pass reads, or as much of it as
  /// a limit allows.
  Plan plan;
  Provenance provenance;
  std::optional<MemoryReport> memory;
  std::optional<KeptReport> kept;
  std::optional<SlicedPlan> slicing;
  /// Whether the plan comes from a cache, if there is one.
  std::optional<bool> cached;
  /// Whether the source of plans gave this answer before.
  bool isRemembered = false;

  PlanAnswer() = default;
  explicit PlanAnswer(const PlannedTree &planned)
      : plan(planned.tree), provenance(planned) {}

  /// Tree and provenance, as a planner for `goal` returns them.
  PlannedTree plannedTree(const PlanGoal &goal) const;
};

} // namespace conveinsum

#endif // CONVEINSUM_PLAN_REQUEST_PLANANSWER_H
