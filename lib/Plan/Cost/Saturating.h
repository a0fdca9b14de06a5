//===- Saturating.h - The number types of the searches ----------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Searches are written once for four types of costs: uint64_t where 64 bits
// tell the trees apart, Count elsewhere, and double or WideReal in the
// annealer, which compares trees but never proves anything. Words saturate.
// Doubles use only +, - and *, which give the same result on every machine.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_COST_SATURATING_H
#define CONVEINSUM_LIB_PLAN_COST_SATURATING_H

#include "WideReal.h"
#include "conveinsum/Equation/Equation.h"

namespace conveinsum {

/// What stands for "no tree": larger than every cost that is told apart.
template <class T>
inline T unreachable() {
  return ~T(0);
}
template <>
inline double unreachable<double>() {
  return std::numeric_limits<double>::infinity();
}
template <>
inline Count unreachable<Count>() {
  return Count::infinity();
}
template <>
inline WideReal unreachable<WideReal>() {
  return WideReal::infinity();
}

inline uint64_t times(uint64_t a, uint64_t b) {
  uint64_t product;
  return __builtin_mul_overflow(a, b, &product) ? ~uint64_t(0) : product;
}
inline double times(double a, double b) { return a * b; }
inline WideReal times(WideReal a, WideReal b) { return a * b; }
inline Count times(const Count &a, const Count &b) { return a * b; }

inline uint64_t plus(uint64_t a, uint64_t b) {
  uint64_t sum;
  return __builtin_add_overflow(a, b, &sum) ? ~uint64_t(0) : sum;
}
inline double plus(double a, double b) { return a + b; }
inline WideReal plus(WideReal a, WideReal b) { return a + b; }
inline Count plus(const Count &a, const Count &b) { return a + b; }

/// A count in another type; words saturate.
template <class T>
inline T fromCount(const Count &count) {
  return T(count);
}
template <>
inline uint64_t fromCount(const Count &count) {
  return count.wordAtMost(~uint64_t(0));
}

/// A cost as a count. Rounding may have taken a sum of zeros of the annealer
/// below zero.
inline Count toCount(double cost) {
  return Count::fromDouble(cost > 0 ? cost : 0);
}
inline Count toCount(uint64_t cost) { return cost; }
inline Count toCount(WideReal cost) { return cost.count(); }
inline Count toCount(Count cost) { return cost; }

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_COST_SATURATING_H
