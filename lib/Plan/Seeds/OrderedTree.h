//===- OrderedTree.h - Trees rebuilt along their leaves ---------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A tree gives an order of its leaves, and the best tree along that order
// (IntervalSearch.h) is often far better than the tree: recursive bisection
// finds good orders, but balanced trees, and on chains and lattices a sweep
// that grows one value operand by operand is cheaper. Small trees are rebuilt
// at once. In large ones a window, a node with some of the nodes below, is
// rebuilt over the subtrees that it ends in, the most expensive windows first.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_SEEDS_ORDEREDTREE_H
#define CONVEINSUM_LIB_PLAN_SEEDS_ORDEREDTREE_H

#include "SeedGraph.h"

namespace conveinsum {

/// The best tree along the order that the pairs give (the first of a pair to
/// the left), or a better one: for up to 256 vertices other orders are tried,
/// too, which put subtrees on the side of their neighbours. In larger trees
/// only small subtrees are turned round, and windows find a good tree and not
/// always the best. Never has more MACs than `pairs`; windows
/// out of the range of IntervalSearch.h keep their shape.
Pairs refineAlongOrder(const SeedGraph &graph, const Pairs &pairs);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_SEEDS_ORDEREDTREE_H
