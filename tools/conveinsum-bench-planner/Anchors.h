//===- Anchors.h - What other planners found --------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The lines that tools/bench-planner/anchors.py writes, one per network and
// planner. Only path and time are taken from there; what a path costs is always
// counted here.
//
//   {"name": "random_n5_r2_s0", "planner": "crs-optimal", "seconds": 1e-5,
//    "path": [[0,1],[0,2],...]}
//   {"name": ..., "planner": ..., "error": "timeout"}
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TOOLS_BENCH_PLANNER_ANCHORS_H
#define CONVEINSUM_TOOLS_BENCH_PLANNER_ANCHORS_H

#include "Measure.h"

namespace conveinsum::bench {

/// The tree of a path in linear form. Other planners also write entries of one
/// position, which only move a value to the end, or of several, which are
/// joined from left to right here, as is what the path leaves over. Nothing if
/// a position does not exist.
std::optional<ContractionTree>
treeOfPath(llvm::ArrayRef<std::vector<unsigned>> path, unsigned numOperands);

/// Adds to `results` what the file says of their networks; false, with a
/// message, if it cannot be read or names a network that is not there.
bool readAnchors(llvm::StringRef path, std::vector<Result> &results);

} // namespace conveinsum::bench

#endif // CONVEINSUM_TOOLS_BENCH_PLANNER_ANCHORS_H
