//===- Steps.h - The steps of the benchmark ---------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Single steps of the sizes that layers have, as equations of two operands.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TOOLS_BENCH_STEPS_STEPS_H
#define CONVEINSUM_TOOLS_BENCH_STEPS_STEPS_H

#include "conveinsum/Equation/Equation.h"
#include <string>
#include <vector>

namespace conveinsum::bench {

struct Step {
  std::string name;
  Equation equation;
  /// Compare with copy bandwidth instead of the multiply-add peak.
  bool memoryBound;
};

/// The steps; prints what is wrong with one that is not valid. Those that are
/// there for the sake of their gradients are left out without them.
std::vector<Step> makeSteps(bool gradients);

} // namespace conveinsum::bench

#endif // CONVEINSUM_TOOLS_BENCH_STEPS_STEPS_H
