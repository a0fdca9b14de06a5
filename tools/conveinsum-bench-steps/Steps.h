//===- Steps.h - The steps of the benchmark ---------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Single steps of the sizes that layers have, as linalg on tensors.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TOOLS_BENCH_STEPS_STEPS_H
#define CONVEINSUM_TOOLS_BENCH_STEPS_STEPS_H

#include <cstdint>
#include <string>
#include <vector>

namespace conveinsum::bench {

struct Step {
  std::string name;
  /// Function @step of two inputs.
  std::string text;
  std::vector<int64_t> inputElements;
  int64_t resultElements;
  /// Dense count: taps in the padding included.
  int64_t macs;
  /// Compare with copy bandwidth instead of the multiply-add peak.
  bool memoryBound = false;
};

std::vector<Step> makeSteps();

} // namespace conveinsum::bench

#endif // CONVEINSUM_TOOLS_BENCH_STEPS_STEPS_H
