//===- WindowSearch.h - The best tree over some values ----------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The annealer replaces windows of its tree, a node with some of the nodes
// below it, by the best tree over the values that the window joins. What
// SubsetTable.h does exactly and for every goal is done here in doubles and
// without rows, where steps are products (CostModel.h) and goals need no kinds:
//
//     macs(L, R) = whole(L + R) / (inside(L) inside(R)) * conv(L, R)
//
// where inside(S) is the product of the modes whose holders are all in S and
// whole(S) = elements(S) inside(S) that of the modes with a holder in S: the
// step that joins L and R closes what is inside L + R and inside neither. A
// conv mode that one value of the window has is as good as a mode of its own;
// for those that several have, conv is what the equation says. So a split costs
// a few operations, whatever the size of the network.
//
// The factors leave the range of doubles long before the costs do. As every
// split of S has the same values, inside and whole are divided by one power of
// two per value in them, half of the bits of its modes: what is left of inside
// is about the root of what S keeps. Costs are in units of the window's present
// cost; what is out of range costs more than that.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_SEARCH_WINDOWSEARCH_H
#define CONVEINSUM_LIB_PLAN_SEARCH_WINDOWSEARCH_H

#include "SubsetTable.h"

namespace conveinsum {

class WindowSearch {
public:
  using Side = StepCost<double>::Side;

  /// Goals that it serves.
  static bool serves(const CostModel &model) {
    return model.isProduct() &&
           model.goal().objective.kind != ObjectiveKind::Time;
  }
  explicit WindowSearch(const CostModel &model);

  static constexpr unsigned kMaxValues = 12;

  /// What a value keeps, and what it is to gradients and constants.
  struct Value {
    const uint64_t *row;
    bool gradient, constant;
    double bits = 0; ///< log2 of its elements; only conv modes need it
  };
  /// Looks for a tree over some values that costs less than 2^bound; `kept`
  /// are the plain words that the whole window keeps. Whether there is one.
  bool search(llvm::ArrayRef<Value> values, const uint64_t *kept, double bound);
  /// What the tree costs, of 2^bound.
  double cost() const { return costs.back(); }
  /// Splits that the last search looked at.
  uint64_t work() const { return splits; }
  /// As SubsetTable::build.
  template <class Join>
  unsigned build(llvm::ArrayRef<unsigned> numbers, Join join) const {
    return build(costs.size() - 1, numbers, join);
  }

private:
  /// A conv mode of several values, and what the sets of them have of it.
  struct SharedMode {
    const ConvModel *mode;
    std::vector<unsigned> states; // where it has words to itself
    std::vector<double> extents;
  };

  void findSharedModes(llvm::ArrayRef<Value> values);
  void fillShared(llvm::ArrayRef<Value> values);
  double convFactor(uint32_t left, uint32_t right) const;
  const uint64_t *convRow(uint32_t set) const {
    return &convRows[size_t(set) * model.convWords()];
  }
  void fillFactors(llvm::ArrayRef<Value> values, const uint64_t *kept,
                   double bound);
  template <bool isPlain>
  void searchSet(uint32_t set);
  template <class Join>
  unsigned build(uint32_t set, llvm::ArrayRef<unsigned> numbers,
                 Join join) const {
    if (llvm::has_single_bit(set))
      return numbers[llvm::countr_zero(set)];
    unsigned first = build(lefts[set], numbers, join);
    return join(first, build(set & ~lefts[set], numbers, join));
  }

  const CostModel &model;
  StepCost<double> price;
  std::vector<double> classBits; // log2 of the sizes
  uint64_t splits = 0;
  // Per set of values.
  std::vector<double> costs, whole, inverse;
  std::vector<Side> sides;
  std::vector<uint32_t> lefts; // the side with the lowest value
  std::vector<SharedMode> shared;
  std::vector<uint64_t> convRows; // filled where a shared mode has words
};

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_SEARCH_WINDOWSEARCH_H
