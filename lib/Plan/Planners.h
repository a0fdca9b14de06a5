//===- Planners.h - The planners behind `plan` ------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One function per planner. They are called with shapes and limits checked
// (Planner.cpp).
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_PLANNERS_H
#define CONVEINSUM_LIB_PLAN_PLANNERS_H

#include "TreeBuilder.h"
#include "conveinsum/Plan/Planner.h"

namespace conveinsum {

/// Joins the given operands, at most kMaxExactOperands of them, along an
/// optimal tree and returns the SSA number of their value. What sets keep is
/// decided by the whole equation.
unsigned joinOptimally(const Equation &equation,
                       llvm::ArrayRef<unsigned> operands, MacCount count,
                       TreeBuilder &builder);

/// The optimum over all trees.
ContractionTree planExact(const Equation &equation, MacCount count);

/// All operands but the feature of the first conv mode (operand 0 if there is
/// none) along their own optimum, then that one.
ContractionTree planRebuild(const Equation &equation, MacCount count);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_PLANNERS_H
