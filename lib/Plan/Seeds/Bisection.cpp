//===- Bisection.cpp - Cutting a network in two ---------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Bisection.h"
#include "ClusterGraph.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <array>
#include <optional>
#include <tuple>

using namespace conveinsum;

/// Clusters at which coarsening ends.
static constexpr unsigned kFewClusters = 48;
static constexpr unsigned kStarts = 8;
static constexpr unsigned kMaxPasses = 8;

namespace {

/// One state of the halves of a ClusterGraph, and moves on it.
class Halves {
public:
  Halves(const ClusterGraph &graph, uint64_t maxWeight,
         std::vector<uint8_t> sides);

  /// Moves clusters around `first`, and around those on side 0, there until it
  /// has the weight `target`.
  void grow(unsigned first, uint64_t target);
  /// Passes until one finds nothing better.
  void refine();
  /// Moves random clusters, at a loss with a chance that falls with it and with
  /// the temperature; `sweeps` moves are tried for every cluster.
  void anneal(unsigned sweeps, SeedRandom &random);
  /// Moves all clusters of side 1 to side 0, the one of highest gain next, and
  /// returns them in this order.
  std::vector<unsigned> sweep();

  /// Smaller is better: weight above the limit, then bits of the cut nets.
  std::pair<uint64_t, FixedBits> value() const {
    uint64_t larger = std::max(sideWeight[0], sideWeight[1]);
    return {larger > maxWeight ? larger - maxWeight : 0, cut};
  }
  const std::vector<uint8_t> &sidesOfClusters() const { return sides; }

private:
  struct Entry {
    FixedBits gain;
    unsigned stamp, cluster;
    bool operator<(const Entry &other) const {
      return std::tie(gain, stamp) < std::tie(other.gain, other.stamp);
    }
  };

  FixedBits gainOf(unsigned cluster) const;
  void startPass();
  bool isAllowed(unsigned cluster) const;
  void push(unsigned cluster);
  void dropStale(unsigned side);
  std::optional<unsigned> popBest();
  void move(unsigned cluster);
  void adjust(unsigned cluster, FixedBits difference);
  void undo(unsigned cluster);
  bool pass();

  const ClusterGraph &graph;
  uint64_t maxWeight;
  std::vector<uint8_t> sides;
  std::vector<std::array<unsigned, 2>> pinsOn; // per net and side
  uint64_t sideWeight[2] = {0, 0};
  FixedBits cut = 0;
  // Of a pass.
  std::vector<FixedBits> gains;
  std::vector<uint8_t> isMoved;
  std::vector<unsigned> stamps; // of the valid entry of a cluster
  unsigned lastStamp = 0;
  std::vector<Entry> heaps[2]; // by the side that a cluster is on
};

} // namespace

Halves::Halves(const ClusterGraph &graph, uint64_t maxWeight,
               std::vector<uint8_t> given)
    : graph(graph), maxWeight(maxWeight), sides(std::move(given)),
      pinsOn(graph.numNets(), {0, 0}) {
  for (unsigned cluster = 0; cluster < graph.numClusters(); ++cluster)
    sideWeight[sides[cluster]] += graph.weight(cluster);
  for (unsigned net = 0; net < graph.numNets(); ++net) {
    for (unsigned pin : graph.pins(net))
      ++pinsOn[net][sides[pin]];
    if (pinsOn[net][0] != 0 && pinsOn[net][1] != 0)
      cut += graph.bits(net);
  }
}

/// Bits by which the cut shrinks if the cluster changes sides.
FixedBits Halves::gainOf(unsigned cluster) const {
  unsigned from = sides[cluster], to = 1 - from;
  FixedBits gain = 0;
  for (unsigned net : graph.nets(cluster)) {
    if (pinsOn[net][from] == 1)
      gain += graph.bits(net);
    else if (pinsOn[net][to] == 0)
      gain -= graph.bits(net);
  }
  return gain;
}

void Halves::startPass() {
  gains.resize(graph.numClusters());
  for (unsigned cluster = 0; cluster < graph.numClusters(); ++cluster)
    gains[cluster] = gainOf(cluster);
  isMoved.assign(graph.numClusters(), false);
  std::fill_n(isMoved.begin(), kNumTerminals, true);
  stamps.assign(graph.numClusters(), 0);
  lastStamp = 0;
  heaps[0].clear();
  heaps[1].clear();
}

/// Clusters that were touched last come first among equal gains: moves stay
/// in one region.
void Halves::push(unsigned cluster) {
  stamps[cluster] = ++lastStamp;
  std::vector<Entry> &heap = heaps[sides[cluster]];
  heap.push_back({gains[cluster], lastStamp, cluster});
  std::push_heap(heap.begin(), heap.end());
}

void Halves::dropStale(unsigned side) {
  std::vector<Entry> &heap = heaps[side];
  auto isStale = [&](const Entry &entry) {
    return isMoved[entry.cluster] || stamps[entry.cluster] != entry.stamp;
  };
  while (!heap.empty() && isStale(heap.front())) {
    std::pop_heap(heap.begin(), heap.end());
    heap.pop_back();
  }
}

/// Whether a move keeps the limit or comes closer to it.
bool Halves::isAllowed(unsigned cluster) const {
  unsigned from = sides[cluster];
  uint64_t after = sideWeight[1 - from] + graph.weight(cluster);
  return after <= maxWeight || after < sideWeight[from];
}

/// The best allowed move. A cluster that is too heavy now is not looked at
/// again unless a neighbour moves.
std::optional<unsigned> Halves::popBest() {
  for (;;) {
    dropStale(0);
    dropStale(1);
    if (heaps[0].empty() && heaps[1].empty())
      return std::nullopt;
    unsigned side = heaps[0].empty() ||
                    (!heaps[1].empty() && heaps[0].front() < heaps[1].front());
    if (!isAllowed(heaps[side].front().cluster) && !heaps[1 - side].empty())
      side = 1 - side;
    unsigned cluster = heaps[side].front().cluster;
    if (isAllowed(cluster))
      return cluster;
    std::pop_heap(heaps[side].begin(), heaps[side].end());
    heaps[side].pop_back();
  }
}

void Halves::adjust(unsigned cluster, FixedBits difference) {
  gains[cluster] += difference;
  if (!isMoved[cluster])
    push(cluster);
}

void Halves::move(unsigned cluster) {
  unsigned from = sides[cluster], to = 1 - from;
  cut -= gains[cluster];
  isMoved[cluster] = true;
  sides[cluster] = to;
  sideWeight[from] -= graph.weight(cluster);
  sideWeight[to] += graph.weight(cluster);
  for (unsigned net : graph.nets(cluster)) {
    FixedBits bits = graph.bits(net);
    unsigned left = --pinsOn[net][from], arrived = ++pinsOn[net][to];
    // Only nets that leave or reach the state "all but one on a side" change
    // gains.
    if (left > 1 && arrived > 2)
      continue;
    for (unsigned pin : graph.pins(net)) {
      if (pin == cluster)
        continue;
      FixedBits difference = 0;
      if (sides[pin] == from)
        difference = (arrived == 1 ? bits : 0) + (left == 1 ? bits : 0);
      else
        difference = -(arrived == 2 ? bits : 0) - (left == 0 ? bits : 0);
      if (difference != 0)
        adjust(pin, difference);
    }
  }
}

/// Takes back a move of this pass; gains are then void.
void Halves::undo(unsigned cluster) {
  unsigned from = sides[cluster], to = 1 - from;
  sides[cluster] = to;
  sideWeight[from] -= graph.weight(cluster);
  sideWeight[to] += graph.weight(cluster);
  for (unsigned net : graph.nets(cluster)) {
    --pinsOn[net][from];
    ++pinsOn[net][to];
  }
}

bool Halves::pass() {
  startPass();
  for (unsigned cluster = kNumTerminals; cluster < graph.numClusters();
       ++cluster)
    push(cluster);
  auto start = value(), best = start;
  std::vector<unsigned> moved;
  size_t bestMoves = 0, patience = 40 + graph.numClusters() / 8;
  while (moved.size() < bestMoves + patience) {
    auto cluster = popBest();
    if (!cluster)
      break;
    move(*cluster);
    moved.push_back(*cluster);
    if (value() < best) {
      best = value();
      bestMoves = moved.size();
    }
  }
  for (; moved.size() > bestMoves; moved.pop_back())
    undo(moved.back());
  cut = best.second;
  return best < start;
}

void Halves::refine() {
  for (unsigned passes = 0; passes < kMaxPasses && pass(); ++passes)
    ;
}

void Halves::anneal(unsigned sweeps, SeedRandom &random) {
  // In bits of the cut; it falls geometrically. What is hotter forgets the
  // halves that it begins with, what is colder moves nothing.
  constexpr double kHot = 0.7, kCold = 0.15;
  constexpr unsigned levels = 64, chances = 256;
  const double factor = portableExp2(portableLog2(kCold / kHot) / (levels - 1));
  std::array<double, chances> exponents;
  std::array<FixedBits, chances> mostLost;
  for (unsigned index = 0; index < chances; ++index)
    exponents[index] = -portableLog2((index + 0.5) / chances);
  unsigned candidates = graph.numClusters() - kNumTerminals;
  uint64_t tries = uint64_t(sweeps) * candidates / levels + 1;
  // No cluster is in a heap, and all gains are kept up to date.
  startPass();
  isMoved.assign(graph.numClusters(), true);
  double temperature = kHot;
  for (unsigned level = 0; level < levels; ++level, temperature *= factor) {
    for (unsigned index = 0; index < chances; ++index)
      mostLost[index] = toFixed(temperature * exponents[index]);
    for (uint64_t tried = 0; tried < tries; ++tried) {
      uint64_t word = random.next();
      unsigned cluster =
          kNumTerminals + unsigned((word >> 32) * candidates >> 32);
      FixedBits gain = gains[cluster];
      if (gain + mostLost[word & (chances - 1)] < 0 || !isAllowed(cluster))
        continue;
      move(cluster);
      gains[cluster] = -gain;
    }
  }
}

void Halves::grow(unsigned first, uint64_t target) {
  startPass();
  for (unsigned net : graph.nets(/*cluster=*/0))
    for (unsigned pin : graph.pins(net))
      if (!isMoved[pin])
        push(pin);
  move(first);
  while (sideWeight[0] < target) {
    dropStale(1);
    // A component may end before the target is reached.
    if (heaps[1].empty())
      push(llvm::find(isMoved, false) - isMoved.begin());
    move(heaps[1].front().cluster);
  }
}

std::vector<unsigned> Halves::sweep() {
  startPass();
  std::vector<unsigned> order;
  unsigned next = kNumTerminals;
  // At first those at the cut; where nothing is left that touches side 0, a
  // component ends.
  for (unsigned cluster = 0; cluster < graph.numClusters(); ++cluster)
    if (sides[cluster] == 0)
      for (unsigned net : graph.nets(cluster))
        for (unsigned pin : graph.pins(net))
          if (!isMoved[pin] && sides[pin] == 1 && stamps[pin] == 0)
            push(pin);
  for (;;) {
    dropStale(1);
    if (heaps[1].empty()) {
      while (next < graph.numClusters() && (isMoved[next] || sides[next] == 0))
        ++next;
      if (next == graph.numClusters())
        return order;
      push(next);
    }
    order.push_back(heaps[1].front().cluster);
    move(order.back());
  }
}

//===----------------------------------------------------------------------===//
// Levels
//===----------------------------------------------------------------------===//

/// The best of several halves that grow from random clusters.
static Halves bestStart(const ClusterGraph &graph, uint64_t total,
                        uint64_t maxWeight, SeedRandom &random) {
  std::vector<uint8_t> allRight(graph.numClusters(), 1);
  allRight[0] = 0;
  std::optional<Halves> best;
  for (unsigned start = 0; start < kStarts; ++start) {
    Halves halves(graph, maxWeight, allRight);
    unsigned candidates = graph.numClusters() - kNumTerminals;
    halves.grow(kNumTerminals + random.below(candidates), total / 2);
    halves.refine();
    if (!best || halves.value() < best->value())
      best.emplace(std::move(halves));
  }
  return std::move(*best);
}

namespace {

/// A graph and, but for the coarsest, its cluster in the next one for every
/// cluster.
struct Level {
  ClusterGraph graph;
  std::vector<unsigned> coarse;
};

} // namespace

static std::vector<Level> coarsen(const SeedGraph &graph, uint64_t total,
                                  SeedRandom &random) {
  std::vector<Level> levels;
  levels.push_back({ClusterGraph(graph), {}});
  unsigned maxCluster = static_cast<unsigned>(3 * total / kFewClusters + 1);
  while (levels.back().graph.numClusters() > kFewClusters) {
    const ClusterGraph &finer = levels.back().graph;
    std::vector<unsigned> coarse = finer.match(maxCluster, random);
    unsigned count = *std::max_element(coarse.begin(), coarse.end()) + 1;
    // Not worth a level of its own.
    if (count > finer.numClusters() / 20 * 19)
      break;
    ClusterGraph coarser = finer.merged(coarse, count);
    levels.back().coarse = std::move(coarse);
    levels.push_back({std::move(coarser), {}});
  }
  return levels;
}

/// The most vertices of a half.
static uint64_t maxWeightOf(uint64_t total, double imbalance) {
  double limit = static_cast<double>(total) * (1 + imbalance) / 2;
  return std::clamp(static_cast<uint64_t>(limit + 0.999), (total + 1) / 2,
                    total - 1);
}

std::vector<uint8_t> conveinsum::bisect(const SeedGraph &graph,
                                        double imbalance, SeedRandom &random) {
  uint64_t total = graph.numVertices - kNumTerminals;
  uint64_t maxWeight = maxWeightOf(total, imbalance);
  std::vector<Level> levels = coarsen(graph, total, random);
  std::vector<uint8_t> sides =
      bestStart(levels.back().graph, total, maxWeight, random)
          .sidesOfClusters();
  for (levels.pop_back(); !levels.empty(); levels.pop_back()) {
    std::vector<uint8_t> finer;
    for (unsigned cluster : levels.back().coarse)
      finer.push_back(sides[cluster]);
    Halves halves(levels.back().graph, maxWeight, std::move(finer));
    halves.refine();
    sides = halves.sidesOfClusters();
  }
  return sides;
}

std::vector<uint8_t> conveinsum::annealBisection(const SeedGraph &graph,
                                                 double imbalance,
                                                 std::vector<uint8_t> sides,
                                                 unsigned sweeps,
                                                 SeedRandom &random) {
  uint64_t maxWeight =
      maxWeightOf(graph.numVertices - kNumTerminals, imbalance);
  ClusterGraph clusters(graph);
  Halves given(clusters, maxWeight, std::move(sides)), annealed = given;
  annealed.anneal(sweeps, random);
  annealed.refine();
  return (annealed.value() < given.value() ? annealed : given)
      .sidesOfClusters();
}

std::vector<unsigned> conveinsum::sweepOrder(const SeedGraph &graph,
                                             llvm::ArrayRef<uint8_t> sides) {
  ClusterGraph clusters(graph);
  std::vector<uint8_t> given(sides), mirrored;
  for (uint8_t side : sides)
    mirrored.push_back(1 - side);
  uint64_t anyWeight = graph.numVertices;
  std::vector<unsigned> right =
      Halves(clusters, anyWeight, std::move(given)).sweep();
  std::vector<unsigned> order =
      Halves(clusters, anyWeight, std::move(mirrored)).sweep();
  std::reverse(order.begin(), order.end());
  order.insert(order.end(), right.begin(), right.end());
  return order;
}
