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
#include <cmath>
#include <limits>

using namespace conveinsum;

/// About a minute of evaluation.
static constexpr uint64_t kMaxWork = 4'000'000'000;

bool Reference::isAffordable(const Equation &equation, ErrorFn onError) {
  Count work = evaluationWork(equation);
  if (work <= kMaxWork)
    return true;
  return refuse(onError,
                "too large to compare with the definition: expected at "
                "most " +
                    toString(kMaxWork) + " products, got " + toString(work));
}

Count Reference::bytesNeeded(const Equation &equation, ElementType type) {
  unsigned width = isComplex(type) ? 16 : 8;
  Count bytes = 0;
  for (unsigned k = 0; k < equation.numOperands(); ++k) {
    Count elements = 1;
    for (int64_t extent : equation.operandShape(k))
      elements *= Count(extent);
    bytes += elements * width;
  }
  Count elements = 1;
  for (int64_t extent : equation.resultShape())
    elements *= Count(extent);
  // Value, its two losses, magnitude and terms of the definition; the compared
  // result.
  return bytes + elements * (4 * width + 16);
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

/// How many roundings of A a sum of `terms` products may be off by: what they
/// come to where they go in all directions, or the longest chain of additions.
static double roundingsOf(uint64_t terms) {
  double count = double(terms);
  return std::min(std::sqrt(count), 256 + std::log2(count));
}

Comparison Reference::compareFloats(const Tensor &result) const {
  bool isComplexResult = isComplex(types.operand);
  llvm::ArrayRef<double> magnitude =
      isComplexResult ? complex.magnitude : real.magnitude;
  llvm::ArrayRef<uint64_t> terms = isComplexResult ? complex.terms : real.terms;
  double store = unitRoundoff(intermediateType(types.operand, types.result));
  double accumulate =
      unitRoundoff(accumulatorType(types.operand, types.result));
  std::vector<std::complex<double>> values = result.toComplex();

  Comparison comparison;
  double worst = -1;
  for (size_t i = 0; i < values.size(); ++i) {
    std::complex<double> expected =
        isComplexResult ? complex.value[i] : real.value[i];
    double error = std::abs(values[i] - expected);
    double relative, bound, nearness;
    if (magnitude[i] == 0) {
      relative = bound = 0;
      nearness = error == 0 ? 0 : std::numeric_limits<double>::infinity();
    } else {
      relative = error / magnitude[i];
      bound = (steps + 2) * (store + accumulate * roundingsOf(terms[i]));
      nearness = relative / bound;
      if (std::isnan(nearness))
        nearness = std::numeric_limits<double>::infinity();
    }
    comparison.passed &= nearness <= 1;
    if (nearness > worst) {
      worst = comparison.nearness = nearness;
      comparison.maxError = magnitude[i] == 0 && error != 0 ? error : relative;
      comparison.bound = bound;
    }
  }
  return comparison;
}

Comparison Reference::compare(const Tensor &result) const {
  return isInteger(types.operand) ? compareIntegers(result)
                                  : compareFloats(result);
}

void Reference::write(Tensor &result) const {
  for (uint64_t i = 0; i < result.elements(); ++i)
    if (isInteger(types.operand))
      result.setInteger(i, integer.value[i]);
    else
      result.setFloating(i, isComplex(types.operand) ? complex.value[i]
                                                     : real.value[i]);
}
