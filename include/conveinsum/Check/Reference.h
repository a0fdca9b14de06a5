//===- Reference.h - Results compared with the definition -------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The evaluator's result for given operands, and the entry-wise test of
// docs/Semantics.md, section 6.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_CHECK_REFERENCE_H
#define CONVEINSUM_CHECK_REFERENCE_H

#include "conveinsum/Equation/ElementTypeCheck.h"
#include "conveinsum/Equation/Evaluator.h"
#include "conveinsum/Runtime/Tensor.h"

namespace conveinsum {

/// The entry that comes nearest to its bound, both relative to A.
struct Comparison {
  bool passed = true;
  double maxError = 0, bound = 0;
  /// Error over bound of that entry; infinite where it had to be exact.
  double nearness = 0;
};

class Reference {
public:
  /// Refuses an equation whose evaluation would take too long.
  static bool isAffordable(const Equation &equation, ErrorFn onError);
  /// Bytes that evaluation and comparison take.
  static Count bytesNeeded(const Equation &equation, ElementType type);

  /// Evaluates the definition on the operands.
  Reference(const Equation &equation, llvm::ArrayRef<Tensor> operands,
            ElementTypes types);
  Reference(const Equation &equation, llvm::ArrayRef<const Tensor *> operands,
            ElementTypes types);

  /// Compares a result of the network, in the result's type.
  Comparison compare(const Tensor &result) const;
  /// Writes the definition's values, rounded, into a tensor of the result's
  /// shape.
  void write(Tensor &result) const;

private:
  Comparison compareIntegers(const Tensor &result) const;

  ElementTypes types;
  unsigned steps;
  Evaluation<double> real;
  Evaluation<std::complex<double>> complex;
  Evaluation<uint64_t> integer;
};

} // namespace conveinsum

#endif // CONVEINSUM_CHECK_REFERENCE_H
