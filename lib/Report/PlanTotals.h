//===- PlanTotals.h - The lines above and below the table -------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Parts of the table that are not about single steps.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_REPORT_PLANTOTALS_H
#define CONVEINSUM_LIB_REPORT_PLANTOTALS_H

#include "Report/Text/Grid.h"
#include "conveinsum/Report/PlanReport.h"

namespace conveinsum {

/// The shapes of the operands and of the result, and their types.
void printShapes(const Equation &equation, const PlanGoal &goal,
                 llvm::raw_ostream &os, const Style &style);

/// One line per figure of the whole plan. `optimizedScaling` is the number of
/// loops of the deepest step.
void printTotals(const PlanReport &report, llvm::raw_ostream &os,
                 const Style &style, unsigned optimizedScaling);

/// Where the plan and the other tree of `report.comparison` differ.
void printComparison(const PlanReport &report, llvm::raw_ostream &os,
                     const Style &style);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_REPORT_PLANTOTALS_H
