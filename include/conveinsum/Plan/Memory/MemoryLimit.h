//===- MemoryLimit.h - The best plan that fits in memory --------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A limit bounds the bytes that are alive at once, in the sense of the
// objective `peak` (Goal.h): operands, the result of the step that runs, and
// every value that waits for its reader. The largest intermediate says little
// about it: while C = A B runs, A, B, C and all that waits are there.
//
// The peak belongs to a tree and an order of its steps. Depth-first orders
// finish one side of a step before they begin the other; over these the search
// is exact. Interleaved orders can need less, seldom much. A result says which
// orders it is the best of (`LimitScope`).
//
// Worked example, "ab,bc,cd->ad" in f32 with a = 2, b = d = 10, c = 100.
// Operands and result have 2040 elements, 8160 bytes:
//
//   ((0,1),2)   4000 MACs    {0,1} 800 bytes     peak 8960
//   (0,(1,2))   10200 MACs   {1,2} 400 bytes     peak 8560
//   ((0,2),1)   40000 MACs   {0,2} 80000 bytes   peak 88160
//
//   limit 9000   the first one, which has fewest MACs anyway
//   limit 8600   the second one: the best of all that fit
//   limit 8500   nothing; the smallest feasible limit is 8560
//
// Where no plan meets a limit, `smallestFeasibleLimit` is the smallest one that
// a plan meets, and Slicing.h goes on from there.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_PLAN_MEMORY_MEMORYLIMIT_H
#define CONVEINSUM_PLAN_MEMORY_MEMORYLIMIT_H

#include "conveinsum/Plan/Cost/LiveBytes.h"
#include "conveinsum/Plan/Search/FeasibleLimit.h"

namespace conveinsum {

/// Among which plans one within a limit is known to be the best.
enum class LimitScope : uint8_t {
  AllSchedules, ///< all trees in all orders that fit
  DepthFirst,   ///< all trees that fit in some depth-first order
  Found         ///< those that a search looked at
};
/// `all schedules`, `depth-first schedules`, `plans that were found`.
llvm::StringRef name(LimitScope scope);

struct MemoryPlan {
  /// The proof is `optimal` if the scope is AllSchedules. `lowerBound` holds
  /// for every plan within the limit, in any order.
  PlannedTree plan;
  LimitScope scope = LimitScope::Found;
};

/// The best tree under `options.goal.objective` whose peak is at most
/// `limitBytes`, if one was found. The goal must verify and extents must be
/// static. `unconstrained`, the plan of `options` without a limit, is the
/// answer if it fits, unless the objective is the peak itself. Else all trees,
/// those with outer products too, are searched up to `kMaxLimitedOperands`
/// operands; beyond that, plans for several objectives are tried and improved
/// by local moves.
std::optional<MemoryPlan> findWithinMemory(const Equation &equation,
                                           const PlannerOptions &options,
                                           PlannedTree unconstrained,
                                           Count limitBytes);

/// Operands up to which all trees are searched.
constexpr unsigned kMaxLimitedOperands = 10;
/// The smallest limit that `findWithinMemory` can meet. Needs static shapes and
/// a goal that verifies; its objective plays no role.
FeasibleLimit smallestFeasibleLimit(const Equation &equation,
                                    const PlanGoal &goal);

} // namespace conveinsum

#endif // CONVEINSUM_PLAN_MEMORY_MEMORYLIMIT_H
