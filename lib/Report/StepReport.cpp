//===- StepReport.cpp - Figures of the steps of a report ------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every step is looked at three times: under the goal, for its value, under
// `time` on the goal's target, whatever the plan minimises, and under `write`.
//
//===----------------------------------------------------------------------===//

#include "StepReport.h"
#include "conveinsum/Plan/Cost/LiveBytes.h"
#include "llvm/ADT/STLExtras.h"

using namespace conveinsum;

/// Elements of the results of all products of a step. `figures` are those under
/// `write`: under `time`, sides count as they are read.
static Count writtenBy(const StepFigures &figures, bool isRecomputed) {
  if (figures.isPrepared)
    return 0;
  Count written = figures.result * (1 + isRecomputed);
  if (figures.leftGradient)
    written += figures.left;
  if (figures.rightGradient)
    written += figures.right;
  return written;
}

/// `figures` are those under `time`.
static StepReport predictedStep(const PlanGoal &goal,
                                const StepFigures &figures, bool isRecomputed) {
  StepReport step;
  step.products = figures.products() + isRecomputed;
  Count moved = movedBytes(goal, figures);
  TargetModel::Prediction prediction =
      goal.target.predict(figures.kind, goal.dtype, figures.macs, moved);
  step.macs = figures.macs * step.products;
  step.moved = moved * step.products;
  step.picoseconds = prediction.picoseconds * step.products;
  step.bound = prediction.bound;
  return step;
}

std::vector<StepReport>
conveinsum::stepReports(const Equation &equation, const ContractionTree &tree,
                        const PlanGoal &goal,
                        llvm::ArrayRef<unsigned> recomputed) {
  PlanGoal time = timeGoal(goal);
  GoalCost predicted = evaluateGoal(equation, tree, time);
  GoalCost cost = evaluateGoal(equation, tree, goal);
  PlanGoal write = goal;
  write.objective = Objective(ObjectiveKind::Write);
  std::vector<StepFigures> plain = evaluateGoal(equation, tree, write).figures;
  std::vector<StepReport> steps;
  for (auto [index, figures] : llvm::enumerate(predicted.figures)) {
    bool isRecomputed = llvm::is_contained(recomputed, tree.resultOf(index));
    StepReport step = predictedStep(time, figures, isRecomputed);
    step.written = writtenBy(plain[index], isRecomputed);
    step.value = cost.steps.empty()
                     ? resultBytes(goal, figures.result, figures.isLast)
                     : cost.steps[index];
    steps.push_back(step);
  }
  return steps;
}

void StepTotals::add(const StepReport &step) {
  ++steps;
  macs += step.macs;
  written += step.written;
  moved += step.moved;
  picoseconds += step.picoseconds;
  Count &part = bounds[unsigned(step.bound)];
  part += step.picoseconds;
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
  return ratio(macs, moved);
}
