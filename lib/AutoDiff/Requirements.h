//===- Requirements.h - Which functions have gradients ----------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_AUTODIFF_REQUIREMENTS_H
#define CONVEINSUM_AUTODIFF_REQUIREMENTS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace conveinsum {

/// Whether the function can be differentiated, as far as that can be told
/// before its ops are asked: one block of ops without effects on static
/// tensors, gradients of floating or complex arguments, and no symbol that has
/// the name of a function to be made, which is that of the function and a
/// suffix. Reports the first thing that is not so.
mlir::LogicalResult
checkDifferentiable(mlir::func::FuncOp function,
                    llvm::ArrayRef<llvm::StringRef> suffixes);

} // namespace conveinsum

#endif // CONVEINSUM_AUTODIFF_REQUIREMENTS_H
