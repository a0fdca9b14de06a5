//===- SubsetTable.h - The best tree over every subset ----------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Dynamic programming over all subsets of up to kMaxTableLeaves leaves:
//
//     best(S) = min over splits S = L + R of best(L) + best(R) + cost(L, R)
//
// over all (3^n - 2^(n+1) + 1) / 2 splits. Leaves are rows of the cost model:
// operands, or, when a subtree of a larger tree is searched anew, what other
// subtrees keep. Worked example, bsh,rs,rh->brh|h with 2x4x8, 3x4, 3x3:
//
//     {0,1}  192     {0,2}  528     {1,2}  36
//     {0,1,2} = min({0,1} + 132, {0,2} + 192, {1,2} + 528) = 324
//
// Ties. Trees of equal value are compared by their MACs, then by the elements
// they write, then by their largest intermediate, then by a fixed order of
// splits: the split whose side without the lowest leaf is first in descending
// order of its bit mask, the one that joins the lowest leaf last coming last.
// Sums add up and the maximum is monotone, so the same programme finds the
// lexicographic minimum. For `size`, where the value is a maximum, MACs are
// only decided among trees over subsets that are of smallest size themselves; a
// second pass under the bound found by the first makes up for that (see
// `forbid`).
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_SEARCH_SUBSETTABLE_H
#define CONVEINSUM_LIB_PLAN_SEARCH_SUBSETTABLE_H

#include "Plan/Cost/StepCost.h"

namespace conveinsum {

constexpr unsigned kMaxTableLeaves = 16;

/// A leaf of a search.
template <class T>
struct SearchLeaf {
  const uint64_t *row;
  typename StepCost<T>::Side side;
};

/// A leaf for an operand of the equation.
template <class T>
SearchLeaf<T> operandLeaf(const CostModel &model, unsigned operand) {
  const uint64_t *row = model.leaf(operand);
  bool isTimed = model.goal().objective.kind == ObjectiveKind::Time;
  T elements = isTimed ? fromCount<T>(model.rawElements(operand))
                       : model.elements<T>(row);
  return {row,
          {elements, model.hasGradient(operand), model.isConstant(operand),
           /*isOperand=*/true}};
}

/// What decides between trees of equal value.
template <class T>
struct TieBreak {
  T macs = T(0), written = T(0), largest = T(0);
  bool operator<(const TieBreak &o) const {
    if (macs != o.macs)
      return macs < o.macs;
    return written != o.written ? written < o.written : largest < o.largest;
  }
  bool operator==(const TieBreak &o) const {
    return macs == o.macs && written == o.written && largest == o.largest;
  }
  bool isSaturated() const {
    return std::max({macs, written, largest}) == unreachable<T>();
  }
};

/// The place of a split of `set` in the fixed order; larger comes first.
inline uint64_t splitRank(uint64_t set, uint64_t right) {
  return right == (set & (set - 1)) ? 0 : right;
}

template <class T>
class SubsetTable {
public:
  /// `outside`: the plain words that the result and everything that is no leaf
  /// hold. `isWhole`: the leaves are all there is, the last step makes the
  /// result. Trees above `bound` need not be found. Sets with more elements
  /// than `forbid` are not made.
  SubsetTable(const CostModel &model, llvm::ArrayRef<SearchLeaf<T>> leaves,
              llvm::ArrayRef<uint64_t> outside, bool isWhole,
              T bound = unreachable<T>(), T forbid = unreachable<T>());

  /// Of the best tree over all leaves; unreachable() if none is within bounds.
  T value() const { return values.back(); }
  bool found() const { return lefts.back() != 0; }
  /// Whether the type was wide enough for the value and for every tie-break.
  bool isExact() const {
    return value() != unreachable<T>() && !ties.back().isSaturated();
  }
  /// Splits that were looked at.
  uint64_t work() const { return splits; }

  /// Calls `join(a, b)`, which returns the number of the joined value, along
  /// the best tree; leaf k has number `numbers[k]`.
  template <class Join>
  unsigned build(llvm::ArrayRef<unsigned> numbers, Join join) const {
    return build(values.size() - 1, numbers, join);
  }

private:
  using Side = typename StepCost<T>::Side;

  void addRows(llvm::ArrayRef<SearchLeaf<T>> leaves,
               llvm::ArrayRef<uint64_t> outside);
  void search(uint32_t set);
  void consider(uint32_t set, uint32_t left, uint32_t right);
  /// The same under a target that fuses: of both kinds of best trees.
  void considerFused(uint32_t set, uint32_t left, uint32_t right);
  void offer(uint32_t set, uint32_t left, uint32_t right, T value, bool fused,
             unsigned sides);
  TieBreak<T> tieBreak(uint32_t set, uint32_t left, uint32_t right) const;
  const uint64_t *row(uint32_t set) const { return &rows[set * words]; }
  template <class Join>
  unsigned build(uint32_t set, llvm::ArrayRef<unsigned> numbers, Join join,
                 bool fused = false) const;

  const CostModel &model;
  StepCost<T> price;
  unsigned words;
  bool isWhole, fuses;
  T bound, forbid;
  uint64_t splits = 0;
  std::vector<uint64_t> rows;    // set * words
  std::vector<Side> sides;       // per set
  std::vector<T> values;         // per set
  std::vector<TieBreak<T>> ties; // per set
  std::vector<uint32_t> lefts;   // side with the lowest leaf; 0: no tree yet
  // The best tree whose last step streams its result into the next step, and
  // which inputs of either best tree are streamed (bit 0 left, bit 1 right).
  std::vector<T> fusedValues;
  std::vector<uint32_t> fusedLefts;
  std::vector<uint8_t> streamed, fusedStreamed;
};

template <class T>
template <class Join>
unsigned SubsetTable<T>::build(uint32_t set, llvm::ArrayRef<unsigned> numbers,
                               Join join, bool fused) const {
  if (llvm::has_single_bit(set))
    return numbers[llvm::countr_zero(set)];
  uint32_t left = fused ? fusedLefts[set] : lefts[set];
  unsigned streams = !fuses ? 0 : fused ? fusedStreamed[set] : streamed[set];
  unsigned first = build(left, numbers, join, streams & 1);
  return join(first, build(set & ~left, numbers, join, streams & 2));
}

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_SEARCH_SUBSETTABLE_H
