//===- TreeMoves.cpp - Annealing ------------------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a move would change, whether it is made, and how the temperature falls.
// Rows of plain networks are read where they are filled: an operand of a
// network of thousands of modes has three.
//
//===----------------------------------------------------------------------===//

#include "Plan/Seeds/PortableMath.h"
#include "TreeAnnealer.h"

using namespace conveinsum;

/// As CostModel::weightOf, of moves that look at groups that are filled.
template <class Real>
uint64_t TreeAnnealer<Real>::sparseWeight(unsigned node) const {
  uint64_t bytes = 0;
  forWords(filled[node], [&](unsigned word) {
    for (uint64_t bits = row(node)[word]; bits != 0; bits >>= 8)
      bytes += (bits & 255) != 0;
  });
  return 14 + llvm::popcount(filled[node]) * groupWords * 3 / 4 + bytes * 3 / 4;
}

/// What a move costs, in sixteenths: the mean of some nodes.
template <class Real>
uint64_t TreeAnnealer<Real>::moveWeight() const {
  constexpr unsigned samples = 64;
  unsigned stride = (root - operands) / samples + 1;
  uint64_t sum = 0, count = 0;
  for (unsigned node = operands; node < root; node += stride, ++count)
    sum += isSparse ? sparseWeight(node) : model.weightOf(row(node));
  // What takes an exponent of its own takes longer.
  constexpr unsigned factor = std::is_same_v<Real, double> ? 1 : 2;
  return factor * sum / count;
}

template <class Real>
void TreeAnnealer<Real>::setTemperature(double temperature) {
  for (unsigned index = 0; index < kThresholds; ++index)
    thresholds[index] = Real(portableExp2(temperature * exponents[index]));
}

template <class Real>
typename TreeAnnealer<Real>::Change
TreeAnnealer<Real>::changeOf(unsigned stays, unsigned sibling, unsigned moved,
                             unsigned outer) {
  uint64_t *joined = scratch.data();
  model.join(joined, row(stays), row(sibling), row(outer), row(moved));
  Change change;
  change.side = {model.elements<Real>(joined),
                 sides[stays].gradient || sides[sibling].gradient,
                 sides[stays].constant && sides[sibling].constant, false};
  change.innerCost =
      stepPrice(row(stays), sides[stays], row(sibling), sides[sibling], joined,
                change.side.elements, false);
  change.outerCost =
      stepPrice(joined, change.side, row(moved), sides[moved], row(outer),
                sides[outer].elements, outer == root);
  change.filled = 0;
  return change;
}

/// The same for plain networks: the MACs of a step are the elements of its
/// result times what the step sums, which is little.
template <class Real>
typename TreeAnnealer<Real>::Change
TreeAnnealer<Real>::sparseChangeOf(unsigned stays, unsigned sibling,
                                   unsigned moved, unsigned outer) {
  const uint64_t *a = row(stays), *b = row(sibling), *c = row(moved),
                 *top = row(outer);
  uint64_t *joined = scratch.data();
  Real elements = Real(1), innerSum = Real(1), outerSum = Real(1);
  uint64_t groups = 0;
  forWords(filled[stays] | filled[sibling], [&](unsigned word) {
    uint64_t both = a[word] | b[word], needed = top[word] | c[word];
    uint64_t kept = both & needed, summed = both & ~needed;
    joined[word] = kept;
    groups |= uint64_t(kept != 0) << (word / groupWords);
    if (kept != 0)
      elements = times(elements, model.productOfWord<Real>(word, kept));
    if (summed != 0)
      innerSum = times(innerSum, model.productOfWord<Real>(word, summed));
  });
  // What the outer step sums is held by both of its sides.
  forWords(groups & filled[moved], [&](unsigned word) {
    if (uint64_t summed = joined[word] & c[word] & ~top[word])
      outerSum = times(outerSum, model.productOfWord<Real>(word, summed));
  });
  Change change;
  change.side = {elements, sides[stays].gradient || sides[sibling].gradient,
                 sides[stays].constant && sides[sibling].constant, false};
  change.innerCost = priceOf(times(elements, innerSum), sides[stays],
                             sides[sibling], elements, false);
  const Real &result = sides[outer].elements;
  change.outerCost = priceOf(times(result, outerSum), change.side, sides[moved],
                             result, outer == root);
  change.filled = groups;
  return change;
}

/// Exchanges one child of `inner` with its sibling, if the two steps then cost
/// at most `threshold` times what they do.
template <class Real>
bool TreeAnnealer<Real>::tryMove(unsigned inner, bool swapLeft,
                                 Real threshold) {
  unsigned outer = parent[inner];
  bool innerIsLeft = left[outer] == inner;
  unsigned sibling = innerIsLeft ? right[outer] : left[outer];
  unsigned moved = swapLeft ? left[inner] : right[inner];
  unsigned stays = swapLeft ? right[inner] : left[inner];

  Change change = isSparse ? sparseChangeOf(stays, sibling, moved, outer)
                           : changeOf(stays, sibling, moved, outer);
  Real present = costs[inner] + costs[outer];
  Real proposed = change.innerCost + change.outerCost;
  if (!(proposed <= present * threshold))
    return false;

  Real changed = total - present + proposed;
  if (changed > total && isClearlyLower())
    keepBest(); // what is about to be left
  if (isSparse) {
    forWords(filled[inner] & ~change.filled,
             [&](unsigned word) { row(inner)[word] = 0; });
    forWords(change.filled,
             [&](unsigned word) { row(inner)[word] = scratch[word]; });
    filled[inner] = change.filled;
  } else {
    std::copy_n(scratch.data(), words, row(inner));
  }
  sides[inner] = change.side;
  costs[inner] = change.innerCost;
  costs[outer] = change.outerCost;
  total = changed;
  (swapLeft ? left : right)[inner] = sibling;
  (innerIsLeft ? right : left)[outer] = moved;
  parent[sibling] = inner;
  parent[moved] = outer;
  return true;
}

template <class Real>
bool TreeAnnealer<Real>::anneal(uint64_t moves, double hot, double cold,
                                uint64_t seed) {
  // The temperature falls in levels; sums are renewed at each, before rounding
  // errors add up.
  constexpr unsigned levels = 48;
  SeedRandom random(seed);
  double factor = portableExp2(portableLog2(hot / cold) / (levels - 1));
  double temperature = hot;
  uint64_t inner = operands - 2; // all inner nodes but the root
  for (unsigned level = 0; level < levels; ++level, temperature /= factor) {
    setTemperature(temperature);
    uint64_t weight = moveWeight();
    uint64_t count = moves / levels + (level < moves % levels);
    while (count > 0) {
      uint64_t batch = std::min<uint64_t>(count, 256);
      for (uint64_t move = 0; move < batch; ++move) {
        uint64_t word = random.next();
        unsigned node = operands + unsigned((word >> 32) * inner >> 32);
        tryMove(node, word & 1, thresholds[word >> 1 & (kThresholds - 1)]);
      }
      count -= batch;
      // The tree in hand is not looked at: with a larger budget it would not
      // be, either.
      if (!clock.spend(model.takeWork(batch * weight)))
        return false;
    }
    computeTotal();
    if (isClearlyLower())
      keepBest();
  }
  keepBest();
  return true;
}

template bool TreeAnnealer<double>::anneal(uint64_t, double, double, uint64_t);
template bool TreeAnnealer<WideReal>::anneal(uint64_t, double, double,
                                             uint64_t);
