//===- RangeReport.h - Plans for a range of sizes ---------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Table and JSON of the pieces of a range and their trees.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_REPORT_RANGEREPORT_H
#define CONVEINSUM_REPORT_RANGEREPORT_H

#include "conveinsum/Plan/Range/Parametric.h"
#include "conveinsum/Report/TableOptions.h"
#include "llvm/Support/JSON.h"

namespace conveinsum {

struct RangeReport {
  std::optional<std::string> name;
  /// The equation as the user wrote it.
  std::string text;
  /// The mode whose size is open, without brackets.
  std::string mode;
  int64_t from = 0, to = 0;
  PlanGoal goal;
  ParametricPlan plan;
};

/// A row per piece.
void printTable(const RangeReport &report, llvm::raw_ostream &os,
                const TableOptions &options = {});
/// The object of `plan --parametric --json`.
llvm::json::Object toJSON(const RangeReport &report);

} // namespace conveinsum

#endif // CONVEINSUM_REPORT_RANGEREPORT_H
