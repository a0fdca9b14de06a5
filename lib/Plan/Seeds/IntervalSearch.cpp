//===- IntervalSearch.cpp - The best tree along an order ------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The nets that close in the join of (i, k) with (k, j) are those inside (i, j)
// less those inside either part, so with inside(i, j) in bits
//
//     open(i, j) + closing(i, k, j) = open(i, j) + inside(i, j)
//                                     - inside(i, k) - inside(k, j)
//
// and the power of two is a product of one factor per interval. To keep the
// factors in range, the nets whose last pin is in an interval are taken off
// `inside` everywhere, which cancels in the sum; what remains is minus the nets
// that end in the interval and begin before it. Where trees cost more than
// numbers hold, these are too many, and only half of the nets are taken off;
// what is out of range nevertheless is infinite or no number, and never the
// cheapest. Where elements count, a join costs 2^open(i, j) whatever k is, and
// there is nothing to take off.
//
//===----------------------------------------------------------------------===//

#include "IntervalSearch.h"
#include "llvm/ADT/STLExtras.h"
#include <cmath>
#include <limits>

using namespace conveinsum;

static constexpr double kNever = std::numeric_limits<double>::infinity();
/// Bits of a factor, and of costs from which only half is taken off.
static constexpr double kMaxBits = 480, kManyBits = 450;

namespace {

/// A value per pair i <= j, by rows i and by columns j.
class IntervalTable {
public:
  IntervalTable(unsigned size, double value)
      : size(size), rows(size_t(size) * size, value), columns(rows) {}
  void set(unsigned i, unsigned j, double value) {
    rows[size_t(i) * size + j] = columns[size_t(j) * size + i] = value;
  }
  const double *row(unsigned i) const { return &rows[size_t(i) * size]; }
  const double *column(unsigned j) const { return &columns[size_t(j) * size]; }

private:
  size_t size;
  std::vector<double> rows, columns;
};

class IntervalSearch {
public:
  IntervalSearch(const SeedGraph &graph, double bound)
      : graph(graph), size(graph.numVertices + 1), bound(bound),
        best(size, kNever), inverse(size, 1), whole(size_t(size) * size, 0),
        splits(size_t(size) * size, 0) {}

  std::optional<Pairs> run();

private:
  void fillFactors();
  void solve(unsigned i, unsigned j);
  unsigned emit(unsigned i, unsigned j, Pairs &pairs) const;

  const SeedGraph &graph;
  unsigned size; // ends of intervals: 0 .. numVertices
  double bound;
  IntervalTable best;        // MACs / 2^bound
  IntervalTable inverse;     // 2^-rest
  std::vector<double> whole; // 2^(open + rest - bound)
  std::vector<unsigned> splits;
};

} // namespace

/// 2^bits, infinite where a product of two may be out of range.
static double powerOf(double bits) {
  return std::abs(bits) < kMaxBits ? portableExp2(bits) : kNever;
}

/// Both factors of every interval. For a fixed begin, nets enter as the end
/// moves on.
void IntervalSearch::fillFactors() {
  auto netsOf = netsOfVertices(graph);
  for (unsigned i = 0; i + 1 < size; ++i) {
    FixedBits open = 0, ended = 0, inside = 0;
    for (unsigned j = i + 1; j < size; ++j) {
      for (unsigned index : netsOf[j - 1]) {
        const SeedGraph::Net &net = graph.nets[index];
        FixedBits bits = toFixed(net.bits);
        if (*llvm::lower_bound(net.pins, i) == j - 1)
          open += bits;
        if (net.pins.back() != j - 1 || net.isExternal)
          continue;
        ended += bits;
        if (net.pins.front() < i)
          continue;
        inside += bits;
        open -= bits;
      }
      double rest =
          graph.cost == SeedGraph::Cost::Elements
              ? 0 // whatever the split is
              : toBits(inside) - toBits(ended) * (bound > kManyBits ? 0.5 : 1);
      inverse.set(i, j, powerOf(-rest));
      whole[size_t(i) * size + j] =
          toBits(open) < bound && toBits(open) + rest - bound < 1020
              ? portableExp2(toBits(open) + rest - bound)
              : kNever;
    }
  }
}

void IntervalSearch::solve(unsigned i, unsigned j) {
  double factor = whole[size_t(i) * size + j];
  if (factor == kNever)
    return;
  const double *left = best.row(i), *right = best.column(j);
  const double *leftInverse = inverse.row(i), *rightInverse = inverse.column(j);
  double lowest = 1;
  unsigned split = 0;
  for (unsigned k = i + 1; k < j; ++k) {
    double cost =
        left[k] + right[k] + factor * (leftInverse[k] * rightInverse[k]);
    if (cost < lowest) {
      lowest = cost;
      split = k;
    }
  }
  if (split == 0)
    return;
  best.set(i, j, lowest);
  splits[size_t(i) * size + j] = split;
}

std::optional<Pairs> IntervalSearch::run() {
  fillFactors();
  for (unsigned i = 0; i + 1 < size; ++i)
    best.set(i, i + 1, 0);
  for (unsigned length = 2; length < size; ++length)
    for (unsigned i = 0; i + length < size; ++i)
      solve(i, i + length);
  if (best.row(0)[size - 1] >= 1)
    return std::nullopt;
  Pairs pairs;
  emit(0, size - 1, pairs);
  return pairs;
}

unsigned IntervalSearch::emit(unsigned begin, unsigned end,
                              Pairs &pairs) const {
  if (begin + 1 == end)
    return begin;
  unsigned split = splits[size_t(begin) * size + end];
  unsigned a = emit(begin, split, pairs), b = emit(split, end, pairs);
  pairs.push_back({a, b});
  return size - 2 + pairs.size();
}

std::optional<Pairs> conveinsum::bestAlongOrder(const SeedGraph &graph,
                                                double bound) {
  return IntervalSearch(graph, bound).run();
}
