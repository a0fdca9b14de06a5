//===- CacheTraffic.h - Lines that loops bring into caches ------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Counts cache lines of a nest of loops, from the strides alone. What the inner
// loops touch is their footprint. A cache keeps it from one iteration of the
// next loop to the following one if it fits, so with the loops from inside out
//
//     fits     the inner loops whose footprint, of all operands, the cache has
//              room for
//     lines    of an operand: its footprint over those and one loop more, once
//              for every iteration of the loops outside of that one
//
// Example, the product of two 1024 x 1024 matrices of f32, loops m, n, k with k
// innermost, a cache of 32 KiB:
//
//     k        1024 lines of b and 64 of a: fits not quite in 512 lines
//     n, k     65536 lines of b, which every m brings in again: 2^26 lines
//
// A cache is 8 ways of sets: lines whose addresses are a way's bytes apart
// share one set, so that a footprint needs as much room as its fullest set
// times the number of sets. That is what makes powers of two slow.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TARGET_CACHETRAFFIC_H
#define CONVEINSUM_TARGET_CACHETRAFFIC_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include <cstdint>

namespace conveinsum {

/// Bytes of a cache line.
inline constexpr int64_t kLineBytes = 64;

/// The elements that one operand touches, as runs at regular distances; loops
/// are added from inside out, in any order of strides.
class Footprint {
public:
  explicit Footprint(unsigned elementBytes) : elementBytes(elementBytes) {}

  void add(int64_t stride, int64_t extent);
  /// Lines that are touched; 0 of what is not in memory.
  double lines() const;
  /// Bytes that are touched without a gap.
  int64_t runBytes() const;
  /// Bytes of a cache with ways of `wayBytes` each that the lines need.
  double room(uint64_t wayBytes) const;

private:
  struct Run {
    int64_t stride, extent;
  };
  unsigned elementBytes;
  /// Ascending strides; no run reaches the next one's stride.
  llvm::SmallVector<Run, 6> runs;
};

/// A loop around others.
struct TrafficLoop {
  /// Of all operands, in elements, from one trip to the next.
  llvm::SmallVector<int64_t, 4> strides;
  int64_t trips;
};

/// What one operand costs.
struct OperandTraffic {
  /// Lines that each cache does not hold when the loops ask for them. What the
  /// last cache takes up as a whole it is taken to hold already: whatever ran
  /// before has left it there.
  llvm::SmallVector<double, 4> missed;
  /// The part of them that comes in runs too short for hardware to fetch ahead.
  double singlePart = 0;
};

/// The traffic of every operand through caches of `caches` bytes, smallest
/// first. `loops` stand from inside out; the first `inner` of them are a tile
/// and its reductions, during which the last operand, the result, is in
/// registers. A run is what these touch without a gap.
llvm::SmallVector<OperandTraffic, 4>
cacheTraffic(llvm::ArrayRef<TrafficLoop> loops, unsigned inner,
             llvm::ArrayRef<unsigned> elementBytes,
             llvm::ArrayRef<uint64_t> caches);

} // namespace conveinsum

#endif // CONVEINSUM_TARGET_CACHETRAFFIC_H
