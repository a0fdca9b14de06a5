//===- CanonicalOrder.cpp - An order that names cannot change -------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The rounds of hashing, and the search over orders.
//
//===----------------------------------------------------------------------===//

#include "CanonicalOrder.h"
#include "Partition.h"
#include <algorithm>
#include <numeric>

using namespace conveinsum;
using llvm::ArrayRef;

/// Vertices and arcs that a search may look at: some tenths of a second. Within
/// it are all networks without symmetry, and cycles, grids, trees, cubes and
/// complete graphs of some hundred operands.
static constexpr uint64_t kWorkLimit = uint64_t(1) << 23;

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
      sum += combineHash(colours[arc.vertex], arc.colour);
    colours[vertex] = combineHash(colours[vertex], sum);
  }
}

/// Sorts operands by colour; whether all colours differ.
static bool sortByColour(ArrayRef<uint64_t> colours,
                         llvm::MutableArrayRef<unsigned> order) {
  std::sort(order.begin(), order.end(), [&](unsigned a, unsigned b) {
    return colours[a] < colours[b];
  });
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
      sum[arc.vertex] += combineHash(given, arc.colour);
    }
  }
  ends.swap(nextEnds);
  uint64_t all = 0;
  for (unsigned end : ends) {
    value[end] = combineHash(colours[end], std::exchange(sum[end], 0));
    all += value[end];
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
// Search
//===----------------------------------------------------------------------===//

namespace {
class OrderSearch {
public:
  OrderSearch(const ColouredGraph &graph, ArrayRef<uint64_t> colours)
      : graph(graph), partition(graph, colours), image(graph.numOperands) {
    findTwins();
  }

  CanonicalOrder run();

private:
  /// A node of the tree: the operands of one cell, one of which comes first.
  struct Level {
    unsigned cell;
    size_t mark; ///< the partition at the node
    /// Whether the path to the node equals the beginning of the best one.
    bool isBest;
    /// Ascending; orbits under the automorphisms that fix the node are kept as
    /// a forest of indices whose roots are the lowest.
    llvm::SmallVector<unsigned, 8> candidates, parent;
    unsigned next = 0;

    unsigned root(unsigned index) {
      while (parent[index] != index)
        index = parent[index] = parent[parent[index]];
      return index;
    }
    void unite(unsigned a, unsigned b) {
      a = root(a), b = root(b);
      parent[std::max(a, b)] = std::min(a, b);
    }
  };

  /// A leaf: the order, the operands that were individualised on the way to it,
  /// and the traces of all its nodes, the root's first.
  struct Leaf {
    std::vector<unsigned> order, path;
    std::vector<uint64_t> traces;
    uint64_t hash = 0;
  };

  void findTwins();
  bool areTwins(ArrayRef<unsigned> vertices) const;
  uint64_t separateTwins();
  void openNode(bool isBest);
  std::optional<unsigned> nextCandidate(Level &level);
  void tryCandidate(unsigned operand);
  void visitLeaf(bool isBest);
  uint64_t hashOf(ArrayRef<unsigned> order);
  void learnAutomorphism(ArrayRef<unsigned> order);

  const ColouredGraph &graph;
  Partition partition;
  std::vector<Level> levels;
  std::vector<unsigned> path;
  std::vector<uint64_t> traces;
  std::optional<Leaf> best;
  /// The lowest operand that holds the same modes in the same way.
  std::vector<unsigned> twin;
  std::vector<unsigned> image;
};
} // namespace

CanonicalOrder OrderSearch::run() {
  traces.push_back(partition.refine());
  traces.back() = combineHash(traces.back(), separateTwins());
  openNode(/*isBest=*/true);
  CanonicalOrder result;
  while (!levels.empty()) {
    if (best && partition.work > kWorkLimit) {
      result.isComplete = false;
      break;
    }
    if (std::optional<unsigned> operand = nextCandidate(levels.back()))
      tryCandidate(*operand);
    else
      levels.pop_back();
  }
  result.order.assign(best->order.begin(), best->order.end());
  return result;
}

/// Operands are twins if exchanging them, and the modes that only they hold, is
/// an automorphism that moves nothing else.
void OrderSearch::findTwins() {
  std::vector<std::pair<uint64_t, unsigned>> hashes;
  for (unsigned operand = 0; operand < graph.numOperands; ++operand) {
    uint64_t sum = 0;
    for (const ColouredGraph::Arc &arc : graph.arcsOf(operand)) {
      bool isPrivate = graph.arcsOf(arc.vertex).size() == 1;
      sum += combineHash(isPrivate ? combineHash(graph.colours[arc.vertex], 1)
                                   : arc.vertex,
                         arc.colour);
    }
    hashes.push_back({combineHash(graph.colours[operand], sum), operand});
  }
  llvm::sort(hashes);
  twin.resize(graph.numOperands);
  for (unsigned index = 0; index < hashes.size(); ++index) {
    auto [hash, operand] = hashes[index];
    bool begins = index == 0 || hashes[index - 1].first != hash;
    twin[operand] = begins ? operand : twin[hashes[index - 1].second];
  }
}

bool OrderSearch::areTwins(ArrayRef<unsigned> vertices) const {
  return llvm::all_of(vertices, [&](unsigned vertex) {
    return twin[vertex] == twin[vertices.front()];
  });
}

/// As long as the first open cell holds twins only, their order is all the
/// same: no node is needed.
uint64_t OrderSearch::separateTwins() {
  uint64_t trace = 0;
  unsigned cell = partition.firstOpenCell(levels.empty() ? 0 : levels.back().cell);
  while (cell != graph.numOperands && areTwins(partition.vertices(cell))) {
    partition.isolate(cell);
    trace = combineHash(trace, partition.refine());
    cell = partition.firstOpenCell(cell);
  }
  return trace;
}

void OrderSearch::openNode(bool isBest) {
  unsigned cell = partition.firstOpenCell(levels.empty() ? 0 : levels.back().cell);
  if (cell == graph.numOperands)
    return visitLeaf(isBest);
  ArrayRef<unsigned> members = partition.vertices(cell);
  // Beyond the limit there will be no second candidate.
  if (partition.work > kWorkLimit)
    members = members.take_front();
  partition.work += members.size();
  Level level{cell, partition.mark(), isBest, {}, {}};
  level.candidates.assign(members.begin(), members.end());
  llvm::sort(level.candidates);
  level.parent.resize(level.candidates.size());
  std::iota(level.parent.begin(), level.parent.end(), 0u);
  for (auto [index, operand] : llvm::enumerate(level.candidates))
    image[twin[operand]] = graph.numOperands;
  for (auto [index, operand] : llvm::enumerate(level.candidates)) {
    unsigned &first = image[twin[operand]];
    if (first == graph.numOperands)
      first = index;
    level.parent[index] = first;
  }
  levels.push_back(std::move(level));
}

std::optional<unsigned> OrderSearch::nextCandidate(Level &level) {
  while (level.next < level.candidates.size()) {
    unsigned index = level.next++;
    if (level.root(index) == index)
      return level.candidates[index];
  }
  return std::nullopt;
}

void OrderSearch::tryCandidate(unsigned operand) {
  const Level &level = levels.back();
  partition.undo(level.mark);
  path.resize(levels.size() - 1);
  traces.resize(levels.size());
  path.push_back(operand);
  partition.individualise(operand);
  uint64_t trace = partition.refine();
  traces.push_back(combineHash(trace, separateTwins()));
  bool isBest = best && level.isBest;
  if (isBest) {
    size_t depth = traces.size() - 1;
    // A longer path counts as larger.
    if (depth >= best->traces.size() || traces[depth] > best->traces[depth])
      return;
    isBest = traces[depth] == best->traces[depth];
  }
  openNode(isBest);
}

/// A hash of the description of the graph in an order.
uint64_t OrderSearch::hashOf(ArrayRef<unsigned> order) {
  for (auto [position, operand] : llvm::enumerate(order))
    image[operand] = position;
  uint64_t sum = 0;
  for (unsigned mode = graph.numOperands; mode < graph.numVertices(); ++mode) {
    uint64_t holders = 0;
    for (const ColouredGraph::Arc &arc : graph.arcsOf(mode))
      holders += combineHash(image[arc.vertex], arc.colour);
    sum += combineHash(graph.colours[mode], holders);
  }
  for (auto [position, operand] : llvm::enumerate(order))
    sum += combineHash(position, graph.colours[operand]);
  partition.work += graph.numVertices() + graph.arcs.size();
  return sum;
}

void OrderSearch::visitLeaf(bool isBest) {
  ArrayRef<unsigned> order =
      partition.vertices().take_front(graph.numOperands);
  uint64_t hash = hashOf(order);
  bool isSmaller = !best || !isBest || traces.size() < best->traces.size() ||
                   hash < best->hash;
  if (isSmaller) {
    best = Leaf{order.vec(), path, traces, hash};
    for (Level &level : levels)
      level.isBest = true;
  } else if (hash == best->hash) {
    learnAutomorphism(order);
  }
}

/// The best order and this one describe the same graph: what takes one to the
/// other is an automorphism. It fixes every node that the two paths share, and
/// takes the branch of the best leaf, which is done, to this one.
void OrderSearch::learnAutomorphism(ArrayRef<unsigned> order) {
  for (auto [from, to] : llvm::zip_equal(best->order, order))
    image[from] = to;
  size_t fork = 0;
  while (fork < path.size() && path[fork] == best->path[fork])
    ++fork;
  levels.resize(std::min(fork + 1, levels.size()));
  for (Level &level : levels) {
    ArrayRef<unsigned> candidates = level.candidates;
    partition.work += candidates.size();
    for (unsigned index = 0; index < candidates.size(); ++index) {
      const unsigned *found = llvm::lower_bound(candidates, image[candidates[index]]);
      if (found != candidates.end() && *found == image[candidates[index]])
        level.unite(index, found - candidates.begin());
    }
  }
}

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
  return OrderSearch(graph, colours).run();
}
