//===- Vjp.h - How an op passes cotangents on -------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reverse-mode differentiation visits ops from the last to the first. Each one
// is asked for its vector-Jacobian product (VJP): it reads the cotangents of
// its results and adds to those of its operands. For y = x w:
//
//     Value g = vjp.cotangent(op.getResult());
//     if (vjp.needs(x)) vjp.add(x, <g w>);
//     if (vjp.needs(w)) vjp.add(w, <g x>);
//
// Whatever a rule reads of the forward pass, operands or results, it names as
// they are; what has to be kept follows from what was read. The same rule
// serves tensors and the scalars of a body.
//
// Complex values: inside, a cotangent is the conjugate of PyTorch's gradient,
// so that the rule of a holomorphic op is the product with its derivative.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_AUTODIFF_VJP_H
#define CONVEINSUM_AUTODIFF_VJP_H

#include "mlir/IR/Builders.h"
#include "llvm/ADT/DenseSet.h"

namespace conveinsum {

/// Whether gradients of values of this type exist: floating or complex numbers,
/// and ranked tensors of them.
bool isDifferentiable(mlir::Type type);

/// Cotangents of the values of one block, while its ops are gone through.
class Vjp {
public:
  /// New ops go where the builder stands.
  explicit Vjp(mlir::OpBuilder &builder) : builder(builder) {}

  /// Where rules build.
  mlir::OpBuilder &builder;

  /// The value depends on one whose gradient is asked for.
  bool needs(mlir::Value value) const { return needed.contains(value); }
  /// Null if nothing was added, so that it is zero.
  mlir::Value cotangent(mlir::Value value) const {
    return cotangents.lookup(value);
  }
  /// Adds to the cotangent of a value, which has the value's type. Values that
  /// need none are passed over.
  void add(mlir::Value value, mlir::Value contribution);

  /// Marks a value whose gradient is asked for.
  void ask(mlir::Value value) { needed.insert(value); }
  /// Marks what depends on such values, for ops in their order.
  void follow(mlir::Operation *op);
  /// Asks an op for its VJP if a result of it has a cotangent and an operand
  /// needs one. Reports an op that has no rule.
  mlir::LogicalResult visit(mlir::Operation *op);

private:
  llvm::DenseSet<mlir::Value> needed;
  llvm::DenseMap<mlir::Value, mlir::Value> cotangents;
};

} // namespace conveinsum

#include "conveinsum/AutoDiff/DifferentiableOpInterface.h.inc"

#endif // CONVEINSUM_AUTODIFF_VJP_H
