//===- GradientReference.h - Gradients compared with theirs -----*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The definition of the gradient towards an operand, for given operands and a
// given cotangent: every assignment of the network contributes
//
//     cotangent x product of the other operands
//
// to the entry of the operand that it reads. Of complex operands the others are
// conjugated, as in PyTorch: for a real loss L and the cotangent
// dL/d(re y) + i dL/d(im y), the gradient is dL/d(re x) + i dL/d(im x).
//
//     GradientReference reference(equation, operands, cotangent, types);
//     Comparison comparison = reference.compare(0, gradient);
//
// Nothing of this knows how networks are differentiated.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_CHECK_GRADIENTREFERENCE_H
#define CONVEINSUM_CHECK_GRADIENTREFERENCE_H

#include "conveinsum/Check/Reference.h"

namespace conveinsum {

class GradientReference {
public:
  /// Refuses gradients of so many operands whose evaluation would take too
  /// long.
  static bool isAffordable(const Equation &equation, unsigned gradients,
                           ErrorFn onError);
  /// Bytes that evaluation and comparison of these gradients take.
  static Count bytesNeeded(const Equation &equation, ElementType type,
                           llvm::ArrayRef<unsigned> gradients);

  /// `cotangent` has the shape of the result, and its type or another one of
  /// the kind; `operands` are floating or complex.
  GradientReference(const Equation &equation, llvm::ArrayRef<Tensor> operands,
                    const Tensor &cotangent, ElementTypes types);

  /// Compares the gradient towards an operand, which has the operand's type.
  Comparison compare(unsigned operand, const Tensor &gradient) const;

private:
  const Equation &equation;
  ElementTypes types;
  /// By operand and, as the last one, the cotangent; of real networks or of
  /// complex ones.
  std::vector<std::vector<double>> real;
  std::vector<std::vector<std::complex<double>>> complex;
};

} // namespace conveinsum

#endif // CONVEINSUM_CHECK_GRADIENTREFERENCE_H
