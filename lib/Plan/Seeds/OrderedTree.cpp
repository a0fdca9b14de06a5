//===- OrderedTree.cpp - Trees rebuilt along their leaves -----------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OrderedTree.h"
#include "IntervalSearch.h"
#include "SeedCost.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <numeric>
#include <tuple>

using namespace conveinsum;
using llvm::ArrayRef;

/// Trees up to this size are one window.
static constexpr unsigned kSmallTree = 256;
/// Orders that are tried for these.
static constexpr unsigned kMaxOrders = 4;
/// Leaves of pairs that are turned round in larger trees: the size of the parts
/// that partition leaves to others.
static constexpr unsigned kSmallPair = 16;
/// Subtrees below a window in larger ones; the time is cubic in it.
static constexpr unsigned kWindow = 96;
static constexpr unsigned kMaxWindows = 40;
/// Windows in a row that find nothing before the search ends.
static constexpr unsigned kPatience = 4;
/// Nets of more pins say little about where a subtree belongs.
static constexpr unsigned kMaxPullingPins = 16;

namespace {

class OrderedTree {
public:
  /// Pairs of up to `maxTurned` leaves may be turned round.
  OrderedTree(const SeedGraph &graph, const Pairs &pairs, size_t maxTurned);

  /// Rebuilds windows; whether any became better.
  bool refine();
  double bits() const;
  Pairs pairs() const;
  /// Joins the leaves one by one, from the first or from the last.
  Pairs sweep(bool fromFirst) const;

private:
  struct Node {
    unsigned parent = 0;
    unsigned children[2] = {0, 0};
    unsigned size = 1;  // leaves
    unsigned begin = 0; // place of the first leaf
    double bits = 0;    // MACs of the step
    double worst = 0;   // largest bits of it and all below
  };

  bool isLeaf(unsigned node) const { return node < graph.numVertices; }
  unsigned root() const { return nodes.size() - 1; }
  void setChildren(unsigned node, unsigned a, unsigned b, double bits);
  std::vector<unsigned> leavesOf(unsigned node) const;
  void setPlaces(size_t maxTurned);
  double pullToTheRight(ArrayRef<unsigned> leaves, unsigned from) const;
  void place(unsigned node, bool mayTurn);

  std::vector<unsigned> window(unsigned top,
                               std::vector<unsigned> &inner) const;
  SeedGraph graphOf(ArrayRef<unsigned> parts) const;
  bool rebuild(unsigned top);
  void updateAbove(unsigned node);
  std::vector<unsigned> expensiveNodes() const;
  bool refineExpensive(unsigned windows);

  const SeedGraph &graph;
  std::vector<llvm::SmallVector<unsigned, 6>> netsOf;
  std::vector<Node> nodes;     // the root is the last, whatever is rebuilt
  std::vector<unsigned> order; // vertex at every place
  // While the order is made: leaves that no pair has separated yet are a block.
  std::vector<unsigned> blockOf;    // per node
  std::vector<unsigned> blockBegin; // per block
};

} // namespace

//===----------------------------------------------------------------------===//
// The tree and the order of its leaves
//===----------------------------------------------------------------------===//

OrderedTree::OrderedTree(const SeedGraph &graph, const Pairs &pairs,
                         size_t maxTurned)
    : graph(graph), netsOf(netsOfVertices(graph)),
      nodes(graph.numVertices + pairs.size()) {
  std::vector<double> bits = stepBits(graph, pairs);
  for (auto [step, pair] : llvm::enumerate(pairs))
    setChildren(graph.numVertices + step, pair.first, pair.second, bits[step]);
  setPlaces(maxTurned);
}

void OrderedTree::setChildren(unsigned node, unsigned a, unsigned b,
                              double bits) {
  Node &target = nodes[node];
  target.children[0] = a;
  target.children[1] = b;
  nodes[a].parent = nodes[b].parent = node;
  target.size = nodes[a].size + nodes[b].size;
  target.begin = nodes[a].begin;
  target.bits = bits;
  target.worst = std::max({bits, nodes[a].worst, nodes[b].worst});
}

std::vector<unsigned> OrderedTree::leavesOf(unsigned node) const {
  std::vector<unsigned> leaves, stack{node};
  while (!stack.empty()) {
    unsigned next = stack.back();
    stack.pop_back();
    if (isLeaf(next))
      leaves.push_back(next);
    else
      stack.insert(stack.end(), std::begin(nodes[next].children),
                   std::end(nodes[next].children));
  }
  return leaves;
}

/// Nets from the leaves to places behind those of their block, less those to
/// places before it, which begins at `from`; in bits.
double OrderedTree::pullToTheRight(ArrayRef<unsigned> leaves,
                                   unsigned from) const {
  double pull = 0;
  for (unsigned leaf : leaves)
    for (unsigned index : netsOf[leaf]) {
      const SeedGraph::Net &net = graph.nets[index];
      if (net.pins.size() > kMaxPullingPins)
        continue;
      for (unsigned pin : net.pins) {
        unsigned begin = blockBegin[blockOf[pin]];
        pull += begin > from ? net.bits : begin < from ? -net.bits : 0;
      }
    }
  return pull;
}

/// Gives the children their places. A pair that may be turned round has the
/// smaller child on the side that it is drawn to. Only the smaller
/// child is looked at, which makes the whole quasi-linear.
void OrderedTree::place(unsigned node, bool mayTurn) {
  auto &children = nodes[node].children;
  unsigned begin = nodes[node].begin;
  unsigned small = nodes[children[1]].size < nodes[children[0]].size;
  std::vector<unsigned> leaves = leavesOf(children[small]);
  double pull = mayTurn ? pullToTheRight(leaves, begin) : 0;
  if (small == 1 ? pull < 0 : pull > 0) {
    std::swap(children[0], children[1]);
    small = 1 - small;
  }
  unsigned middle = begin + nodes[children[0]].size;
  nodes[children[0]].begin = begin;
  nodes[children[1]].begin = middle;
  unsigned block = blockBegin.size(), rest = blockOf[node];
  blockBegin.push_back(nodes[children[small]].begin);
  blockBegin[rest] = nodes[children[1 - small]].begin;
  blockOf[children[small]] = block;
  blockOf[children[1 - small]] = rest;
  for (unsigned leaf : leaves)
    blockOf[leaf] = block;
}

void OrderedTree::setPlaces(size_t maxTurned) {
  blockOf.assign(nodes.size(), 0);
  blockBegin.assign(1, 0);
  for (unsigned node = nodes.size(); node-- > graph.numVertices;)
    place(node, /*mayTurn=*/nodes[node].size <= maxTurned);
  order.resize(graph.numVertices);
  for (unsigned vertex = 0; vertex < graph.numVertices; ++vertex)
    order[nodes[vertex].begin] = vertex;
}

double OrderedTree::bits() const {
  std::vector<double> bits;
  for (unsigned node = graph.numVertices; node < nodes.size(); ++node)
    bits.push_back(nodes[node].bits);
  return logSum(bits);
}

Pairs OrderedTree::pairs() const {
  // Children come after their parents here.
  std::vector<unsigned> inner{root()};
  for (unsigned index = 0; index < inner.size(); ++index)
    for (unsigned child : nodes[inner[index]].children)
      if (!isLeaf(child))
        inner.push_back(child);
  std::vector<unsigned> valueOf(nodes.size());
  std::iota(valueOf.begin(), valueOf.begin() + graph.numVertices, 0u);
  Pairs pairs;
  for (unsigned node : llvm::reverse(inner)) {
    auto [a, b] = nodes[node].children;
    valueOf[node] = graph.numVertices + pairs.size();
    pairs.push_back({valueOf[a], valueOf[b]});
  }
  return pairs;
}

Pairs OrderedTree::sweep(bool fromFirst) const {
  std::vector<unsigned> row = order;
  if (!fromFirst)
    std::reverse(row.begin(), row.end());
  Pairs pairs;
  unsigned grown = row.front();
  for (unsigned vertex : llvm::drop_begin(row)) {
    pairs.push_back(fromFirst ? std::make_pair(grown, vertex)
                              : std::make_pair(vertex, grown));
    grown = graph.numVertices + pairs.size() - 1;
  }
  return pairs;
}

//===----------------------------------------------------------------------===//
// Windows
//===----------------------------------------------------------------------===//

/// The subtrees that the window below `top` ends in, in their order, and the
/// nodes above them. It goes down where the most expensive steps are, among
/// equals into small subtrees.
std::vector<unsigned> OrderedTree::window(unsigned top,
                                          std::vector<unsigned> &inner) const {
  size_t limit = graph.numVertices <= kSmallTree ? kSmallTree : kWindow;
  auto comesLater = [&](unsigned a, unsigned b) {
    return std::tie(nodes[a].worst, nodes[b].size, a) <
           std::tie(nodes[b].worst, nodes[a].size, b);
  };
  std::vector<unsigned> heap{top}, parts;
  while (!heap.empty() && heap.size() + parts.size() < limit) {
    unsigned node = heap.front();
    std::pop_heap(heap.begin(), heap.end(), comesLater);
    heap.pop_back();
    if (isLeaf(node)) {
      parts.push_back(node);
      continue;
    }
    inner.push_back(node);
    for (unsigned child : nodes[node].children) {
      heap.push_back(child);
      std::push_heap(heap.begin(), heap.end(), comesLater);
    }
  }
  parts.insert(parts.end(), heap.begin(), heap.end());
  llvm::sort(parts, [&](unsigned a, unsigned b) {
    return nodes[a].begin < nodes[b].begin;
  });
  return parts;
}

/// The graph whose vertices are the subtrees.
SeedGraph OrderedTree::graphOf(ArrayRef<unsigned> parts) const {
  std::vector<unsigned> groupOf(graph.numVertices, SeedGraph::kElsewhere);
  for (auto [group, part] : llvm::enumerate(parts))
    for (unsigned leaf = 0; leaf < nodes[part].size; ++leaf)
      groupOf[order[nodes[part].begin + leaf]] = group;
  return graph.grouped(groupOf, parts.size());
}

/// Replaces the window below `top` by the best tree, if that is better.
bool OrderedTree::rebuild(unsigned top) {
  std::vector<unsigned> inner, values = window(top, inner);
  std::vector<double> costs;
  for (unsigned node : inner)
    costs.push_back(nodes[node].bits);
  SeedGraph local = graphOf(values);
  // Not for differences of rounding.
  auto pairs = bestAlongOrder(local, logSum(costs) - 1e-9);
  if (!pairs)
    return false;
  // The top is the first of the inner nodes, and the result of the last step.
  std::vector<double> bits = stepBits(local, *pairs);
  for (auto [step, pair] : llvm::enumerate(*pairs)) {
    unsigned node = inner[inner.size() - 1 - step];
    setChildren(node, values[pair.first], values[pair.second], bits[step]);
    values.push_back(node);
  }
  updateAbove(top);
  return true;
}

void OrderedTree::updateAbove(unsigned node) {
  while (node != root()) {
    node = nodes[node].parent;
    auto [a, b] = nodes[node].children;
    nodes[node].worst =
        std::max({nodes[node].bits, nodes[a].worst, nodes[b].worst});
  }
}

/// The nodes that make up all but a hundredth of the MACs, largest first.
std::vector<unsigned> OrderedTree::expensiveNodes() const {
  double least = bits() - 7 - portableLog2(nodes.size());
  std::vector<unsigned> expensive;
  for (unsigned node = graph.numVertices; node < nodes.size(); ++node)
    if (nodes[node].bits > least)
      expensive.push_back(node);
  llvm::sort(expensive, [&](unsigned a, unsigned b) {
    return std::tie(nodes[b].bits, a) < std::tie(nodes[a].bits, b);
  });
  return expensive;
}

bool OrderedTree::refine() {
  bool isSmall = graph.numVertices <= kSmallTree;
  unsigned windows = 0;
  while (windows < kMaxWindows && rebuild(root())) {
    ++windows;
    if (isSmall)
      break;
  }
  return isSmall ? windows > 0 : refineExpensive(windows) || windows > 0;
}

/// Windows around the most expensive nodes that none has covered.
bool OrderedTree::refineExpensive(unsigned windows) {
  std::vector<uint8_t> isSeen(nodes.size(), false);
  bool isBetter = false;
  unsigned inVain = 0;
  for (unsigned node : expensiveNodes()) {
    if (isSeen[node])
      continue;
    unsigned top = node;
    while (top != root() && nodes[top].size < kWindow)
      top = nodes[top].parent;
    std::vector<unsigned> inner{node};
    window(top, inner);
    for (unsigned seen : inner)
      isSeen[seen] = true;
    bool found = rebuild(top);
    isBetter |= found;
    inVain = found ? 0 : inVain + 1;
    if (++windows >= kMaxWindows || inVain == kPatience)
      break;
  }
  return isBetter;
}

//===----------------------------------------------------------------------===//
// Interface
//===----------------------------------------------------------------------===//

/// The tree of a large graph from the better of the given one and a sweep over
/// everything, to which windows would come in small steps only.
static Pairs refineLarge(const SeedGraph &graph, const Pairs &pairs) {
  OrderedTree tree(graph, pairs, kSmallPair);
  tree.refine();
  Pairs best = tree.pairs();
  double bits = tree.bits();
  for (bool fromFirst : {true, false}) {
    OrderedTree sweep(graph, tree.sweep(fromFirst), /*maxTurned=*/0);
    if (sweep.bits() >= bits)
      continue;
    sweep.refine();
    best = sweep.pairs();
    bits = sweep.bits();
  }
  return best;
}

Pairs conveinsum::refineAlongOrder(const SeedGraph &graph, const Pairs &pairs) {
  if (graph.numVertices <= 2)
    return pairs;
  if (graph.numVertices > kSmallTree)
    return refineLarge(graph, pairs);
  // A better tree may give a better order.
  Pairs best = pairs;
  for (unsigned round = 0; round < kMaxOrders; ++round) {
    OrderedTree tree(graph, best, /*maxTurned=*/round > 0 ? kSmallTree : 0);
    bool isBetter = tree.refine();
    best = tree.pairs();
    if (!isBetter && round > 0)
      break;
  }
  return best;
}
