//===- Gradient.h - The gradient of an equation is equations ----*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An equation is linear in each operand, so its gradient towards one of them is
// the same product with the cotangent of the result in the operand's place. In
// a plain mode nothing else changes; in a conv mode one participant moves to
// the other side of the relation:
//
//     sum_j c_j i_j + c_k i_k + b = s o
//     s o - sum_j c_j i_j - b     = c_k i_k        towards operand k
//
// Worked example, a strided convolution "bsh,tsh->bth|h", x - w + 1 = 2 o:
//
//     towards x    "bth,tsh->bsh|h"   2 i0 + i1 - 1 = o      (transposed)
//     towards w    "bth,bsh->tsh|h"  -2 i0 + i1 + 1 = o
//
// Three corners. A conv mode that operand k does not hold has nothing on the
// other side: what is there is an index that is 0. A conv mode that the result
// lacks needs its index all the same: an operand of ones holds it. And what
// operand k holds more than once, or alone and without the result, the gradient
// equation has once or not at all: `dims` says how the gradient is written into
// the operand's shape.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_EQUATION_GRADIENT_H
#define CONVEINSUM_EQUATION_GRADIENT_H

#include "conveinsum/Equation/Equation.h"

namespace conveinsum {

struct GradientEquation {
  /// Its operands: the cotangent, which has the shape of the result; all
  /// operands but the one in question, in their order; and ones.
  Equation equation;
  /// Shapes of the operands of ones at the end.
  std::vector<Shape> ones;
  /// For each dimension of the operand the dimension of the equation's result
  /// that indexes it; a number beyond those where every entry along it is the
  /// same. Dimensions with the same number are a diagonal: beside it there are
  /// zeros.
  llvm::SmallVector<unsigned, 6> dims;

  /// Whether the equation's result is the gradient as it is.
  bool isWhole() const;
};

/// The gradient towards one operand. Of complex operands it is the derivative
/// without conjugation. The extents of conv modes must be static.
GradientEquation gradientTowards(const Equation &equation, unsigned operand);

} // namespace conveinsum

#endif // CONVEINSUM_EQUATION_GRADIENT_H
