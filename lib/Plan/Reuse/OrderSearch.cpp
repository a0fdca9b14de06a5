//===- OrderSearch.cpp - The smallest of many orders ----------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A depth-first search with an explicit stack. A path is compared with that to
// the best leaf by the traces of its nodes, so most branches end early.
//
//===----------------------------------------------------------------------===//

#include "OrderSearch.h"
#include "OrderedPartition.h"
#include <algorithm>
#include <numeric>
#include <optional>

using namespace conveinsum;
using llvm::ArrayRef;

/// Vertices and arcs that a search may look at: some tenths of a second. Within
/// it are networks without symmetry, cycles, grids, trees, cubes, and complete
/// graphs of some dozen operands.
static constexpr uint64_t kWorkLimit = uint64_t(1) << 23;

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

  /// Cells before that of the last node are single operands.
  unsigned firstOpenCell() const {
    return partition.firstOpenCell(levels.empty() ? 0 : levels.back().cell);
  }
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
      addToHash(sum, combineHash(isPrivate
                                     ? combineHash(graph.colours[arc.vertex], 1)
                                     : arc.vertex,
                                 arc.colour));
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
  unsigned cell = firstOpenCell();
  while (cell != graph.numOperands && areTwins(partition.vertices(cell))) {
    partition.isolate(cell);
    trace = combineHash(trace, partition.refine());
    cell = partition.firstOpenCell(cell);
  }
  return trace;
}

void OrderSearch::openNode(bool isBest) {
  unsigned cell = firstOpenCell();
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
      addToHash(holders, combineHash(image[arc.vertex], arc.colour));
    addToHash(sum, combineHash(graph.colours[mode], holders));
  }
  for (auto [position, operand] : llvm::enumerate(order))
    addToHash(sum, combineHash(position, graph.colours[operand]));
  partition.work += graph.numVertices() + graph.arcs.size();
  return sum;
}

void OrderSearch::visitLeaf(bool isBest) {
  ArrayRef<unsigned> order = partition.vertices().take_front(graph.numOperands);
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
    for (auto [index, candidate] : llvm::enumerate(candidates)) {
      const unsigned *found = llvm::lower_bound(candidates, image[candidate]);
      if (found != candidates.end() && *found == image[candidate])
        level.unite(index, found - candidates.begin());
    }
  }
}

CanonicalOrder conveinsum::searchOrder(const ColouredGraph &graph,
                                       ArrayRef<uint64_t> colours) {
  return OrderSearch(graph, colours).run();
}
