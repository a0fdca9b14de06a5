//===- Training.cpp - What to keep from forward to backward ---------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Checks of what is asked, the front of a given tree, and the choice of a point
// for a budget.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Training/Training.h"
#include "Checks.h"
#include "TrainingTree.h"

using namespace conveinsum;
using llvm::ArrayRef;

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

bool conveinsum::checkTraining(const Equation &equation, const PlanGoal &goal,
                               ErrorFn onError) {
  if (!verifyGoal(equation, goal, onError))
    return false;
  if (equation.hasStaticShapes())
    return true;
  return refuse(onError,
                "expected static extents to choose what to keep for the "
                "backward pass, got dynamic ones");
}

static bool checkTree(const Equation &equation, const ContractionTree &tree,
                      ErrorFn onError) {
  if (tree.numOperands() == equation.numOperands())
    return tree.verify(onError);
  return refuse(onError, "expected a tree over " +
                             std::to_string(equation.numOperands()) +
                             " operands, got one over " +
                             std::to_string(tree.numOperands()));
}

bool conveinsum::checkOptions(const TrainingOptions &options, ErrorFn onError) {
  if (options.maxPoints >= 2)
    return true;
  return refuse(onError, "expected at least 2 points per front, got " +
                             std::to_string(options.maxPoints));
}

//===----------------------------------------------------------------------===//
// One tree
//===----------------------------------------------------------------------===//

std::optional<TrainingFront>
conveinsum::treeFront(const Equation &equation, const ContractionTree &tree,
                      const PlanGoal &goal, const TrainingOptions &options,
                      ErrorFn onError) {
  if (!checkTraining(equation, goal, onError) ||
      !checkTree(equation, tree, onError) || !checkOptions(options, onError))
    return std::nullopt;
  TrainingTree trained(equation, tree, goal);
  TreeFronts fronts(trained, options.maxPoints);
  TrainingFront front;
  front.error = fronts.error();
  front.exact = front.error == 0;
  for (uint32_t point = 0; point < fronts.points().size(); ++point)
    front.points.push_back(trained.point(fronts.keptBy(point)));
  return front;
}

std::optional<TrainingPoint> conveinsum::evaluateTrainingPoint(
    const Equation &equation, const ContractionTree &tree,
    ArrayRef<unsigned> keptValues, const PlanGoal &goal, ErrorFn onError) {
  if (!checkTraining(equation, goal, onError) ||
      !checkTree(equation, tree, onError))
    return std::nullopt;
  TrainingTree trained(equation, tree, goal);
  ValueBits keep(trained.numValues());
  for (unsigned value : keptValues) {
    if (value >= keep.size() || !trained.isKeepable(value)) {
      refuse(onError, "expected kept values to be results of steps that are "
                      "neither the last one nor prepared, got value " +
                          std::to_string(value));
      return std::nullopt;
    }
    if (keep[value]) {
      refuse(onError, "expected every kept value once, got value " +
                          std::to_string(value) + " twice");
      return std::nullopt;
    }
    keep.set(value);
  }
  return trained.point(keep);
}

std::optional<TrainingPoint>
conveinsum::keepAllNeeded(const Equation &equation, const ContractionTree &tree,
                          const PlanGoal &goal, ErrorFn onError) {
  if (!checkTraining(equation, goal, onError) ||
      !checkTree(equation, tree, onError))
    return std::nullopt;
  TrainingTree trained(equation, tree, goal);
  ValueBits keep = trained.neededValues();
  for (unsigned value : keep.set_bits())
    if (!trained.isKeepable(value))
      keep.reset(value);
  return trained.point(keep);
}

//===----------------------------------------------------------------------===//
// Budgets
//===----------------------------------------------------------------------===//

static unsigned elementBytes(const PlanGoal &goal) {
  return byteSize(intermediateType(goal.dtype, goal.resultType));
}

Count conveinsum::keptBytes(const TrainingPoint &point, const PlanGoal &goal) {
  return point.kept * elementBytes(goal);
}

const TrainingPoint *conveinsum::pick(const TrainingFront &front,
                                      Count elements) {
  const TrainingPoint *best = nullptr;
  for (const TrainingPoint &point : front.points)
    if (point.kept <= elements && (!best || point.macs < best->macs))
      best = &point;
  return best;
}

const TrainingPoint *conveinsum::pickBytes(const TrainingFront &front,
                                           const PlanGoal &goal, Count bytes) {
  return pick(front, bytes / elementBytes(goal));
}
