//===- Pipelines.h - The stages of the compiler in order --------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Pass pipelines that lead from one stage of the compiler to the next, for
// programs that embed it and, by name, for command lines.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_PIPELINES_PIPELINES_H
#define CONVEINSUM_PIPELINES_PIPELINES_H

#include "conveinsum/Target/CpuTarget.h"
#include "mlir/Pass/PassManager.h"

namespace conveinsum {

/// How linalg becomes LLVM code for a CPU.
struct CpuPipelineOptions {
  /// What the register tiles need to know of the CPU.
  unsigned vectorBits = 256;
  unsigned vectorRegisters = 16;
  /// Iterations below which an op stays scalar loops; 0 tiles everything.
  int64_t minVectorWork = 2048;
  /// Put outer loops on OpenMP threads. The program that runs the code must
  /// then provide libomp.
  bool threads = false;
  /// Iterations from which an op is worth the start of threads.
  int64_t parallelWork = 1 << 20;

  CpuPipelineOptions() = default;
  /// The options for `target`.
  explicit CpuPipelineOptions(const CpuTarget &target)
      : vectorBits(target.vectorBits), vectorRegisters(target.vectorRegisters) {
  }
};

/// From stage imported to planned, to steps, and to lowered; each checks the
/// contract of the stage that it reaches. Between the last two, equal steps can
/// still be told to be equal.
void buildPlanPipeline(mlir::OpPassManager &pm);
void buildDecomposePipeline(mlir::OpPassManager &pm);
void buildLowerStepsPipeline(mlir::OpPassManager &pm);

/// From networks to linalg on tensors: the three above.
void buildToLinalgPipeline(mlir::OpPassManager &pm);

/// From linalg on static tensors to register-tiled loops on buffers; functions
/// have out-parameters and a workspace.
void buildLinalgToLoopsPipeline(mlir::OpPassManager &pm,
                                const CpuPipelineOptions &options);

/// From the loops of buildLinalgToLoopsPipeline() to the LLVM dialect, with
/// bare pointers at function boundaries.
void buildLoopsToLLVMPipeline(mlir::OpPassManager &pm,
                              const CpuPipelineOptions &options);

/// Both of the above.
void buildLinalgToLLVMPipeline(mlir::OpPassManager &pm,
                               const CpuPipelineOptions &options);

/// Registers the pipelines by name: `conveinsum-to-linalg`,
/// `linalg-to-cpu-loops`, `cpu-loops-to-llvm` and `linalg-to-llvm-cpu`.
void registerPipelines();

/// Registers every dialect and interface that the pipelines need, and how the
/// dialects in which they end become LLVM IR.
void registerPipelineDialects(mlir::DialectRegistry &registry);

} // namespace conveinsum

#endif // CONVEINSUM_PIPELINES_PIPELINES_H
