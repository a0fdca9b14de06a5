//===- Report.h - Plans for people and programs -----------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A plan as a table (for readers of opt_einsum's), as the JSON of docs/Cli.md,
// as a DOT graph and as an SVG drawing of the tree.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_PLAN_REPORT_H
#define CONVEINSUM_PLAN_REPORT_H

#include "conveinsum/Equation/ElementType.h"
#include "conveinsum/Plan/PlanCost.h"
#include "conveinsum/Plan/Planner.h"
#include "llvm/Support/JSON.h"

namespace conveinsum {

/// Everything a report shows.
struct PlanReport {
  std::optional<std::string> name;
  /// The equation as the user wrote it.
  std::string text;
  Equation equation;
  Plan plan;
  PlanCost cost;
  ElementType dtype = ElementType::F32;
  /// For comparison; absent when they could not be planned.
  std::optional<PlanCost> leftToRight, rebuild;

  /// The count that the plan minimises, of a whole plan or of one step.
  Count minimized(const PlanCost &cost) const;
  Count minimized(const PlannedStep &step) const;
  /// Bytes of the result of a step. Intermediates have the type of section 6.
  Count bytes(const PlannedStep &step) const;
  /// Bytes of the largest result, and of all results.
  Count largestBytes() const;
  Count writtenBytes() const;
};

/// Fills cost and comparisons.
PlanReport makeReport(std::string text, const Equation &equation, Plan plan,
                      ElementType dtype);

/// Totals in the manner of opt_einsum's `contract_path`, then a row per step.
/// Colour is used only if asked for.
void printTable(const PlanReport &report, llvm::raw_ostream &os, bool color);
/// The object of `plan --json`; counts above 2^53 are strings of digits.
llvm::json::Object toJSON(const PlanReport &report);
/// A graph for Graphviz; operands on top, the result at the bottom.
void printDOT(const PlanReport &report, llvm::raw_ostream &os);
/// A standalone drawing of the same graph.
void printSVG(const PlanReport &report, llvm::raw_ostream &os);

/// A count as a JSON integer, or a string of digits above 2^53.
llvm::json::Value toJSON(Count count);

} // namespace conveinsum

#endif // CONVEINSUM_PLAN_REPORT_H
