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

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_SEEDS_BISECTION_H
