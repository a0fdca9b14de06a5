//===- TreeAnnealer.h - Local search over trees -----------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Keeps one tree and changes it by nearest-neighbour interchange: at a node
// ((A,B),C) one of ((A,C),B) and ((B,C),A) is tried. Only the inner node
// changes its set, and what it keeps follows from its neighbours,
//
//     row(A + C) = (row(A) | row(C)) & (row(P) | row(B)),      P = A + B + C,
//
// so a move costs the same in networks of ten and of ten thousand operands.
// Every tree can be reached, those with outer products included.
//
// `anneal` accepts a move if the cost of the two steps that change grows by at
// most a factor exp(T e), e exponentially distributed, while T falls
// geometrically: Metropolis on the logarithm of what changes. (On the logarithm
// of the total, whatever is small beside the costliest steps would be left to
// chance.) `polish` replaces subtrees of a few branches by their optimum
// (SubsetTable.h). Both keep the best tree seen.
//
// Costs are doubles here: they choose trees and prove nothing. Only + - * / are
// used, so the search takes the same way on every machine.
//
// `size` is a maximum, which local moves cannot see: the sum of squares stands
// for it, and the best tree is kept by the maximum, then by that sum. `peak` is
// no property of a step; the sum of all results stands for it.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_SEARCH_TREEANNEALER_H
#define CONVEINSUM_LIB_PLAN_SEARCH_TREEANNEALER_H

#include "SearchClock.h"
#include "SubsetTable.h"

namespace conveinsum {

class TreeAnnealer {
public:
  using Step = ContractionTree::Step;

  /// For at least three operands.
  TreeAnnealer(const CostModel &model, SearchClock &clock);

  /// Makes a tree the current one; the best one stays.
  void load(llvm::ArrayRef<Step> steps);
  /// Makes the best tree the current one.
  void loadBest();

  /// Spends `moves` while the temperature falls from `hot` to `cold`.
  void anneal(uint64_t moves, double hot, double cold, uint64_t seed);
  /// Searches every subtree of up to `leaves` branches anew, until nothing
  /// changes or `sweeps` are done.
  void polish(unsigned leaves, unsigned sweeps);

  /// Makes the current tree the best one if it is better.
  void keepBest();
  /// The best tree in SSA pairs, sides ordered as by TreeBuilder.
  ContractionTree best() const;
  bool hasBest() const { return !bestLeft.empty(); }
  /// Of the best tree: what the search minimises, in doubles.
  double bestValue() const { return bestKey.first; }

private:
  using Price = StepCost<double>;
  /// The value and what decides between equal values.
  using Key = std::pair<double, double>;
  static constexpr unsigned kThresholds = 1024;

  bool isLeaf(unsigned node) const { return node < operands; }
  uint64_t *row(unsigned node) { return &rows[size_t(node) * words]; }
  const uint64_t *row(unsigned node) const {
    return &rows[size_t(node) * words];
  }
  double stepPrice(const uint64_t *a, const Price::Side &sideA,
                   const uint64_t *b, const Price::Side &sideB,
                   const uint64_t *result, double elements, bool isLast) const;

  void computeRows();
  void computeRowsBelow(unsigned node, llvm::ArrayRef<unsigned> inner);
  void computeNode(unsigned node);
  void computeTotal();
  uint64_t moveWeight() const;
  void setTemperature(double temperature);
  bool tryMove(unsigned inner, bool swapLeft, double threshold);
  Key key() const;
  bool polishAt(unsigned node, unsigned leaves);
  llvm::SmallVector<unsigned, 16>
  frontier(unsigned node, unsigned leaves,
           llvm::SmallVectorImpl<unsigned> &inner) const;

  const CostModel &model;
  SearchClock &clock;
  Price price;
  unsigned operands, words, root;
  // Nodes: operands first, then inner nodes; the last one is the root.
  std::vector<unsigned> parent, left, right;
  std::vector<uint64_t> rows;
  std::vector<Price::Side> sides;
  std::vector<double> costs; // of inner nodes' steps, as they are summed
  std::vector<uint64_t> scratch;
  double total = 0;
  std::vector<unsigned> bestLeft, bestRight;
  Key bestKey{unreachable<double>(), unreachable<double>()};
  double bestTotal = unreachable<double>(); // that of bestLeft, bestRight
  // Of a random number, -log2, and the factor that it allows.
  std::array<double, kThresholds> exponents, thresholds;
};

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_SEARCH_TREEANNEALER_H
