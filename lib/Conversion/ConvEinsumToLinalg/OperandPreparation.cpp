//===- OperandPreparation.cpp - What a step does to one operand -----------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What happens to one operand before its relations are closed: sums over
// private modes, indices that do not move, common divisors, pads and reversals.
//
//===----------------------------------------------------------------------===//

#include "NumberTheory.h"
#include "Step.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include <algorithm>

using namespace mlir;

namespace conveinsum::lowering {

unsigned Factor::dim(ModeId mode) const {
  const ModeId *position = llvm::find(modes, mode);
  assert(position != modes.end() && "the factor does not hold the mode");
  return position - modes.begin();
}

unsigned Step::resultDim(ModeId mode) const {
  const ModeId *position = llvm::find(result, mode);
  assert(position != result.end() && "the result does not hold the mode");
  return position - result.begin();
}

const WindowedMode *Step::window(ModeId mode) const {
  const WindowedMode *found = llvm::find_if(
      windowed, [&](const WindowedMode &w) { return w.mode == mode; });
  return found == windowed.end() ? nullptr : found;
}

ModeId Step::newMode() const {
  ModeId last = 0;
  for (ModeId mode : result)
    last = std::max(last, mode);
  for (const Factor &factor : factors)
    for (ModeId mode : factor.modes)
      last = std::max(last, mode);
  for (const OpenRelation &relation : open)
    last = std::max(last, relation.mode);
  return last + 1;
}

bool Step::isEmpty() const {
  auto isZero = [](OpFoldResult size) {
    return getConstantIntValue(size) == 0;
  };
  return llvm::any_of(resultShape, isZero) ||
         llvm::any_of(factors, [](const Factor &factor) {
           return llvm::is_contained(TensorOps::extents(factor.tensor), 0);
         });
}

bool Step::isDynamic(const OpenRelation &relation) const {
  return relation.resultExtent == kDynamic ||
         llvm::any_of(factors, [&](const Factor &factor) {
           return factor.holds(relation.mode) &&
                  factor.extent(relation.mode) == kDynamic;
         });
}

void StepLowering::sumPrivateModes(Step &step) {
  if (step.factors.size() < 2)
    return; // the contraction sums them as well as anything else
  auto isOpen = [&](ModeId mode) {
    return llvm::any_of(step.open, [&](const OpenRelation &relation) {
      return relation.mode == mode;
    });
  };
  for (unsigned i = 0; i < 2; ++i) {
    Factor &factor = step.factors[i];
    const Factor &other = step.factors[1 - i];
    SmallVector<unsigned> dims;
    for (ModeId mode : factor.modes)
      if (!step.inResult(mode) && !other.holds(mode) && !isOpen(mode))
        dims.push_back(factor.dim(mode));
    if (dims.empty())
      continue;
    factor.tensor = ops.sum(factor.tensor, dims, accumulator);
    for (unsigned dim : llvm::reverse(dims))
      factor.modes.erase(factor.modes.begin() + dim);
  }
}

/// Makes a circular relation that never wraps linear, and its offset small.
static void unwrap(const Step &step, OpenRelation &relation) {
  relation.offset = llvm::mod(relation.offset, relation.modulus);
  if (relation.resultCoefficient == 0)
    return; // linear relations have an o
  const int64_t offset = centeredModulo(relation.offset, relation.modulus);
  Span span(offset);
  span.add(-relation.resultCoefficient, relation.resultExtent);
  for (auto [factor, coefficient] :
       llvm::zip(step.factors, relation.coefficients))
    if (factor.holds(relation.mode))
      span.add(coefficient, factor.extent(relation.mode));
  if (std::optional<int64_t> multiple = span.onlyMultiple(relation.modulus)) {
    relation.offset = offset - *multiple;
    relation.modulus = 0;
  }
}

bool StepLowering::normalize(Step &step, OpenRelation &relation) {
  int64_t &modulus = relation.modulus;
  int64_t &s = relation.resultCoefficient;
  if (modulus > 0) {
    for (int64_t &coefficient : relation.coefficients)
      coefficient = centeredModulo(coefficient, modulus);
    s = centeredModulo(s, modulus);
    unwrap(step, relation);
  }

  for (unsigned i = 0; i < step.factors.size(); ++i) {
    Factor &factor = step.factors[i];
    if (!factor.holds(relation.mode))
      continue;
    unsigned dim = factor.dim(relation.mode);
    bool single = factor.extent(relation.mode) == 1;
    if (!single && relation.coefficients[i] != 0)
      continue;
    factor.tensor = single ? ops.drop(factor.tensor, dim)
                           : ops.sum(factor.tensor, dim, accumulator);
    factor.modes.erase(factor.modes.begin() + dim);
    relation.coefficients[i] = 0;
  }

  if (s < 0) {
    for (int64_t &coefficient : relation.coefficients)
      coefficient = -coefficient;
    relation.offset = -relation.offset;
    s = -s;
  }
  int64_t divisor =
      std::gcd(std::gcd(relation.coefficients[0], relation.coefficients[1]),
               std::gcd(s, modulus));
  if (relation.offset % divisor != 0)
    return false;
  for (int64_t &coefficient : relation.coefficients)
    coefficient /= divisor;
  s /= divisor;
  relation.offset /= divisor;
  modulus /= divisor;
  return true;
}

void StepLowering::padLater(Factor &factor, ModeId mode, int64_t extent,
                            Progression positions) {
  if (!positions.covers(extent))
    factor.pads.push_back({mode, ops.spreadOf(extent, positions)});
}

void StepLowering::padNow(Factor &factor) {
  if (factor.pads.empty())
    return;
  SmallVector<Spread> spreads(factor.modes.size());
  for (const Factor::Pad &pad : factor.pads)
    spreads[factor.dim(pad.mode)] = pad.spread;
  factor.tensor = ops.place(factor.tensor, spreads);
  factor.pads.clear();
}

void StepLowering::reverseTerm(Step &step, OpenRelation &relation,
                               unsigned factor) {
  // c i = c (n - 1) - c (n - 1 - i)
  Factor &reversed = step.factors[factor];
  int64_t &coefficient = relation.coefficients[factor];
  relation.offset += coefficient * (reversed.extent(relation.mode) - 1);
  coefficient = -coefficient;
  reversed.tensor = ops.reverse(reversed.tensor, reversed.dim(relation.mode));
}

} // namespace conveinsum::lowering
