//===- StepOutlining.h - One function for each distinct step ----*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compile time is spent per einsum, so equal einsums share one function.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_DRIVER_STEPOUTLINING_H
#define CONVEINSUM_LIB_DRIVER_STEPOUTLINING_H

#include "mlir/IR/BuiltinOps.h"

namespace conveinsum {

/// Moves every einsum of a module at stage steps into a private function and
/// calls it; einsums that differ in labels only share one. A function that is
/// one einsum with nothing equal elsewhere keeps it.
mlir::LogicalResult outlineSteps(mlir::ModuleOp module);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_DRIVER_STEPOUTLINING_H
