//===- ParetoTable.h - The best tree within a limit -------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Dynamic programming over sets of operands that keeps, for every set, all
// trees that no other tree beats in both value and peak. Say a set S = L + R
// has b(S) bytes and L is finished before R is begun; then
//
//     peak(S) = max(peak(L), b(L) + peak(R), b(L) + b(R) + b(S))
//
// or the same with L and R exchanged. Both value and peak are monotone in those
// of the sides, so the kept trees of L and R give those of S, and the result is
// exact for depth-first schedules. Without the waiting side, that is with
//
//     peak(S) = max(peak(L), peak(R), b(L) + b(R) + b(S))
//
// the same programme bounds every schedule from below.
//
// The network may be cut into slices (Slicing.h). A step is then paid once per
// slice, unless it touches no sliced mode: what it makes is there before the
// first slice and stays until the last.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_SEARCH_PARETOTABLE_H
#define CONVEINSUM_LIB_PLAN_SEARCH_PARETOTABLE_H

#include "Plan/Cost/SubsetFigures.h"
#include "conveinsum/Plan/Cost/LiveBytes.h"
#include "conveinsum/Plan/Search/FeasibleLimit.h"

namespace conveinsum {

/// Slices of equal shapes.
struct SliceClass {
  Equation equation;
  Count multiplicity = 1;
};

/// Which schedules the peak of a tree is taken over.
enum class PeakRule : uint8_t {
  DepthFirst,
  StepByStep, ///< a lower bound of every schedule
};

struct LimitRequest {
  const PlanGoal &goal;
  /// The whole network, or all its slices; they differ in extents only.
  llvm::ArrayRef<SliceClass> classes;
  /// Operands that hold a sliced mode; 0 where nothing is sliced.
  SubsetWord sliced = 0;
  /// Whether slices write to their places in the whole result.
  bool writesInPlace = false;
  /// Bytes that are there all the time.
  Count base = 0;
  Count limit = Count::infinity();
  PeakRule rule = PeakRule::DepthFirst;
  /// Pairs of trees and figures of steps after which the search gives up.
  uint64_t maxWork = 0;
};

struct LimitResult {
  enum class Status : uint8_t { Found, Infeasible, GaveUp };
  Status status = Status::Infeasible;
  ContractionTree tree;
  Count value = Count::infinity(); ///< of all slices
  Count peak = Count::infinity();  ///< bytes, `base` included
  uint64_t work = 0;
};

/// The tree of the smallest value among those within the limit; among equal
/// ones that with the smallest peak. For `peak` the value is the peak. Takes 2
/// to 16 operands.
LimitResult searchWithinLimit(const LimitRequest &request);

/// The same over all trees of a whole network, `limit` being that of operands,
/// intermediates and result together. Gives up after a second or so.
LimitResult searchAllTrees(const Equation &equation, const PlanGoal &goal,
                           Count limit, PeakRule rule);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_SEARCH_PARETOTABLE_H
