//===- Enumeration.cpp - All trees, and even samples of them --------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A tree over k+1 leaves is a tree over k leaves with leaf k put onto one of
// its 2k-1 edges (the one above the root included). The choices are the digits
// of the rank in the mixed radix 1, 3, 5, ..., which gives every one of the
// (2N-3)!! unordered trees exactly once.
//
//===----------------------------------------------------------------------===//

#include "TreeBuilder.h"
#include "conveinsum/Plan/Tree/ContractionTree.h"

using namespace conveinsum;

Count conveinsum::numberOfTrees(unsigned numOperands) {
  Count count = 1;
  for (unsigned leaf = 2; leaf < numOperands; ++leaf)
    count *= 2 * Count(leaf) - 1;
  return count;
}

namespace {
/// A growing tree. Nodes are numbered in the order they are made: leaf 0, then
/// a leaf and an inner node per insertion. An edge is named by its lower node.
struct GrowingTree {
  struct Node {
    int leaf; ///< operand, or -1
    unsigned left, right;
    int parent;
  };
  std::vector<Node> nodes{{0, 0, 0, -1}};
  unsigned root = 0;

  void insert(unsigned leaf, unsigned edge) {
    int above = nodes[edge].parent;
    unsigned newLeaf = nodes.size(), inner = newLeaf + 1;
    nodes.push_back({int(leaf), 0, 0, int(inner)});
    nodes.push_back({-1, edge, newLeaf, above});
    nodes[edge].parent = inner;
    if (above < 0)
      root = inner;
    else if (nodes[above].left == edge)
      nodes[above].left = inner;
    else
      nodes[above].right = inner;
  }

  /// Joins everything below `node`, the side with the lowest operand first.
  unsigned build(unsigned node, TreeBuilder &builder,
                 const std::vector<unsigned> &lowest) const {
    const Node &here = nodes[node];
    if (here.leaf >= 0)
      return here.leaf;
    unsigned first = here.left, second = here.right;
    if (lowest[second] < lowest[first])
      std::swap(first, second);
    unsigned a = build(first, builder, lowest);
    return builder.join(a, build(second, builder, lowest));
  }

  /// The lowest operand below every node.
  std::vector<unsigned> lowestLeaves() const {
    std::vector<unsigned> lowest(nodes.size(), ~0u);
    for (const Node &node : nodes)
      if (node.leaf >= 0)
        for (int up = &node - nodes.data();
             up >= 0 && lowest[up] > unsigned(node.leaf); up = nodes[up].parent)
          lowest[up] = node.leaf;
    return lowest;
  }
};
} // namespace

ContractionTree conveinsum::treeOfRank(unsigned numOperands, Count rank) {
  TreeBuilder builder(numOperands);
  if (numOperands < 2)
    return builder.finish();
  GrowingTree tree;
  for (unsigned leaf = 1; leaf < numOperands; ++leaf) {
    unsigned edges = 2 * leaf - 1;
    tree.insert(leaf, unsigned((rank % edges).word()));
    rank = rank / edges;
  }
  tree.build(tree.root, builder, tree.lowestLeaves());
  return builder.finish();
}

std::vector<ContractionTree> conveinsum::spreadTrees(unsigned numOperands,
                                                     uint64_t limit) {
  Count total = numberOfTrees(numOperands);
  uint64_t count = total.wordAtMost(limit);
  std::vector<ContractionTree> trees;
  if (count == 0)
    return trees;
  trees.reserve(count);
  for (uint64_t index = 0; index < count; ++index)
    trees.push_back(treeOfRank(numOperands, total * index / count));
  return trees;
}
