//===- Fill.h - Pseudo-random operands --------------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Values for checks: the same on every machine, and fit for the element type.
// Some kinds are there because sums of random signs forgive much: roundings of
// sums of one sign may all go in one direction, sorted numbers meet a sum that
// is far larger or far smaller than they are, and values near the ends of the
// type's range show products and sums in an order that leaves it.
//
// No value and no intermediate of any order of evaluation leaves the normal
// range: where the result of `ij,jk->ik` has sums over j of 2^20 terms, in f16,
// whose largest numbers are near 2^16, operand 0 is made 2^6 times smaller.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_CHECK_FILL_H
#define CONVEINSUM_CHECK_FILL_H

#include "conveinsum/Equation/Equation.h"
#include "conveinsum/Runtime/Tensor.h"
#include <string_view>
#include <vector>

namespace conveinsum {

enum class FillKind {
  /// Magnitudes of 0.5 to 1 with random signs; of integers, small ones three
  /// times out of four and of any size else, so that sums wrap.
  MixedSigns,
  /// The same magnitudes without signs.
  OneSign,
  /// A power law, 1 / rank, along the flat operand; without signs.
  Ascending,
  Descending,
  /// Without signs, and one operand such that results are near the largest or
  /// the smallest normal number.
  Largest,
  Smallest
};

/// `mixed signs`, `one sign`, `ascending`, `descending`, `largest`, `smallest`.
std::string_view name(FillKind kind);

/// Values for the operands of one equation.
class Fill {
public:
  /// The one that fits every type, and networks of not very many operands.
  static Fill mixedSigns() { return Fill(FillKind::MixedSigns); }
  /// The fills of an equation, mixed signs first: integers have that one only,
  /// and a narrow type may have no room for sorted or extreme values.
  static std::vector<Fill> all(const Equation &equation, ElementType type);

  FillKind kind() const { return fillKind; }
  /// Fills operand `operand`, a tensor of the type.
  void apply(Tensor &tensor, unsigned operand) const;

private:
  explicit Fill(FillKind kind) : fillKind(kind) {}

  FillKind fillKind;
  /// By operand, of the factor 2^exponent of its values; none for all 0.
  llvm::SmallVector<int, 4> exponents;
  /// Sorted values are at least 2^-range of the largest one.
  int range = 0;
  /// Others are from this to 1: nearer to 1 than 0.5 where the product of one
  /// of each operand would leave the range.
  double smallestMagnitude = 0.5;
};

} // namespace conveinsum

#endif // CONVEINSUM_CHECK_FILL_H
