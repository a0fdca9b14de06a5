//===- KeptValues.h - What one function hands to the other ------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The arguments and results of a pair by their roles.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_CHECKPOINT_KEPTVALUES_H
#define CONVEINSUM_LIB_CHECKPOINT_KEPTVALUES_H

#include "conveinsum/Checkpoint/Checkpoint.h"
#include "conveinsum/Dialect/ConvEinsum/IR/AttributeNames.h"

namespace conveinsum {

bool isKeptResult(mlir::func::FuncOp function, unsigned number);
bool isKeptArgument(mlir::func::FuncOp function, unsigned number);

/// Positions, ascending.
llvm::SmallVector<unsigned> keptResults(mlir::func::FuncOp function);
llvm::SmallVector<unsigned> keptArguments(mlir::func::FuncOp function);

/// A new last argument for a kept value.
mlir::Value addKeptArgument(mlir::func::FuncOp function, mlir::Value value);
/// Returns more kept values, behind all that is returned.
void addKeptResults(mlir::func::FuncOp function, mlir::ValueRange values);

/// The arguments that are gradients of results.
llvm::SmallVector<mlir::Value> cotangents(mlir::func::FuncOp function);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_CHECKPOINT_KEPTVALUES_H
