//===- CpuOptions.h - What the code generator can be told -------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one struct of knobs from linalg to code for a CPU. Pass options and
// options on command lines are forms of it.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_CODEGEN_CPU_CPUOPTIONS_H
#define CONVEINSUM_CODEGEN_CPU_CPUOPTIONS_H

#include "conveinsum/Target/Machine.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/Twine.h"

namespace conveinsum {

/// How linalg becomes code for a CPU.
struct CpuOptions {
  /// What the register tiles need to know of the CPU. Without vector bits all
  /// code is scalar.
  unsigned vectorBits = 256;
  unsigned vectorRegisters = 16;
  /// Bytes of the data caches, the smallest first.
  llvm::SmallVector<uint64_t, 4> caches = Machine().caches;
  /// Iterations below which an op stays scalar loops; 0 tiles everything.
  int64_t minVectorWork = 2048;
  /// Put outer loops on OpenMP threads. The program that runs the code must
  /// then provide libomp.
  bool threads = false;
  /// Iterations from which an op is worth the start of threads; 0 for never.
  int64_t parallelWork = 1 << 20;
  /// Fuse products and sums to multiply-adds where ops allow it by
  /// `fastmath<contract>`.
  bool contract = true;

  CpuOptions() = default;
  /// The options for `target`.
  explicit CpuOptions(const Machine &target)
      : vectorBits(target.vectorBits), vectorRegisters(target.vectorRegisters),
        caches(target.caches) {}

  /// Whether the code generator can do what is asked for; says what is wrong.
  bool verify(llvm::function_ref<void(const llvm::Twine &)> onError) const;
};

} // namespace conveinsum

#endif // CONVEINSUM_CODEGEN_CPU_CPUOPTIONS_H
