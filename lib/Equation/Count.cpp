//===- Count.cpp - Numbers of MACs, elements and bytes --------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Here are only the ways out of 128 bits and back: every operation on large
// numbers is done by llvm::APInt.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Equation/Count.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/bit.h"
#include <cmath>
#include <limits>
#include <ostream>

using namespace conveinsum;
using llvm::APInt;

const APInt Count::infinite(1, 1);

const Count &Count::infinity() {
  static const Count count = [] {
    Count unbounded;
    unbounded.large = &infinite;
    return unbounded;
  }();
  return count;
}

//===----------------------------------------------------------------------===//
// Storage
//===----------------------------------------------------------------------===//

void Count::take(const APInt &integer) {
  unsigned bits = integer.getActiveBits();
  if (bits <= 128) {
    low = integer.getRawData()[0];
    high = bits > 64 ? integer.getRawData()[1] : 0;
    return;
  }
  large = new APInt(integer.trunc(bits));
}

const APInt *Count::copyOf(const APInt *large) {
  return large == &infinite ? large : new APInt(*large);
}

void Count::free(const APInt *large) {
  if (large != &infinite)
    delete large;
}

APInt Count::integer() const {
  assert(!isInfinite() && "infinity is no integer");
  if (large)
    return *large;
  return high == 0 ? APInt(64, low)
                   : APInt(128, llvm::ArrayRef<uint64_t>({low, high}));
}

unsigned Count::bitWidth() const {
  assert(!isInfinite() && "infinity is no integer");
  if (large) // without leading zeros
    return large->getBitWidth();
  return high ? 128 - llvm::countl_zero(high) : 64 - llvm::countl_zero(low);
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

Count Count::addLarge(const Count &a, const Count &b) {
  if (a.isInfinite() || b.isInfinite())
    return infinity();
  APInt left = a.integer(), right = b.integer();
  unsigned bits = std::max(left.getBitWidth(), right.getBitWidth()) + 1;
  return Count(left.zext(bits) + right.zext(bits));
}

Count Count::subtractLarge(const Count &a, const Count &b) {
  if (a.isInfinite())
    return infinity();
  APInt left = a.integer();
  return Count(left - b.integer().zextOrTrunc(left.getBitWidth()));
}

Count Count::multiplyLarge(const Count &a, const Count &b) {
  if (!a || !b)
    return 0;
  if (a.isInfinite() || b.isInfinite())
    return infinity();
  // APInt's own product has one width for both sides and the result, which is
  // quadratic in the larger one, and most products have a word on one side.
  APInt left = a.integer(), right = b.integer();
  unsigned leftWords = left.getNumWords(), rightWords = right.getNumWords();
  llvm::SmallVector<uint64_t, 16> product(leftWords + rightWords);
  APInt::tcFullMultiply(product.data(), left.getRawData(), right.getRawData(),
                        leftWords, rightWords);
  return Count(APInt(64 * (leftWords + rightWords), product));
}

Count Count::divideLarge(const Count &a, const Count &b) {
  if (b.isInfinite())
    return a.isInfinite() ? 1 : 0;
  if (a.isInfinite())
    return infinity();
  APInt left = a.integer(), right = b.integer();
  unsigned bits = std::max(left.getBitWidth(), right.getBitWidth());
  return Count(left.zext(bits).udiv(right.zext(bits)));
}

int Count::compareLarge(const Count &a, const Count &b) {
  if (a.isInfinite() || b.isInfinite())
    return int(a.isInfinite()) - int(b.isInfinite());
  // What is large has more than 128 bits, and no leading zeros.
  if (!a.large || !b.large)
    return a.large ? 1 : -1;
  unsigned left = a.large->getBitWidth(), right = b.large->getBitWidth();
  if (left != right)
    return left < right ? -1 : 1;
  return a.large->ult(*b.large) ? -1 : *a.large != *b.large;
}

//===----------------------------------------------------------------------===//
// Real numbers
//===----------------------------------------------------------------------===//

Count Count::fromDouble(double number) {
  assert(number >= 0 && "a count is not negative");
  if (std::isinf(number))
    return infinity();
  if (number < 0x1p127)
    return Small(number);
  int exponent;
  auto mantissa = uint64_t(std::ldexp(std::frexp(number, &exponent), 64));
  return Count(APInt(exponent, mantissa >> 11).shl(exponent - 53));
}

Count Count::powerOfTwo(unsigned exponent) {
  return Count(APInt::getOneBitSet(exponent + 64, exponent));
}

Count::Scaled Count::scaled() const {
  if (isInfinite())
    return {std::numeric_limits<double>::infinity(), 0};
  int exponent = 0;
  if (!large) {
    double mantissa = std::frexp(double(small()), &exponent);
    return {mantissa, exponent};
  }
  // Of 64 leading bits the last is far below a unit in the last place of 53.
  unsigned rest = large->getBitWidth() - 64;
  double mantissa =
      std::frexp(double(large->extractBitsAsZExtValue(64, rest)), &exponent);
  return {mantissa, int64_t(exponent) + rest};
}

Count::operator double() const {
  auto [mantissa, exponent] = scaled();
  return std::ldexp(mantissa, int(std::min<int64_t>(exponent, 1 << 20)));
}

double Count::log2() const {
  assert(*this && "zero has no logarithm");
  auto [mantissa, exponent] = scaled();
  return std::log2(mantissa) + double(exponent);
}

double conveinsum::ratio(const Count &a, const Count &b) {
  assert(b && "division by zero");
  Count::Scaled above = a.scaled(), below = b.scaled();
  int64_t exponent = above.exponent - below.exponent;
  exponent = std::clamp<int64_t>(exponent, -(1 << 20), 1 << 20);
  return std::ldexp(above.mantissa / below.mantissa, int(exponent));
}

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

std::string conveinsum::toString(const Count &count) {
  if (count.isInfinite())
    return "infinity";
  // 19 digits at a time: one at a time takes seconds for what a network of a
  // thousand operands costs from left to right.
  constexpr uint64_t chunk = 10'000'000'000'000'000'000u;
  APInt rest = count.integer();
  llvm::SmallVector<uint64_t, 2> chunks;
  do {
    uint64_t remainder;
    APInt::udivrem(rest, chunk, rest, remainder);
    chunks.push_back(remainder);
    rest = rest.trunc(std::max(64u, rest.getActiveBits()));
  } while (!rest.isZero());
  std::string digits = std::to_string(chunks.pop_back_val());
  while (!chunks.empty()) {
    std::string next = std::to_string(chunks.pop_back_val());
    digits += std::string(19 - next.size(), '0') + next;
  }
  return digits;
}

std::ostream &conveinsum::operator<<(std::ostream &os, const Count &count) {
  return os << toString(count);
}
