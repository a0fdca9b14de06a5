//===- Arithmetic.h - Integers that do not overflow -------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Number theory on 128 bits for windows, counts and checks. Extents and ends of
// intervals are 64-bit numbers (C74), so their products fit. LLVM's divisions
// and std::gcd are for types that std::is_integral knows, which __int128 is
// not.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_EQUATION_ARITHMETIC_H
#define CONVEINSUM_LIB_EQUATION_ARITHMETIC_H

#include "conveinsum/Equation/LinearRelation.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace conveinsum {

using Int = __int128;

inline Int floorDiv(Int a, Int b) {
  Int quotient = a / b;
  return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}
inline Int ceilDiv(Int a, Int b) { return -floorDiv(-a, b); }
/// Euclidean remainder, for b > 0.
inline Int remainder(Int a, Int b) { return a - b * floorDiv(a, b); }
inline Int magnitude(Int a) { return a < 0 ? -a : a; }
inline Int greatestCommonDivisor(Int a, Int b) {
  a = magnitude(a), b = magnitude(b);
  while (b != 0) {
    Int rest = a % b;
    a = b, b = rest;
  }
  return a;
}
/// Whether `a` and `-a` fit; the number left out stands for a dynamic extent.
inline bool fits64(Int a) {
  return magnitude(a) <= std::numeric_limits<int64_t>::max();
}

/// x with a x = 1 (mod m), 0 <= x < m; a and m coprime, m >= 1.
Int inverse(Int a, Int m);

/// sum over 0 <= i < n of floor((a i + b) / m), for m >= 1; O(log) time.
Int floorSum(Int n, Int m, Int a, Int b);

/// Closed interval; empty if high < low.
struct Interval {
  Int low = 0, high = 0;
  bool empty() const { return high < low; }
};
inline Interval operator+(Interval a, Interval b) {
  return {a.low + b.low, a.high + b.high};
}
inline Interval operator-(Interval a, Interval b) {
  return {a.low - b.high, a.high - b.low};
}
inline Interval intersect(Interval a, Interval b) {
  return {a.low > b.low ? a.low : b.low, a.high < b.high ? a.high : b.high};
}

/// Values of c * i for 0 <= i < extent (extent >= 1).
inline Interval span(Int coefficient, Int extent) {
  Int end = coefficient * (extent - 1);
  return end < 0 ? Interval{end, 0} : Interval{0, end};
}
/// Values of sum c_k i_k over the terms that `include` takes; {0, 0} for none.
Interval span(const LinearRelation &relation,
              llvm::function_ref<bool(const LinearRelation::Term &)> include);

/// Whether every interval of section 4 has ends of 64 bits, for any set: that
/// of all terms is the widest; and whether the extents of windows and the
/// numbers of steps have 64 bits (C39, C74).
bool intervalsFit(const LinearRelation &relation);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_EQUATION_ARITHMETIC_H
