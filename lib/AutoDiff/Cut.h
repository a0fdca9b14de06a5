//===- Cut.h - What the backward pass reads of the forward one --*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A block holds copies of the ops of a forward pass and, behind them, ops that
// read some of their values.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_AUTODIFF_CUT_H
#define CONVEINSUM_AUTODIFF_CUT_H

#include "mlir/IR/Block.h"
#include "mlir/IR/Operation.h"
#include "llvm/ADT/DenseMap.h"

namespace conveinsum {

/// From a copy to the op that it is a copy of.
using CopiedOps = llvm::DenseMap<mlir::Operation *, mlir::Operation *>;

/// The tensors of copies that other ops of the block read, in the order of the
/// block. What depends on no argument, views and scalars are not among them:
/// they are computed again, from what they read.
llvm::SmallVector<mlir::Value> findKept(mlir::Block &body,
                                        const CopiedOps &copies);

/// Erases ops without effects that nobody reads, and calls, whose functions are
/// taken to have none: the forward pass has called them.
void eraseDead(mlir::Block &body);

} // namespace conveinsum

#endif // CONVEINSUM_AUTODIFF_CUT_H
