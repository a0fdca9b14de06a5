//===- Bisection.h - Cutting a network in two -------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The step that joins two halves of a network counts 2^(open + cut) MACs, open
// being the same for every pair of halves. So the nets that are cut should have
// few bits in total. The multilevel scheme of hMETIS and KaHyPar:
//
//   coarsen   match every vertex with the neighbour that it shares most with,
//             again and again, until few clusters are left
//   start     grow one side from a random cluster to half of the weight;
//             several times, keeping the best
//   refine    on the way back to single vertices, passes of Fiduccia and
//             Mattheyses: move the vertex of highest gain, each at most once,
//             even at a loss, then go back to the best state that was seen
//
// Then annealing, which moves random vertices and cools down, looks for better
// halves.
//
// Halves are the left and the right part of a row, and what stands to the left
// and to the right of the network already is given as two more vertices, the
// terminals, that stay where they are. A half is then drawn to the side of its
// neighbours, and few nets are open between any two places of the final row:
// that makes every interval of it a cheap intermediate (IntervalSearch.h).
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_SEEDS_BISECTION_H
#define CONVEINSUM_LIB_PLAN_SEEDS_BISECTION_H

#include "SeedGraph.h"

namespace conveinsum {

/// The side, 0 or 1, of every vertex. The graph has at least two besides the
/// terminals, the vertices 0 and 1, which are on sides 0 and 1. Neither side is
/// without other vertices, and the larger has at most (1 + imbalance) / 2 of
/// them, rounded up.
std::vector<uint8_t> bisect(const SeedGraph &graph, double imbalance,
                            SeedRandom &random);

/// Given sides of the same kind, or better ones that annealing finds, which
/// tries to move every vertex `sweeps` times on average. In networks without
/// structure, where clusters say little about a good cut, these are far better.
std::vector<uint8_t> annealBisection(const SeedGraph &graph, double imbalance,
                                     std::vector<uint8_t> sides,
                                     unsigned sweeps, SeedRandom &random);

/// An order of the vertices but for the terminals, whose middle is between the
/// given sides, side 0 first. From there one vertex after the other leaves for
/// the left or the right so that the cut behind it stays as small as possible.
std::vector<unsigned> sweepOrder(const SeedGraph &graph,
                                 llvm::ArrayRef<uint8_t> sides);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_SEEDS_BISECTION_H
