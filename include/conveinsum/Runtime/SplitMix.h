//===- SplitMix.h - Bits that are the same everywhere -----------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The hash and the generator of splitmix64 (G. L. Steele, D. Lea, C. H. Flood:
// Fast splittable pseudorandom number generators. OOPSLA 2014). Plans and tests
// depend on their numbers, which <random> and llvm::hash_code promise for one
// machine or one run only.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_RUNTIME_SPLITMIX_H
#define CONVEINSUM_RUNTIME_SPLITMIX_H

#include <cstdint>

namespace conveinsum {

/// 2^64 over the golden ratio, odd.
constexpr uint64_t kGoldenStep = 0x9e3779b97f4a7c15;

/// A bijection in which every bit of the result depends on all bits of `x`; 0
/// stays 0.
inline uint64_t mixBits(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

/// The next number of the generator in a state.
inline uint64_t nextSplitMix(uint64_t &state) {
  return mixBits(state += kGoldenStep);
}

} // namespace conveinsum

#endif // CONVEINSUM_RUNTIME_SPLITMIX_H
