//===- Generators.h - Fresh networks ----------------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Random networks that depend on nothing but their parameters and a seed, on
// every machine.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TOOLS_BENCH_PLANNER_GENERATORS_H
#define CONVEINSUM_TOOLS_BENCH_PLANNER_GENERATORS_H

#include "llvm/Support/JSON.h"

namespace conveinsum::bench {

/// Which networks to make.
struct GeneratorOptions {
  uint64_t seed = 1;
  /// Networks of every size and regularity.
  unsigned repetitions = 5;
  /// Leaves out what takes long.
  bool quick = false;
};

/// The sets `random` (N = 5 to 30, regularity 2 to 4), `connected` (N = 20, 25,
/// 30, regularity 3 and 4) and `large` (100 to 2000 operands), as lines.
std::vector<llvm::json::Object> makeNetworks(const GeneratorOptions &options);

} // namespace conveinsum::bench

#endif // CONVEINSUM_TOOLS_BENCH_PLANNER_GENERATORS_H
