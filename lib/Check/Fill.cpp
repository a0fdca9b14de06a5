//===- Fill.cpp - Pseudo-random operands ----------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every entry is a hash of its place, so that no state runs through the fill.
//
// Magnitudes are at most 1. A value of some operands then is at most the number
// of its terms, and the factors of operands take care of those: every mode that
// is summed counts for an operand that holds it, which is among those that were
// joined when the sum is made.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Check/Fill.h"
#include "conveinsum/Runtime/SplitMix.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/ErrorHandling.h"
#include <algorithm>
#include <cmath>

using namespace conveinsum;

std::string_view conveinsum::name(FillKind kind) {
  switch (kind) {
  case FillKind::MixedSigns:
    return "mixed signs";
  case FillKind::OneSign:
    return "one sign";
  case FillKind::Ascending:
    return "ascending";
  case FillKind::Descending:
    return "descending";
  case FillKind::Largest:
    return "largest";
  case FillKind::Smallest:
    return "smallest";
  }
  llvm_unreachable("all kinds have a name");
}

//===----------------------------------------------------------------------===//
// Factors
//===----------------------------------------------------------------------===//

namespace {
/// Normal numbers have magnitudes from 2^smallest to 2^(largest + 1).
struct Exponents {
  int smallest, largest;
};
} // namespace

static Exponents exponentsOf(ElementType type) {
  switch (type) {
  case ElementType::F64:
  case ElementType::C128:
    return {-1022, 1023};
  case ElementType::F16:
    return {-14, 15};
  default:
    return {-126, 127};
  }
}

/// A number of bits that holds the logarithm of `extent`.
static int bitsOf(int64_t extent) {
  return extent <= 1 ? 0 : int(std::ceil(std::log2(double(extent))));
}

/// The bits of the terms that sums have, each mode's with one operand.
static llvm::SmallVector<int, 4> countTermBits(const Equation &equation) {
  llvm::SmallVector<int, 4> bits(equation.numOperands(), 0);
  llvm::ArrayRef<ModeId> result = equation.resultModes();
  for (ModeId mode = 0; mode < equation.numModes(); ++mode) {
    const LinearRelation *relation = equation.relation(mode);
    bool isSummed = !llvm::is_contained(result, mode);
    if (!relation) {
      for (unsigned k = 0; isSummed && k < equation.numOperands(); ++k)
        if (llvm::is_contained(equation.operandModes(k), mode)) {
          bits[k] += bitsOf(equation.size(mode));
          isSummed = false;
        }
      continue;
    }
    // All indices but the longest are free; on a circle that one may be, too.
    const LinearRelation::Term *longest = nullptr;
    for (const LinearRelation::Term &term : relation->terms) {
      bits[term.operand] += bitsOf(term.extent);
      if (!longest || term.extent > longest->extent)
        longest = &term;
    }
    if (longest && relation->modulus == 0)
      bits[longest->operand] -= bitsOf(longest->extent);
    if (longest && isSummed)
      bits[longest->operand] += bitsOf(relation->resultExtent);
  }
  return bits;
}

std::vector<Fill> Fill::all(const Equation &equation, ElementType type) {
  std::vector<Fill> fills = {mixedSigns()};
  const int operands = int(equation.numOperands());
  const Exponents limits = exponentsOf(type);
  // Bits that products may lose; in complex arithmetic, a part may be that much
  // smaller than the number.
  const int depth = -limits.smallest - (isComplex(type) ? 8 : 0);
  // Of one magnitude of each operand, each of which loses at most one bit.
  auto smallestMagnitude = [&](int bits) {
    return bits >= operands ? 0.5 : std::exp2(-double(bits) / operands);
  };
  fills.front().smallestMagnitude = smallestMagnitude(depth);
  if (isInteger(type))
    return fills;

  // What terms need beyond the largest numbers is taken from the operands; one
  // bit is for rounding.
  const int room = limits.largest - 1;
  llvm::SmallVector<int, 4> bits = countTermBits(equation);
  const int summed = int(llvm::count_if(bits, [](int b) { return b > 0; }));
  llvm::SmallVector<int, 4> exponents;
  int used = 0, taken = 0;
  for (int b : bits) {
    exponents.push_back(-std::max(0, b - room / std::max(summed, 1)));
    used += b + exponents.back();
    taken -= exponents.back();
  }
  // The smallest product is 2^-taken times the smallest magnitudes.
  const int below = depth - taken;
  if (below < 1)
    return fills;
  auto add = [&](FillKind kind) -> Fill & {
    Fill &fill = fills.emplace_back(Fill(kind));
    fill.exponents = exponents;
    fill.smallestMagnitude = smallestMagnitude(below);
    return fill;
  };
  add(FillKind::OneSign);
  constexpr int widest = 20;
  if (int range = std::min(below / operands - 1, widest); range >= 2) {
    add(FillKind::Ascending).range = range;
    add(FillKind::Descending).range = range;
  }
  if (int up = room - used; up > 0)
    add(FillKind::Largest).exponents.front() += up;
  if (int down = below - operands; down > 0)
    add(FillKind::Smallest).exponents.back() -= down;
  return fills;
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

/// A number of the generator: every bit of the result depends on all.
static uint64_t mix(uint64_t x) { return nextSplitMix(x); }

/// From `smallest` to 1.
static double magnitudeOf(uint64_t bits, double smallest) {
  return smallest + (1 - smallest) * std::ldexp(double(bits >> 12), -52);
}

static uint64_t integerValue(uint64_t bits) {
  if (bits % 4 == 0)
    return mix(bits);
  return uint64_t(int64_t(bits >> 8 & 15) - 7);
}

/// A power law with a floor of 2^-range. The last digits are random, because
/// equal numbers would be sums of one and the same rounding; they may go one
/// bit below the floor.
static double sortedValue(uint64_t rank, int range, uint64_t bits) {
  double value = std::max(1 / double(rank + 1), std::ldexp(1.0, -range));
  return value * magnitudeOf(bits, 0.9375);
}

void Fill::apply(Tensor &tensor, unsigned operand) const {
  const uint64_t count = tensor.elements();
  auto value = [&](uint64_t i, uint64_t bits) {
    switch (fillKind) {
    case FillKind::MixedSigns:
      return bits & 1 ? -magnitudeOf(bits, smallestMagnitude)
                      : magnitudeOf(bits, smallestMagnitude);
    case FillKind::Ascending:
      return sortedValue(count - 1 - i, range, bits);
    case FillKind::Descending:
      return sortedValue(i, range, bits);
    case FillKind::OneSign:
    case FillKind::Largest:
    case FillKind::Smallest:
      return magnitudeOf(bits, smallestMagnitude);
    }
    llvm_unreachable("all kinds have values");
  };
  double factor = std::ldexp(1.0, exponents.empty() ? 0 : exponents[operand]);
  // The magnitude of a complex number is that of its parts.
  if (isComplex(tensor.type()))
    factor *= std::sqrt(0.5);
  for (uint64_t i = 0; i < count; ++i) {
    uint64_t bits = mix(mix(operand + 1) ^ i);
    if (isInteger(tensor.type()))
      tensor.setInteger(i, integerValue(bits));
    else
      tensor.setFloating(
          i, {factor * value(i, bits), factor * value(i, mix(bits))});
  }
}
