//===- PlanCost.h - What a plan costs ---------------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Walks a tree over an equation and says, step by step, what is computed: the
// two-operand equation, its kind, both MAC counts and the extents of the result
// (docs/Semantics.md, 4 and 5). Needs static shapes.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_PLAN_COST_PLANCOST_H
#define CONVEINSUM_PLAN_COST_PLANCOST_H

#include "conveinsum/Plan/Tree/ContractionTree.h"

namespace conveinsum {

struct PlannedStep {
  unsigned lhs, rhs, result;          ///< SSA numbers
  llvm::SmallVector<ModeId, 6> modes; ///< order of dimensions of the result
  Equation equation;                  ///< two operands, lhs and rhs
  StepKind kind;
  Count exactMacs, denseMacs;
  Shape shape;    ///< of the result
  Count elements; ///< of the result
  unsigned loops; ///< of the step, two for a conv mode that both sides hold
};

struct PlanCost {
  std::vector<PlannedStep> steps;
  Count exactMacs = 0, denseMacs = 0;
  Count largestIntermediate = 0; ///< elements; the final result included
  Count written = 0;             ///< elements of all step results
};

/// `tree` must verify and have the equation's number of operands.
PlanCost evaluatePlan(const Equation &equation, const ContractionTree &tree);

} // namespace conveinsum

#endif // CONVEINSUM_PLAN_COST_PLANCOST_H
