//===- PlanRequest.cpp - Plans within limits ------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Without a limit the answer is the plan of the source. Limits on memory and on
// what training keeps have planners of their own.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Request/PlanRequest.h"
#include <chrono>

using namespace conveinsum;

PlannedTree conveinsum::pinnedPlan(const Equation &equation, ContractionTree tree,
                            const PlanGoal &goal) {
  PlannedTree plan;
  plan.tree = std::move(tree);
  plan.proof = Proof::Pinned;
  plan.goal = goal;
  evaluate(equation, plan);
  return plan;
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

static MemoryReport measure(const Equation &equation,
                            const ContractionTree &tree, const PlanGoal &goal,
                            Count limit) {
  MemoryReport memory;
  memory.limit = limit;
  memory.peak = peakBytes(equation, tree, goal);
  memory.depthFirstPeak = depthFirstPeakBytes(equation, tree, goal);
  return memory;
}

/// Says how much memory the pinned order of an answer takes.
static bool checkPinned(const Equation &equation, Count limit,
                        PlanAnswer &answer, ErrorFn onError) {
  answer.memory = measure(equation, answer.plan.tree, answer.plan.goal, limit);
  return answer.memory->peak <= limit ||
         refuse(onError, "expected a memory limit of at least " +
                             toString(answer.memory->peak) +
                             " bytes, the peak of the pinned order, got " +
                             toString(limit) + " bytes");
}

static std::optional<PlanAnswer> planWithin(const Equation &equation,
                                            const PlanRequest &request,
                                            ErrorFn onError) {
  std::optional<MemoryPlan> found = planWithinMemory(
      equation, request.options, *request.memoryLimit, onError);
  if (!found)
    return std::nullopt;
  PlanAnswer answer;
  answer.plan = std::move(found->plan);
  answer.memory = {*request.memoryLimit, found->peak, found->depthFirstPeak,
                   found->scope};
  return answer;
}

/// Slices where that is better than any plan of the whole that fits.
static std::optional<PlanAnswer> planInSlices(const Equation &equation,
                                              const PlanRequest &request,
                                              ErrorFn onError) {
  auto start = std::chrono::steady_clock::now();
  std::optional<SlicedPlan> sliced =
      planSliced(equation, request.options, *request.memoryLimit, onError);
  if (!sliced)
    return std::nullopt;
  if (sliced->slicing.empty())
    return planWithin(equation, request, onError);
  PlanAnswer answer;
  answer.plan = pinnedPlan(equation, sliced->tree, request.options.goal);
  answer.plan.proof = Proof::BestFound;
  answer.plan.planningSeconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
          .count();
  Count peak = sliced->cost.peak;
  answer.memory = {*request.memoryLimit, peak, peak, LimitScope::Found};
  answer.slicing = std::move(*sliced);
  return answer;
}

//===----------------------------------------------------------------------===//
// Training
//===----------------------------------------------------------------------===//

/// Whether the front over all trees is what a request asks for.
static bool wantsJointFront(const Equation &equation,
                            const PlanRequest &request) {
  if (request.pinned)
    return false;
  PlannerKind planner = request.options.planner;
  return planner == PlannerKind::Exact ||
         (planner == PlannerKind::Auto &&
          equation.numOperands() <= kMaxJointOperands);
}

std::optional<FoundFront> conveinsum::findFront(const Equation &equation,
                                                const PlanRequest &request,
                                                PlanSource &source,
                                                ErrorFn onError) {
  const PlanGoal &goal = request.options.goal;
  FoundFront found;
  found.isJoint = wantsJointFront(equation, request);
  std::optional<TrainingFront> front;
  if (found.isJoint) {
    front = jointFront(equation, goal, TrainingOptions(), onError);
  } else {
    std::optional<bool> cached;
    found.plan = request.pinned
                     ? pinnedPlan(equation, *request.pinned, goal)
                     : source.plan(equation, request.options, cached, onError);
    if (found.plan)
      front = treeFront(equation, found.plan->tree, goal, TrainingOptions(),
                        onError);
  }
  if (!front)
    return std::nullopt;
  found.front = std::move(*front);
  return found;
}

/// A point of a front over all trees as a plan: its tree, whose value is that
/// without recomputation.
static PlannedTree planOfPoint(const Equation &equation, const TrainingFront &front,
                        const TrainingPoint &point, const PlanGoal &goal) {
  PlannedTree plan = pinnedPlan(equation, point.tree, goal);
  plan.proof = Proof::BestFound;
  // The last point recomputes nothing.
  if (front.exact) {
    plan.lowerBound = front.points.back().macs;
    if (plan.value == *plan.lowerBound)
      plan.proof = Proof::Optimal;
  }
  return plan;
}

static std::optional<PlanAnswer> planForTraining(const Equation &equation,
                                                 const PlanRequest &request,
                                                 PlanSource &source,
                                                 ErrorFn onError) {
  auto start = std::chrono::steady_clock::now();
  std::optional<FoundFront> found =
      findFront(equation, request, source, onError);
  if (!found)
    return std::nullopt;
  const PlanGoal &goal = request.options.goal;
  // Nothing must be kept, so there always is a point.
  const TrainingPoint &point =
      *pickBytes(found->front, goal, *request.keepLimit);
  PlanAnswer answer;
  answer.plan = found->plan ? std::move(*found->plan)
                            : planOfPoint(equation, found->front, point, goal);
  answer.plan.planningSeconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
          .count();
  answer.kept = {*request.keepLimit, point,
                 found->isJoint && found->front.exact};
  return answer;
}

//===----------------------------------------------------------------------===//
// Any plan
//===----------------------------------------------------------------------===//

std::optional<PlanAnswer> conveinsum::makePlan(const Equation &equation,
                                               const PlanRequest &request,
                                               PlanSource &source,
                                               ErrorFn onError) {
  if (request.keepLimit)
    return planForTraining(equation, request, source, onError);
  bool isLimited = request.memoryLimit && request.refusesLimit;
  PlanAnswer answer;
  if (request.pinned) {
    answer.plan = pinnedPlan(equation, *request.pinned, request.options.goal);
    if (isLimited &&
        !checkPinned(equation, *request.memoryLimit, answer, onError))
      return std::nullopt;
    return answer;
  }
  if (isLimited)
    return request.slices ? planInSlices(equation, request, onError)
                          : planWithin(equation, request, onError);
  std::optional<PlannedTree> plan =
      source.plan(equation, request.options, answer.cached, onError);
  if (!plan)
    return std::nullopt;
  answer.plan = std::move(*plan);
  if (request.memoryLimit && peakBytes(equation, answer.plan.tree,
                                       answer.plan.goal) > *request.memoryLimit)
    if (auto within = planWithin(equation, request, [](const Diagnostic &) {}))
      return within;
  return answer;
}
