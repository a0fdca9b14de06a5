//===- HalfFloat.cpp - Conversions of the 16-bit floats -------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Both types are one sign bit, some exponent bits and some mantissa bits, so
// one pair of templates serves them.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Runtime/HalfFloat.h"
#include <cmath>
#include <cstring>

using namespace conveinsum;

/// Rounds to a 16-bit float with `exponentBits` and `mantissaBits`.
template <int exponentBits, int mantissaBits>
static uint16_t encode(double value) {
  constexpr int bias = (1 << (exponentBits - 1)) - 1;
  constexpr uint16_t infinity = ((1 << exponentBits) - 1) << mantissaBits;
  uint64_t bits;
  std::memcpy(&bits, &value, sizeof(bits));
  uint16_t sign = uint16_t(bits >> 63 << 15);
  uint64_t fraction = bits & ((uint64_t(1) << 52) - 1);
  int exponent = int(bits >> 52 & 0x7ff) - 1023;

  if (exponent ==
      1024) { // infinity, or a NaN that stays one: its quiet bit is set
    uint16_t payload = uint16_t(fraction >> (52 - mantissaBits));
    uint16_t quiet = uint16_t(1) << (mantissaBits - 1);
    return sign | infinity | (fraction ? payload | quiet : 0);
  }
  if (exponent > bias)
    return sign | infinity;

  // Below the smallest normal number the mantissa loses one bit per power of 2;
  // a double's own subnormals are far below half of the smallest result.
  int shift = 52 - mantissaBits;
  bool subnormal = exponent < 1 - bias;
  if (subnormal)
    shift += 1 - bias - exponent;
  if (shift > 53)
    return sign;
  uint64_t significand = fraction | uint64_t(1) << 52;
  uint64_t rounded = significand >> shift;
  uint64_t rest = significand & ((uint64_t(1) << shift) - 1);
  uint64_t half = uint64_t(1) << (shift - 1);
  rounded += rest > half || (rest == half && (rounded & 1));

  // A carry out of the mantissa moves into the exponent by itself, up to
  // infinity.
  uint64_t result = rounded;
  if (!subnormal)
    result += uint64_t(exponent + bias - 1) << mantissaBits;
  return sign | uint16_t(result);
}

uint16_t conveinsum::encodeHalf(double value) { return encode<5, 10>(value); }

uint16_t conveinsum::encodeBFloat(double value) { return encode<8, 7>(value); }

float conveinsum::decodeHalf(uint16_t bits) {
  int exponent = bits >> 10 & 31;
  int mantissa = bits & 1023;
  float magnitude;
  if (exponent == 31) {
    uint32_t word = 0x7f800000u | uint32_t(mantissa) << 13;
    std::memcpy(&magnitude, &word, sizeof(word));
  } else if (exponent == 0) {
    magnitude = std::ldexp(float(mantissa), -24);
  } else {
    magnitude = std::ldexp(float(mantissa + 1024), exponent - 25);
  }
  return bits & 0x8000 ? -magnitude : magnitude;
}

float conveinsum::decodeBFloat(uint16_t bits) {
  uint32_t word = uint32_t(bits) << 16;
  float value;
  std::memcpy(&value, &word, sizeof(word));
  return value;
}
