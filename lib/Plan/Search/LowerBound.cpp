//===- LowerBound.cpp - What every tree costs at the least ----------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LowerBound.h"

using namespace conveinsum;

namespace {
/// How many operands are constants, how many have gradients.
struct Roles {
  unsigned operands = 0, constants = 0, gradients = 0;

  explicit Roles(const CostModel &model) : operands(model.numOperands()) {
    for (unsigned operand = 0; operand < operands; ++operand) {
      constants += model.isConstant(operand);
      gradients += model.hasGradient(operand);
    }
  }
  /// Steps that are part of a call.
  unsigned steps() const {
    return operands - 1 - (constants == 0 ? 0 : constants - 1);
  }
  /// Sides of steps that have a gradient.
  unsigned gradientSides() const {
    return gradients == 0 ? 0 : 2 * gradients - 2 + (gradients < operands);
  }
};
} // namespace

/// Elements of what all operands hold: every value but the last has them.
static Count commonElements(const CostModel &model) {
  Count common = 1;
  for (unsigned index = 0; index < model.numPlainClasses(); ++index)
    if (model.holders(index).size() == model.numOperands())
      common *= model.classSize(index);
  return common;
}

Count conveinsum::lowerBound(const CostModel &model) {
  const Objective &objective = model.goal().objective;
  // A factor of 0 makes a step free.
  if (model.hasZeros())
    return 0;
  Roles roles(model);
  Count steps = roles.steps(), sides = roles.gradientSides();
  Count common = commonElements(model);
  Count result =
      roles.constants == roles.operands ? Count(0) : model.resultSize();
  // What steps compute: all of them results, the last one the result.
  auto written = [&] {
    Count before = steps == 0 ? Count(0) : steps - 1;
    return result + common * (before + sides);
  };
  Count macs = common * (steps + sides);
  switch (objective.kind) {
  case ObjectiveKind::Flops:
    return macs;
  case ObjectiveKind::Size:
    return result;
  case ObjectiveKind::Write:
    return model.hasConvModes() ? Count(0) : written();
  case ObjectiveKind::Combo:
    return model.hasConvModes() ? macs : macs + objective.weight * written();
  case ObjectiveKind::Roof:
  case ObjectiveKind::Time:
  case ObjectiveKind::Peak:
    break;
  }
  return 0;
}
