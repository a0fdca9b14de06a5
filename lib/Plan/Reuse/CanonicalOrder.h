//===- CanonicalOrder.h - An order that names cannot change -----*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Operands and modes are the vertices of a bipartite graph with coloured
// vertices and coloured arcs. The canonical order of the operands is one that
// an isomorphic graph has too:
//
// 1. Some rounds of hashing (every vertex takes in the colours around it) tell
//    the operands of most networks apart.
// 2. If not, the vertices are partitioned into cells of one colour and the
//    partition is refined until the vertices of a cell see every cell alike
//    (OrderedPartition.h). In the first cell with several operands, each of
//    them in turn is given a colour of its own, and so on: a tree whose leaves
//    are orders. The leaf with the smallest hashes wins.
// 3. Two leaves of the same graph give an automorphism; of operands that known
//    automorphisms exchange, one is tried. Operands that hold the same modes in
//    the same way are known to be exchangeable from the start. The method is
//    that of nauty (B. D. McKay, A. Piperno: Practical graph isomorphism, II.
//    J. Symbolic Computation 60, 2014).
//
// All hashes are functions of the graph up to isomorphism. If two that differ
// should collide, an isomorphic graph may get another order; nothing else.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_REUSE_CANONICALORDER_H
#define CONVEINSUM_LIB_PLAN_REUSE_CANONICALORDER_H

#include "conveinsum/Runtime/SplitMix.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include <cstdint>

namespace conveinsum {

/// The hash of a pair; depends on the order.
inline uint64_t combineHash(uint64_t a, uint64_t b) {
  return mixBits(a * kGoldenStep + b + 1);
}

/// The hash of a set takes in a member; in any order.
inline void addToHash(uint64_t &sum, uint64_t member) { sum += member; }

/// Vertices 0 .. numOperands-1 are the operands, the others the modes. Every
/// arc is stored at both ends.
struct ColouredGraph {
  struct Arc {
    unsigned vertex;
    uint64_t colour;
  };

  unsigned numOperands = 0;
  llvm::SmallVector<uint64_t, 48> colours; ///< of vertices
  llvm::SmallVector<unsigned, 49> begin;   ///< first arc of each, and the end
  llvm::SmallVector<Arc, 128> arcs;

  unsigned numVertices() const { return colours.size(); }
  llvm::ArrayRef<Arc> arcsOf(unsigned vertex) const {
    return llvm::ArrayRef(arcs).slice(begin[vertex],
                                      begin[vertex + 1] - begin[vertex]);
  }
};

struct CanonicalOrder {
  /// order[p] is the operand at position p.
  llvm::SmallVector<unsigned, 16> order;
  /// False if the search ended at its limit.
  bool isComplete = true;
};

CanonicalOrder canonicalOrder(const ColouredGraph &graph);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_REUSE_CANONICALORDER_H
