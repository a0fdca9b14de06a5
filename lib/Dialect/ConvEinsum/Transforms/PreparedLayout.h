//===- PreparedLayout.h - How prepared kernels lie in memory ----*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is prepared may lie in memory as suits its reader, at no cost per call.
// Private to this library.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_DIALECT_CONVEINSUM_TRANSFORMS_PREPAREDLAYOUT_H
#define CONVEINSUM_LIB_DIALECT_CONVEINSUM_TRANSFORMS_PREPAREDLAYOUT_H

#include "mlir/IR/Value.h"

namespace conveinsum {

/// Changes the order of dimensions of the result of an einsum, if that helps
/// the einsum that alone reads it: a kernel of a convolution over short rows,
/// shorter than a vector, has the modes that only it brings to the result
/// innermost, so that these can be the lanes. Values that are anything else
/// stay.
void layOutPrepared(mlir::Value value);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_DIALECT_CONVEINSUM_TRANSFORMS_PREPAREDLAYOUT_H
