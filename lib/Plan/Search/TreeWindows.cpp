//===- TreeWindows.cpp - Subtrees searched anew ---------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A window is a node with some of the nodes below it; the best tree over the
// values that it joins takes its place. Windows that matter to the sum are
// looked at, the costliest first.
//
//===----------------------------------------------------------------------===//

#include "Plan/Seeds/PortableMath.h"
#include "TreeAnnealer.h"

using namespace conveinsum;
using llvm::ArrayRef;

/// The branches below `node` when it is opened, costliest step first, until
/// there are `leaves` of them; `inner` gets the nodes that were opened.
template <class Real>
llvm::SmallVector<unsigned, 16>
TreeAnnealer<Real>::frontier(unsigned node, unsigned leaves,
                             llvm::SmallVectorImpl<unsigned> &inner) const {
  llvm::SmallVector<unsigned, 16> branches{node};
  while (branches.size() < leaves) {
    unsigned *costliest = nullptr;
    for (unsigned &branch : branches)
      if (!isLeaf(branch) && (!costliest || costs[branch] > costs[*costliest]))
        costliest = &branch;
    if (!costliest)
      break;
    unsigned opened = *costliest;
    inner.push_back(opened);
    *costliest = left[opened];
    branches.push_back(right[opened]);
  }
  return branches;
}

template <class Real>
bool TreeAnnealer<Real>::polishAt(unsigned node, unsigned leaves) {
  llvm::SmallVector<unsigned, 16> inner;
  llvm::SmallVector<unsigned, 16> branches = frontier(node, leaves, inner);
  if (branches.size() < 3)
    return false;
  Real present = Real(0);
  for (unsigned opened : inner)
    if (!price.isMaximum())
      present += costs[opened];
    else if (!sides[opened].constant)
      present = std::max(present, sides[opened].elements);
  if constexpr (std::is_same_v<Real, double>)
    if (window && present < 0x1p900 &&
        llvm::all_of(
            branches,
            [&](unsigned branch) { return sides[branch].elements > 0; })) {
      llvm::SmallVector<WindowSearch::Value, 16> values;
      for (unsigned branch : branches)
        values.push_back(
            {row(branch), sides[branch].gradient, sides[branch].constant,
             model.hasConvModes() ? portableLog2(sides[branch].elements) : 0});
      bool found = present > 0 &&
                   window->search(values, row(node), portableLog2(present));
      // Some ten splits take the time of a move.
      clock.spend(window->work() / 12 + 4 * branches.size() +
                  (1 << branches.size()) / 4);
      if (!found || !(window->cost() < 1 - 1e-9))
        return false;
      rebuild(node, branches, inner, *window);
      return true;
    }
  llvm::SmallVector<SearchLeaf<Real>, 16> searchLeaves;
  for (unsigned branch : branches)
    searchLeaves.push_back({row(branch), sides[branch]});
  SubsetTable<Real> table(model, searchLeaves,
                          ArrayRef(row(node), model.plainWords()), node == root,
                          present);
  // Most splits are ruled out by what their sides cost.
  clock.spend(
      model.takeWork(table.work() * (4 + model.weightOf(row(node)) / 4)));
  if (!table.found() || !(table.value() < present * Real(1 - 1e-12)))
    return false;
  rebuild(node, branches, inner, table);
  return true;
}

/// Puts a table's tree in the place of the opened nodes; the top one keeps its
/// place.
template <class Real>
template <class Table>
void TreeAnnealer<Real>::rebuild(unsigned node, ArrayRef<unsigned> branches,
                                 llvm::SmallVectorImpl<unsigned> &inner,
                                 const Table &table) {
  std::reverse(inner.begin(), inner.end());
  unsigned reused = 0;
  table.build(branches, [&](unsigned a, unsigned b) {
    unsigned made = inner[reused++];
    left[made] = a;
    right[made] = b;
    parent[a] = parent[b] = made;
    return made;
  });
  assert(inner.back() == node && "the top is joined last");
  computeRowsBelow(node, inner);
}

template <class Real>
void TreeAnnealer<Real>::computeRowsBelow(unsigned node,
                                          ArrayRef<unsigned> inner) {
  // `inner` has children before parents; `node` is last and keeps its row.
  unsigned plain = model.plainWords();
  std::vector<uint64_t> top(row(node), row(node) + words);
  for (unsigned made : inner)
    for (unsigned word = 0; word < words; ++word)
      row(made)[word] = row(left[made])[word] | row(right[made])[word];
  std::copy(top.begin(), top.end(), row(node));
  // Downwards, from unions to what is kept. A sibling that was cut already has
  // lost only what nobody outside it needs.
  for (auto made = inner.rbegin(); made != inner.rend(); ++made) {
    unsigned a = left[*made], b = right[*made];
    bool cutA = llvm::is_contained(inner, a),
         cutB = llvm::is_contained(inner, b);
    std::vector<uint64_t> unionA(row(a), row(a) + plain);
    if (cutA)
      for (unsigned word = 0; word < plain; ++word)
        row(a)[word] &= row(*made)[word] | row(b)[word];
    if (cutB)
      for (unsigned word = 0; word < plain; ++word)
        row(b)[word] &= row(*made)[word] | unionA[word];
  }
  for (unsigned made : inner)
    computeNode(made);
  computeTotal();
}

template <class Real>
void TreeAnnealer<Real>::polish(unsigned leaves, unsigned sweeps) {
  std::vector<unsigned> nodes;
  for (unsigned sweep = 0; sweep < sweeps; ++sweep) {
    // What is far below the sum is not worth the time.
    constexpr double share = 0x1p-16;
    nodes.clear();
    for (unsigned node = operands; node <= root; ++node)
      if (!(costs[node] < total * Real(share)))
        nodes.push_back(node);
    llvm::sort(nodes, [&](unsigned a, unsigned b) {
      return costs[a] != costs[b] ? costs[a] > costs[b] : a < b;
    });
    bool changed = false;
    for (unsigned node : nodes) {
      if (clock.isOver())
        break;
      changed |= polishAt(node, leaves);
    }
    if (!changed || clock.isOver())
      break;
  }
  // Also at the end of the budget: every window that is replaced makes the tree
  // better by more than rounding errors, so more of the budget leads from this
  // tree to a better one.
  keepBest();
}

template void TreeAnnealer<double>::polish(unsigned, unsigned);
template void TreeAnnealer<WideReal>::polish(unsigned, unsigned);
