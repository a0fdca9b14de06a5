//===- PlanReport.h - Plans for people and programs -------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A plan as a table (for readers of opt_einsum's), as the JSON of docs/Cli.md,
// as a DOT graph and as an SVG drawing of the tree. A report also says what the
// plan is predicted to take on the goal's target, what usual orders would cost,
// and, on request, where another tree of the same network differs.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_REPORT_PLANREPORT_H
#define CONVEINSUM_REPORT_PLANREPORT_H

#include "conveinsum/Plan/Request/PlanRequest.h"
#include "conveinsum/Plan/Search/FasterTree.h"
#include "conveinsum/Report/TableOptions.h"
#include "llvm/Support/JSON.h"

namespace conveinsum {

//===----------------------------------------------------------------------===//
// Figures of steps
//===----------------------------------------------------------------------===//

/// What one step costs under a goal and is predicted to take, the products of
/// its gradients included, and once more where training recomputes its result.
/// Everything but `value`, which knows no recomputation, is 0 in a step that is
/// done in `prepare`.
struct StepReport {
  /// In the objective; for `peak`, which is no property of a step, the bytes of
  /// the result.
  Count value = 0;
  /// 1, one per side with a gradient, and 1 if the result is recomputed.
  unsigned products = 0;
  Count macs = 0;        ///< in the objective's count
  Count written = 0;     ///< elements of the results of all products
  Count moved = 0;       ///< bytes read and written
  Count picoseconds = 0; ///< predicted on the goal's target
  TargetModel::Bound bound = TargetModel::Bound::Call;

  bool isPrepared() const { return products == 0; }
};

/// Sums over some steps of a plan.
struct StepTotals {
  unsigned steps = 0;
  Count macs = 0, written = 0, moved = 0, picoseconds = 0;
  /// Picoseconds by TargetModel::Bound.
  std::array<Count, 3> bounds{};

  void add(const StepReport &step);
  /// What bounds the largest part of the time; nothing without any.
  std::optional<TargetModel::Bound> mainBound() const;
};

/// MACs per byte moved; nothing if no bytes are moved.
std::optional<double> intensity(Count macs, Count moved);

//===----------------------------------------------------------------------===//
// Other trees
//===----------------------------------------------------------------------===//

/// What another order of the same network costs.
struct OtherCost {
  Count exactMacs = 0, denseMacs = 0;
  Count value = 0; ///< under the goal of the plan
};

/// A step that only one of two trees takes, or that leads to the same set of
/// operands from different parts.
struct StepDifference {
  OperandSet operands;
  /// The steps of the plan and of the other tree that make `operands`.
  std::optional<unsigned> here, there;
};

/// A plan beside another tree. Steps are the same if they join the same sets.
struct TreeComparison {
  PlannedTree other;
  PlanCost cost; ///< of the other tree
  std::vector<StepReport> steps;
  /// Those of the plan in its order, then those of the other tree alone.
  std::vector<StepDifference> differences;
  /// The step that costs most among those in which the dearer tree differs:
  /// index into `differences`. Nothing if the trees cost the same.
  std::optional<unsigned> costliest;
};

//===----------------------------------------------------------------------===//
// The report
//===----------------------------------------------------------------------===//

/// Everything a report shows.
struct PlanReport {
  std::optional<std::string> name;
  /// The equation as the user wrote it.
  std::string text;
  Equation equation;
  /// The steps in the order in which they run.
  PlannedTree plan;
  PlanCost cost;
  std::vector<StepReport> steps;
  /// Bytes alive at once in that order, operands and result included.
  Count peakBytes = 0;
  /// Usual orders; absent when they could not be planned.
  std::optional<OtherCost> leftToRight, rebuild;
  std::optional<FasterTree> faster;
  std::optional<TreeComparison> comparison;
  /// What limits asked of the plan, if there were any.
  std::optional<MemoryReport> memory;
  std::optional<KeptReport> kept;
  std::optional<SlicedPlan> slicing;
  /// Whether the plan comes from a cache, if one was asked.
  std::optional<bool> cached;
  /// What is to be said of the request; they are the first of the warnings.
  std::vector<std::string> remarks;

  const Objective &objective() const { return plan.goal.objective; }
  /// The count that the objective counts, of a whole plan or of one step.
  Count counted(const PlanCost &cost) const;
  Count counted(const PlannedStep &step) const;
  /// Bytes of the result of a step. Intermediates have the type of section 6.
  Count bytes(const PlannedStep &step) const;
  /// Bytes of the largest result, and of all results.
  Count largestBytes() const;
  Count writtenBytes() const;
  StepTotals totals() const;
  /// One per kind that occurs, in the order in which they do.
  std::vector<std::pair<StepKind, StepTotals>> totalsByKind() const;
  /// Steps that are done in `prepare`.
  std::vector<unsigned> prepared() const;
  /// No tree is better than this, if that is known: the proven bound, or the
  /// value itself of an optimum.
  std::optional<Count> lowerBound() const;
  /// The plan's value is at most this many times that of any tree.
  std::optional<double> gap() const;
  /// The binary logarithm of a value that does not fit 128 bits, if known.
  std::optional<double> valueLog2() const;
  /// What a person should know about the plan, as sentences without a period.
  std::vector<std::string> warnings() const;
};

/// Fills costs, predictions and usual orders of the answer to a request for
/// `goal`. Once `stop` is true, what needs a search of its own is left out.
PlanReport makeReport(std::string text, const Equation &equation,
                      const PlanGoal &goal, PlanAnswer answer,
                      const std::atomic<bool> *stop = nullptr);

/// Compares the report's plan with another of the same equation and goal.
TreeComparison compareTrees(const PlanReport &report, PlannedTree other);

/// Totals in the manner of opt_einsum's `contract_path`, a row per step, sums
/// by kind of step, and the comparison if there is one. Colour is used only if
/// asked for.
void printTable(const PlanReport &report, llvm::raw_ostream &os,
                const TableOptions &options = {});
/// The object of `plan --json`; counts above 2^53 are strings of digits.
llvm::json::Object toJSON(const PlanReport &report);
/// A graph for Graphviz; operands on top, the result at the bottom.
void printDOT(const PlanReport &report, llvm::raw_ostream &os);
/// A standalone drawing of the same graph.
void printSVG(const PlanReport &report, llvm::raw_ostream &os);

//===----------------------------------------------------------------------===//
// Figures
//===----------------------------------------------------------------------===//

/// As `exactJSON`, and null beyond 2^4096: for figures that there are thousands
/// of.
llvm::json::Value toJSON(const Count &count);
/// Four significant figures and a prefix: `1.428 G`, `324`, `2.1e+30`.
std::string humanCount(Count count);
/// A value in the unit of its objective, short: `174.7 M`, `5.13 ms`,
/// `24.50 MiB`.
std::string humanValue(const Objective &objective, Count value);

} // namespace conveinsum

#endif // CONVEINSUM_REPORT_PLANREPORT_H
