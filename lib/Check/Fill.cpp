//===- Fill.cpp - Pseudo-random operands ----------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every entry is a hash of its place, so that no state runs through the fill.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Check/Fill.h"
#include <cmath>

using namespace conveinsum;

/// The output function of splitmix64: every bit of the result depends on all.
static uint64_t mix(uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
  x = (x ^ x >> 27) * 0x94d049bb133111eb;
  return x ^ x >> 31;
}

static double floatingValue(uint64_t bits) {
  double magnitude = 0.5 + std::ldexp(double(bits >> 12), -53);
  return bits & 1 ? -magnitude : magnitude;
}

static uint64_t integerValue(uint64_t bits) {
  if (bits % 4 == 0)
    return mix(bits);
  return uint64_t(int64_t(bits >> 8 & 15) - 7);
}

void conveinsum::fillOperand(Tensor &tensor, unsigned operand) {
  for (uint64_t i = 0; i < tensor.elements(); ++i) {
    uint64_t bits = mix(mix(operand + 1) ^ i);
    if (isInteger(tensor.type()))
      tensor.setInteger(i, integerValue(bits));
    else
      tensor.setFloating(i, {floatingValue(bits), floatingValue(mix(bits))});
  }
}
