//===- SeedCost.h - What a tree costs on a SeedGraph ------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// MACs or elements (SeedGraph::cost) in log2, so that trees of thousands of
// operands can be compared. Exact up to rounding for plain modes of sizes above
// 0.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_SEEDS_SEEDCOST_H
#define CONVEINSUM_LIB_PLAN_SEEDS_SEEDCOST_H

#include "SeedGraph.h"

namespace conveinsum {

/// log2 of what every step costs.
std::vector<double> stepBits(const SeedGraph &graph, const Pairs &pairs);

/// log2 of the sum of numbers that are given by their log2; 0 for none.
double logSum(llvm::ArrayRef<double> bits);

/// log2 of what a tree costs.
inline double treeBits(const SeedGraph &graph, const Pairs &pairs) {
  return logSum(stepBits(graph, pairs));
}

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_SEEDS_SEEDCOST_H
