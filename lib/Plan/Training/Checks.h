//===- Checks.h - Checks of what is asked -----------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the front of one tree and the front over all trees check alike.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_TRAINING_CHECKS_H
#define CONVEINSUM_LIB_PLAN_TRAINING_CHECKS_H

#include "conveinsum/Plan/Training/Training.h"

namespace conveinsum {

/// That the goal fits the equation, and that its shapes are static.
bool checkTraining(const Equation &equation, const PlanGoal &goal,
                   ErrorFn onError);
bool checkOptions(const TrainingOptions &options, ErrorFn onError);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_TRAINING_CHECKS_H
