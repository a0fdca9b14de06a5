//===- StepReport.h - Figures of the steps of a report ----------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a report says of a step beyond its value: the bytes it moves and the
// time it is predicted to take.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_REPORT_STEPREPORT_H
#define CONVEINSUM_LIB_REPORT_STEPREPORT_H

#include "conveinsum/Report/PlanReport.h"

namespace conveinsum {

/// The figures of every step of `tree`; `recomputed` are SSA numbers of results
/// that training computes twice.
std::vector<StepReport> stepReports(const Equation &equation,
                                    const ContractionTree &tree,
                                    const PlanGoal &goal,
                                    llvm::ArrayRef<unsigned> recomputed = {});

} // namespace conveinsum

#endif // CONVEINSUM_LIB_REPORT_STEPREPORT_H
