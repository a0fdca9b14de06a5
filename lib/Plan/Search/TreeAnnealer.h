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
// Costs are doubles here, or WideReals where good trees cost more than doubles
// hold: they choose trees and prove nothing. Only + - * / are used, so the
// search takes the same way on every machine.
//
// More moves never give a worse tree, to the last digit. The way that the
// search takes does not depend on the budget, which only ends it; so the trees
// that it compares with the best one in n moves are the first of those that it
// compares in more, if none is compared because the budget ends. And a
// comparison is right: two sums that differ by more than their rounding errors
// are compared as they are, others as integers, by the checker (`isBetter`).
// Which trees are compared is free. In the middle of annealing it is only those
// that are clearly better, and then about to be left: so integers are needed a
// few times in a round.
//
// `size` is a maximum, which local moves cannot see: the sum of squares stands
// for it, and the best tree is kept by the maximum, then by that sum. `peak` is
// no property of a step; the sum of all results stands for it.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_SEARCH_TREEANNEALER_H
#define CONVEINSUM_LIB_PLAN_SEARCH_TREEANNEALER_H

#include "SearchClock.h"
#include "WindowSearch.h"

namespace conveinsum {

/// What a planner does with the tree in hand, whatever costs are.
class LocalSearch {
public:
  using Step = ContractionTree::Step;

  virtual ~LocalSearch() = default;
  /// Makes a tree the current one; the best one stays.
  virtual void load(llvm::ArrayRef<Step> steps) = 0;
  /// Makes the best tree the current one.
  virtual void loadBest() = 0;
  /// Spends `moves` while the temperature falls from `hot` to `cold`. False if
  /// the budget ended it.
  virtual bool anneal(uint64_t moves, double hot, double cold,
                      uint64_t seed) = 0;
  /// Searches windows of up to `leaves` values anew, those that matter to the
  /// sum, until nothing changes or `sweeps` are done.
  virtual void polish(unsigned leaves, unsigned sweeps) = 0;
  /// Makes the current tree the best one if it is better.
  virtual void keepBest() = 0;
  /// The best tree in SSA pairs, sides ordered as by TreeBuilder.
  virtual ContractionTree best() const = 0;
  /// log2 of what the current and the best tree cost, 0 for less than 1: sums,
  /// also where the goal is a maximum.
  virtual double bits() const = 0;
  virtual double bestBits() const = 0;
};

/// `Real` is double or WideReal.
template <class Real>
class TreeAnnealer : public LocalSearch {
public:
  /// For at least three operands.
  TreeAnnealer(const Equation &equation, const CostModel &model,
               SearchClock &clock);

  void load(llvm::ArrayRef<Step> steps) override;
  void loadBest() override;
  bool anneal(uint64_t moves, double hot, double cold, uint64_t seed) override;
  void polish(unsigned leaves, unsigned sweeps) override;
  void keepBest() override;
  ContractionTree best() const override;
  double bits() const override { return bitsOf(total); }
  double bestBits() const override { return bitsOf(bestTotal); }
  /// Of the best tree: what the search minimises.
  Real bestValue() const { return bestKey.first; }
  /// Whether the best tree costs so much that others, which cost more, cannot
  /// be told apart in doubles.
  bool isBeyondDoubles() const {
    return !(bestKey.first < Real(0x1p900) && bestTotal < Real(0x1p900));
  }

private:
  using Price = StepCost<Real>;
  /// The value and what decides between equal values.
  using Key = std::pair<Real, Real>;
  static constexpr unsigned kThresholds = 1024;

  static double bitsOf(Real cost) {
    if (cost < Real(1))
      return 0;
    Count count = toCount(cost);
    return count.isInfinite() ? std::numeric_limits<double>::max()
                              : count.log2();
  }
  bool isLeaf(unsigned node) const { return node < operands; }
  uint64_t *row(unsigned node) { return &rows[size_t(node) * words]; }
  const uint64_t *row(unsigned node) const {
    return &rows[size_t(node) * words];
  }
  Real stepPrice(const uint64_t *a, const typename Price::Side &sideA,
                 const uint64_t *b, const typename Price::Side &sideB,
                 const uint64_t *result, Real elements, bool isLast) const;

  Real priceOf(Real macs, const typename Price::Side &sideA,
               const typename Price::Side &sideB, Real elements, bool isLast,
               StepKind kind = StepKind::Contraction) const;

  void computeRows();
  void computeRowsBelow(unsigned node, llvm::ArrayRef<unsigned> inner);
  void computeNode(unsigned node);
  void computeTotal();
  void renew();
  /// What a move would make of the inner node and of both steps.
  struct Change {
    typename Price::Side side;
    Real innerCost, outerCost;
  };
  Change changeOf(unsigned stays, unsigned sibling, unsigned moved,
                  unsigned outer);
  Change productChangeOf(unsigned stays, unsigned sibling, unsigned moved,
                         unsigned outer);
  void joinRows(unsigned inner, unsigned stays, unsigned sibling,
                unsigned moved, unsigned outer);
  void joinStates(unsigned node, unsigned a, unsigned b);
  unsigned *states(unsigned node) {
    return &wideStates[size_t(node) * wideModes.size()];
  }
  /// Calls `visit(word)` for the words of some groups.
  template <class Visit>
  void forWords(uint64_t groups, Visit visit) const {
    for (; groups != 0; groups &= groups - 1) {
      unsigned first = llvm::countr_zero(groups) * groupWords;
      unsigned last = std::min(words, first + groupWords);
      for (unsigned word = first; word < last; ++word)
        visit(word);
    }
  }
  uint64_t filledGroups(const uint64_t *row) const;
  uint64_t productWeight(unsigned node) const;
  uint64_t moveWeight() const;
  void setTemperature(double temperature);
  bool tryMove(unsigned inner, bool swapLeft, Real threshold);
  Key key() const;
  /// Whether the current tree, whose key this is, is better than the best one.
  bool isBetter(const Key &current);
  /// Whether the sum is so far below that of the best tree that nobody has to
  /// look twice.
  bool isClearlyLower() const { return total < bestTotal * Real(1 - 0x1p-30); }
  /// The value of a tree in unlimited integers.
  Count exactValue(llvm::ArrayRef<unsigned> lefts,
                   llvm::ArrayRef<unsigned> rights) const;
  ContractionTree treeOf(llvm::ArrayRef<unsigned> lefts,
                         llvm::ArrayRef<unsigned> rights) const;
  bool polishAt(unsigned node, unsigned leaves);
  template <class Table>
  void rebuild(unsigned node, llvm::ArrayRef<unsigned> branches,
               llvm::SmallVectorImpl<unsigned> &inner, const Table &table);
  llvm::SmallVector<unsigned, 16>
  frontier(unsigned node, unsigned leaves,
           llvm::SmallVectorImpl<unsigned> &inner) const;

  const Equation &equation;
  const CostModel &model;
  SearchClock &clock;
  Price price;
  std::optional<WindowSearch> window; // where it serves
  unsigned operands, words, root;
  // Nodes: operands first, then inner nodes; the last one is the root.
  std::vector<unsigned> parent, left, right;
  std::vector<uint64_t> rows;
  // Where steps are products: the groups of words of a row that are not 0. Most
  // rows of a large network are small, and moves look at what there is. And the
  // states of conv modes that have words to themselves.
  bool isProduct;
  unsigned groupWords;
  std::vector<uint64_t> filled;
  std::vector<const ConvModel *> wideModes;
  std::vector<unsigned> wideStates, joinedStates; // by node; of a move
  // Costs of products go from move to move; then they have rounding errors of
  // all of these.
  bool hasDrifted = false;
  std::vector<typename Price::Side> sides;
  std::vector<Real> costs; // of inner nodes' steps, as they are summed
  std::vector<uint64_t> scratch;
  Real total = Real(0);
  std::vector<unsigned> bestLeft, bestRight;
  Key bestKey{unreachable<Real>(), unreachable<Real>()};
  Real bestTotal = unreachable<Real>(); // that of bestLeft, bestRight
  std::optional<Count> bestExact;       // once it was asked for
  // Of a random number, -log2, and the factor that it allows.
  std::array<double, kThresholds> exponents;
  std::array<Real, kThresholds> thresholds;
};

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_SEARCH_TREEANNEALER_H
