//===- TileBody.h - The body of an op in a register tile -------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What one accumulator of a tile goes through in each step of the reductions,
// and at their end when they ran in lanes.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_CODEGEN_CPU_TILEBODY_H
#define CONVEINSUM_LIB_CODEGEN_CPU_TILEBODY_H

#include "TileMemory.h"

namespace conveinsum {

/// Copies the op's body for `arguments`, inputs and then the result so far
/// (null if unused); with lanes, every scalar type becomes a vector.
/// `loopNumbers` are the current iterations of the op's loops, for bodies that
/// read them.
mlir::Value emitBody(mlir::OpBuilder &builder, const LoopNest &nest,
                     TileMemory &memory, int64_t lanes,
                     llvm::ArrayRef<mlir::Value> arguments,
                     llvm::ArrayRef<mlir::Value> loopNumbers);

/// A zero of `type`: a number, complex or not, or a vector.
mlir::Value makeZero(mlir::OpBuilder &builder, mlir::Location loc,
                     mlir::Type type);

/// `a` and `b`, values of accumulators, combined as the body combines.
mlir::Value combine(mlir::OpBuilder &builder, const LoopNest &nest,
                    mlir::Value a, mlir::Value b);

/// The sum of `lanes`, combined with `start` as the body combines.
mlir::Value sumLanes(mlir::OpBuilder &builder, const LoopNest &nest,
                     mlir::Value lanes, mlir::Value start);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_CODEGEN_CPU_TILEBODY_H
