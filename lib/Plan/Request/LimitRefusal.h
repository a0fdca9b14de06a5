//===- LimitRefusal.h - What is said of limits not met ----------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The sentences of refusals, each put together in one place.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_REQUEST_LIMITREFUSAL_H
#define CONVEINSUM_LIB_PLAN_REQUEST_LIMITREFUSAL_H

#include "conveinsum/Plan/Search/Planner.h"

namespace conveinsum {

/// Reports that `needed` bytes, which are `what`, are more than `limit`.
std::nullopt_t refuseLimit(Count needed, const llvm::Twine &what, Count limit,
                           const llvm::Twine &advice, ErrorFn onError);

/// Reports a limit that no plan of the whole network was found for.
std::nullopt_t refuseInfeasible(const Equation &equation,
                                const PlannerOptions &options, Count limit,
                                ErrorFn onError);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_REQUEST_LIMITREFUSAL_H
