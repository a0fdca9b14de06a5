//===- Saturating.h - The number types of the searches ----------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Searches are written once for three types of costs: Count where exactness
// needs 128 bits, uint64_t where 64 do, and double in the annealer, which
// compares trees but never proves anything. Integers saturate. Doubles use
// only + and *, which give the same result on every machine.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_COST_SATURATING_H
#define CONVEINSUM_LIB_PLAN_COST_SATURATING_H

#include "conveinsum/Equation/Equation.h"

namespace conveinsum {

/// What stands for "no tree": larger than every cost that is told apart.
template <class T>
constexpr T unreachable() {
  return ~T(0);
}
template <>
constexpr double unreachable<double>() {
  return std::numeric_limits<double>::infinity();
}

template <class T>
inline T times(T a, T b) {
  T product;
  return __builtin_mul_overflow(a, b, &product) ? unreachable<T>() : product;
}
template <>
inline double times(double a, double b) {
  return a * b;
}

template <class T>
inline T plus(T a, T b) {
  T sum;
  return __builtin_add_overflow(a, b, &sum) ? unreachable<T>() : sum;
}
template <>
inline double plus(double a, double b) {
  return a + b;
}

/// A count in another type; saturating.
template <class T>
inline T fromCount(Count count) {
  return T(count);
}
template <>
inline uint64_t fromCount(Count count) {
  return count > ~uint64_t(0) ? ~uint64_t(0) : uint64_t(count);
}
template <>
inline double fromCount(Count count) {
  return count == kMaxCount ? unreachable<double>() : double(count);
}

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_COST_SATURATING_H
