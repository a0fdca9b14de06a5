//===- PlanReport.cpp - What all reports have in common -------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Gathers what a report shows: the figures of every step under the goal, the
// prediction for its target, and other orders of the same network.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Report/PlanReport.h"
#include "Report/Text/Numbers.h"
#include "StepReport.h"
#include "conveinsum/Plan/Cost/LiveBytes.h"
#include <cmath>

using namespace conveinsum;

//===----------------------------------------------------------------------===//
// Other orders
//===----------------------------------------------------------------------===//

/// Plans once more, quietly.
static std::optional<PlannedTree> planAgain(const Equation &equation,
                                            PlannerKind planner, PlanGoal goal,
                                            const std::atomic<bool> *stop) {
  PlannerOptions options(planner, std::move(goal));
  options.budget = comparisonBudget(equation);
  options.stop = stop;
  return plan(equation, options, [](const Fault &) {});
}

static std::optional<OtherCost> usualOrder(const Equation &equation,
                                           PlannerKind planner,
                                           const PlanGoal &goal,
                                           const std::atomic<bool> *stop) {
  std::optional<PlannedTree> other = planAgain(equation, planner, goal, stop);
  if (!other)
    return std::nullopt;
  auto macs = [&](MacCount count) {
    PlanGoal plain;
    plain.objective.count = count;
    return evaluateGoal(equation, other->tree, plain).value;
  };
  return OtherCost{macs(MacCount::Exact), macs(MacCount::Dense), other->value};
}

//===----------------------------------------------------------------------===//
// The report
//===----------------------------------------------------------------------===//

/// Fills `leftToRight`, `rebuild` and `faster`.
static void addOthers(PlanReport &report, const std::atomic<bool> *stop) {
  const PlannedTree &plan = report.plan;
  report.leftToRight =
      usualOrder(report.equation, PlannerKind::Left, plan.goal, nullptr);
  // What a stopped search found is nothing to compare with.
  auto isStopped = [&] { return stop && stop->load(); };
  // Beyond, the comparison would take longer than the plan.
  constexpr unsigned mostRebuilt = 15;
  if (!isStopped() && report.equation.numOperands() <= mostRebuilt)
    report.rebuild =
        usualOrder(report.equation, PlannerKind::Rebuild, plan.goal, stop);
  if (isStopped())
    report.rebuild.reset();
  else
    report.faster = findFasterTree(report.equation, plan);
}

PlanReport conveinsum::makeReport(std::string text, const Equation &equation,
                                  const PlanGoal &goal, PlanAnswer answer,
                                  const std::atomic<bool> *stop) {
  PlanReport report;
  report.text = std::move(text);
  report.equation = equation;
  report.plan = answer.plannedTree(goal);
  report.memory = answer.memory;
  report.kept = std::move(answer.kept);
  report.slicing = std::move(answer.slicing);
  report.cached = answer.cached;
  const ContractionTree &tree = report.plan.tree;
  report.cost = evaluatePlan(equation, tree);
  report.steps = stepReports(
      equation, tree, goal,
      report.kept ? llvm::ArrayRef(report.kept->point.recomputedValues)
                  : llvm::ArrayRef<unsigned>());
  report.peakBytes = peakBytesAsGiven(equation, tree, goal);
  addOthers(report, stop);
  return report;
}

Count PlanReport::counted(const PlanCost &cost) const {
  return objective().count == MacCount::Exact ? cost.exactMacs : cost.denseMacs;
}

Count PlanReport::counted(const PlannedStep &step) const {
  return objective().count == MacCount::Exact ? step.exactMacs : step.denseMacs;
}

Count PlanReport::bytes(const PlannedStep &step) const {
  bool isLast = &step == &cost.steps.back();
  return resultBytes(plan.goal, step.elements, isLast);
}

Count PlanReport::largestBytes() const {
  Count largest = 0;
  for (const PlannedStep &step : cost.steps)
    largest = std::max(largest, bytes(step));
  return largest;
}

Count PlanReport::writtenBytes() const {
  Count written = 0;
  for (const PlannedStep &step : cost.steps)
    written += bytes(step);
  return written;
}

StepTotals PlanReport::totals() const {
  StepTotals totals;
  for (const StepReport &step : steps)
    totals.add(step);
  return totals;
}

std::vector<std::pair<StepKind, StepTotals>> PlanReport::totalsByKind() const {
  std::vector<std::pair<StepKind, StepTotals>> kinds;
  for (auto [step, figures] : llvm::zip_equal(cost.steps, steps)) {
    auto found = llvm::find_if(kinds, [&, kind = step.kind](auto &entry) {
      return entry.first == kind;
    });
    if (found == kinds.end())
      found = kinds.insert(kinds.end(), {step.kind, StepTotals()});
    found->second.add(figures);
  }
  return kinds;
}

std::vector<unsigned> PlanReport::prepared() const {
  std::vector<unsigned> indices;
  for (auto [index, step] : llvm::enumerate(steps))
    if (step.isPrepared())
      indices.push_back(index);
  return indices;
}

std::optional<Count> PlanReport::lowerBound() const {
  if (!plan.lowerBound && plan.proof == Proof::Optimal)
    return plan.value;
  return plan.lowerBound;
}

std::optional<double> PlanReport::gap() const {
  std::optional<Count> bound = lowerBound();
  if (!bound || (*bound == 0 && plan.value != 0))
    return std::nullopt;
  double gap = *bound == plan.value ? 1 : fraction(plan.value, *bound);
  return std::isinf(gap) ? std::nullopt : std::optional(gap);
}

std::optional<double> PlanReport::valueLog2() const {
  if (plan.value.bitWidth() <= 128)
    return std::nullopt;
  return plan.value.log2();
}

std::vector<std::string> PlanReport::warnings() const {
  std::vector<std::string> warnings = remarks;
  if (faster)
    warnings.push_back(
        "on the target '" + plan.goal.target.name + "' the tree " +
        faster->tree.treeText() + " is predicted to take " +
        humanPicoseconds(faster->picoseconds) + ", this one " +
        ratioText(faster->plannedPicoseconds, faster->picoseconds) +
        " as long; --minimize=time finds it");
  return warnings;
}
