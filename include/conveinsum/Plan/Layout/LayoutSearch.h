//===- LayoutSearch.h - The order of every tensor's dimensions --*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How fast a step runs depends on which dimensions lie next to each other in
// memory: those that run in vector lanes, and those that are summed. The order
// of an intermediate is free, that of operands and results is given; but a step
// may also read a copy of an operand in another order, or have its result
// copied. Worked example, "b(s1)(s2),(r)(s2)(s1)->b(r)", x of 512x32x32, a
// weight of 64x32x32 that a step before has made:
//
//     the sums of x run over (s1)(s2) as one loop of 1024; those of the weight
//     over (s2)(s1), so that either x or the weight is read element by element,
//     at a seventh of the speed
//     weight as (r)(s1)(s2)    both are read along vectors of a sum
//     weight as (s1)(s2)(r)    lanes along r, x is broadcast: faster still
//
// The step that makes the weight writes it in that order, if it is free, or
// else a copy of it is made: 65536 elements, for 33 million multiply-adds.
//
// Steps cost what the register tile that they would get costs, traffic included
// (Target/RegisterTile.h), copies twice as much as a step that copies. Every
// value tries the orders that the step which makes it and those which read it
// can use best, until none gets better. Orders that gain little are not taken.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_PLAN_LAYOUT_LAYOUTSEARCH_H
#define CONVEINSUM_PLAN_LAYOUT_LAYOUTSEARCH_H

#include "conveinsum/Plan/Layout/StepLoops.h"
#include "conveinsum/Target/Machine.h"

namespace conveinsum {

/// A tensor that steps read or write.
struct LayoutValue {
  Shape shape;
  unsigned elementBytes = 4;
  /// Lanes of its elements, or of what they are computed in, have so many bits;
  /// 0 of elements that vectors do not hold.
  unsigned laneBits = 32;
  /// Somebody else decided on its order.
  bool isFixed = true;
};

/// A step: its equation, and its operands and its result by their numbers.
struct LayoutStep {
  Equation equation;
  llvm::SmallVector<unsigned, 2> operands;
  unsigned result;
};

struct LayoutProblem {
  std::vector<LayoutValue> values;
  /// In the order in which they run.
  std::vector<LayoutStep> steps;
  /// Whether copies may be made; else only free values change their order.
  bool mayCopy = true;
  Machine machine;
};

/// What was decided. Layouts are by the dimensions that values have in the
/// problem.
struct LayoutPlan {
  /// The order in which each value is stored.
  std::vector<Layout> values;
  /// The orders in which each step reads its operands and writes its result,
  /// the result last: copies stand between where they differ from the values'.
  std::vector<llvm::SmallVector<Layout, 3>> steps;
  /// In vector multiply-adds: of what was decided, and of leaving all orders.
  double cost = 0, usualCost = 0;
};

/// Extents must be static.
LayoutPlan chooseLayouts(const LayoutProblem &problem);

} // namespace conveinsum

#endif // CONVEINSUM_PLAN_LAYOUT_LAYOUTSEARCH_H
