//===- BisectionSeed.cpp - Trees by recursive bisection -------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BisectionSeed.h"
#include "Bisection.h"
#include "ClusterGraph.h"
#include "GreedySeed.h"
#include "OrderedTree.h"
#include "llvm/ADT/IntEqClasses.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <iterator>
#include <numeric>
#include <tuple>

using namespace conveinsum;
using llvm::ArrayRef;

/// How often annealing tries to move a vertex in the first cut of a network,
/// per vertex of it: in small ones many trees are better than good cuts. How
/// many moves it tries there at the most. Later cuts decide less and get less.
static constexpr uint64_t kSweepsPerVertex = 4, kMaxTries = 4'000'000;
/// Vertices from which cuts are annealed: fewer are cut well without.
static constexpr unsigned kAnnealedVertices = 30;

using Vertices = std::vector<unsigned>;

static std::vector<Vertices> componentsOf(const SeedGraph &graph) {
  llvm::IntEqClasses classes(graph.numVertices);
  for (const SeedGraph::Net &net : graph.nets)
    for (unsigned pin : net.pins)
      classes.join(net.pins.front(), pin);
  classes.compress();
  std::vector<Vertices> components(classes.getNumClasses());
  for (unsigned vertex = 0; vertex < graph.numVertices; ++vertex)
    components[classes[vertex]].push_back(vertex);
  return components;
}

/// Bits of the nets that leave the graph.
static double openBits(const SeedGraph &graph) {
  double bits = 0;
  for (const SeedGraph::Net &net : graph.nets)
    if (net.isExternal)
      bits += net.bits;
  return bits;
}

namespace {

class Partitioner {
public:
  explicit Partitioner(const PartitionParameters &parameters)
      : parameters(parameters), random(parameters.seed) {
    this->parameters.imbalance = std::clamp(parameters.imbalance, 0.02, 0.9);
  }
  Pairs run(const SeedGraph &graph);
  /// Moves that annealing has tried.
  uint64_t numTries() const { return tries; }

private:
  /// Joins the vertices of a part but for the terminals 0 and 1, from the value
  /// `values[k]` of vertex k, and returns the SSA number of the result. The
  /// depth of the recursion is logarithmic.
  unsigned joinPart(const SeedGraph &part, Vertices values);
  unsigned joinHalf(const SeedGraph &part, ArrayRef<unsigned> values,
                    ArrayRef<uint8_t> sides, unsigned side);
  unsigned joinGreedily(const SeedGraph &part, Vertices values);
  unsigned joinSweep(const SeedGraph &part, ArrayRef<unsigned> values,
                     ArrayRef<uint8_t> sides);
  unsigned join(unsigned left, unsigned right) {
    pairs.push_back({left, right});
    return nextValue++;
  }
  std::vector<uint8_t> bestBisection(const SeedGraph &part);

  PartitionParameters parameters;
  SeedRandom random;
  unsigned total = 0; // vertices of the network
  unsigned nextValue = 0;
  uint64_t tries = 0;
  Pairs pairs;
};

} // namespace

unsigned Partitioner::joinGreedily(const SeedGraph &part, Vertices values) {
  for (auto [a, b] : greedyPairs(part)) {
    pairs.push_back({values[a], values[b]});
    values.push_back(nextValue++);
  }
  return values.back();
}

/// The other half becomes part of the terminal on its side.
unsigned Partitioner::joinHalf(const SeedGraph &part, ArrayRef<unsigned> values,
                               ArrayRef<uint8_t> sides, unsigned side) {
  Vertices groupOf(sides.begin(), sides.end());
  Vertices inside(values.begin(), values.begin() + kNumTerminals);
  for (unsigned vertex = kNumTerminals; vertex < part.numVertices; ++vertex) {
    if (sides[vertex] != side)
      continue;
    groupOf[vertex] = inside.size();
    inside.push_back(values[vertex]);
  }
  unsigned numGroups = inside.size();
  return joinPart(part.grouped(groupOf, numGroups), std::move(inside));
}

/// Bits of the nets with pins on both sides.
static FixedBits cutBits(const SeedGraph &graph, ArrayRef<uint8_t> sides) {
  FixedBits cut = 0;
  for (const SeedGraph::Net &net : graph.nets)
    if (llvm::any_of(net.pins, [&](unsigned pin) {
          return sides[pin] != sides[net.pins.front()];
        }))
      cut += toFixed(net.bits);
  return cut;
}

/// The first cuts decide what the tree costs, and there are few of them: they
/// are made several times over.
std::vector<uint8_t> Partitioner::bestBisection(const SeedGraph &part) {
  unsigned inside = part.numVertices - kNumTerminals;
  bool isFirst = 3 * inside > 2 * total, isSecond = 3 * inside > total;
  unsigned trials = isFirst ? 4 : isSecond ? 2 : 1;
  std::vector<uint8_t> best = bisect(part, parameters.imbalance, random);
  for (unsigned trial = 1; trial < trials; ++trial) {
    std::vector<uint8_t> sides = bisect(part, parameters.imbalance, random);
    if (cutBits(part, sides) < cutBits(part, best))
      best = std::move(sides);
  }
  if (inside < kAnnealedVertices)
    return best;
  uint64_t sweeps =
      std::min(kSweepsPerVertex * total, kMaxTries / total) / (isFirst    ? 1
                                                               : isSecond ? 2
                                                                          : 4);
  tries += sweeps * inside;
  return annealBisection(part, parameters.imbalance, std::move(best),
                         static_cast<unsigned>(sweeps), random);
}

unsigned Partitioner::joinPart(const SeedGraph &part, Vertices values) {
  if (part.numVertices <= kNumTerminals + std::max(parameters.leafSize, 1u)) {
    Vertices inside(part.numVertices - kNumTerminals);
    std::iota(inside.begin(), inside.end(), kNumTerminals);
    values.erase(values.begin(), values.begin() + kNumTerminals);
    return joinGreedily(part.restrictedTo(inside), std::move(values));
  }
  std::vector<uint8_t> sides = bestBisection(part);
  if (parameters.isSweep)
    return joinSweep(part, values, sides);
  unsigned left = joinHalf(part, values, sides, 0);
  unsigned right = joinHalf(part, values, sides, 1);
  return join(left, right);
}

/// From both ends of the sweeping order to its middle.
unsigned Partitioner::joinSweep(const SeedGraph &part,
                                ArrayRef<unsigned> values,
                                ArrayRef<uint8_t> sides) {
  std::vector<unsigned> order = sweepOrder(part, sides);
  size_t middle = llvm::count(sides.drop_front(kNumTerminals), 0);
  unsigned left = values[order.front()], right = values[order.back()];
  for (size_t place = 1; place < middle; ++place)
    left = join(left, values[order[place]]);
  for (size_t place = order.size() - 1; place-- > middle;)
    right = join(values[order[place]], right);
  return join(left, right);
}

Pairs Partitioner::run(const SeedGraph &graph) {
  nextValue = total = graph.numVertices;
  // The values of the components, as a graph of what leaves them.
  SeedGraph rest;
  Vertices joined;
  for (const Vertices &component : componentsOf(graph)) {
    // Nothing is to the left or to the right yet.
    Vertices values(kNumTerminals),
        groupOf(graph.numVertices, SeedGraph::kElsewhere);
    for (unsigned vertex : component) {
      groupOf[vertex] = values.size();
      values.push_back(vertex);
    }
    SeedGraph part = graph.grouped(groupOf, values.size());
    rest.nets.push_back({{rest.numVertices++}, openBits(part), true});
    joined.push_back(joinPart(part, std::move(values)));
  }
  rest.normalise();
  if (!joined.empty())
    joinGreedily(rest, std::move(joined));
  return std::move(pairs);
}

//===----------------------------------------------------------------------===//
// Interface
//===----------------------------------------------------------------------===//

PartitionParameters PartitionParameters::ofTrial(uint64_t trial,
                                                 uint64_t seed) {
  constexpr std::pair<double, bool> shapes[kShapes] = {
      {0.05, false}, {0.05, true}, {0.1, false}, {0.02, false}, {0.3, false}};
  PartitionParameters parameters;
  std::tie(parameters.imbalance, parameters.isSweep) = shapes[trial % kShapes];
  parameters.seed = SeedRandom(seed).next() + trial;
  return parameters;
}

Pairs conveinsum::partitionPairs(const SeedGraph &graph,
                                 const PartitionParameters &parameters,
                                 uint64_t *tries) {
  Partitioner partitioner(parameters);
  Pairs pairs = partitioner.run(graph);
  if (tries)
    *tries += partitioner.numTries();
  return refineAlongOrder(graph, pairs);
}
