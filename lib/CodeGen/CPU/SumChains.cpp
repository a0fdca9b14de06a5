//===- SumChains.cpp - How long sums are cut ------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From the innermost loop outwards, each loop takes as many iterations into the
// current block or group as fit.
//
//===----------------------------------------------------------------------===//

#include "SumChains.h"
#include "llvm/Support/MathExtras.h"
#include <algorithm>

using namespace conveinsum;

/// Additions of a block.
static constexpr int64_t kProductBlock = 256;
static constexpr int64_t kNumberBlock = 64;
/// Blocks of a group, and groups of the next one.
static constexpr int64_t kGroup = 8;
/// Sums of more products have so many groups that these find a place in
/// 256 + log2(n) with smaller blocks only.
static constexpr int64_t kLongSum = 2048;
static constexpr int64_t kLongSumBlock = 192;

int64_t conveinsum::longestChain(bool ofProducts) {
  return ofProducts ? kProductBlock : kNumberBlock;
}

/// Whether all `loops` together are at most `limit` iterations.
static bool isAtMost(llvm::ArrayRef<SumLoop> loops, int64_t limit) {
  int64_t total = 1;
  for (const SumLoop &loop : loops) {
    int64_t count = std::max<int64_t>(loop.iterations + loop.hasRest, 1);
    if (count > limit / total)
      return false;
    total *= count;
  }
  return true;
}

llvm::SmallVector<Cuts> conveinsum::cutSum(llvm::ArrayRef<SumLoop> loops,
                                           bool ofProducts) {
  llvm::SmallVector<Cuts> cuts(loops.size());
  // Additions per iteration to what is carried, and how many there may be.
  int64_t chain = 1, limit = longestChain(ofProducts);
  if (ofProducts && !isAtMost(loops, kLongSum))
    limit = kLongSumBlock;
  for (size_t outer = loops.size(); outer > 0; --outer) {
    size_t level = outer - 1;
    int64_t count = loops[level].iterations, rest = loops[level].hasRest;
    int64_t span = 1;
    while (count + rest > 1 && count + rest > limit / chain) {
      // As even as possible.
      int64_t most = std::max<int64_t>(limit / chain, 1);
      int64_t each = llvm::divideCeil(
          count, std::max<int64_t>(llvm::divideCeil(count, most), 1));
      span *= std::max<int64_t>(each, 1);
      cuts[level].push_back(span);
      count = llvm::divideCeil(loops[level].iterations, span);
      chain = 1;
      limit = kGroup;
    }
    chain *= std::max<int64_t>(count + rest, 1);
  }
  return cuts;
}
