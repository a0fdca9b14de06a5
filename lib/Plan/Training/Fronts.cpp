//===- Fronts.cpp - Sums of Pareto fronts ---------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The merge of rows by a heap, and the thinning of fronts.
//
//===----------------------------------------------------------------------===//

#include "Fronts.h"
#include "Plan/Cost/SubsetFigures.h"
#include <algorithm>
#include <tuple>

using namespace conveinsum;
using llvm::ArrayRef;

std::optional<Count> FrontLimit::most(Count kept) const {
  const FrontPoint *after = std::upper_bound(
      known.begin(), known.end(), kept,
      [](Count kept, const FrontPoint &point) { return kept < point.kept; });
  if (after == known.begin())
    return Count::infinity();
  const FrontPoint &best = after[-1];
  Count limit = best.macs;
  if (best.kept < kept) {
    if (limit == 0)
      return std::nullopt;
    limit -= 1;
  }
  if (limit < rest)
    return std::nullopt;
  return limit - rest;
}

//===----------------------------------------------------------------------===//
// Merging
//===----------------------------------------------------------------------===//

namespace {
/// The sums of one point of the smaller front of a pair with the larger one.
struct Row {
  Count kept, macs, written;
  uint32_t sum, left, right;

  bool operator>(const Row &other) const {
    return std::tie(kept, macs, written, sum, left) >
           std::tie(other.kept, other.macs, other.written, other.sum,
                    other.left);
  }
};

class Merge {
public:
  Merge(ArrayRef<FrontSum> sums, const FrontLimit &limit)
      : sums(sums), limit(limit) {}

  Front run() {
    for (uint32_t sum = 0; sum < sums.size(); ++sum)
      openRows(sum);
    std::make_heap(rows.begin(), rows.end(), std::greater<>());
    while (!rows.empty()) {
      std::pop_heap(rows.begin(), rows.end(), std::greater<>());
      Row row = rows.back();
      rows.pop_back();
      uint32_t at = moving(row);
      if (!settle(row))
        continue;
      if (moving(row) == at) {
        take(row);
        if (!moveTo(row, at + 1) || !settle(row))
          continue;
      }
      rows.push_back(row);
      std::push_heap(rows.begin(), rows.end(), std::greater<>());
    }
    return std::move(result);
  }

private:
  static bool rightMoves(const FrontSum &sum) {
    return sum.left->size() <= sum.right->size();
  }
  uint32_t &moving(Row &row) const {
    return rightMoves(sums[row.sum]) ? row.right : row.left;
  }

  void openRows(uint32_t index) {
    const FrontSum &sum = sums[index];
    for (uint32_t point = 0,
                  end = std::min(sum.left->size(), sum.right->size());
         point < end; ++point) {
      Row row;
      row.sum = index;
      row.left = row.right = point;
      if (moveTo(row, 0) && settle(row))
        rows.push_back(row);
    }
  }

  /// False at the end of the row.
  bool moveTo(Row &row, uint32_t point) const {
    const FrontSum &sum = sums[row.sum];
    if (point >= std::max(sum.left->size(), sum.right->size()))
      return false;
    moving(row) = point;
    const FrontPoint &a = (*sum.left)[row.left], &b = (*sum.right)[row.right];
    row.kept = plus(sum.kept, plus(a.kept, b.kept));
    row.macs = plus(sum.macs, plus(a.macs, b.macs));
    row.written = plus(sum.written, plus(a.written, b.written));
    return true;
  }

  /// Most MACs that are still of use with so many elements kept.
  std::optional<Count> most(Count kept) const {
    std::optional<Count> limited = limit.most(kept);
    if (!limited || result.empty())
      return limited;
    if (result.back().macs == 0)
      return std::nullopt;
    return std::min(*limited, result.back().macs - 1);
  }

  /// Moves on to the next point of use, if there is one.
  bool settle(Row &row) const {
    const FrontSum &sum = sums[row.sum];
    const Front &points = rightMoves(sum) ? *sum.right : *sum.left;
    Count fixed =
        plus(sum.macs, rightMoves(sum) ? (*sum.left)[row.left].macs
                                       : (*sum.right)[row.right].macs);
    while (std::optional<Count> wanted = most(row.kept)) {
      if (row.macs <= *wanted)
        return true;
      if (*wanted < fixed)
        return false;
      Count rest = *wanted - fixed;
      auto next = std::partition_point(
          points.begin() + moving(row) + 1, points.end(),
          [&](const FrontPoint &point) { return point.macs > rest; });
      if (!moveTo(row, next - points.begin()))
        return false;
    }
    return false;
  }

  void take(const Row &row) {
    result.push_back({row.kept, row.macs, row.written, sums[row.sum].name,
                      row.left, row.right});
  }

  ArrayRef<FrontSum> sums;
  const FrontLimit &limit;
  std::vector<Row> rows; // a heap
  Front result;
};
} // namespace

Front conveinsum::mergeSums(ArrayRef<FrontSum> sums, const FrontLimit &limit) {
  return Merge(sums, limit).run();
}

Front conveinsum::mergeFronts(const Front &a, const Front &b) {
  Front both, merged;
  std::merge(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both),
             [](const FrontPoint &a, const FrontPoint &b) {
               return std::tie(a.kept, a.macs, a.written) <
                      std::tie(b.kept, b.macs, b.written);
             });
  for (const FrontPoint &point : both)
    if (merged.empty() || point.macs < merged.back().macs)
      merged.push_back(point);
  return merged;
}

//===----------------------------------------------------------------------===//
// Thinning
//===----------------------------------------------------------------------===//

/// The points that stay if each point left out may cost less than the one
/// before it that stays by `error`.
static std::vector<size_t> thinned(const Front &front, Count error) {
  std::vector<size_t> stay{0};
  for (size_t index = 1; index + 1 < front.size(); ++index)
    if (front[stay.back()].macs - front[index].macs > error)
      stay.push_back(index);
  stay.push_back(front.size() - 1);
  return stay;
}

Count conveinsum::thinOut(Front &front, unsigned maxPoints) {
  assert(maxPoints >= 2 && "the first and the last point stay");
  if (front.size() <= maxPoints)
    return 0;
  // The smallest error by bisection: `enough` leaves few points, `little` not.
  Count little = 0, enough = front.front().macs - front.back().macs;
  while (enough - little > 1) {
    Count error = little + (enough - little) / 2;
    (thinned(front, error).size() <= maxPoints ? enough : little) = error;
  }
  Front kept;
  for (size_t index : thinned(front, enough))
    kept.push_back(front[index]);
  front = std::move(kept);
  return enough;
}
