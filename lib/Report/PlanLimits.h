//===- PlanLimits.h - What limits asked of a plan ---------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A limit on memory, what training keeps, slices: lines of the table and
// members of the object.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_REPORT_PLANLIMITS_H
#define CONVEINSUM_LIB_REPORT_PLANLIMITS_H

#include "Report/Text/Grid.h"
#include "conveinsum/Report/PlanReport.h"

namespace conveinsum {

/// Lines among the totals.
void printLimits(const PlanReport &report, llvm::raw_ostream &os,
                 const Style &style);
/// Adds `memory`, `training`, `slicing` and `cached`, those that there are.
void addLimits(const PlanReport &report, llvm::json::Object &object);

/// Of a point: `kept`, `kept_bytes`, `macs`, peaks, and the SSA numbers of kept
/// and recomputed values.
llvm::json::Object pointJSON(const TrainingPoint &point, const PlanGoal &goal);
/// Values as sets of operands, `{0,2} {0,2,3}`; `none` without any.
std::string valuesText(const ContractionTree &tree,
                       llvm::ArrayRef<unsigned> values);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_REPORT_PLANLIMITS_H
