//===- Differentiate.h - Forward and backward functions ---------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From a function to those of its training. Worked example, y = exp(x w) with a
// gradient of w:
//
//   f(x, w)               0: h = x w    1: y = exp(h)
//   f_forward(x, w)       y, and y once more: the backward pass reads it
//   f_backward(x, w, g, y)
//                         1: gh = g y   0: gw = x^T gh
//
// What a backward function reads of the forward pass is known once it is built:
// it begins as a copy of the whole function, the rules name what they read, and
// what nobody reads goes.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_AUTODIFF_DIFFERENTIATE_H
#define CONVEINSUM_AUTODIFF_DIFFERENTIATE_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace conveinsum {

/// A function became two; `kept` values go from the first to the second.
struct DifferentiatedFunction {
  mlir::func::FuncOp forward, backward;
  unsigned kept = 0;
};

/// Differentiates a function by its arguments with `conveinsum.gradient`, as
/// the pass `conveinsum-differentiate` says. `function` becomes the forward
/// one. Reports what cannot be differentiated; the function may then have been
/// decomposed, but means what it meant.
mlir::FailureOr<DifferentiatedFunction>
differentiate(mlir::func::FuncOp function);

/// The gradients as one function beside `function`, which stays: it takes the
/// arguments, then cotangents, and keeps nothing.
mlir::FailureOr<mlir::func::FuncOp>
differentiateJointly(mlir::func::FuncOp function);

/// The interfaces by which the ops of our dialect and of upstream's are
/// differentiated.
void registerDifferentiableModels(mlir::DialectRegistry &registry);

} // namespace conveinsum

#endif // CONVEINSUM_AUTODIFF_DIFFERENTIATE_H
