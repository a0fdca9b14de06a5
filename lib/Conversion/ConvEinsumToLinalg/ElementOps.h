//===- ElementOps.h - Scalar arithmetic of every element type ---*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the bodies of linalg ops compute with: which type products are summed
// in, and the operations on it (docs/Semantics.md, section 6). Everything else
// in this room is independent of element types.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_CONVERSION_CONVEINSUMTOLINALG_ELEMENTOPS_H
#define CONVEINSUM_LIB_CONVERSION_CONVEINSUMTOLINALG_ELEMENTOPS_H

#include "mlir/IR/Builders.h"

namespace conveinsum::lowering {

/// Whether `type` is one of the element types of section 6.
bool isSupportedElementType(mlir::Type type);

/// Whether `a` and `b` are both real, both complex or both integers.
bool haveSameKind(mlir::Type a, mlir::Type b);

/// The type in which products of `operands` are summed for a result of element
/// type `result`: the widest of all, and at least i32, f32 or complex<f32>.
mlir::Type accumulatorType(llvm::ArrayRef<mlir::Type> operands,
                           mlir::Type result);

/// `value` in the type `to` of the same kind. Integers are sign-extended and
/// truncated, so that they wrap.
mlir::Value convertElement(mlir::OpBuilder &builder, mlir::Location loc,
                           mlir::Value value, mlir::Type to);

/// Product and sum. Both allow contraction to a fused multiply-add.
mlir::Value multiply(mlir::OpBuilder &builder, mlir::Location loc,
                     mlir::Value lhs, mlir::Value rhs);
mlir::Value add(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value lhs,
                mlir::Value rhs);

/// The number `value`, wrapped to the width of an integer type.
mlir::Value constantElement(mlir::OpBuilder &builder, mlir::Location loc,
                            mlir::Type type, int64_t value);

} // namespace conveinsum::lowering

#endif // CONVEINSUM_LIB_CONVERSION_CONVEINSUMTOLINALG_ELEMENTOPS_H
