//===- TreeMoves.cpp - Annealing ------------------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a move would change, whether it is made, and how the temperature falls.
// Rows are read where both sides of a step are filled: an operand of a network
// of thousands of modes has three.
//
//===----------------------------------------------------------------------===//

#include "Plan/Seeds/PortableMath.h"
#include "TreeAnnealer.h"

using namespace conveinsum;

/// As CostModel::weightOf, of moves that look at what two sides share.
template <class Real>
uint64_t TreeAnnealer<Real>::productWeight(unsigned node) const {
  const uint64_t *a = row(left[node]), *b = row(right[node]);
  // Nodes of large networks are seldom at hand.
  uint64_t weight =
      (operands <= kMaxExactOperands ? 13 : 16) + 128 * wideModes.size();
  uint64_t read = 0, bytes = 0;
  forWords(filled[left[node]] & filled[right[node]], [&](unsigned word) {
    read += 3;
    if (word >= model.plainWords())
      model.forSharedModes(word, a[word], b[word], [&](const ConvModel &mode) {
        weight += 2 * mode.weight();
      });
    else
      for (uint64_t bits = a[word] & b[word]; bits != 0; bits >>= 8)
        bytes += (bits & 255) != 0;
  });
  return weight + read + 3 * bytes;
}

/// What a move costs, in sixteenths: the mean of some nodes.
template <class Real>
uint64_t TreeAnnealer<Real>::moveWeight() const {
  constexpr unsigned samples = 64;
  unsigned stride = (root - operands) / samples + 1;
  uint64_t sum = 0, count = 0;
  for (unsigned node = operands; node < root; node += stride, ++count)
    sum += isProduct ? productWeight(node) : model.weightOf(row(node));
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
  return change;
}

namespace {

/// What the two sides of a step share: sizes of plain modes, and of those that
/// the step sums; what conv modes make of the product of both sides, in MACs
/// and in elements.
template <class Real>
struct SharedFactors {
  Real plain = Real(1), summed = Real(1);
  Real macs = Real(1), elements = Real(1);

  /// A conv mode of extents `left` and `right`, neither of them 0.
  void add(Real left, Real right, Real factor, Real both) {
    Real apart = left * right;
    macs = macs * (factor / apart);
    elements = elements * (both / apart);
  }
};

} // namespace

/// The same where steps are products (CostModel.h): with s what the sides
/// share, t what is summed of it,
///
///     macs(A, B) = elements(A) elements(B) / s,   elements(A + B) = macs / t,
///
/// so that a move looks only at words that both sides have something in. What
/// a conv mode of both sides adds or takes is a factor of its own. Windows may
/// be empty; what has such a one is computed from its rows.
template <class Real>
typename TreeAnnealer<Real>::Change
TreeAnnealer<Real>::productChangeOf(unsigned stays, unsigned sibling,
                                    unsigned moved, unsigned outer) {
  if (sides[stays].elements == Real(0) || sides[sibling].elements == Real(0) ||
      sides[moved].elements == Real(0))
    return changeOf(stays, sibling, moved, outer);
  const uint64_t *a = row(stays), *b = row(sibling), *c = row(moved),
                 *top = row(outer);
  uint64_t *joined = scratch.data();
  unsigned plain = model.plainWords();
  const uint64_t *convA = a + plain, *convB = b + plain, *convC = c + plain,
                 *convJoined = joined + plain;
  SharedFactors<Real> inner, outside;
  forWords(filled[stays] & filled[sibling], [&](unsigned word) {
    if (word >= plain) {
      joined[word] = a[word] | b[word];
      model.forSharedModes(word, a[word], b[word], [&](const ConvModel &mode) {
        inner.add(mode.extent(convA).as<Real>(), mode.extent(convB).as<Real>(),
                  mode.factor(convA, convB).as<Real>(),
                  mode.extent(convJoined).as<Real>());
      });
    } else if (uint64_t shared = a[word] & b[word]) {
      inner.plain = times(inner.plain, model.productOfWord<Real>(word, shared));
      if (uint64_t summed = shared & ~(top[word] | c[word]))
        inner.summed =
            times(inner.summed, model.productOfWord<Real>(word, summed));
    }
  });
  joinedStates.resize(wideModes.size());
  for (unsigned index = 0; index < wideModes.size(); ++index) {
    const ConvModel &mode = *wideModes[index];
    unsigned stateA = states(stays)[index], stateB = states(sibling)[index];
    joinedStates[index] = stateA | stateB;
    if (stateA == 0 || stateB == 0)
      continue;
    ConvModel::Joined both = mode.joinStates(stateA, stateB, convA, convB);
    joinedStates[index] = both.state;
    inner.add(mode.extentOfState(stateA).as<Real>(),
              mode.extentOfState(stateB).as<Real>(), both.factor.as<Real>(),
              mode.extentOfState(both.state).as<Real>());
  }
  Real macs = sides[stays].elements / inner.plain * sides[sibling].elements;
  Change change;
  change.side = {macs / inner.summed * inner.elements,
                 sides[stays].gradient || sides[sibling].gradient,
                 sides[stays].constant && sides[sibling].constant, false};
  if (change.side.elements == Real(0))
    return changeOf(stays, sibling, moved, outer);
  change.innerCost = priceOf(macs * inner.macs, sides[stays], sides[sibling],
                             change.side.elements, false);

  // What the outer step shares is not more than `moved` has.
  forWords(
      (filled[stays] | filled[sibling]) & filled[moved], [&](unsigned word) {
        uint64_t both = a[word] | b[word];
        if (word >= plain) {
          joined[word] = both;
          model.forSharedModes(word, both, c[word], [&](const ConvModel &mode) {
            outside.add(mode.extent(convJoined).as<Real>(),
                        mode.extent(convC).as<Real>(),
                        mode.factor(convJoined, convC).as<Real>(), Real(1));
          });
        } else if (uint64_t shared = both & c[word]) {
          outside.plain =
              times(outside.plain, model.productOfWord<Real>(word, shared));
        }
      });
  for (unsigned index = 0; index < wideModes.size(); ++index) {
    const ConvModel &mode = *wideModes[index];
    unsigned both = joinedStates[index], stateC = states(moved)[index];
    if (both == 0 || stateC == 0)
      continue;
    // A pair of states that is new is told by its words.
    for (unsigned word = mode.firstBit() / 64;
         word < mode.firstBit() / 64 + mode.numWords(); ++word)
      joined[plain + word] = convA[word] | convB[word];
    outside.add(
        mode.extentOfState(both).as<Real>(),
        mode.extentOfState(stateC).as<Real>(),
        mode.joinStates(both, stateC, convJoined, convC).factor.as<Real>(),
        Real(1));
  }
  macs = change.side.elements / outside.plain * sides[moved].elements;
  change.outerCost = priceOf(macs * outside.macs, change.side, sides[moved],
                             sides[outer].elements, outer == root);
  return change;
}

/// What the node `inner` keeps when its children are those two.
template <class Real>
void TreeAnnealer<Real>::joinRows(unsigned inner, unsigned stays,
                                  unsigned sibling, unsigned moved,
                                  unsigned outer) {
  const uint64_t *a = row(stays), *b = row(sibling), *c = row(moved),
                 *top = row(outer);
  if (!isProduct) {
    model.join(row(inner), a, b, top, c);
    return;
  }
  uint64_t reached = filled[stays] | filled[sibling], groups = 0;
  unsigned plain = model.plainWords();
  forWords(filled[inner] & ~reached,
           [&](unsigned word) { row(inner)[word] = 0; });
  forWords(reached, [&](unsigned word) {
    uint64_t both = a[word] | b[word];
    if (word < plain)
      both &= top[word] | c[word];
    row(inner)[word] = both;
    groups |= uint64_t(both != 0) << (word / groupWords);
  });
  filled[inner] = groups;
  joinStates(inner, stays, sibling);
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

  Change change = isProduct ? productChangeOf(stays, sibling, moved, outer)
                            : changeOf(stays, sibling, moved, outer);
  Real present = costs[inner] + costs[outer];
  Real proposed = change.innerCost + change.outerCost;
  if (!(proposed <= present * threshold))
    return false;

  Real changed = total - present + proposed;
  if (changed > total && isClearlyLower())
    keepBest(); // what is about to be left
  joinRows(inner, stays, sibling, moved, outer);
  hasDrifted = isProduct;
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
