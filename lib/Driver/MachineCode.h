//===- MachineCode.h - Parts of the driver ----------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the files of the driver share: captured diagnostics, pass managers, and
// descriptions of functions.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_DRIVER_MACHINECODE_H
#define CONVEINSUM_LIB_DRIVER_MACHINECODE_H

#include "conveinsum/CodeGen/CPU/CpuOptions.h"
#include "conveinsum/Driver/Driver.h"
#include "mlir/IR/Diagnostics.h"

namespace conveinsum {

/// While it lives, the first error that MLIR reports goes to an error callback.
/// Remarks and warnings are dropped.
class CapturedDiagnostics {
public:
  CapturedDiagnostics(mlir::MLIRContext &context, ErrorFn onError);
  /// Reports the captured error, or `otherwise` if there was none.
  void report(llvm::StringRef otherwise);

private:
  ErrorFn onError;
  std::string captured;
  mlir::ScopedDiagnosticHandler handler;
};

/// What the code generator is told.
CpuOptions cpuOptions(const DriverOptions &options);

/// Runs passes on a pass manager that the caller of the driver has seen.
bool runPasses(mlir::ModuleOp module, const DriverOptions &options,
               llvm::function_ref<void(mlir::OpPassManager &)> build);

/// What the public functions of a module at stage lowered are, without the
/// sizes of their buffers.
std::vector<FunctionInfo> describeFunctions(mlir::ModuleOp module);
/// Adds these sizes when the functions are loops on buffers.
void addBufferSizes(mlir::ModuleOp module,
                    std::vector<FunctionInfo> &functions);

/// The name of the function through which `compile` calls `function`.
std::string entryName(llvm::StringRef function);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_DRIVER_MACHINECODE_H
