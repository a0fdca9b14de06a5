//===- PlanCacheTestSupport.h - Queries to a cache --------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Networks that differ in a size, and queries held against the checker.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TEST_PLAN_REUSE_PLANCACHETESTSUPPORT_H
#define CONVEINSUM_TEST_PLAN_REUSE_PLANCACHETESTSUPPORT_H

#include "Disguise.h"
#include "conveinsum/Plan/Reuse/PlanCache.h"

namespace conveinsum {

/// A layer whose network depends on `size`.
inline Equation layer(int64_t size) {
  return makeEquation("bshw,rt,rs,rh,rw->bthw|hw",
                      {{2, size, 8, 8}, {3, 5}, {3, size}, {3, 3}, {3, 3}});
}

/// The plan for a query, from the cache if `expectHit`.
inline PlannedTree planThrough(PlanCache &cache, const Equation &equation,
                               const PlannerOptions &options, bool expectHit) {
  Caught caught;
  bool hit = !expectHit;
  auto plan = planCached(cache, equation, options, caught, &hit);
  EXPECT_TRUE(plan) << caught.text();
  EXPECT_EQ(hit, expectHit) << equation.text();
  if (!plan)
    return PlannedTree();
  EXPECT_TRUE(plan->tree.verify(caught)) << caught.text();
  EXPECT_EQ(toString(plan->value),
            toString(evaluateGoal(equation, plan->tree, plan->goal).value));
  return *plan;
}

} // namespace conveinsum

#endif // CONVEINSUM_TEST_PLAN_REUSE_PLANCACHETESTSUPPORT_H
