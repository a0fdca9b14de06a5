//===- StepCost.h - What a step costs, in any number type -------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Searches ask this millions of times, in 64 bits, in 128, or in doubles. The
// checker `stepCost` (Goal.h) says the same from the definition and shares
// nothing with it.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_COST_STEPCOST_H
#define CONVEINSUM_LIB_PLAN_COST_STEPCOST_H

#include "CostModel.h"

namespace conveinsum {

/// `stepCost` without detours; only `time` asks the target.
template <class T>
class StepCost {
public:
  explicit StepCost(const CostModel &model);

  struct Side {
    T elements;
    bool gradient, constant, isOperand;
  };

  T operator()(T macs, const Side &left, const Side &right, T result,
               bool isLast, StepKind kind = StepKind::Contraction,
               bool leftFused = false, bool rightFused = false,
               bool resultFused = false) const {
    if (left.constant && right.constant)
      return T(0);
    T products = T(1 + left.gradient + right.gradient);
    switch (objective) {
    case ObjectiveKind::Flops:
      return times(macs, products);
    case ObjectiveKind::Size:
    case ObjectiveKind::Peak: // no property of a step; small results help
      return result;
    case ObjectiveKind::Write:
      return written(left, right, result);
    case ObjectiveKind::Combo:
      return plus(times(macs, products),
                  times(weight, written(left, right, result)));
    case ObjectiveKind::Roof:
      return times(
          std::max(macs, times(weight, plus(plus(left.elements, right.elements),
                                            result))),
          products);
    case ObjectiveKind::Time:
      return predicted(macs, left, right, result, isLast, kind, leftFused,
                       rightFused, resultFused);
    }
    return T(0);
  }

  /// No step that reads a value costs less than this: `leastMacs` and
  /// `elements` are the value's.
  T leastReading(T leastMacs, const Side &value) const;

  bool isMaximum() const { return objective == ObjectiveKind::Size; }
  bool needsKind() const { return objective == ObjectiveKind::Time; }
  T combine(T a, T b) const {
    return isMaximum() ? std::max(a, b) : plus(a, b);
  }

private:
  T written(const Side &left, const Side &right, T result) const {
    T sum = result;
    if (left.gradient)
      sum = plus(sum, left.elements);
    if (right.gradient)
      sum = plus(sum, right.elements);
    return sum;
  }
  T predicted(T macs, const Side &left, const Side &right, T result,
              bool isLast, StepKind kind, bool leftFused, bool rightFused,
              bool resultFused) const;

  const PlanGoal &goal;
  ObjectiveKind objective;
  T weight;
};

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_COST_STEPCOST_H
