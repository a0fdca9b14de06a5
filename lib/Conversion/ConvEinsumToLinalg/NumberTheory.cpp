//===- NumberTheory.cpp - Congruences and exact divisions -----------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Arithmetic of the residues that circular modes and phases count in.
//
//===----------------------------------------------------------------------===//

#include "NumberTheory.h"
#include <cassert>
#include <numeric>

namespace conveinsum::lowering {

int64_t floorDivide(int64_t value, int64_t divisor) {
  assert(divisor > 0 && "expected a positive divisor");
  return value / divisor - (value % divisor < 0 ? 1 : 0);
}

int64_t ceilDivide(int64_t value, int64_t divisor) {
  assert(divisor > 0 && "expected a positive divisor");
  return value / divisor + (value % divisor > 0 ? 1 : 0);
}

int64_t modulo(int64_t value, int64_t modulus) {
  assert(modulus > 0 && "expected a positive modulus");
  int64_t rest = value % modulus;
  return rest < 0 ? rest + modulus : rest;
}

int64_t centeredModulo(int64_t value, int64_t modulus) {
  int64_t rest = modulo(value, modulus);
  return rest > modulus / 2 ? rest - modulus : rest;
}

int64_t gcd(int64_t a, int64_t b) { return std::gcd(a, b); }

/// x with  a * x = 1  (mod m), for coprime 0 <= a < m, by Euclid's algorithm.
static int64_t inverse(int64_t a, int64_t m) {
  int64_t previous = 0, current = 1;
  for (int64_t high = m, low = a; low > 1;) {
    int64_t quotient = high / low;
    int64_t rest = high % low;
    high = low;
    low = rest;
    int64_t next = previous - quotient * current;
    previous = current;
    current = next;
  }
  return modulo(current, m);
}

std::optional<Solutions> solveCongruence(int64_t coefficient, int64_t value,
                                         int64_t modulus) {
  coefficient = modulo(coefficient, modulus);
  value = modulo(value, modulus);
  int64_t divisor = gcd(coefficient, modulus);
  if (value % divisor != 0)
    return std::nullopt;
  int64_t period = modulus / divisor;
  if (period == 1)
    return Solutions{0, 1};
  __int128 first = static_cast<__int128>(value / divisor) *
                   inverse(coefficient / divisor, period) % period;
  return Solutions{static_cast<int64_t>(first), period};
}

void Span::add(int64_t coefficient, int64_t extent) {
  __int128 last = __int128(coefficient) * (extent > 0 ? extent - 1 : 0);
  (coefficient < 0 ? low : high) += last;
}

/// Rounds towards minus infinity.
static __int128 floorDivideWide(__int128 value, int64_t divisor) {
  __int128 quotient = value / divisor;
  return quotient - (value % divisor < 0);
}

std::optional<int64_t> Span::onlyMultiple(int64_t modulus) const {
  constexpr __int128 limit = __int128(1) << 62;
  __int128 first = -floorDivideWide(-low, modulus);
  if (first < floorDivideWide(high, modulus) || low <= -limit || high >= limit)
    return std::nullopt;
  return int64_t(first * modulus);
}

} // namespace conveinsum::lowering
