//===- Planning.h - The plan that a command is asked for --------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The planning options of the command line and of a case, read and checked for
// one network, and the plan that they lead to.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PIPELINES_COMMAND_PLANNING_H
#define CONVEINSUM_LIB_PIPELINES_COMMAND_PLANNING_H

#include "Network.h"
#include "PlanSource.h"
#include "conveinsum/Plan/Report.h"

namespace conveinsum::command {

/// What is asked of the planner.
struct PlanRequest {
  PlannerOptions options;
  /// The order that the command line or the case pins; it is not searched for.
  std::optional<ContractionTree> pinned;
  /// --memory-limit in bytes. For `run` it is a wish of the planner: what a run
  /// really needs is checked when the code is there.
  std::optional<uint64_t> memoryLimit;
  bool refusesLimit = true;
  /// --slice.
  bool slices = false;
  /// --keep in bytes.
  std::optional<uint64_t> keepLimit;
};

/// Reads --planner, --minimize, --count, --gradients, --constants, --target,
/// --budget, the pinned order and limits, and checks them against the equation.
std::optional<PlanRequest> readPlanRequest(const Network &network,
                                           const Equation &equation,
                                           ElementTypes types,
                                           const Arguments &arguments,
                                           ErrorFn onError);

/// A plan, and what limits asked of it.
struct PlanAnswer {
  conveinsum::Plan plan;
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

/// Both, with the progress of a long search on a terminal.
std::optional<conveinsum::Plan> planNetwork(const Network &network,
                                            const Equation &equation,
                                            ElementTypes types,
                                            const Arguments &arguments,
                                            PlanSource &source,
                                            ErrorFn onError);

/// A front, and whether it is one over all trees.
struct FoundFront {
  TrainingFront front;
  bool isJoint = true;
  /// Of the one tree, if it was planned.
  std::optional<conveinsum::Plan> plan;
};
/// The front over all trees for the planners `exact` and, up to
/// kMaxJointOperands, `auto`; else that of the pinned or the planned order.
std::optional<FoundFront> findFront(const Equation &equation,
                                    const PlanRequest &request,
                                    PlanSource &source, ErrorFn onError);

/// A plan that consists of a tree that someone gave.
conveinsum::Plan pinnedPlan(const Equation &equation, ContractionTree tree,
                            const PlanGoal &goal);

/// Parses the order that an option or a key gives. `form` is `path`, `ssa-path`
/// or `tree`; `source` names it in messages.
std::optional<ContractionTree> parseOrder(llvm::StringRef form,
                                          llvm::StringRef source,
                                          llvm::StringRef text,
                                          unsigned operands, ErrorFn onError);

} // namespace conveinsum::command

#endif // CONVEINSUM_LIB_PIPELINES_COMMAND_PLANNING_H
