//===- EntryComparison.cpp - Floating entries and their bound -------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Errors are relative to the definition on absolute values, never to the value.
//
//===----------------------------------------------------------------------===//

#include "EntryComparison.h"
#include <cmath>
#include <limits>

using namespace conveinsum;

/// About a minute of evaluation.
static constexpr uint64_t kMaxWork = 4'000'000'000;

bool conveinsum::checkEvaluationWork(const Count &work, ErrorFn onError) {
  return work <= kMaxWork ||
         refuse(onError, "too large to compare with the definition: expected "
                         "at most " +
                             toString(kMaxWork) + " products, got " +
                             toString(work));
}

static Count elementsOf(llvm::ArrayRef<int64_t> shape) {
  Count elements = 1;
  for (int64_t extent : shape)
    elements *= Count(extent);
  return elements;
}

Count conveinsum::bytesOfFactor(llvm::ArrayRef<int64_t> shape,
                                ElementType type) {
  return elementsOf(shape) * (isComplex(type) ? 16 : 8);
}

Count conveinsum::bytesOfEvaluation(llvm::ArrayRef<int64_t> shape,
                                    ElementType type) {
  // Value, its two losses, magnitude and terms of the definition; the compared
  // result.
  return bytesOfFactor(shape, type) * 4 + elementsOf(shape) * 16;
}

/// How many roundings of A a sum of `terms` products may be off by: what they
/// come to where they go in all directions, or the longest chain of additions.
static double roundingsOf(uint64_t terms) {
  double count = double(terms);
  return std::min(std::sqrt(count), 256 + std::log2(count));
}

template <typename T>
static Comparison compareWith(const Tensor &result, const Evaluation<T> &is,
                              unsigned steps, ElementTypes types) {
  double store = unitRoundoff(intermediateType(types.operand, types.result));
  double accumulate =
      unitRoundoff(accumulatorType(types.operand, types.result));
  std::vector<std::complex<double>> values = result.toComplex();
  assert(values.size() == is.value.size() && "tensors of one shape");

  Comparison comparison;
  double worst = -1;
  for (size_t i = 0; i < values.size(); ++i) {
    double error = std::abs(values[i] - std::complex<double>(is.value[i]));
    double magnitude = is.magnitude[i];
    double relative, bound, nearness;
    if (magnitude == 0) {
      relative = bound = 0;
      nearness = error == 0 ? 0 : std::numeric_limits<double>::infinity();
    } else {
      relative = error / magnitude;
      bound = (steps + 2) * (store + accumulate * roundingsOf(is.terms[i]));
      nearness = relative / bound;
      if (std::isnan(nearness))
        nearness = std::numeric_limits<double>::infinity();
    }
    comparison.passed &= nearness <= 1;
    if (nearness > worst) {
      worst = comparison.nearness = nearness;
      comparison.maxError = magnitude == 0 && error != 0 ? error : relative;
      comparison.bound = bound;
    }
  }
  return comparison;
}

Comparison conveinsum::compareEntries(const Tensor &result,
                                      const Evaluation<double> &expected,
                                      unsigned steps, ElementTypes types) {
  return compareWith(result, expected, steps, types);
}

Comparison
conveinsum::compareEntries(const Tensor &result,
                           const Evaluation<std::complex<double>> &expected,
                           unsigned steps, ElementTypes types) {
  return compareWith(result, expected, steps, types);
}
