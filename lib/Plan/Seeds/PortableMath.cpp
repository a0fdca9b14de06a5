//===- PortableMath.cpp - Numbers that agree on every machine -------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Both functions split off the exponent of the binary representation and sum a
// short series for the rest.
//
//===----------------------------------------------------------------------===//

#include "PortableMath.h"
#include "llvm/ADT/bit.h"

using namespace conveinsum;

static constexpr double kLn2 = 0.693147180559945309417;

/// 2^power for an exponent of the normal range.
static double powerOfTwo(int64_t power) {
  return llvm::bit_cast<double>(static_cast<uint64_t>(power + 1023) << 52);
}

double conveinsum::portableLog2(double value) {
  constexpr double kSmallestNormal = 2.2250738585072014e-308;
  if (value < kSmallestNormal)
    return portableLog2(value * powerOfTwo(64)) - 64;
  uint64_t word = llvm::bit_cast<uint64_t>(value);
  int64_t exponent = static_cast<int64_t>(word >> 52) - 1023;
  uint64_t fraction = word & ((uint64_t(1) << 52) - 1);
  if (fraction == 0)
    return static_cast<double>(exponent);
  double mantissa =
      llvm::bit_cast<double>(fraction | (uint64_t(1023) << 52)); // in [1, 2)
  if (mantissa > 1.4142135623730951) {
    mantissa *= 0.5;
    ++exponent;
  }
  // ln m = 2 artanh t with t = (m - 1) / (m + 1), |t| < 0.172.
  double t = (mantissa - 1) / (mantissa + 1), square = t * t, sum = 0;
  for (int term = 17; term >= 1; term -= 2)
    sum = sum * square + 1.0 / term;
  return static_cast<double>(exponent) + 2 * t * sum / kLn2;
}

double conveinsum::portableExp2(double exponent) {
  if (exponent < -1022)
    return 0;
  if (exponent >= 1023)
    return powerOfTwo(1023);
  // Truncation towards zero after a shift into the positive numbers rounds to
  // the nearest integer.
  int64_t whole = static_cast<int64_t>(exponent + 2048.5) - 2048;
  double rest = (exponent - static_cast<double>(whole)) * kLn2; // |rest| < 0.35
  if (rest == 0)
    return powerOfTwo(whole);
  double sum = 1;
  for (int term = 11; term >= 1; --term)
    sum = sum * rest / term + 1;
  // In two halves: the sum may be below 1 at the end of the normal range.
  return sum * powerOfTwo(whole / 2) * powerOfTwo(whole - whole / 2);
}

double SeedRandom::uniform() {
  return (static_cast<double>(next() >> 12) + 0.5) * powerOfTwo(-52);
}

uint32_t SeedRandom::below(uint32_t bound) {
  return static_cast<uint32_t>((next() >> 32) * bound >> 32);
}
