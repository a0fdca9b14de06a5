//===- ValueCosts.h - What values of a function cost ------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Bytes of a value, work of an op, and which ops only look at their operand.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_CHECKPOINT_VALUECOSTS_H
#define CONVEINSUM_LIB_CHECKPOINT_VALUECOSTS_H

#include "conveinsum/Equation/Count.h"
#include "mlir/IR/Operation.h"
#include "mlir/Support/LLVM.h"

namespace conveinsum {

/// The bytes of a tensor; 0 for other types.
Count tensorBytes(mlir::Type type);
/// The bytes of a buffer of its own, which begins and ends at a multiple of the
/// alignment of buffers.
Count bufferBytes(mlir::Type type);

/// Whether the result shows the operand's entries where they are.
bool isView(mlir::Operation *op);

/// Multiply-adds of the steps in `op`; of linalg ops that sum, their
/// iterations. Fails with a diagnostic on an einsum that is no step yet or has
/// dynamic extents.
mlir::FailureOr<Count> macsOf(mlir::Operation *op);

/// Elements of the results of `op`, where it writes them.
Count elementsWritten(mlir::Operation *op);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_CHECKPOINT_VALUECOSTS_H
