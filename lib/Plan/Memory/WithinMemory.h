//===- WithinMemory.h - From a plan to one that fits ------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What plans under a limit and slicing share.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_MEMORY_WITHINMEMORY_H
#define CONVEINSUM_LIB_PLAN_MEMORY_WITHINMEMORY_H

#include "conveinsum/Plan/Memory/MemoryLimit.h"

namespace conveinsum {

/// What `planWithinMemory` does, from the plan without a limit on and without
/// reports.
std::optional<MemoryPlan> findWithinMemory(const Equation &equation,
                                           const PlannerOptions &options,
                                           PlannedTree unconstrained, Count limit);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_MEMORY_WITHINMEMORY_H
