//===- PortableMath.h - Numbers that agree on every machine -----*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Seeds compare sizes of thousands of bits and draw random numbers. The
// mathematical library and the distributions of <random> may differ between
// machines, and equal input has to give an equal plan; here are the few
// functions that are needed, from integers and + - * / alone.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_SEEDS_PORTABLEMATH_H
#define CONVEINSUM_LIB_PLAN_SEEDS_PORTABLEMATH_H

#include "conveinsum/Runtime/SplitMix.h"
#include <cstddef>
#include <cstdint>
#include <utility>

namespace conveinsum {

/// log2 of a positive finite number, with a relative error below 1e-12.
double portableLog2(double value);

/// 2^exponent with a relative error below 1e-12; 0 below the normal range, the
/// largest finite power of two above it.
double portableExp2(double exponent);

/// A number of bits (log2 of a size) in fixed point: sums do not depend on
/// their order, and equal sums compare equal.
using FixedBits = int64_t;
constexpr FixedBits kFixedBit = FixedBits(1) << 30;
inline FixedBits toFixed(double bits) {
  return static_cast<FixedBits>(bits * kFixedBit + 0.5);
}
inline double toBits(FixedBits fixed) {
  return static_cast<double>(fixed) / kFixedBit;
}

/// A small generator (splitmix64).
class SeedRandom {
public:
  explicit SeedRandom(uint64_t seed) : state(seed) {}

  uint64_t next() { return nextSplitMix(state); }
  /// In (0, 1).
  double uniform();
  /// In 0 .. bound - 1; the bound is positive.
  uint32_t below(uint32_t bound);
  template <typename Range>
  void shuffle(Range &range) {
    for (size_t i = range.size(); i > 1; --i)
      std::swap(range[i - 1], range[below(static_cast<uint32_t>(i))]);
  }

private:
  uint64_t state;
};

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_SEEDS_PORTABLEMATH_H
