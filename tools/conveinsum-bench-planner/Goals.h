//===- Goals.h - What the planner promises ----------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Never worse than another planner, every proven optimum met, and times.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TOOLS_BENCH_PLANNER_GOALS_H
#define CONVEINSUM_TOOLS_BENCH_PLANNER_GOALS_H

#include "Measure.h"

namespace conveinsum::bench {

/// Prints every network of the set on which `planner` has more MACs than a
/// planner of others or than the data file, or fewer than is possible; returns
/// how many. That `auto` makes no plan counts as well.
unsigned printLosses(llvm::ArrayRef<Result> results, llvm::StringRef set,
                     llvm::StringRef planner, llvm::raw_ostream &os);

/// Prints every goal with its figure and PASS or FAIL, or `-` where nothing was
/// measured.
void printGoals(llvm::ArrayRef<Result> results, llvm::raw_ostream &os);

} // namespace conveinsum::bench

#endif // CONVEINSUM_TOOLS_BENCH_PLANNER_GOALS_H
