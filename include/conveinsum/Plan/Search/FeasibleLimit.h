//===- FeasibleLimit.h - The smallest peak of all trees ---------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The least memory in which a network can be evaluated at all, over all trees
// and all orders of their steps that finish one side of a step before they
// begin the other. Example, "ab,bc,cd->ad" with a = d = 2, b = c = 8 in f32,
// where every tree keeps its one intermediate:
//
//   ((0,1),2)   operands 384 bytes + {0,1} 64 + the result 16   = 464
//   (0,(1,2))   operands 384 bytes + {1,2} 64 + the result 16   = 464
//   ((0,2),1)   operands 384 bytes + {0,2} 1024 + the result 16 = 1424
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_PLAN_SEARCH_FEASIBLELIMIT_H
#define CONVEINSUM_PLAN_SEARCH_FEASIBLELIMIT_H

#include "conveinsum/Plan/Search/Planner.h"

namespace conveinsum {

/// Operands up to which the smallest limit is exact.
constexpr unsigned kMaxExactPeakOperands = 13;

struct FeasibleLimit {
  /// The smallest peak over all trees and all depth-first orders, if exact;
  /// else the smallest that was found.
  Count bytes = 0;
  ContractionTree tree;
  bool isExact = true;
  /// No order of any tree needs less.
  Count lowerBound = 0;
};

/// The smallest peak over all trees; nothing beyond `kMaxExactPeakOperands` or
/// where the search would take longer than a second or so. Needs static shapes
/// and a goal that verifies; its objective plays no role.
std::optional<FeasibleLimit> searchSmallestPeak(const Equation &equation,
                                                const PlanGoal &goal);

} // namespace conveinsum

#endif // CONVEINSUM_PLAN_SEARCH_FEASIBLELIMIT_H
