//===- RegionTensors.h - Tensors that leave regions -------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A tensor that scf.if or scf.for yields gets its place before the op: a branch
// writes into a buffer that both share, a loop into what it carries. After
// bufferization each memref is then a buffer that is known when compiling, or a
// view of one, as in straight-line code:
//
//     %r = scf.if %c -> tensor<4xf32> { ... yield %x } else { ... yield %y }
//
// becomes, with `into` for a copy that only moves data if it has to,
//
//     %e = bufferization.alloc_tensor() : tensor<4xf32>
//     %r = scf.if %c -> tensor<4xf32> { ... yield %x into %e }
//          else { ... yield %y into %e }
//
// and `scf.for ... iter_args(%t = %0) { ... yield %x }` yields `%x into %t`.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_CODEGEN_COMMON_REGIONTENSORS_H
#define CONVEINSUM_LIB_CODEGEN_COMMON_REGIONTENSORS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace conveinsum {

/// Gives the tensors that leave regions in `func` their places. Fails with a
/// diagnostic on an op other than scf.if and scf.for that lets tensors out of a
/// region, and on tensors of dynamic shape.
mlir::LogicalResult placeRegionTensors(mlir::func::FuncOp func);

/// After bufferization: takes the buffers that regions were given out of their
/// results. Fails with a diagnostic on an op whose result can be one of several
/// buffers.
mlir::LogicalResult removeRegionBuffers(mlir::func::FuncOp func);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_CODEGEN_COMMON_REGIONTENSORS_H
