//===- StepCost.cpp - What a step costs, in any number type ---------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is too large for a header: times, and lower bounds.
//
//===----------------------------------------------------------------------===//

#include "StepCost.h"

using namespace conveinsum;

template <class T>
StepCost<T>::StepCost(const CostModel &model)
    : goal(model.goal()), objective(goal.objective.kind),
      weight(T(goal.objective.weight)) {}

template <class T>
T StepCost<T>::predicted(T macs, const Side &left, const Side &right, T result,
                         bool isLast, StepKind kind, bool leftFused,
                         bool rightFused, bool resultFused) const {
  StepFigures step;
  step.kind = kind;
  step.macs = toCount(macs);
  step.left = toCount(left.elements);
  step.right = toCount(right.elements);
  step.result = toCount(result);
  step.leftGradient = left.gradient;
  step.rightGradient = right.gradient;
  step.leftIsOperand = left.isOperand;
  step.rightIsOperand = right.isOperand;
  step.isLast = isLast;
  step.leftFused = leftFused;
  step.rightFused = rightFused;
  step.resultFused = resultFused;
  return fromCount<T>(stepCost(goal, step));
}

template <class T>
T StepCost<T>::leastReading(T leastMacs, const Side &value) const {
  if (value.constant)
    return T(0);
  T products = T(1 + value.gradient);
  switch (objective) {
  case ObjectiveKind::Flops:
    return times(leastMacs, products);
  case ObjectiveKind::Size:
  case ObjectiveKind::Peak:
    return T(0);
  case ObjectiveKind::Write:
    return value.gradient ? value.elements : T(0);
  case ObjectiveKind::Combo:
    return plus(times(leastMacs, products),
                value.gradient ? times(weight, value.elements) : T(0));
  case ObjectiveKind::Roof:
    return times(std::max(leastMacs, times(weight, value.elements)), products);
  case ObjectiveKind::Time:
    return times(fromCount<T>(goal.target.callPicoseconds), products);
  }
  return T(0);
}

template class conveinsum::StepCost<Count>;
template class conveinsum::StepCost<uint64_t>;
template class conveinsum::StepCost<double>;
template class conveinsum::StepCost<WideReal>;
