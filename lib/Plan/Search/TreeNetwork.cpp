//===- TreeNetwork.cpp - Networks without cycles --------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TreeNetwork.h"
#include "Plan/Tree/TreeBuilder.h"
#include "llvm/ADT/IntEqClasses.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Sequence.h"

using namespace conveinsum;

/// Every product of a step costs the same: all operands are alike to gradients,
/// and none is constant.
static bool hasUniformProducts(const CostModel &model) {
  for (unsigned operand = 0; operand < model.numOperands(); ++operand)
    if (model.isConstant(operand) ||
        model.hasGradient(operand) != model.hasGradient(0))
      return false;
  return true;
}

std::optional<TreeNetwork> TreeNetwork::of(const CostModel &model) {
  unsigned operands = model.numOperands();
  if (model.goal().objective.kind != ObjectiveKind::Flops ||
      model.hasConvModes() || !hasUniformProducts(model) || operands < 3)
    return std::nullopt;
  TreeNetwork network;
  network.operands = operands;
  network.bonds.resize(operands);
  network.open.assign(operands, Count(1));
  llvm::IntEqClasses parts(operands);
  unsigned numBonds = 0;
  for (unsigned index = 0; index < model.numPlainClasses(); ++index) {
    llvm::ArrayRef<unsigned> holders = model.holders(index);
    const Count &size = model.classSize(index);
    bool isExternal = model.resultRow()[index / 64] >> (index % 64) & 1;
    if (size == 0 || holders.size() > 2 || isExternal != (holders.size() == 1))
      return std::nullopt;
    if (isExternal) {
      Count &open = network.open[holders[0]];
      open *= size;
      continue;
    }
    network.bonds[holders[0]].push_back({holders[1], size});
    network.bonds[holders[1]].push_back({holders[0], size});
    parts.join(holders[0], holders[1]);
    ++numBonds;
  }
  parts.compress();
  if (numBonds + 1 != operands || parts.getNumClasses() != 1)
    return std::nullopt;
  return network;
}

bool TreeNetwork::isPath() const {
  return llvm::all_of(bonds, [](const auto &own) { return own.size() <= 2; });
}

std::optional<unsigned> TreeNetwork::centre() const {
  for (unsigned operand = 0; operand < operands; ++operand)
    if (bonds[operand].size() + 1 == operands)
      return operand;
  return std::nullopt;
}

bool TreeNetwork::outerProductsCannotWin() const {
  unsigned closedEnds = 0;
  bool isOpenInside = false;
  for (unsigned operand = 0; operand < operands; ++operand) {
    if (isEnd(operand))
      closedEnds += open[operand] == 1;
    else
      isOpenInside |= open[operand] != 1;
  }
  return closedEnds <= 1 || (isPath() && !isOpenInside);
}

//===----------------------------------------------------------------------===//
// Orders of ends
//===----------------------------------------------------------------------===//

bool TreeNetwork::goesFirst(unsigned a, unsigned b) const {
  const Count &openA = open[a], &openB = open[b];
  const Count &bondA = bonds[a].front().size, &bondB = bonds[b].front().size;
  // 1/openA - 1/bondA > 1/openB - 1/bondB, times everything that is below a
  // line, without differences.
  Count left = bondA * openB * (bondB + openA);
  Count right = bondB * openA * (bondA + openB);
  return left != right ? left > right : a < b;
}

TreeNetwork::Order TreeNetwork::orderOfEnds() const {
  Order order;
  if (operands > 64)
    return order;
  order.before.assign(operands, 0);
  order.holder.assign(operands, 0);
  for (unsigned operand = 0; operand < operands; ++operand) {
    if (isEnd(operand))
      continue;
    llvm::SmallVector<unsigned, 8> ends;
    for (const Bond &bond : bonds[operand])
      if (isEnd(bond.neighbour))
        ends.push_back(bond.neighbour);
    llvm::sort(ends, [&](unsigned a, unsigned b) { return goesFirst(a, b); });
    for (unsigned place = 0; place < ends.size(); ++place) {
      order.ends |= uint64_t(1) << ends[place];
      order.holder[ends[place]] = uint64_t(1) << operand;
      if (place > 0)
        order.before[ends[place]] = uint64_t(1) << ends[place - 1];
    }
  }
  return order;
}

//===----------------------------------------------------------------------===//
// Paths and stars
//===----------------------------------------------------------------------===//

/// best(l, r) = min over l <= k < r of
///     best(l, k) + best(k + 1, r) + (elements of l..r) x (bond after k)
template <class T>
std::optional<ContractionTree> TreeNetwork::planPath() const {
  // The operands along the path, and the bond after each.
  std::vector<unsigned> row;
  std::vector<T> bond;
  unsigned at = 0, previous = operands;
  while (!isEnd(at))
    ++at;
  while (true) {
    row.push_back(at);
    const Bond *next = nullptr;
    for (const Bond &own : bonds[at])
      if (own.neighbour != previous)
        next = &own;
    if (!next)
      break;
    bond.push_back(fromCount<T>(next->size));
    previous = std::exchange(at, next->neighbour);
  }
  bond.push_back(T(1));

  size_t n = operands;
  // By first and last operand, and by last and first: both walks are straight.
  std::vector<T> best(n * n, T(0)), turned(n * n, T(0));
  std::vector<uint32_t> cuts(n * n, 0);
  for (size_t first : llvm::reverse(llvm::seq(n))) {
    T inside = fromCount<T>(open[row[first]]);
    for (size_t last = first + 1; last < n; ++last) {
      inside = times(inside, fromCount<T>(open[row[last]]));
      T elements =
          times(times(first ? bond[first - 1] : T(1), inside), bond[last]);
      T least = unreachable<T>();
      uint32_t cut = first;
      const T *left = &best[first * n], *right = &turned[last * n + 1];
      for (size_t k = first; k < last; ++k) {
        T value = plus(plus(left[k], right[k]), times(elements, bond[k]));
        if (value < least) {
          least = value;
          cut = k;
        }
      }
      best[first * n + last] = turned[last * n + first] = least;
      cuts[first * n + last] = cut;
    }
  }
  if (best[n - 1] == unreachable<T>())
    return std::nullopt;

  // Intervals that are open, and what becomes of them, without recursion.
  TreeBuilder builder(operands);
  struct Interval {
    size_t first, last;
    bool isCut;
  };
  std::vector<Interval> work{{0, n - 1, false}};
  std::vector<unsigned> done;
  while (!work.empty()) {
    auto [first, last, isCut] = work.back();
    work.pop_back();
    if (first == last) {
      done.push_back(row[first]);
    } else if (isCut) {
      unsigned right = done.back();
      done.pop_back();
      done.back() = builder.join(done.back(), right);
    } else {
      size_t cut = cuts[first * n + last];
      work.push_back({first, last, true});
      work.push_back({cut + 1, last, false});
      work.push_back({first, cut, false});
    }
  }
  return builder.finish();
}

std::optional<ContractionTree> TreeNetwork::plan(uint64_t maxMoves,
                                                 SearchClock &clock) const {
  if (isPath()) {
    // Sixteen intervals are compared in the time of a move.
    uint64_t n = operands, moves = n * n / 6 * n / 16;
    if (n > 4096 || moves > maxMoves)
      return std::nullopt;
    clock.spend(moves);
    if (auto tree = planPath<uint64_t>())
      return tree;
    // Numbers that may be on the heap take as much more.
    constexpr uint64_t wider = 16;
    if (wider * moves > maxMoves)
      return std::nullopt;
    clock.spend(wider * moves);
    return planPath<Count>();
  }
  std::optional<unsigned> middle = centre();
  if (!middle)
    return std::nullopt;
  std::vector<unsigned> ends;
  for (const Bond &bond : bonds[*middle])
    ends.push_back(bond.neighbour);
  llvm::sort(ends, [&](unsigned a, unsigned b) { return goesFirst(a, b); });
  clock.spend(operands);
  TreeBuilder builder(operands);
  unsigned value = *middle;
  for (unsigned end : ends)
    value = builder.join(value, end);
  return builder.finish();
}
