//===- HeuristicPlanners.cpp - What the plan is compared with -------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rebuild-then-convolve: the way decomposed layers are usually executed. Left
// to right needs no code beyond ContractionTree::leftToRight.
//
//===----------------------------------------------------------------------===//

#include "Planners.h"

using namespace conveinsum;

ContractionTree conveinsum::planRebuild(const Equation &equation,
                                        MacCount count) {
  unsigned last = 0;
  if (!equation.relations().empty())
    last = equation.relations().front().feature.value_or(0);
  llvm::SmallVector<unsigned, 16> others;
  for (unsigned operand = 0; operand < equation.numOperands(); ++operand)
    if (operand != last)
      others.push_back(operand);
  TreeBuilder builder(equation.numOperands());
  if (!others.empty()) {
    unsigned rebuilt = joinOptimally(equation, others, count, builder);
    builder.join(rebuilt, last);
  }
  return builder.finish();
}
