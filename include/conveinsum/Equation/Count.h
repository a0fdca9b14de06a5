//===- Count.h - Numbers of MACs, elements and bytes ------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Costs are compared, and claims are made of what was compared: a plan is
// `optimal`, or at most so many times the optimum. A number that wraps or stops
// at a largest value makes such claims false, so counts have no largest value.
// Up to 128 bits they are kept and calculated in place; what is larger is on
// the heap, in LLVM's integers.
//
// A chain of 12 matrices of 2^60 rows and columns costs 11 x 2^180 MACs, which
// `log2` gives as 183.459. In double precision a network of 20 modes of 2^60 is
// beyond the largest number; `scaled` and `ratio` are not.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_EQUATION_COUNT_H
#define CONVEINSUM_EQUATION_COUNT_H

#include "llvm/ADT/APInt.h"
#include <cassert>
#include <iosfwd>
#include <string>
#include <type_traits>

namespace conveinsum {

/// A natural number of any size, or `infinity`, which stands for what no number
/// is: the cost of a tree that does not exist, or a limit that is not set.
class Count {
public:
  using Small = unsigned __int128;

  Count() = default;
  Count(Small small) : low(uint64_t(small)), high(uint64_t(small >> 64)) {}
  Count(__int128 integer) : Count(Small(integer)) {
    assert(integer >= 0 && "a count is not negative");
  }
  template <class Integer,
            std::enable_if_t<std::is_integral_v<Integer> &&
                                 sizeof(Integer) <= sizeof(uint64_t),
                             int> = 0>
  Count(Integer integer) : low(uint64_t(integer)) {
    assert(integer >= Integer(0) && "a count is not negative");
  }
  template <class Real,
            std::enable_if_t<std::is_floating_point_v<Real>, int> = 0>
  Count(Real) = delete; // `fromDouble` says how it rounds
  explicit Count(const llvm::APInt &integer) { take(integer); }
  Count(const Count &other)
      : low(other.low), high(other.high),
        large(other.large ? copyOf(other.large) : nullptr) {}
  Count(Count &&other) noexcept
      : low(other.low), high(other.high), large(other.large) {
    other.large = nullptr;
  }
  Count &operator=(const Count &other) {
    if (LLVM_UNLIKELY(large || other.large))
      return *this = Count(other);
    low = other.low;
    high = other.high;
    return *this;
  }
  Count &operator=(Count &&other) noexcept {
    low = other.low;
    high = other.high;
    std::swap(large, other.large);
    return *this;
  }
  ~Count() {
    if (LLVM_UNLIKELY(large != nullptr))
      free(large);
  }

  static const Count &infinity();
  bool isInfinite() const { return large == &infinite; }

  /// The integer part of a number that is not negative; of the infinite one
  /// `infinity`.
  static Count fromDouble(double number);
  /// 2^`exponent`.
  static Count powerOfTwo(unsigned exponent);

  /// Bits up to the highest that is set; 0 for 0.
  unsigned bitWidth() const;
  bool fitsWord() const { return !large && high == 0; }
  /// The number, which must fit.
  uint64_t word() const {
    assert(fitsWord() && "the number has more than 64 bits");
    return low;
  }
  /// The number or, if it is larger, `most`.
  uint64_t wordAtMost(uint64_t most) const {
    return fitsWord() && low < most ? low : most;
  }
  /// In as many bits as it takes, 64 at least; `infinity` is no integer.
  llvm::APInt integer() const;
  /// Within one unit in the last place; infinite beyond the largest double.
  explicit operator double() const;
  explicit operator bool() const { return *this != Count(); }

  /// The number is mantissa x 2^exponent, the mantissa in [0.5, 1) within one
  /// unit in its last place, or 0.
  struct Scaled {
    double mantissa;
    int64_t exponent;
  };
  Scaled scaled() const;
  /// Of a positive number; relative error below 1e-15.
  double log2() const;

  friend Count operator+(const Count &a, const Count &b) {
    Small sum;
    if (LLVM_LIKELY(!a.large && !b.large) &&
        LLVM_LIKELY(!__builtin_add_overflow(a.small(), b.small(), &sum)))
      return sum;
    return addLarge(a, b);
  }
  /// `b` is at most `a`.
  friend Count operator-(const Count &a, const Count &b) {
    assert(b <= a && "a count is not negative");
    if (LLVM_LIKELY(!a.large && !b.large))
      return a.small() - b.small();
    return subtractLarge(a, b);
  }
  /// Nothing of what does not exist is nothing: 0 x infinity is 0.
  friend Count operator*(const Count &a, const Count &b) {
    Small product;
    if (LLVM_LIKELY(!a.large && !b.large) &&
        LLVM_LIKELY(!__builtin_mul_overflow(a.small(), b.small(), &product)))
      return product;
    return multiplyLarge(a, b);
  }
  /// Rounds down; `b` is positive.
  friend Count operator/(const Count &a, const Count &b) {
    assert(b && "division by zero");
    if (LLVM_LIKELY(!a.large && !b.large))
      return a.small() / b.small();
    return divideLarge(a, b);
  }
  friend Count operator%(const Count &a, const Count &b) {
    return a - a / b * b;
  }
  Count &operator+=(const Count &b) { return *this = *this + b; }
  Count &operator-=(const Count &b) { return *this = *this - b; }
  Count &operator*=(const Count &b) { return *this = *this * b; }

  friend bool operator==(const Count &a, const Count &b) {
    if (LLVM_LIKELY(!a.large && !b.large))
      return a.low == b.low && a.high == b.high;
    return compareLarge(a, b) == 0;
  }
  friend bool operator<(const Count &a, const Count &b) {
    if (LLVM_LIKELY(!a.large && !b.large))
      return a.small() < b.small();
    return compareLarge(a, b) < 0;
  }
  friend bool operator!=(const Count &a, const Count &b) { return !(a == b); }
  friend bool operator>(const Count &a, const Count &b) { return b < a; }
  friend bool operator<=(const Count &a, const Count &b) { return !(b < a); }
  friend bool operator>=(const Count &a, const Count &b) { return !(a < b); }

private:
  Small small() const { return Small(high) << 64 | low; }
  void take(const llvm::APInt &integer);
  static const llvm::APInt *copyOf(const llvm::APInt *large);
  static void free(const llvm::APInt *large);
  static Count addLarge(const Count &a, const Count &b);
  static Count subtractLarge(const Count &a, const Count &b);
  static Count multiplyLarge(const Count &a, const Count &b);
  static Count divideLarge(const Count &a, const Count &b);
  static int compareLarge(const Count &a, const Count &b);

  /// Only its address matters.
  static const llvm::APInt infinite;

  uint64_t low = 0, high = 0;
  /// Null up to 128 bits; then low and high are of no meaning.
  const llvm::APInt *large = nullptr;
};

/// a / b, within 1e-15 of it; `b` is positive. 0 or infinite where a double is.
double ratio(const Count &a, const Count &b);

/// Decimal digits; "infinity".
std::string toString(const Count &count);
std::ostream &operator<<(std::ostream &os, const Count &count);

} // namespace conveinsum

#endif // CONVEINSUM_EQUATION_COUNT_H
