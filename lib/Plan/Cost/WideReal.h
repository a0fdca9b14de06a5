//===- WideReal.h - Doubles without a largest exponent ----------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The annealer compares costs in double precision. A step over 20 modes of 2^60
// costs more than the largest double, and there all trees would look alike; so
// where a good tree is that far out, costs are a double and an exponent of
// their own. An operation takes a few nanoseconds. Like those of doubles, their
// results are the same on every machine.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_COST_WIDEREAL_H
#define CONVEINSUM_LIB_PLAN_COST_WIDEREAL_H

#include "conveinsum/Equation/Count.h"
#include "llvm/ADT/bit.h"
#include <cmath>

namespace conveinsum {

/// mantissa x 2^exponent, the mantissa in [0.5, 1); 0, which has the least
/// exponent; or infinity, which has the largest. Not negative.
class WideReal {
public:
  constexpr WideReal() = default;
  /// Of a number that is not negative.
  explicit WideReal(double number) {
    if (number == 0)
      return;
    if (std::isinf(number)) {
      *this = infinity();
      return;
    }
    int power;
    mantissa = std::frexp(number, &power);
    exponent = power;
  }
  explicit WideReal(const Count &count) {
    if (count == 0)
      return;
    if (count.isInfinite()) {
      *this = infinity();
      return;
    }
    Count::Scaled scaled = count.scaled();
    mantissa = scaled.mantissa;
    exponent = scaled.exponent;
  }
  static WideReal infinity() {
    WideReal infinite;
    infinite.mantissa = 0.5;
    infinite.exponent = kInfinite;
    return infinite;
  }

  bool isInfinite() const { return exponent == kInfinite; }
  /// Rounded down.
  Count count() const {
    if (isInfinite())
      return Count::infinity();
    if (exponent <= 127)
      return Count::fromDouble(std::ldexp(mantissa, int(exponent)));
    return Count::fromDouble(std::ldexp(mantissa, 127)) *
           Count::powerOfTwo(unsigned(exponent - 127));
  }

  friend WideReal operator*(WideReal a, WideReal b) {
    if (a.exponent == kZero || b.exponent == kZero)
      return WideReal();
    if (a.isInfinite() || b.isInfinite())
      return infinity();
    return normalised(a.mantissa * b.mantissa, a.exponent + b.exponent);
  }
  /// By a number that is neither 0 nor infinite.
  friend WideReal operator/(WideReal a, WideReal b) {
    assert(b.exponent != kZero && !b.isInfinite());
    if (a.exponent == kZero || a.isInfinite())
      return a;
    return normalised(a.mantissa / b.mantissa, a.exponent - b.exponent);
  }
  friend WideReal operator+(WideReal a, WideReal b) {
    if (a.exponent < b.exponent)
      std::swap(a, b);
    // Beyond the last place of the larger one.
    if (a.isInfinite() || a.exponent - b.exponent > 60)
      return a;
    return normalised(a.mantissa + shifted(b.mantissa, b.exponent - a.exponent),
                      a.exponent);
  }
  /// 0 where `b` is the larger one.
  friend WideReal operator-(WideReal a, WideReal b) {
    if (a <= b)
      return WideReal();
    if (a.isInfinite() || a.exponent - b.exponent > 60)
      return a;
    double left = a.mantissa - shifted(b.mantissa, b.exponent - a.exponent);
    int power;
    WideReal difference;
    difference.mantissa = std::frexp(left, &power);
    difference.exponent = a.exponent + power;
    return left == 0 ? WideReal() : difference;
  }
  WideReal &operator+=(WideReal b) { return *this = *this + b; }

  friend bool operator<(WideReal a, WideReal b) {
    return a.exponent != b.exponent ? a.exponent < b.exponent
                                    : a.mantissa < b.mantissa;
  }
  friend bool operator==(WideReal a, WideReal b) {
    return a.exponent == b.exponent && a.mantissa == b.mantissa;
  }
  friend bool operator!=(WideReal a, WideReal b) { return !(a == b); }
  friend bool operator>(WideReal a, WideReal b) { return b < a; }
  friend bool operator<=(WideReal a, WideReal b) { return !(b < a); }
  friend bool operator>=(WideReal a, WideReal b) { return !(a < b); }

private:
  static constexpr int64_t kZero = -(int64_t(1) << 60);
  static constexpr int64_t kInfinite = int64_t(1) << 60;

  /// Of a number in [0.25, 2).
  static WideReal normalised(double number, int64_t exponent) {
    WideReal real;
    int up = number >= 1, down = number < 0.5;
    real.mantissa = number * (up ? 0.5 : down ? 2.0 : 1.0);
    real.exponent = exponent + up - down;
    return real;
  }
  /// number x 2^power, for powers from -1022 to 0.
  static double shifted(double number, int64_t power) {
    return number * llvm::bit_cast<double>(uint64_t(power + 1023) << 52);
  }

  double mantissa = 0;
  int64_t exponent = kZero;
};

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_COST_WIDEREAL_H
