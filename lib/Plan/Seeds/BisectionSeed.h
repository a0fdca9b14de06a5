//===- BisectionSeed.h - Trees by recursive bisection -----------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Cuts the network in two where few bits cross (Bisection.h), then both halves,
// and so on; small parts are finished by the greedy tree. The result is a good
// order of the operands, along which the tree is rebuilt (OrderedTree.h).
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_SEEDS_BISECTIONSEED_H
#define CONVEINSUM_LIB_PLAN_SEEDS_BISECTIONSEED_H

#include "SeedGraph.h"

namespace conveinsum {

struct PartitionParameters {
  /// The larger half has at most (1 + imbalance) / 2 of the operands; taken to
  /// be between 0.02 and 0.9.
  double imbalance = 0.2;
  /// Only the first cut is made: on either side of it a value grows towards it,
  /// operand by operand. That suits lattices, whose best trees are such sweeps.
  bool isSweep = false;
  /// Parts up to this size are finished by the greedy tree; at least 1.
  unsigned leafSize = 8;
  uint64_t seed = 0;

  /// How imbalances and sweeps vary.
  static constexpr unsigned kShapes = 5;
  /// The parameters of the `trial`-th of several trees: one shape after the
  /// other, of imbalances between 0.02 and 0.3.
  static PartitionParameters ofTrial(uint64_t trial, uint64_t seed = 0);
};

/// A tree over all vertices, numVertices - 1 steps (none for no vertex).
/// Components are cut apart first and their values joined smallest first.
/// `tries` is increased by the moves that annealing has tried.
Pairs partitionPairs(const SeedGraph &graph,
                     const PartitionParameters &parameters = {},
                     uint64_t *tries = nullptr);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_SEEDS_BISECTIONSEED_H
