//===- Count.cpp - Numbers of MACs, elements and bytes --------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See the header.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Equation/Count.h"

using namespace conveinsum;

Count conveinsum::saturatingAdd(Count a, Count b) {
  Count sum;
  return __builtin_add_overflow(a, b, &sum) ? kMaxCount : sum;
}

Count conveinsum::saturatingMultiply(Count a, Count b) {
  Count product;
  return __builtin_mul_overflow(a, b, &product) ? kMaxCount : product;
}

std::string conveinsum::toString(Count count) {
  std::string digits;
  do {
    digits.push_back(char('0' + int(count % 10)));
    count /= 10;
  } while (count != 0);
  return std::string(digits.rbegin(), digits.rend());
}
