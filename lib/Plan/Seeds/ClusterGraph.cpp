//===- ClusterGraph.cpp - Clusters of a network ---------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ClusterGraph.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <algorithm>
#include <numeric>
#include <optional>

using namespace conveinsum;
using llvm::ArrayRef;

/// Nets of more clusters than these say little about which two belong
/// together.
static constexpr unsigned kMaxRatedPins = 16;

static bool holdsBothTerminals(ArrayRef<unsigned> pins) {
  return pins.size() > 1 && pins[0] == 0 && pins[1] == 1;
}

ClusterGraph::ClusterGraph(const SeedGraph &graph)
    : weights(graph.numVertices, 1) {
  std::fill_n(weights.begin(), kNumTerminals, 0);
  for (const SeedGraph::Net &net : graph.nets)
    if (!net.isExternal && !holdsBothTerminals(net.pins))
      addNet(net.pins, toFixed(net.bits));
  listNets();
}

void ClusterGraph::addNet(ArrayRef<unsigned> pins, FixedBits bits) {
  pinList.insert(pinList.end(), pins.begin(), pins.end());
  pinStart.push_back(pinList.size());
  netBits.push_back(bits);
}

/// Fills the nets of every cluster from the pins of every net.
void ClusterGraph::listNets() {
  netStart.assign(numClusters() + 1, 0);
  for (unsigned pin : pinList)
    ++netStart[pin + 1];
  std::partial_sum(netStart.begin(), netStart.end(), netStart.begin());
  netList.resize(pinList.size());
  std::vector<unsigned> next(netStart.begin(), netStart.end() - 1);
  for (unsigned net = 0; net < numNets(); ++net)
    for (unsigned pin : pins(net))
      netList[next[pin]++] = net;
}

//===----------------------------------------------------------------------===//
// Coarsening
//===----------------------------------------------------------------------===//

namespace {

/// Finds the cluster that another one shares most with.
class PartnerSearch {
public:
  explicit PartnerSearch(const ClusterGraph &graph)
      : graph(graph), shared(graph.numClusters(), 0) {}

  /// The best partner that `isFree` accepts. Light ones come first: clusters
  /// should stay of similar weight.
  std::optional<unsigned> find(unsigned cluster,
                               llvm::function_ref<bool(unsigned)> isFree) {
    rate(cluster, isFree);
    std::optional<unsigned> best;
    double bestRating = 0;
    for (unsigned other : rated) {
      double rating = shared[other] / graph.weight(other);
      if (rating > bestRating) {
        best = other;
        bestRating = rating;
      }
      shared[other] = 0;
    }
    rated.clear();
    return best;
  }

private:
  void rate(unsigned cluster, llvm::function_ref<bool(unsigned)> isFree) {
    for (unsigned net : graph.nets(cluster)) {
      ArrayRef<unsigned> pins = graph.pins(net);
      if (pins.size() > kMaxRatedPins)
        continue;
      double share = toBits(graph.bits(net)) / double(pins.size() - 1);
      for (unsigned other : pins) {
        if (other == cluster || !isFree(other))
          continue;
        if (shared[other] == 0)
          rated.push_back(other);
        shared[other] += share;
      }
    }
  }

  const ClusterGraph &graph;
  std::vector<double> shared;            // bits, 0 between searches
  llvm::SmallVector<unsigned, 32> rated; // clusters with an entry there
};

} // namespace

std::vector<unsigned> ClusterGraph::match(unsigned maxWeight,
                                          SeedRandom &random) const {
  constexpr unsigned kUnmatched = ~0u;
  std::vector<unsigned> coarse(numClusters(), kUnmatched);
  std::iota(coarse.begin(), coarse.begin() + kNumTerminals, 0u);
  std::vector<unsigned> order(numClusters() - kNumTerminals);
  std::iota(order.begin(), order.end(), kNumTerminals);
  random.shuffle(order);
  PartnerSearch search(*this);
  unsigned numCoarse = kNumTerminals;
  for (unsigned cluster : order) {
    if (coarse[cluster] != kUnmatched)
      continue;
    auto partner = search.find(cluster, [&](unsigned other) {
      return coarse[other] == kUnmatched &&
             weight(cluster) + weight(other) <= maxWeight;
    });
    coarse[cluster] = numCoarse;
    if (partner)
      coarse[*partner] = numCoarse;
    ++numCoarse;
  }
  return coarse;
}

ClusterGraph ClusterGraph::merged(ArrayRef<unsigned> coarse,
                                  unsigned numCoarse) const {
  ClusterGraph graph;
  graph.weights.assign(numCoarse, 0);
  for (unsigned cluster = 0; cluster < numClusters(); ++cluster)
    graph.weights[coarse[cluster]] += weight(cluster);
  std::vector<std::pair<llvm::SmallVector<unsigned, 4>, FixedBits>> lists;
  for (unsigned net = 0; net < numNets(); ++net) {
    llvm::SmallVector<unsigned, 4> list;
    for (unsigned pin : pins(net))
      list.push_back(coarse[pin]);
    llvm::sort(list);
    list.erase(llvm::unique(list), list.end());
    if (list.size() > 1 && !holdsBothTerminals(list))
      lists.push_back({std::move(list), bits(net)});
  }
  llvm::sort(lists);
  for (size_t first = 0, last; first < lists.size(); first = last) {
    FixedBits bits = 0;
    for (last = first;
         last < lists.size() && lists[last].first == lists[first].first; ++last)
      bits += lists[last].second;
    graph.addNet(lists[first].first, bits);
  }
  graph.listNets();
  return graph;
}
