//===- NumberTheory.h - Congruences and exact divisions ---------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The little arithmetic behind strides on the input side and circular modes,
// beside what LLVM and the standard library have.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_CONVERSION_CONVEINSUMTOLINALG_NUMBERTHEORY_H
#define CONVEINSUM_LIB_CONVERSION_CONVEINSUMTOLINALG_NUMBERTHEORY_H

#include "llvm/Support/MathExtras.h"
#include <cstdint>
#include <numeric>
#include <optional>

namespace conveinsum::lowering {

/// The representative modulo `modulus` of least magnitude; positive at a tie.
int64_t centeredModulo(int64_t value, int64_t modulus);

/// All solutions of a congruence: first + t * period for every integer t.
struct Solutions {
  int64_t first;  ///< 0 <= first < period
  int64_t period; ///< >= 1
};
/// Solves  coefficient * x = value  (mod modulus), modulus >= 1.
std::optional<Solutions> solveCongruence(int64_t coefficient, int64_t value,
                                         int64_t modulus);

/// The values of an offset plus sums of  coefficient * index.  128 bits hold
/// them for every relation.
class Span {
public:
  explicit Span(int64_t offset) : low(offset), high(offset) {}
  /// Adds  coefficient * index  for  0 <= index < extent.
  void add(int64_t coefficient, int64_t extent);
  /// The only multiple of `modulus` that may be among the values; nothing if
  /// there may be several, or values of 2^62 or more. The offset must be that
  /// of centeredModulo().
  std::optional<int64_t> onlyMultiple(int64_t modulus) const;

private:
  __int128 low, high;
};

} // namespace conveinsum::lowering

#endif // CONVEINSUM_LIB_CONVERSION_CONVEINSUMTOLINALG_NUMBERTHEORY_H
