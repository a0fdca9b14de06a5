//===- Reads.h - What an op reads -------------------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_AUTODIFF_READS_H
#define CONVEINSUM_AUTODIFF_READS_H

#include "mlir/IR/Operation.h"
#include "mlir/Transforms/RegionUtils.h"

namespace conveinsum {

/// Calls `visit` with every value from outside of `op` that `op` reads, in its
/// regions too.
inline void forEachRead(mlir::Operation *op,
                        llvm::function_ref<void(mlir::Value)> visit) {
  for (mlir::Value operand : op->getOperands())
    visit(operand);
  llvm::SetVector<mlir::Value> captured;
  mlir::getUsedValuesDefinedAbove(op->getRegions(), captured);
  for (mlir::Value value : captured)
    visit(value);
}

} // namespace conveinsum

#endif // CONVEINSUM_AUTODIFF_READS_H
