//===- Windows.cpp - What the value of a set of operands keeps ------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// docs/Semantics.md, section 4. Everything here is computed from the original
// participants of a set, never from the two sides of a step: that is what makes
// the value of a set independent of the order in which it was joined.
//
//===----------------------------------------------------------------------===//

#include "Arithmetic.h"
#include "conveinsum/Equation/CountProduct.h"
#include "conveinsum/Equation/Equation.h"
#include "conveinsum/Equation/WindowSums.h"
#include "llvm/ADT/STLExtras.h"

using namespace conveinsum;
using Term = LinearRelation::Term;

static WindowSums sumsOf(const LinearRelation &relation,
                         const OperandSet &set) {
  Interval inside, outside;
  Int lattice = 0;
  for (const Term &term : relation.terms) {
    bool isInside = set.test(term.operand);
    Interval &sum = isInside ? inside : outside;
    sum = sum + span(term.coefficient, term.extent);
    if (isInside && term.extent > 1)
      lattice = greatestCommonDivisor(lattice, term.coefficient);
  }
  return {int64_t(inside.low), int64_t(inside.high), int64_t(outside.low),
          int64_t(outside.high), int64_t(lattice)};
}

/// Of a linear relation: the multiples of the lattice g that the set can have
/// and the rest, with some o, can need.
static Window linearWindow(const LinearRelation &relation,
                           const WindowSums &sums, Int g) {
  Interval inside{sums.low, sums.high};
  Interval outside{sums.outsideLow, sums.outsideHigh};
  Interval results = span(relation.resultCoefficient, relation.resultExtent);
  Interval offset{relation.offset, relation.offset};
  Interval kept = intersect(inside, results - offset - outside);

  Window window;
  window.state = Window::State::Partial;
  window.coefficient = int64_t(g);
  Int first = ceilDiv(kept.low, g), last = floorDiv(kept.high, g);
  window.extent = last < first ? 0 : int64_t(last - first + 1);
  window.shift = window.extent == 0 ? 0 : int64_t(first);
  return window;
}

/// The same of a circular relation: the whole span, or one period of it.
static Window circularWindow(const LinearRelation &relation,
                             const WindowSums &sums, Int g) {
  Int count = (Int(sums.high) - sums.low) / g + 1;
  Int period = relation.modulus / greatestCommonDivisor(g, relation.modulus);

  Window window;
  window.state = Window::State::Partial;
  window.coefficient = int64_t(g);
  if (count <= period) {
    window.shift = int64_t(sums.low / g);
    window.extent = int64_t(count);
  } else {
    window.extent = window.modulus = int64_t(period);
  }
  return window;
}

Window conveinsum::partialWindow(const LinearRelation &relation,
                                 const WindowSums &sums) {
  // Without an extent above 1 there is one multiple, 0.
  Int g = sums.lattice == 0 ? 1 : sums.lattice;
  return relation.modulus ? circularWindow(relation, sums, g)
                          : linearWindow(relation, sums, g);
}

Window Equation::window(ModeId convMode, const OperandSet &set) const {
  const LinearRelation &relation = *this->relation(convMode);
  const Term *only = nullptr;
  unsigned participants = 0;
  bool isDynamic = relation.resultExtent == kDynamic, isEmpty = false;
  for (const Term &term : relation.terms) {
    isDynamic |= term.extent == kDynamic;
    if (!set.test(term.operand))
      continue;
    ++participants;
    only = &term;
  }
  for (const Term &term : relation.terms)
    isEmpty |= term.extent == 0;
  isEmpty |= relation.resultExtent == 0;

  Window window;
  if (participants == 0)
    return window;
  if (participants == relation.terms.size()) {
    window.state = Window::State::Complete;
    window.coefficient = relation.resultCoefficient;
    window.extent = relation.resultExtent;
    return window;
  }
  if (participants == 1) {
    window.state = Window::State::Single;
    window.coefficient = only->coefficient;
    window.extent = only->extent;
    return window;
  }
  assert(!isDynamic && "a partial window needs static extents");
  (void)isDynamic;
  if (isEmpty) {
    // Nothing contributes to anything: the value is zero and has no entries.
    window.state = Window::State::Partial;
    window.extent = 0;
    return window;
  }
  return partialWindow(relation, sumsOf(relation, set));
}

/// Whether a set keeps a mode that has holders inside and outside of it, or
/// not. A plain mode of which no holder is left, and a conv mode of which no
/// participant is left, are summed unless the result wants them.
static bool isKept(bool inside, bool outside, bool inResult) {
  return inside && (outside || inResult);
}

llvm::SmallVector<ModeId, 6> Equation::kept(const OperandSet &set) const {
  constexpr unsigned few = 64;
  if (numOperands() > few)
    return keptOfMany(set);
  llvm::SmallVector<ModeId, 6> modes;
  for (ModeId mode = 0; mode < numModes(); ++mode) {
    if (holderLists[mode].empty()
            ? inResult(mode) && set.all()
            : isKept(hasHolderIn(mode, set), hasHolderOutside(mode, set),
                     inResult(mode)))
      modes.push_back(mode);
  }
  return modes;
}

/// The same from the operands on the smaller side of the cut.
llvm::SmallVector<ModeId, 6> Equation::keptOfMany(const OperandSet &set) const {
  OperandSet side = set;
  bool isOutside = 2 * set.count() > numOperands();
  if (isOutside)
    side.flip();
  // Every mode once per operand that holds it.
  std::vector<ModeId> held;
  for (unsigned operand : side.set_bits()) {
    llvm::SmallVector<ModeId, 6> own(operands[operand]);
    llvm::sort(own);
    own.erase(llvm::unique(own), own.end());
    llvm::append_range(held, own);
  }
  llvm::sort(held);
  llvm::SmallVector<ModeId, 6> modes;
  auto consider = [&](ModeId mode, unsigned count) {
    unsigned others = numHolders(mode) - count;
    bool isWhole = numHolders(mode) == 0 && set.all();
    if (isWhole || isKept(isOutside ? others : count,
                          isOutside ? count : others, inResult(mode)))
      modes.push_back(mode);
  };
  for (size_t first = 0, next; first < held.size(); first = next) {
    for (next = first; next < held.size() && held[next] == held[first];)
      ++next;
    consider(held[first], next - first);
  }
  // What the result has and only the other side holds.
  if (isOutside)
    for (ModeId mode : result)
      if (!std::binary_search(held.begin(), held.end(), mode))
        consider(mode, 0);
  llvm::sort(modes);
  return modes;
}

/// The same, where `candidates` are known to hold all that the set can keep:
/// the modes of its value, or of the two values that make it. Their number does
/// not depend on that of the operands.
llvm::SmallVector<ModeId, 6> Equation::keptOf(llvm::ArrayRef<ModeId> candidates,
                                              const OperandSet &set) const {
  llvm::SmallVector<ModeId, 6> modes(candidates);
  llvm::sort(modes);
  modes.erase(llvm::unique(modes), modes.end());
  llvm::erase_if(modes, [&](ModeId mode) {
    return !isKept(true, hasHolderOutside(mode, set), inResult(mode));
  });
  return modes;
}

int64_t Equation::extent(ModeId mode, const OperandSet &set) const {
  const LinearRelation *relation = this->relation(mode);
  if (!relation)
    return size(mode);
  return relation->terms.empty() ? relation->resultExtent
                                 : window(mode, set).extent;
}

Count Equation::elements(const OperandSet &set) const {
  return elementsOf(kept(set), set);
}

Count Equation::elementsOf(llvm::ArrayRef<ModeId> modes,
                           const OperandSet &set) const {
  CountProduct count;
  for (ModeId mode : modes)
    count *= Count(extent(mode, set));
  return count;
}

OperandSet Equation::singleton(unsigned operand) const {
  OperandSet set = emptySet();
  set.set(operand);
  return set;
}
