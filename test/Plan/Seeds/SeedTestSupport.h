//===- SeedTestSupport.h - Networks for the tests of seeds ------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Regular and random hypergraphs, and the check that every seed has to pass.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TEST_PLAN_SEEDS_SEEDTESTSUPPORT_H
#define CONVEINSUM_TEST_PLAN_SEEDS_SEEDTESTSUPPORT_H

#include "Plan/PlanTestSupport.h"
#include "Plan/Seeds/SeedGraph.h"

namespace conveinsum {

using Edges = std::vector<std::pair<unsigned, unsigned>>;

inline SeedGraph graphOfEdges(unsigned numVertices, const Edges &edges,
                              double bits = 1) {
  SeedGraph graph;
  graph.numVertices = numVertices;
  for (auto [a, b] : edges)
    graph.nets.push_back({{a, b}, bits, false});
  graph.normalise();
  return graph;
}

inline SeedGraph chainGraph(unsigned length, double bits) {
  Edges edges;
  for (unsigned vertex = 1; vertex < length; ++vertex)
    edges.push_back({vertex - 1, vertex});
  return graphOfEdges(length, edges, bits);
}

/// Vertices in a box, those next to each other joined by one bit.
inline SeedGraph latticeGraph(unsigned a, unsigned b, unsigned c = 1) {
  Edges edges;
  for (unsigned vertex = 0; vertex < a * b * c; ++vertex) {
    if (vertex % c + 1 < c)
      edges.push_back({vertex, vertex + 1});
    if (vertex / c % b + 1 < b)
      edges.push_back({vertex, vertex + c});
    if (vertex / (b * c) + 1 < a)
      edges.push_back({vertex, vertex + b * c});
  }
  return graphOfEdges(a * b * c, edges);
}

/// Nets of 1 to 5 pins and 1 to 4 bits, some of them external; often
/// disconnected, often with vertices that no net has.
inline SeedGraph randomGraph(uint64_t seed, unsigned maxVertices) {
  SeedRandom random(seed);
  SeedGraph graph;
  graph.numVertices = 1 + random.below(maxVertices);
  unsigned numNets = random.below(2 * graph.numVertices);
  for (unsigned net = 0; net < numNets; ++net) {
    SeedGraph::Net added{{}, double(1 + random.below(4)), random.below(8) == 0};
    for (unsigned pin = 1 + random.below(5); pin > 0; --pin)
      added.pins.push_back(random.below(graph.numVertices));
    graph.nets.push_back(std::move(added));
  }
  graph.normalise();
  return graph;
}

/// A permutation of the edges' ends, `degree` per vertex; double edges merge
/// and loops are left out.
inline SeedGraph randomRegularGraph(unsigned numVertices, unsigned degree,
                                    uint64_t seed) {
  SeedRandom random(seed);
  std::vector<unsigned> ends;
  for (unsigned end = 0; end < numVertices * degree; ++end)
    ends.push_back(end / degree);
  random.shuffle(ends);
  Edges edges;
  for (unsigned end = 0; end + 1 < ends.size(); end += 2)
    if (ends[end] != ends[end + 1])
      edges.push_back({ends[end], ends[end + 1]});
  return graphOfEdges(numVertices, edges);
}

inline void expectTree(const SeedGraph &graph, const Pairs &pairs) {
  Caught caught;
  EXPECT_TRUE(ContractionTree(graph.numVertices, pairs).verify(caught))
      << caught.text();
}

} // namespace conveinsum

#endif // CONVEINSUM_TEST_PLAN_SEEDS_SEEDTESTSUPPORT_H
