//===- Evaluator.h - The definition, slow and obviously correct -*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The definition of docs/Semantics.md, section 3, executed literally: every
// assignment of all modes whose conv equations hold contributes the product of
// the operands' entries. Everything that is compiled is compared with this.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_EQUATION_EVALUATOR_H
#define CONVEINSUM_EQUATION_EVALUATOR_H

#include "conveinsum/Equation/Equation.h"
#include <complex>
#include <vector>

namespace conveinsum {

/// The result of the definition, flat and row-major.
template <typename T>
struct Evaluation {
  std::vector<T> value;
  /// A of section 6: the definition applied to absolute values.
  std::vector<double> magnitude;
  /// Products summed into the entry.
  std::vector<uint64_t> terms;
};

/// Evaluates by the definition. T is double, std::complex<double>, or uint64_t
/// for integers in the ring modulo 2^64 (truncate to compare narrower types).
/// `magnitude` of integers is 0 and meaningless. Operands are flat and
/// row-major and must have the equation's extents, which must be static.
///
/// Floating values are those of compensated sums of products in long double:
/// where that type is longer than double, they are off by two roundings or
/// three, however many terms and operands there are.
template <typename T>
Evaluation<T> evaluate(const Equation &equation,
                       llvm::ArrayRef<llvm::ArrayRef<T>> operands);

extern template Evaluation<double>
evaluate<double>(const Equation &, llvm::ArrayRef<llvm::ArrayRef<double>>);
extern template Evaluation<std::complex<double>> evaluate<std::complex<double>>(
    const Equation &, llvm::ArrayRef<llvm::ArrayRef<std::complex<double>>>);
extern template Evaluation<uint64_t>
evaluate<uint64_t>(const Equation &, llvm::ArrayRef<llvm::ArrayRef<uint64_t>>);

/// The gradient towards one operand by the definition: every assignment
/// contributes the cotangent's entry times the product of the other operands'
/// entries, to the entry of the operand that it reads. The result is linear in
/// complex operands too, without conjugation. `cotangent` is flat and has the
/// result's shape; the operand's own values are not read. Visits as many
/// assignments as `evaluate`.
template <typename T>
Evaluation<T> evaluateGradient(const Equation &equation,
                               llvm::ArrayRef<llvm::ArrayRef<T>> operands,
                               llvm::ArrayRef<T> cotangent, unsigned operand);

extern template Evaluation<double>
evaluateGradient<double>(const Equation &,
                         llvm::ArrayRef<llvm::ArrayRef<double>>,
                         llvm::ArrayRef<double>, unsigned);
extern template Evaluation<std::complex<double>>
evaluateGradient<std::complex<double>>(
    const Equation &, llvm::ArrayRef<llvm::ArrayRef<std::complex<double>>>,
    llvm::ArrayRef<std::complex<double>>, unsigned);

/// Upper bound on the assignments that `evaluate` visits, to refuse in time
/// what would take too long. Saturates.
Count evaluationWork(const Equation &equation);

/// The fixed fill of the data files: entry i of operand k is
/// ((37 i + 101 k + 13) mod 97) / 48.5 - 1.
double goldenFill(unsigned operand, uint64_t index);

} // namespace conveinsum

#endif // CONVEINSUM_EQUATION_EVALUATOR_H
