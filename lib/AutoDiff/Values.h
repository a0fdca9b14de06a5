//===- Values.h - Small computations on values of any type ------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What rules build again and again, for scalars and static tensors alike. The
// ops of arith and math take both, those of complex take scalars only.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_AUTODIFF_VALUES_H
#define CONVEINSUM_AUTODIFF_VALUES_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"

namespace conveinsum {

/// Builds one entry of a result from those of the inputs.
using EntryFn = llvm::function_ref<mlir::Value(
    mlir::OpBuilder &, mlir::Location, mlir::ValueRange)>;

/// `entry` of every entry: a `linalg.generic` for tensors of one shape, just
/// that for scalars. `element` is the element type of the result.
mlir::Value mapEntries(mlir::OpBuilder &builder, mlir::Location loc,
                       mlir::ValueRange inputs, mlir::Type element,
                       EntryFn entry);

/// The same number everywhere.
mlir::Value constantOf(mlir::OpBuilder &builder, mlir::Location loc,
                       mlir::Type type, double number);

/// The sum of two values of one type.
mlir::Value sumOf(mlir::OpBuilder &builder, mlir::Location loc,
                  mlir::Value left, mlir::Value right);

/// The conjugate of complex values; others as they are.
mlir::Value conjugateOf(mlir::OpBuilder &builder, mlir::Location loc,
                        mlir::Value value);

/// The value with another element type of its kind, rounded if that is
/// narrower.
mlir::Value convertElements(mlir::OpBuilder &builder, mlir::Location loc,
                            mlir::Value value, mlir::Type element);

} // namespace conveinsum

#endif // CONVEINSUM_AUTODIFF_VALUES_H
