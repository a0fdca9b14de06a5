//===- SeedGraph.h - A network as a weighted hypergraph ---------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the seeds of the annealer see of an equation: operands are vertices,
// modes are nets over their holders, and the weight of a net is the log2 of
// its size. For example `ab,bc,bd->cd` with sizes a=3 b=4 c=2 d=8 is
//
//     vertices 0 1 2     nets {0,1,2}: 2 bits   {1}: 1 bit   {2}: 3 bits
//                                               external     external
//
// (the private mode a is summed before the first step). A set S of vertices has
// an intermediate of
//
//     open(S)  = bits of the nets with a pin in S that are external or have a
//                pin outside
//
// and the step that joins A and B counts 2^(open(A+B) + closing) MACs, closing
// being the bits of the nets that are open in A or B but no more in A+B, or, if
// elements count, writes 2^open(A+B) of them. This is exact for plain modes.
// Conv modes are nets of their largest extent, which is a heuristic: seeds are
// only starting points.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_SEEDS_SEEDGRAPH_H
#define CONVEINSUM_LIB_PLAN_SEEDS_SEEDGRAPH_H

#include "PortableMath.h"
#include "conveinsum/Equation/Equation.h"
#include <utility>
#include <vector>

namespace conveinsum {

/// The steps of a tree in SSA numbers, as ContractionTree has them.
using Pairs = std::vector<std::pair<unsigned, unsigned>>;

/// The network as a weighted hypergraph; vertices are the operands.
struct SeedGraph {
  struct Net {
    llvm::SmallVector<unsigned, 3> pins; ///< ascending, at least one
    double bits;                         ///< log2 of the size, positive
    bool isExternal;                     ///< the result holds it
  };

  unsigned numVertices = 0;
  /// In the order of their pins. Modes of equal pins, both external or both
  /// not, are one net; nets without bits, and those that one vertex holds
  /// alone and sums, are left out.
  std::vector<Net> nets;

  /// What trees on the graph cost: the MACs of all steps, or the elements of
  /// all results.
  enum class Cost : uint8_t { Macs, Elements };
  Cost cost = Cost::Macs;

  /// The graph of an equation with static shapes.
  static SeedGraph of(const Equation &equation, Cost cost = Cost::Macs);

  /// In `grouped`: the vertex is in no group.
  static constexpr unsigned kElsewhere = ~0u;
  /// The graph whose vertices are groups of this one's. Nets with a pin
  /// elsewhere become external.
  SeedGraph grouped(llvm::ArrayRef<unsigned> groupOf, unsigned numGroups) const;
  /// The part of the graph on some vertices, which get their positions in
  /// `vertices` as numbers.
  SeedGraph restrictedTo(llvm::ArrayRef<unsigned> vertices) const;

  /// Sorts the pins and the nets and merges and drops what `nets` says.
  void normalise();
};

/// Positions in `nets` of the nets of every vertex, ascending.
std::vector<llvm::SmallVector<unsigned, 6>> netsOfVertices(const SeedGraph &);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_SEEDS_SEEDGRAPH_H
