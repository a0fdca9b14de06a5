//===- ClusterGraph.h - Clusters of a network -------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The hypergraph that bisection works on, in flat arrays: vertices are clusters
// of operands, weights count them, and a coarser graph has matched clusters
// merged. The clusters 0 and 1 are the terminals of Bisection.h: they have no
// weight and are never merged.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_SEEDS_CLUSTERGRAPH_H
#define CONVEINSUM_LIB_PLAN_SEEDS_CLUSTERGRAPH_H

#include "SeedGraph.h"

namespace conveinsum {

/// The vertices 0 and 1 of a graph that is cut.
constexpr unsigned kNumTerminals = 2;

class ClusterGraph {
public:
  /// Every vertex is a cluster of its own. Nets that are cut whatever the
  /// halves are do not count: external ones, and those of both terminals.
  explicit ClusterGraph(const SeedGraph &graph);

  unsigned numClusters() const { return weights.size(); }
  unsigned numNets() const { return netBits.size(); }
  /// Number of operands in a cluster.
  unsigned weight(unsigned cluster) const { return weights[cluster]; }
  FixedBits bits(unsigned net) const { return netBits[net]; }
  /// Ascending, at least two.
  llvm::ArrayRef<unsigned> pins(unsigned net) const {
    return slice(pinList, pinStart, net);
  }
  llvm::ArrayRef<unsigned> nets(unsigned cluster) const {
    return slice(netList, netStart, cluster);
  }

  /// Matches clusters that share much and counts them anew: the cluster of the
  /// coarser graph for every cluster of this one. No cluster grows beyond
  /// `maxWeight`.
  std::vector<unsigned> match(unsigned maxWeight, SeedRandom &random) const;
  /// The graph of `numCoarse` merged clusters.
  ClusterGraph merged(llvm::ArrayRef<unsigned> coarse,
                      unsigned numCoarse) const;

private:
  ClusterGraph() = default;

  static llvm::ArrayRef<unsigned> slice(const std::vector<unsigned> &list,
                                        const std::vector<unsigned> &start,
                                        unsigned index) {
    return llvm::ArrayRef(list).slice(start[index],
                                      start[index + 1] - start[index]);
  }
  void addNet(llvm::ArrayRef<unsigned> pins, FixedBits bits);
  void listNets();

  std::vector<unsigned> weights;
  std::vector<FixedBits> netBits;
  std::vector<unsigned> pinStart{0}, pinList; // per net
  std::vector<unsigned> netStart, netList;    // per cluster
};

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_SEEDS_CLUSTERGRAPH_H
