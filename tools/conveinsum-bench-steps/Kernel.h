//===- Kernel.h - Compiles and times one function ---------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In-process compilation with its time, and medians of repeated calls.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TOOLS_BENCH_STEPS_KERNEL_H
#define CONVEINSUM_TOOLS_BENCH_STEPS_KERNEL_H

#include "conveinsum/CodeGen/CPU/CpuTarget.h"
#include "mlir/ExecutionEngine/ExecutionEngine.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Pass/PassManager.h"
#include <functional>
#include <memory>

namespace conveinsum::bench {

/// A compiled function, its workspace and what compiling took.
struct Kernel {
  std::unique_ptr<mlir::ExecutionEngine> engine;
  void *address = nullptr;
  int64_t workspaceBytes = 0;
  /// From text to code: parsing, passes, LLVM.
  double compileSeconds = 0;

  /// Compiles function `name` of `text` with the passes of `build`; null and a
  /// message on failure.
  static std::unique_ptr<Kernel>
  compile(mlir::MLIRContext &context, llvm::StringRef text,
          llvm::StringRef name, unsigned optLevel, const CpuTarget &target,
          llvm::function_ref<void(mlir::OpPassManager &)> build);
};

/// Median seconds of one call.
double medianSeconds(const std::function<void()> &call);

} // namespace conveinsum::bench

#endif // CONVEINSUM_TOOLS_BENCH_STEPS_KERNEL_H
