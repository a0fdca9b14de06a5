//===- Reference.cpp - Results compared with the definition ---------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Integers are compared bit for bit in the ring of the result type; floating
// results entry by entry against the bound of docs/Semantics.md, section 6.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Check/Reference.h"
#include "EntryComparison.h"
#include <limits>

using namespace conveinsum;

bool Reference::isAffordable(const Equation &equation, ErrorFn onError) {
  return checkEvaluationWork(evaluationWork(equation), onError);
}

Count Reference::bytesNeeded(const Equation &equation, ElementType type) {
  Count bytes = bytesOfEvaluation(equation.resultShape(), type);
  for (unsigned k = 0; k < equation.numOperands(); ++k)
    bytes += bytesOfFactor(equation.operandShape(k), type);
  return bytes;
}

/// Evaluates on operands that `read` converts.
template <typename T, typename Read>
static Evaluation<T> evaluateWith(const Equation &equation,
                                  llvm::ArrayRef<const Tensor *> operands,
                                  Read read) {
  std::vector<std::vector<T>> storage;
  for (const Tensor *operand : operands)
    storage.push_back(read(*operand));
  std::vector<llvm::ArrayRef<T>> views(storage.begin(), storage.end());
  return evaluate<T>(equation, views);
}

Reference::Reference(const Equation &equation, llvm::ArrayRef<Tensor> operands,
                     ElementTypes types)
    : Reference(equation, llvm::to_vector(llvm::make_pointer_range(operands)),
                types) {}

Reference::Reference(const Equation &equation,
                     llvm::ArrayRef<const Tensor *> operands,
                     ElementTypes types)
    : types(types), steps(equation.numOperands() - 1) {
  if (isInteger(types.operand))
    integer =
        evaluateWith<uint64_t>(equation, operands, [](const Tensor &tensor) {
          return tensor.toRing();
        });
  else if (isComplex(types.operand))
    complex = evaluateWith<std::complex<double>>(
        equation, operands,
        [](const Tensor &tensor) { return tensor.toComplex(); });
  else
    real = evaluateWith<double>(equation, operands, [](const Tensor &tensor) {
      return tensor.toDoubles();
    });
}

Comparison Reference::compareIntegers(const Tensor &result) const {
  unsigned bits = byteSize(types.result) * 8;
  uint64_t mask = bits == 64 ? ~uint64_t(0) : (uint64_t(1) << bits) - 1;
  std::vector<uint64_t> values = result.toRing();
  Comparison comparison;
  for (auto [got, expected] : llvm::zip_equal(values, integer.value)) {
    if ((got & mask) == (expected & mask))
      continue;
    // The distance of the two as numbers of the result type.
    uint64_t distance = (got - expected) & mask;
    uint64_t opposite = (expected - got) & mask;
    comparison.passed = false;
    comparison.nearness = std::numeric_limits<double>::infinity();
    comparison.maxError =
        std::max(comparison.maxError, double(std::min(distance, opposite)));
  }
  return comparison;
}

Comparison Reference::compare(const Tensor &result) const {
  if (isInteger(types.operand))
    return compareIntegers(result);
  return isComplex(types.operand)
             ? compareEntries(result, complex, steps, types)
             : compareEntries(result, real, steps, types);
}

void Reference::write(Tensor &result) const {
  for (uint64_t i = 0; i < result.elements(); ++i)
    if (isInteger(types.operand))
      result.setInteger(i, integer.value[i]);
    else
      result.setFloating(i, isComplex(types.operand) ? complex.value[i]
                                                     : real.value[i]);
}
