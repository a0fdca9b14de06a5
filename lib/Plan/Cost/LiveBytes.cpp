//===- LiveBytes.cpp - The bytes that a tree keeps alive ------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See the header.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Cost/LiveBytes.h"
#include "llvm/ADT/STLExtras.h"

using namespace conveinsum;

Count conveinsum::rawElements(const Equation &equation, unsigned operand) {
  Count count = 1;
  for (int64_t extent : equation.operandShape(operand))
    count *= Count(extent);
  return count;
}

Count conveinsum::operandBytes(const Equation &equation, const PlanGoal &goal) {
  Count bytes = 0;
  for (unsigned k = 0; k < equation.numOperands(); ++k)
    bytes += rawElements(equation, k) * byteSize(goal.dtype);
  return bytes;
}

LiveBytes conveinsum::liveBytesOf(const Equation &equation,
                                  const ContractionTree &tree,
                                  const PlanGoal &goal,
                                  llvm::ArrayRef<StepFigures> figures) {
  LiveBytes live;
  live.resident = operandBytes(equation, goal);
  // A prepared value is there all the time, unless only the preparation of
  // another one reads it.
  std::vector<bool> feedsPrepared(figures.size(), false);
  for (auto [index, lhs, rhs, result] : tree.numberedSteps())
    for (unsigned value : {lhs, rhs})
      if (figures[index].isPrepared && value >= tree.numOperands())
        feedsPrepared[value - tree.numOperands()] = true;
  for (auto [index, step] : llvm::enumerate(figures)) {
    Count bytes = resultBytes(goal, step.result, step.isLast);
    live.sizes.push_back(step.isPrepared ? 0 : bytes);
    if (step.isPrepared && !feedsPrepared[index])
      live.resident += bytes;
  }
  // Without a step there is still the result.
  if (live.sizes.empty())
    live.resident =
        live.resident +
        resultBytes(goal, equation.elements(equation.fullSet()), true);
  return live;
}

LiveBytes conveinsum::liveBytes(const Equation &equation,
                                const ContractionTree &tree,
                                const PlanGoal &goal) {
  PlanGoal figuresOnly = goal;
  figuresOnly.objective = Objective(ObjectiveKind::Write);
  return liveBytesOf(equation, tree, goal,
                     evaluateGoal(equation, tree, figuresOnly).figures);
}

Count conveinsum::peakBytes(const Equation &equation,
                            const ContractionTree &tree, const PlanGoal &goal) {
  LiveBytes live = liveBytes(equation, tree, goal);
  return live.resident + smallestPeak(tree, live.sizes).peak;
}

Count conveinsum::peakBytesAsGiven(const Equation &equation,
                                   const ContractionTree &tree,
                                   const PlanGoal &goal) {
  LiveBytes live = liveBytes(equation, tree, goal);
  return live.resident + peakAsGiven(tree, live.sizes);
}

Count conveinsum::depthFirstPeakBytes(const Equation &equation,
                                      const ContractionTree &tree,
                                      const PlanGoal &goal) {
  LiveBytes live = liveBytes(equation, tree, goal);
  return live.resident + depthFirstPeak(tree, live.sizes).peak;
}
