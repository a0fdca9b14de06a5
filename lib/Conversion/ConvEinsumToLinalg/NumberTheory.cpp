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
#include "Equation/Arithmetic.h"

namespace conveinsum::lowering {

int64_t centeredModulo(int64_t value, int64_t modulus) {
  int64_t rest = llvm::mod(value, modulus);
  return rest > modulus / 2 ? rest - modulus : rest;
}

std::optional<Solutions> solveCongruence(int64_t coefficient, int64_t value,
                                         int64_t modulus) {
  coefficient = llvm::mod(coefficient, modulus);
  value = llvm::mod(value, modulus);
  int64_t divisor = std::gcd(coefficient, modulus);
  if (value % divisor != 0)
    return std::nullopt;
  int64_t period = modulus / divisor;
  if (period == 1)
    return Solutions{0, 1};
  Int first =
      Int(value / divisor) * inverse(coefficient / divisor, period) % period;
  return Solutions{static_cast<int64_t>(first), period};
}

void Span::add(int64_t coefficient, int64_t extent) {
  __int128 last = __int128(coefficient) * (extent > 0 ? extent - 1 : 0);
  (coefficient < 0 ? low : high) += last;
}

std::optional<int64_t> Span::onlyMultiple(int64_t modulus) const {
  constexpr __int128 limit = __int128(1) << 62;
  Int first = ceilDiv(low, modulus);
  if (first < floorDiv(high, modulus) || low <= -limit || high >= limit)
    return std::nullopt;
  return int64_t(first * modulus);
}

} // namespace conveinsum::lowering
