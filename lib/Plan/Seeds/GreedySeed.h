//===- GreedySeed.h - Trees that join the best pair next --------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The greedy tree of opt_einsum and cotengra on the SeedGraph: of all pairs
// with a common net, the one with the lowest score
//
//     2^|AB| - costWeight * (2^|A| + 2^|B|)           |X| = bits of a value
//
// is joined, until one value is left. Noise on the score gives other trees of
// similar quality; the best of several is far better than the first.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_SEEDS_GREEDYSEED_H
#define CONVEINSUM_LIB_PLAN_SEEDS_GREEDYSEED_H

#include "SeedGraph.h"

namespace conveinsum {

struct GreedyParameters {
  /// How much it counts that a step frees its operands.
  double costWeight = 1;
  /// Scale of the Gumbel noise on the logarithm of the score; 0 for none.
  double temperature = 0;
  uint64_t seed = 0;

  /// The parameters of the `trial`-th of several trees: 0 is the plain one, the
  /// others vary weight, temperature and seed.
  static GreedyParameters ofTrial(uint64_t trial, uint64_t seed = 0);
};

/// A tree over all vertices, numVertices - 1 steps (none for no vertex).
/// Pairs without a common net, and pairs that only nets of more than 16 values
/// join, are looked at when nothing else is left: then the two smallest values
/// are joined.
Pairs greedyPairs(const SeedGraph &graph,
                  const GreedyParameters &parameters = {});

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_SEEDS_GREEDYSEED_H
