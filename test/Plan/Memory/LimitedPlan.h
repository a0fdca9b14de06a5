//===- LimitedPlan.h - Plans within a limit, for tests ----------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A short way through the door of planning.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TEST_PLAN_MEMORY_LIMITEDPLAN_H
#define CONVEINSUM_TEST_PLAN_MEMORY_LIMITEDPLAN_H

#include "Plan/PlanTestSupport.h"
#include "conveinsum/Plan/Request/PlanRequest.h"

namespace conveinsum {

struct LimitedPlan {
  PlannedTree plan;
  LimitScope scope;
  Count peak, depthFirstPeak;
};

inline std::optional<LimitedPlan> planWithOptions(const Equation &equation,
                                                  const PlannerOptions &options,
                                                  Count limit, Caught &caught) {
  PlanRequest request;
  request.options = options;
  request.memoryLimit = limit.wordAtMost(~uint64_t(0));
  PlanSource source;
  auto answer = makePlan(equation, request, source, caught);
  if (!answer)
    return std::nullopt;
  return LimitedPlan{answer->plannedTree(options.goal),
                     answer->memory->scope.value(), answer->memory->peak,
                     answer->memory->depthFirstPeak};
}

inline std::optional<LimitedPlan> planWithin(const Equation &equation,
                                             const PlanGoal &goal, Count limit,
                                             Caught &caught) {
  return planWithOptions(equation, {PlannerKind::Auto, goal}, limit, caught);
}

} // namespace conveinsum

#endif // CONVEINSUM_TEST_PLAN_MEMORY_LIMITEDPLAN_H
