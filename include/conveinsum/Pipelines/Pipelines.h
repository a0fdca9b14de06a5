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

#include "conveinsum/CodeGen/CPU/CpuOptions.h"
#include "conveinsum/Dialect/ConvEinsum/Transforms/Passes.h"
#include "mlir/Pass/PassManager.h"

namespace conveinsum {

/// How networks become linalg.
struct ToLinalgOptions {
  /// How einsums without a plan get one.
  PlanPassOptions plan;
  /// Make equal steps one function, which is then lowered and compiled once.
  bool outline = true;
  /// Cut functions with constant arguments in two.
  bool prepare = true;
  /// Make functions with arguments that need a gradient two, forward and
  /// backward.
  bool differentiate = true;
  /// What such a pair may keep: 64MiB, 50%, min or max, as
  /// conveinsum-checkpoint takes it. The default carries out what plans say;
  /// with another one, conveinsum-plan-training chooses the trees.
  std::string checkpoint = "max";
  /// Record on functions the multiply-adds of their steps.
  bool countMacs = false;
  /// The CPU for which orders of dimensions are chosen, as LLVM names it; none
  /// if empty.
  std::string layoutCpu;
  /// Make borders of steps that move little more than their padding ops of
  /// their own, instead of padding copies. Upstream's tiling wants copies.
  bool peelBorders = false;
};

/// From networks to linalg on tensors, wherever they stand below the op that
/// `pm` runs on, by way of the stages planned and steps; the contract of each
/// stage is checked when it is reached. Ends with stage `last`, which is one of
/// planned, steps and lowered.
void buildToLinalgPipeline(mlir::OpPassManager &pm,
                           const ToLinalgOptions &options = {},
                           Stage last = Stage::Lowered);

/// From linalg on static tensors to register-tiled loops on buffers, in the
/// functions of a module and of modules in it; they have out-parameters and a
/// workspace then. On other ops than modules this pipeline and those below fail
/// with a diagnostic that names the op.
void buildLinalgToLoopsPipeline(mlir::OpPassManager &pm,
                                const CpuOptions &options);

/// From the loops of buildLinalgToLoopsPipeline() to the LLVM dialect, with
/// bare pointers at function boundaries. Fails if anything else is left.
void buildLoopsToLLVMPipeline(mlir::OpPassManager &pm,
                              const CpuOptions &options);

/// Both of the above.
void buildLinalgToLLVMPipeline(mlir::OpPassManager &pm,
                               const CpuOptions &options);

/// Registers the pipelines by name: `conveinsum-to-linalg`,
/// `linalg-to-cpu-loops`, `cpu-loops-to-llvm` and `linalg-to-llvm-cpu`.
void registerPipelines();

/// Registers every dialect and interface that the pipelines need, and how the
/// dialects in which they end become LLVM IR.
void registerPipelineDialects(mlir::DialectRegistry &registry);

} // namespace conveinsum

#endif // CONVEINSUM_PIPELINES_PIPELINES_H
