//===- RandomGoal.h - Random goals ------------------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Objectives that are sums or maxima over steps, with gradients and constants,
// for tests that hold one search against another.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TEST_PLAN_RANDOMGOAL_H
#define CONVEINSUM_TEST_PLAN_RANDOMGOAL_H

#include "Equation/RandomEquation.h"
#include "PlanTestSupport.h"

namespace conveinsum {

inline const llvm::StringRef kObjectives[] = {"flops",    "size",    "write",
                                              "combo-64", "roof-20", "time"};

/// A goal drawn at random: objective, count, gradients, constants.
inline PlanGoal randomGoal(SplitMix64 &random, unsigned operands) {
  PlanGoal goal(*Objective::parse(kObjectives[random.between(0, 5)]));
  goal.objective.count = random.oneIn(2) ? MacCount::Exact : MacCount::Dense;
  bool hasGradients = random.oneIn(2), hasConstants = random.oneIn(3);
  for (unsigned operand = 0; operand < operands; ++operand) {
    if (hasGradients && random.oneIn(2))
      goal.gradients.push_back(operand);
    else if (hasConstants && random.oneIn(2))
      goal.constants.push_back(operand);
  }
  goal.target = random.oneIn(2) ? TargetModel::cpu() : TargetModel::gpu();
  // Small networks are all overhead; without it, bytes and MACs decide.
  goal.target.callPicoseconds = 10;
  return goal;
}

inline std::string spell(const PlanGoal &goal) {
  std::string text = goal.objective.name();
  text += goal.objective.count == MacCount::Exact ? " exact" : " dense";
  for (unsigned operand : goal.gradients)
    text += " g" + std::to_string(operand);
  for (unsigned operand : goal.constants)
    text += " c" + std::to_string(operand);
  return text + (goal.target.fuses ? " fused" : "");
}

} // namespace conveinsum

#endif // CONVEINSUM_TEST_PLAN_RANDOMGOAL_H
