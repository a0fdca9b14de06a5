//===- Scaling.h - Loops of a step, and what is left ------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The two columns of the table that opt_einsum has too.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_REPORT_SCALING_H
#define CONVEINSUM_LIB_REPORT_SCALING_H

#include "conveinsum/Report/PlanReport.h"

namespace conveinsum {

/// Nested loops of the definition: one per plain mode, one per participant of a
/// conv mode.
unsigned naiveScaling(const Equation &equation);

/// The equation that is left after each step, in the order of opt_einsum's
/// list: the two are removed, the result is appended.
std::vector<std::string> remainingTexts(const PlanReport &report);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_REPORT_SCALING_H
