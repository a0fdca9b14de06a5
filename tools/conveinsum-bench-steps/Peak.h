//===- Peak.h - The bounds of this machine ----------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a step can reach at most on one thread: the rate of multiply-adds that
// stay in registers, and the rate of copies.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TOOLS_BENCH_STEPS_PEAK_H
#define CONVEINSUM_TOOLS_BENCH_STEPS_PEAK_H

#include "conveinsum/Target/Machine.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <memory>

namespace mlir {
class ExecutionEngine;
class MLIRContext;
} // namespace mlir

namespace conveinsum::bench {

/// Seconds since some point in the past.
double now();

/// Median seconds of one call.
double medianSeconds(llvm::function_ref<void()> call);

/// Floats, small integers, at the alignment of compiled functions; to be freed
/// by std::free.
float *allocate(int64_t elements);

/// Measures peaks; to be asked close to what they are compared with, because
/// clocks drift.
class Peak {
public:
  Peak(mlir::MLIRContext &context, const Machine &target);
  ~Peak();

  /// False if the loop could not be compiled; a message has been printed.
  bool isValid() const { return function != nullptr; }
  /// Multiply-adds in registers a second, times two.
  double flops();
  /// Bytes read and written a second when `bytes` are copied.
  static double copy(int64_t bytes);

private:
  int64_t lanes, accumulators;
  std::unique_ptr<mlir::ExecutionEngine> engine;
  void (*function)(float *) = nullptr;
};

} // namespace conveinsum::bench

#endif // CONVEINSUM_TOOLS_BENCH_STEPS_PEAK_H
