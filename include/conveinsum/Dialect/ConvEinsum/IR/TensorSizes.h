//===- TensorSizes.h - The biggest tensor of the compiler -------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Types may have any extents, and planning counts them without bounds. Whatever
// computes with bytes, strides or addresses asks here first: beyond
// kMaxTensorBytes (Runtime/Tensor.h) a tensor is refused, so that sums and
// products of a few such numbers stay inside 64 bits.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_DIALECT_CONVEINSUM_IR_TENSORSIZES_H
#define CONVEINSUM_DIALECT_CONVEINSUM_IR_TENSORSIZES_H

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Operation.h"

namespace conveinsum {

/// Bytes of a tensor or a dense buffer, where dynamic extents count as 1;
/// nothing if it is refused.
std::optional<uint64_t> byteCount(mlir::ShapedType type);

/// Why tensors of `type` are refused; empty if they are not.
std::string refusalOf(mlir::Type type);

/// Checks the types of all values of `op`, without looking below it.
mlir::LogicalResult verifyTensorSizesOf(mlir::Operation *op);

/// Checks the types of all values of `root` and below it, and reports the first
/// one that is refused.
mlir::LogicalResult verifyTensorSizes(mlir::Operation *root);

} // namespace conveinsum

#endif // CONVEINSUM_DIALECT_CONVEINSUM_IR_TENSORSIZES_H
