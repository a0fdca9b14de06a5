//===- MachineCode.h - Parts of the driver ----------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the files of the driver share: captured diagnostics, the last stages, and
// how an object gets into this process.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_DRIVER_MACHINECODE_H
#define CONVEINSUM_LIB_DRIVER_MACHINECODE_H

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

/// From linalg to loops on buffers in one workspace.
bool lowerToLoops(mlir::ModuleOp module, const DriverOptions &options);
/// From those to the LLVM dialect.
bool lowerToLLVM(mlir::ModuleOp module, const DriverOptions &options);

/// The name of the function through which `compile` calls `function`.
std::string entryName(llvm::StringRef function);

/// Loads an object that was made with entries.
std::unique_ptr<CompiledModule> loadObject(ObjectCode object, ErrorFn onError);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_DRIVER_MACHINECODE_H
