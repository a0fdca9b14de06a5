//===- IntervalSearch.h - The best tree along an order ----------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A tree whose leaves are written in a row joins intervals of that row only. Of
// all trees that do so the best is found as for a chain of matrices,
//
//     best(i, j) = min over i < k < j of best(i, k) + best(k, j)
//                  + 2^(open(i, j) + closing(i, k, j))
//
// (without the closing nets where elements count) in cubic time.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_SEEDS_INTERVALSEARCH_H
#define CONVEINSUM_LIB_PLAN_SEEDS_INTERVALSEARCH_H

#include "SeedGraph.h"
#include <optional>

namespace conveinsum {

/// The best tree over the vertices 0, 1, ... in this order, or none if every
/// tree costs 2^bound or more. Beyond 2^450 it may be none also because
/// the search would leave the range of numbers: where nets of more than some
/// 960 bits end in the graph.
std::optional<Pairs> bestAlongOrder(const SeedGraph &graph, double bound);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_SEEDS_INTERVALSEARCH_H
