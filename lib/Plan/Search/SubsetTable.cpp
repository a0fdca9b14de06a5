//===- SubsetTable.cpp - The best tree over every subset ------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Fills the table in ascending order of the sets' words: every proper subset
// comes before its superset.
//
//===----------------------------------------------------------------------===//

#include "SubsetTable.h"
#include "Plan/Cost/SubsetFigures.h"

using namespace conveinsum;
using llvm::ArrayRef;

template <class T>
SubsetTable<T>::SubsetTable(const CostModel &model,
                            ArrayRef<SearchLeaf<T>> leaves,
                            ArrayRef<uint64_t> outside, bool isWhole, T bound,
                            T forbid)
    : model(model), price(model), words(model.words()), isWhole(isWhole),
      fuses(price.needsKind() && model.goal().target.fuses && isWhole &&
            llvm::all_of(
                leaves,
                [](const SearchLeaf<T> &leaf) { return leaf.side.isOperand; })),
      bound(bound), forbid(forbid) {
  assert(!leaves.empty() && leaves.size() <= kMaxTableLeaves);
  size_t sets = size_t(1) << leaves.size();
  sides.resize(sets);
  values.assign(sets, unreachable<T>());
  ties.resize(sets);
  lefts.assign(sets, 0);
  if (fuses) {
    fusedValues.assign(sets, unreachable<T>());
    fusedLefts.assign(sets, 0);
    streamed.assign(sets, 0);
    fusedStreamed.assign(sets, 0);
  }
  addRows(leaves, outside);
  for (uint32_t set = 3; set < sets; ++set)
    if (!llvm::has_single_bit(set) &&
        (forbid == unreachable<T>() || sides[set].elements <= forbid))
      search(set);
}

template <class T>
void SubsetTable<T>::addRows(ArrayRef<SearchLeaf<T>> leaves,
                             ArrayRef<uint64_t> outside) {
  llvm::SmallVector<const uint64_t *, 16> leafRows;
  for (const SearchLeaf<T> &leaf : leaves)
    leafRows.push_back(leaf.row);
  rows = subsetRows(model, leafRows, outside);
  for (uint32_t set = 1; set < values.size(); ++set) {
    uint32_t others = set & (set - 1);
    const Side &side = leaves[llvm::countr_zero(set)].side;
    sides[set] = side;
    if (others == 0) {
      values[set] = T(0);
      lefts[set] = set;
      continue;
    }
    sides[set].gradient |= sides[others].gradient;
    sides[set].constant &= sides[others].constant;
    sides[set].isOperand = false;
    bool isResult = isWhole && set + 1 == values.size();
    sides[set].elements = isResult ? model.resultElements<T>(row(set))
                                   : model.elements<T>(row(set));
  }
}

template <class T>
void SubsetTable<T>::search(uint32_t set) {
  uint32_t lowest = set & ~(set - 1), others = set ^ lowest;
  // Every split once: `right` runs over the nonempty subsets of the others,
  // downwards; all of them, which 0 stands for, come last.
  uint32_t right = others;
  do {
    right = (right - 1) & others;
    uint32_t rest = right ? right : others;
    ++splits;
    if (fuses)
      considerFused(set, set ^ rest, rest);
    else
      consider(set, set ^ rest, rest);
  } while (right != 0);
}

template <class T>
TieBreak<T> SubsetTable<T>::tieBreak(uint32_t set, uint32_t left,
                                     uint32_t right) const {
  const TieBreak<T> &a = ties[left], &b = ties[right];
  const T &elements = sides[set].elements;
  TieBreak<T> tie;
  tie.macs = plus(plus(a.macs, b.macs), model.macs<T>(row(left), row(right)));
  tie.written = plus(plus(a.written, b.written), elements);
  tie.largest = std::max({a.largest, b.largest, elements});
  return tie;
}

template <class T>
void SubsetTable<T>::consider(uint32_t set, uint32_t left, uint32_t right) {
  T value = price.combine(values[left], values[right]);
  T best = lefts[set] ? values[set] : bound;
  if (value > best || lefts[left] == 0 || lefts[right] == 0)
    return;
  bool isLast = isWhole && set + 1 == lefts.size();
  StepKind kind = price.needsKind()
                      ? model.kind(row(left), row(right), row(set))
                      : StepKind::Contraction;
  value = price.combine(value,
                        price(model.macs<T>(row(left), row(right)), sides[left],
                              sides[right], sides[set].elements, isLast, kind));
  if (value > best)
    return;
  TieBreak<T> tie = tieBreak(set, left, right);
  if (lefts[set] && value == values[set] && !(tie < ties[set]))
    return;
  values[set] = value;
  ties[set] = tie;
  lefts[set] = left;
}

template <class T>
void SubsetTable<T>::offer(uint32_t set, uint32_t left, uint32_t right, T value,
                           bool fused, unsigned streams) {
  T &best = fused ? fusedValues[set] : values[set];
  uint32_t &bestLeft = fused ? fusedLefts[set] : lefts[set];
  if (value > (bestLeft ? best : bound) || (bestLeft && value == best && fused))
    return;
  if (!fused) {
    TieBreak<T> tie = tieBreak(set, left, right);
    if (bestLeft && value == best && !(tie < ties[set]))
      return;
    ties[set] = tie;
  }
  best = value;
  bestLeft = left;
  (fused ? fusedStreamed : streamed)[set] = streams;
}

template <class T>
void SubsetTable<T>::considerFused(uint32_t set, uint32_t left,
                                   uint32_t right) {
  StepKind kind = model.kind(row(left), row(right), row(set));
  bool streams = model.goal().target.fusesInto(kind, kind);
  bool isLast = isWhole && set + 1 == lefts.size();
  T macs = model.macs<T>(row(left), row(right));
  for (unsigned sides2 = 0; sides2 < (streams ? 4u : 1u); ++sides2) {
    bool fromLeft = sides2 & 1, fromRight = sides2 & 2;
    if ((fromLeft ? fusedLefts : lefts)[left] == 0 ||
        (fromRight ? fusedLefts : lefts)[right] == 0)
      continue;
    T below = price.combine((fromLeft ? fusedValues : values)[left],
                            (fromRight ? fusedValues : values)[right]);
    auto step = [&](bool resultFused) {
      return price.combine(below, price(macs, sides[left], sides[right],
                                        sides[set].elements, isLast, kind,
                                        fromLeft, fromRight, resultFused));
    };
    offer(set, left, right, step(false), false, sides2);
    // A prepared value is there; nothing streams into its reader.
    if (streams && !sides[set].constant)
      offer(set, left, right, step(true), true, sides2);
  }
}

template class conveinsum::SubsetTable<Count>;
template class conveinsum::SubsetTable<uint64_t>;
template class conveinsum::SubsetTable<double>;
template class conveinsum::SubsetTable<WideReal>;
