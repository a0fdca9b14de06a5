//===- conveinsum-opt.cpp - Runs passes on .mlir files ------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The upstream dialects and passes, with ours beside them.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/InitAll.h"
#include "conveinsum/Runtime/StandardStreams.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

int main(int argc, char **argv) {
  conveinsum::guardStandardStreams();
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  mlir::registerAllPasses();
  conveinsum::registerAllDialects(registry);
  conveinsum::registerAllPasses();
  int code = mlir::asMainReturnCode(mlir::MlirOptMain(
      argc, argv, "Optimizer for convolutional tensor networks\n", registry));
  // Nobody reads a failure to write a message, so that is none.
  llvm::errs().clear_error();
  return code;
}
