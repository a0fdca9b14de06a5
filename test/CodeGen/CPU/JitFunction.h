//===- JitFunction.h - Runs IR through the CPU pipeline ---------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compiles a module of linalg on tensors, or of einsums, in process and calls a
// function of it by the convention of compiled functions: inputs, result,
// workspace.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TEST_CODEGEN_CPU_JITFUNCTION_H
#define CONVEINSUM_TEST_CODEGEN_CPU_JITFUNCTION_H

#include "conveinsum/Pipelines/Pipelines.h"
#include "mlir/ExecutionEngine/ExecutionEngine.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"
#include <memory>
#include <string>

namespace conveinsum::test {

/// A context with all dialects of the pipelines, shared by all tests.
mlir::MLIRContext &context();

/// Parses `source` and runs the passes that `build` adds; null on failure, with
/// the diagnostics in `errors`.
mlir::OwningOpRef<mlir::ModuleOp>
runPipeline(llvm::StringRef source,
            llvm::function_ref<void(mlir::OpPassManager &)> build,
            std::string &errors);

/// A JIT-compiled module.
class JitFunction {
public:
  /// Compiles function `name` of `source`; fails the current test if that does
  /// not work.
  static std::unique_ptr<JitFunction> compile(llvm::StringRef source,
                                              const CpuOptions &options,
                                              unsigned optLevel = 1,
                                              llvm::StringRef name = "f");

  /// Calls with up to three inputs.
  void operator()(llvm::ArrayRef<const void *> inputs, void *result);

  int64_t workspaceBytes() const { return bytes; }

private:
  std::unique_ptr<mlir::ExecutionEngine> engine;
  void *address = nullptr;
  int64_t bytes = 0;
};

} // namespace conveinsum::test

#endif // CONVEINSUM_TEST_CODEGEN_CPU_JITFUNCTION_H
