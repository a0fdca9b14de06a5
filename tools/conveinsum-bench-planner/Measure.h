//===- Measure.h - Runs of planners -----------------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One run: a planner, a network, the MACs of the plan and the time it took.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TOOLS_BENCH_PLANNER_MEASURE_H
#define CONVEINSUM_TOOLS_BENCH_PLANNER_MEASURE_H

#include "Network.h"
#include "conveinsum/Plan/Search/Planner.h"

namespace conveinsum::bench {

struct Run {
  std::string planner;
  /// Absent where the planner refused, failed or took too long.
  std::optional<Count> macs;
  double seconds = 0;
  /// The proof, or why there is no plan.
  std::string note;
};

struct Result {
  Network network;
  std::vector<Run> runs;

  /// The run of a planner that made a plan, or null.
  const Run *find(llvm::StringRef planner) const;
  /// The fewest MACs of any plan, and of the data file.
  std::optional<Count> bestKnown() const;
};

/// Whether a planner is one of this project.
bool isOurs(llvm::StringRef planner);

/// Adds the runs of all planners of this project that the set of the network
/// asks for: `auto`, `exact`, `connected`, `anneal`, and `auto` within a
/// budget, which is then its name (`10ms`). Times are medians of repetitions.
void runOurs(Result &result, bool quick);

} // namespace conveinsum::bench

#endif // CONVEINSUM_TOOLS_BENCH_PLANNER_MEASURE_H
