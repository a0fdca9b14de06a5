//===- SetLists.h - Lists of sets and what finds partners -------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The data of SetSearch.h: a list of sets of one size with what is known of
// each, the numbers of its sets, and a hierarchy of blocks of 8 sets, of 8
// blocks and so on. A block knows the operands that all or any of its sets
// have, the row that all of them keep, and its smallest values; a query walks
// down only where these do not rule out every set below.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_SEARCH_SETLISTS_H
#define CONVEINSUM_LIB_PLAN_SEARCH_SETLISTS_H

#include "SubsetTable.h"
#include "conveinsum/Runtime/SplitMix.h"
#include "llvm/ADT/STLExtras.h"

namespace conveinsum {

/// A table from sets to their numbers, by open addressing. `llvm::DenseMap`
/// keeps ~0, the set of all 64 operands, to itself, has slots of 16 bytes
/// instead of 4, and takes 1.1 to 2.1 times as long per look-up (2 million
/// sets: 440 ns instead of 386 ns; 1000: 3.4 ns instead of 1.6 ns).
class SetNumbers {
public:
  void clear() {
    slots.assign(1024, 0);
    used = 0;
  }
  /// The slot of `set`: 0 there means that it has no number yet.
  uint32_t &slotOf(uint64_t set, llvm::ArrayRef<uint64_t> sets) {
    if (2 * ++used > slots.size())
      grow(sets);
    --used;
    return slots[find(set, sets)];
  }
  void added() { ++used; }
  size_t size() const { return used; }

private:
  size_t find(uint64_t set, llvm::ArrayRef<uint64_t> sets) const {
    size_t at = (set * kGoldenStep) >> 20 & (slots.size() - 1);
    while (slots[at] != 0 && sets[slots[at] - 1] != set)
      at = (at + 1) & (slots.size() - 1);
    return at;
  }
  void grow(llvm::ArrayRef<uint64_t> sets) {
    slots.assign(2 * slots.size(), 0);
    for (uint32_t number = 0; number < sets.size(); ++number)
      slots[find(sets[number], sets)] = number + 1;
  }

  std::vector<uint32_t> slots;
  size_t used = 0;
};

/// Sets of one size, sorted, with what is known of them.
template <class T>
struct SetList {
  using Side = typename StepCost<T>::Side;
  struct Origin {
    uint64_t left, right; ///< sets; left has the lowest operand
  };

  std::vector<uint64_t> sets, neighbours, rows;
  std::vector<T> values;
  std::vector<T> reading; ///< no step that reads the value costs less
  std::vector<T> outer;   ///< an outer product costs no less than two of these
  std::vector<Side> sides;
  std::vector<TieBreak<T>> ties;
  std::vector<Origin> origins;

  size_t size() const { return sets.size(); }
  const uint64_t *row(size_t index, unsigned words) const {
    return rows.data() + index * words;
  }

  /// The list in ascending order of the sets.
  void sort(unsigned words) {
    std::vector<uint32_t> order(size());
    std::iota(order.begin(), order.end(), 0u);
    llvm::sort(order,
               [&](uint32_t a, uint32_t b) { return sets[a] < sets[b]; });
    auto permute = [&](auto &items) {
      std::remove_reference_t<decltype(items)> sorted;
      sorted.reserve(items.size());
      for (uint32_t index : order)
        sorted.push_back(items[index]);
      items = std::move(sorted);
    };
    permute(neighbours);
    permute(values);
    permute(reading);
    permute(outer);
    permute(sides);
    permute(ties);
    permute(origins);
    permute(sets);
    std::vector<uint64_t> sorted(rows.size());
    for (size_t index = 0; index < order.size(); ++index)
      std::copy_n(rows.data() + size_t(order[index]) * words, words,
                  sorted.data() + index * words);
    rows = std::move(sorted);
  }
};

/// Blocks over a list; see SetSearch.h.
template <class T>
class Hierarchy {
public:
  Hierarchy() = default;
  /// Over the sets of `list` in the given order.
  Hierarchy(const SetList<T> &list, std::vector<uint32_t> order,
            const CostModel &model, const StepCost<T> &price)
      : words(model.words()), numbers(std::move(order)) {
    std::vector<Block> blocks;
    std::vector<uint64_t> rows;
    for (size_t index = 0; index < numbers.size(); ++index) {
      uint32_t number = numbers[index];
      sets.push_back(list.sets[number]);
      add(blocks, index,
          {list.sets[number], list.sets[number], list.values[number],
           price.combine(list.values[number], list.reading[number]),
           list.outer[number]});
      addRow(rows, index, list.row(number, words));
    }
    while (true) {
      levels.push_back(std::move(blocks));
      levelRows.push_back(std::move(rows));
      if (levels.back().size() <= kFan)
        return;
      blocks.clear();
      rows.clear();
      for (size_t index = 0; index < levels.back().size(); ++index) {
        add(blocks, index, levels.back()[index]);
        addRow(rows, index, &levelRows.back()[index * words]);
      }
    }
  }

  /// What a partner must be like.
  struct Query {
    uint64_t set;        ///< of the one in hand: nothing in common
    uint64_t neighbours; ///< something in common, or, for an outer product,
    bool isOuter;        ///< nothing
    T value;             ///< of the one in hand
    T reach;             ///< value and least cost of reading it
    T outer;             ///< least factor in an outer product
    size_t first;        ///< partners of lower numbers are left out
    const uint64_t *row; ///< of the one in hand
    T products;          ///< a step costs its MACs as often; 0: or nothing
  };

  /// Calls `visit(number)` for all sets that `query` does not rule out; returns
  /// the sets and blocks that were looked at.
  template <class Visit>
  uint64_t visit(const Query &query, const CostModel &model,
                 const StepCost<T> &price, T bound, Visit visit) const {
    Walk<Visit> walk{*this, query, model, price, bound, visit};
    for (size_t block = 0; block < levels.back().size(); ++block)
      walk.visit(levels.size() - 1, block);
    return walk.work;
  }

private:
  static constexpr size_t kFan = 8;
  struct Block {
    uint64_t all, any;     ///< operands of all sets, of any set
    T value, reach, outer; ///< smallest
  };

  static void add(std::vector<Block> &blocks, size_t index, Block item) {
    if (index % kFan == 0) {
      blocks.push_back(item);
      return;
    }
    Block &block = blocks.back();
    block.all &= item.all;
    block.any |= item.any;
    block.value = std::min(block.value, item.value);
    block.reach = std::min(block.reach, item.reach);
    block.outer = std::min(block.outer, item.outer);
  }

  /// A row of what all sets of a block keep.
  void addRow(std::vector<uint64_t> &rows, size_t index,
              const uint64_t *row) const {
    if (index % kFan == 0) {
      rows.insert(rows.end(), row, row + words);
      return;
    }
    for (unsigned word = 0; word < words; ++word)
      rows[rows.size() - words + word] &= row[word];
  }

  template <class Visit>
  struct Walk {
    const Hierarchy &hierarchy;
    const Query &query;
    const CostModel &model;
    const StepCost<T> &price;
    T bound;
    Visit &found;
    uint64_t work = 0;

    bool isRuledOut(size_t level, size_t index) const {
      const Block &block = hierarchy.levels[level][index];
      if ((block.all & query.set) ||
          price.combine(block.value, query.reach) > bound ||
          price.combine(block.reach, query.value) > bound)
        return true;
      T below = price.combine(block.value, query.value);
      if (query.isOuter)
        return (block.all & query.neighbours) ||
               price.combine(below, times(block.outer, query.outer)) > bound;
      if (!(block.any & query.neighbours))
        return true;
      if (query.products == 0)
        return false;
      T macs = model.macs<T>(
          query.row, &hierarchy.levelRows[level][index * hierarchy.words]);
      return price.combine(below, times(macs, query.products)) > bound;
    }

    void visit(size_t level, size_t index) {
      ++work;
      if (isRuledOut(level, index))
        return;
      size_t begin = index * kFan;
      if (level > 0) {
        size_t end = std::min(begin + kFan, hierarchy.levels[level - 1].size());
        for (size_t child = begin; child < end; ++child)
          visit(level - 1, child);
        return;
      }
      size_t end = std::min(begin + kFan, hierarchy.sets.size());
      work += end - begin;
      for (size_t item = begin; item < end; ++item) {
        uint64_t set = hierarchy.sets[item];
        if ((set & query.set) == 0 &&
            ((set & query.neighbours) == 0) == query.isOuter &&
            hierarchy.numbers[item] >= query.first)
          found(hierarchy.numbers[item]);
      }
    }
  };

  unsigned words = 0;
  std::vector<uint32_t> numbers; // in the list
  std::vector<uint64_t> sets;
  std::vector<std::vector<Block>> levels;
  std::vector<std::vector<uint64_t>> levelRows;
};

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_SEARCH_SETLISTS_H
