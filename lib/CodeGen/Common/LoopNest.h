//===- LoopNest.h - A linalg op as strides --------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads linalg ops on buffers into the normal form of Target/LoopTable.h: the
// strides of every operand along every loop.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_CODEGEN_COMMON_LOOPNEST_H
#define CONVEINSUM_LIB_CODEGEN_COMMON_LOOPNEST_H

#include "conveinsum/Target/LoopTable.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace conveinsum {

/// An operand: its dense buffer and the first element, or a scalar.
struct Operand {
  mlir::Value value;
  /// Null for a scalar that is not in memory.
  mlir::Value root;
  int64_t offset = 0;
  mlir::Type elementType;
};

/// The normal form of a linalg op with one result.
struct LoopNest : LoopTable {
  mlir::linalg::LinalgOp op;
  /// Inputs in order, then the result.
  llvm::SmallVector<Operand, 4> operands;
  /// The body reads the previous value of the result.
  bool readsResult = false;
  /// The body reads loop numbers, so loops must stay as they are.
  bool readsIndices = false;

  /// Reads `op`; emits an error where it is outside the class. Without any
  /// iterations, operands are left out.
  static mlir::FailureOr<LoopNest> get(mlir::linalg::LinalgOp op);

  /// The op; its accessors are not const.
  mlir::linalg::LinalgOp getOp() const { return op; }
  unsigned resultIndex() const { return operands.size() - 1; }

  /// `LoopTable::simplify`, unless loops must stay as they are.
  void simplify() {
    if (!readsIndices)
      LoopTable::simplify();
  }
};

} // namespace conveinsum

#endif // CONVEINSUM_LIB_CODEGEN_COMMON_LOOPNEST_H
