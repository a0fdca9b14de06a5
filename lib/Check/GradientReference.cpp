//===- GradientReference.cpp - Gradients compared with theirs -------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A gradient of a network of N operands is a network of N tensors too: the
// other operands and the cotangent. Along any tree it takes N - 1 steps, and
// its bound is that of a result with as many.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Check/GradientReference.h"
#include "EntryComparison.h"

using namespace conveinsum;

bool GradientReference::isAffordable(const Equation &equation,
                                     unsigned gradients, ErrorFn onError) {
  return checkEvaluationWork(evaluationWork(equation) * gradients, onError);
}

Count GradientReference::bytesNeeded(const Equation &equation, ElementType type,
                                     llvm::ArrayRef<unsigned> gradients) {
  Count bytes = bytesOfFactor(equation.resultShape(), type), largest = 0;
  for (unsigned k = 0; k < equation.numOperands(); ++k)
    bytes += bytesOfFactor(equation.operandShape(k), type);
  // One after the other.
  for (unsigned k : gradients)
    largest =
        std::max(largest, bytesOfEvaluation(equation.operandShape(k), type));
  return bytes + largest;
}

GradientReference::GradientReference(const Equation &equation,
                                     llvm::ArrayRef<Tensor> operands,
                                     const Tensor &cotangent,
                                     ElementTypes types)
    : equation(equation), types(types) {
  if (!isComplex(types.operand)) {
    for (const Tensor &operand : operands)
      real.push_back(operand.toDoubles());
    real.push_back(cotangent.toDoubles());
    return;
  }
  for (const Tensor &operand : operands) {
    complex.push_back(operand.toComplex());
    for (std::complex<double> &entry : complex.back())
      entry = std::conj(entry);
  }
  complex.push_back(cotangent.toComplex());
}

template <typename T>
static Evaluation<T> gradientOf(const Equation &equation,
                                const std::vector<std::vector<T>> &tensors,
                                unsigned operand) {
  std::vector<llvm::ArrayRef<T>> factors(tensors.begin(), tensors.end());
  llvm::ArrayRef<T> cotangent = factors.back();
  factors.pop_back();
  return evaluateGradient<T>(equation, factors, cotangent, operand);
}

Comparison GradientReference::compare(unsigned operand,
                                      const Tensor &gradient) const {
  unsigned steps = equation.numOperands() - 1;
  // Gradients are of the operands' type, whatever the result's is.
  ElementTypes own{types.operand, types.operand};
  if (isComplex(types.operand))
    return compareEntries(gradient, gradientOf(equation, complex, operand),
                          steps, own);
  return compareEntries(gradient, gradientOf(equation, real, operand), steps,
                        own);
}
