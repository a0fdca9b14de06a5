//===- StepReport.cpp - Figures of the steps of a report ------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every step is looked at twice: under the goal, for its value, and under `time`
// on the goal's target, whatever the plan minimises.
//
//===----------------------------------------------------------------------===//

#include "StepReport.h"
#include "conveinsum/Plan/Cost/LiveBytes.h"
#include "llvm/ADT/STLExtras.h"

using namespace conveinsum;

/// `figures` are those under `time`.
static StepReport predictedStep(const PlanGoal &goal,
                                const StepFigures &figures) {
  StepReport step;
  step.products = figures.products();
  Count moved = movedBytes(goal, figures);
  TargetModel::Prediction prediction =
      goal.target.predict(figures.kind, goal.dtype, figures.macs, moved);
  step.macs = saturatingMultiply(figures.macs, step.products);
  step.moved = saturatingMultiply(moved, step.products);
  step.picoseconds = saturatingMultiply(prediction.picoseconds, step.products);
  step.bound = prediction.bound;
  return step;
}

std::vector<StepReport>
conveinsum::stepReports(const Equation &equation, const ContractionTree &tree,
                        const PlanGoal &goal) {
  PlanGoal time = timeGoal(goal);
  GoalCost predicted = evaluateGoal(equation, tree, time);
  GoalCost cost = evaluateGoal(equation, tree, goal);
  std::vector<StepReport> steps;
  for (auto [index, figures] : llvm::enumerate(predicted.figures)) {
    StepReport step = predictedStep(time, figures);
    step.value = cost.steps.empty()
                     ? resultBytes(goal, figures.result, figures.isLast)
                     : cost.steps[index];
    steps.push_back(step);
  }
  return steps;
}

void StepTotals::add(const StepReport &step) {
  ++steps;
  macs = saturatingAdd(macs, step.macs);
  moved = saturatingAdd(moved, step.moved);
  picoseconds = saturatingAdd(picoseconds, step.picoseconds);
  Count &part = bounds[unsigned(step.bound)];
  part = saturatingAdd(part, step.picoseconds);
}

std::optional<TargetModel::Bound> StepTotals::mainBound() const {
  if (picoseconds == 0)
    return std::nullopt;
  const Count *largest = llvm::max_element(bounds);
  return TargetModel::Bound(largest - bounds.begin());
}

std::optional<double> conveinsum::intensity(Count macs, Count moved) {
  if (moved == 0)
    return std::nullopt;
  return double(macs) / double(moved);
}
