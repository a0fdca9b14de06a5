//===- CanonicalOrder.cpp - An order that names cannot change -------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The rounds of hashing, and what is tried after them.
//
//===----------------------------------------------------------------------===//

#include "CanonicalOrder.h"
#include "OrderSearch.h"
#include <algorithm>
#include <numeric>

using namespace conveinsum;
using llvm::ArrayRef;

//===----------------------------------------------------------------------===//
// Hashing
//===----------------------------------------------------------------------===//

/// Every vertex of first .. last-1 takes in the colours around it. All of them
/// are on one side of the graph, so none sees a new colour.
static void takeIn(const ColouredGraph &graph, unsigned first, unsigned last,
                   llvm::MutableArrayRef<uint64_t> colours) {
  for (unsigned vertex = first; vertex < last; ++vertex) {
    uint64_t sum = 0;
    for (const ColouredGraph::Arc &arc : graph.arcsOf(vertex))
      addToHash(sum, combineHash(colours[arc.vertex], arc.colour));
    colours[vertex] = combineHash(colours[vertex], sum);
  }
}

/// Sorts operands by colour; whether all colours differ.
static bool sortByColour(ArrayRef<uint64_t> colours,
                         llvm::MutableArrayRef<unsigned> order) {
  std::sort(order.begin(), order.end(),
            [&](unsigned a, unsigned b) { return colours[a] < colours[b]; });
  for (unsigned index = 1; index < order.size(); ++index)
    if (colours[order[index - 1]] == colours[order[index]])
      return false;
  return true;
}

namespace {
/// Looks around from one operand at a time. That tells the operands of regular
/// networks apart, where rounds of hashing see the same everywhere.
class Surroundings {
public:
  Surroundings(const ColouredGraph &graph, ArrayRef<uint64_t> colours)
      : graph(graph), colours(colours), value(graph.numVertices()),
        sum(graph.numVertices()) {}

  /// A hash of the walks of up to `kSteps` arcs from `operand`: it has the
  /// value 1, and every step gives its values to what is around.
  uint64_t hashOf(unsigned operand);

private:
  /// Reaches cycles of 6 operands.
  static constexpr unsigned kSteps = 12;
  /// Arcs after which no other step begins: the surroundings are large enough.
  static constexpr size_t kMaxArcs = 2048;

  uint64_t step();

  const ColouredGraph &graph;
  ArrayRef<uint64_t> colours;
  std::vector<unsigned> ends, nextEnds; ///< vertices of a value
  std::vector<uint64_t> value, sum;     ///< 0 elsewhere
  size_t arcs = 0;
};
} // namespace

uint64_t Surroundings::step() {
  nextEnds.clear();
  for (unsigned end : ends) {
    uint64_t given = std::exchange(value[end], 0);
    arcs += graph.arcsOf(end).size();
    for (const ColouredGraph::Arc &arc : graph.arcsOf(end)) {
      if (sum[arc.vertex] == 0)
        nextEnds.push_back(arc.vertex);
      addToHash(sum[arc.vertex], combineHash(given, arc.colour));
    }
  }
  ends.swap(nextEnds);
  uint64_t all = 0;
  for (unsigned end : ends) {
    value[end] = combineHash(colours[end], std::exchange(sum[end], 0));
    addToHash(all, value[end]);
  }
  return all;
}

uint64_t Surroundings::hashOf(unsigned operand) {
  ends.assign(1, operand);
  value[operand] = 1;
  arcs = 0;
  uint64_t hash = 0;
  for (unsigned index = 0; index < kSteps && arcs < kMaxArcs; ++index)
    hash = combineHash(hash, step());
  for (unsigned end : ends)
    value[end] = 0;
  return hash;
}

/// Gives operands that share a colour the hashes of their surroundings.
static void lookAround(const ColouredGraph &graph, ArrayRef<unsigned> byColour,
                       llvm::MutableArrayRef<uint64_t> colours) {
  std::vector<uint64_t> before = colours.vec();
  Surroundings surroundings(graph, before);
  for (unsigned index = 0; index < byColour.size(); ++index) {
    unsigned operand = byColour[index];
    auto shares = [&](unsigned other) {
      return before[byColour[other]] == before[operand];
    };
    if ((index > 0 && shares(index - 1)) ||
        (index + 1 < byColour.size() && shares(index + 1)))
      colours[operand] =
          combineHash(before[operand], surroundings.hashOf(operand));
  }
}

//===----------------------------------------------------------------------===//
// Order
//===----------------------------------------------------------------------===//

CanonicalOrder conveinsum::canonicalOrder(const ColouredGraph &graph) {
  CanonicalOrder result;
  result.order.resize(graph.numOperands);
  std::iota(result.order.begin(), result.order.end(), 0u);
  llvm::SmallVector<uint64_t, 48> colours = graph.colours;
  auto areApart = [&](unsigned rounds) {
    for (unsigned round = 0; round < rounds; ++round) {
      takeIn(graph, graph.numOperands, graph.numVertices(), colours);
      takeIn(graph, 0, graph.numOperands, colours);
      if (sortByColour(llvm::ArrayRef(colours).take_front(graph.numOperands),
                       result.order))
        return true;
    }
    return false;
  };
  if (areApart(3))
    return result;
  // In small networks the search is as quick.
  constexpr unsigned small = 12;
  if (graph.numOperands > small) {
    lookAround(graph, result.order, colours);
    if (areApart(2))
      return result;
  }
  return searchOrder(graph, colours);
}
