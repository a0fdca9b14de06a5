//===- ConvModel.cpp - What sets keep of one conv mode --------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// States are filled when they are asked for first.
//
//===----------------------------------------------------------------------===//

#include "ConvModel.h"
#include "conveinsum/Equation/WindowSums.h"
#include "conveinsum/Runtime/SplitMix.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/bit.h"

using namespace conveinsum;

static bool testBit(const uint64_t *row, unsigned bit) {
  return row[bit / 64] >> (bit % 64) & 1;
}

//===----------------------------------------------------------------------===//
// Spans
//===----------------------------------------------------------------------===//

static int64_t commonDivisor(int64_t a, int64_t b) {
  while (b != 0)
    a = std::exchange(b, a % b);
  return a;
}

void ConvSpan::add(const ConvSpan &other) {
  low += other.low;
  high += other.high;
  if (lattice != other.lattice)
    lattice = commonDivisor(lattice, other.lattice);
  count += other.count;
  zeros += other.zeros;
  hasFeature |= other.hasFeature;
}

uint64_t ConvSpan::hash() const {
  uint64_t mixed = uint64_t(low) * kGoldenStep + uint64_t(high);
  mixed = (mixed ^ mixed >> 29) * kGoldenStep + uint64_t(lattice);
  mixed = (mixed ^ mixed >> 31) * kGoldenStep +
          (uint64_t(count) << 33 | uint64_t(zeros) << 1 | hasFeature);
  mixed = (mixed ^ mixed >> 30) * kGoldenStep;
  return mixed ^ mixed >> 32;
}

static ConvSpan spanOfTerm(const LinearRelation &relation,
                           const LinearRelation::Term &term) {
  ConvSpan span;
  span.count = 1;
  span.zeros = term.extent == 0;
  span.hasFeature = relation.feature == term.operand;
  if (term.extent > 1) {
    int64_t end = term.coefficient * (term.extent - 1);
    (end < 0 ? span.low : span.high) = end;
    span.lattice = term.coefficient < 0 ? -term.coefficient : term.coefficient;
  }
  return span;
}

ConvSpan ConvModel::spanOf(const uint64_t *conv) const {
  ConvSpan sum;
  const uint64_t *word = conv + first / 64;
  uint64_t bits = isNarrow() ? (*word & firstMask()) >> (first % 64) : *word;
  for (unsigned from = 0; from < participants.size();
       from += 64, bits = *++word) {
    if (byteSpans.empty())
      for (uint64_t rest = bits; rest != 0; rest &= rest - 1)
        sum.add(spans[from + llvm::countr_zero(rest)]);
    else
      for (const ConvSpan *byte = &byteSpans[from / 8 * 256]; bits != 0;
           bits >>= 8, byte += 256)
        if (bits & 255)
          sum.add(byte[bits & 255]);
    if (from + 64 >= participants.size())
      break;
  }
  return sum;
}

//===----------------------------------------------------------------------===//
// States
//===----------------------------------------------------------------------===//

ConvModel::ConvModel(const Equation &equation, const LinearRelation &relation,
                     MacCount count, unsigned firstBit, unsigned maxTabled)
    : equation(equation), relation(relation), count(count), first(firstBit) {
  for (const LinearRelation::Term &term : relation.terms) {
    participants.push_back(term.operand);
    spans.push_back(spanOfTerm(relation, term));
    whole.add(spans.back());
  }
  isTabled = participants.size() <= maxTabled;
  if (isTabled) {
    tabledMask = (1u << participants.size()) - 1;
    windows.resize(tabledMask + 1);
    table.resize(size_t(1) << (2 * participants.size()));
    windows[0].isKnown = true;
    return;
  }
  if (participants.size() <= kMaxByteTables) {
    byteSpans.resize((participants.size() + 7) / 8 * 256);
    for (unsigned from = 0; from < participants.size(); from += 8) {
      ConvSpan *byte = &byteSpans[from / 8 * 256];
      unsigned bits = std::min<unsigned>(8, participants.size() - from);
      for (unsigned set = 1; set < 1u << bits; ++set) {
        byte[set] = byte[set & (set - 1)];
        byte[set].add(spans[from + llvm::countr_zero(set)]);
      }
    }
    work += byteSpans.size() / 8;
  }
  if (participants.size() <= kMaxDirect)
    direct.assign(size_t(1) << participants.size(), 0);
  states.resize(1);
  windows.resize(1);
  windows[0].isKnown = true;
  slots.assign(64, 0);
}

OperandSet ConvModel::setOf(const uint64_t *conv) const {
  OperandSet set = equation.emptySet();
  for (unsigned bit = 0; bit < participants.size(); ++bit)
    if (testBit(conv, first + bit))
      set.set(participants[bit]);
  return set;
}

OperandSet ConvModel::setOfState(unsigned tabled) const {
  OperandSet set = equation.emptySet();
  for (unsigned bit = 0; bit < participants.size(); ++bit)
    if (tabled >> bit & 1)
      set.set(participants[bit]);
  return set;
}

ConvModel::WindowInfo ConvModel::infoOf(const Window &window, bool hasFeature,
                                        int64_t dense) const {
  WindowInfo info;
  info.isKnown = true;
  info.isComplete = window.state == Window::State::Complete;
  info.hasFeature = hasFeature;
  info.window = window;
  if (!info.isComplete || equation.inResult(relation.mode)) {
    info.extent = TypedCount(Count(window.extent));
    info.oneSided =
        count == MacCount::Exact ? info.extent : TypedCount(Count(dense));
  }
  return info;
}

void ConvModel::fillTabled(unsigned state) const {
  OperandSet set = setOfState(state);
  Window window = equation.window(relation.mode, set);
  windows[state] =
      infoOf(window, relation.feature && set.test(*relation.feature),
             equation.denseExtent(relation, set));
  work += 8;
}

/// Whether the window of a set follows from its span, without the set.
bool ConvModel::isToldBySums(const ConvSpan &span) const {
  return count == MacCount::Exact && span.count > 1 &&
         span.count < whole.count && whole.zeros == 0 &&
         relation.resultExtent > 0;
}

/// The class of windows that are equal to that of a set.
unsigned ConvModel::addWindow(const Window &window, int64_t dense,
                              bool hasFeature) const {
  WindowKey key{int64_t(window.state),
                window.coefficient,
                window.shift,
                window.extent,
                window.modulus,
                dense,
                hasFeature};
  auto [entry, isNew] = windowClasses.try_emplace(key, windows.size());
  if (isNew)
    windows.push_back(infoOf(window, hasFeature, dense));
  work += 8;
  return entry->second;
}

void ConvModel::growSlots() const {
  slots.assign(2 * slots.size(), 0);
  for (unsigned state = 1; state < states.size(); ++state) {
    size_t at = states[state].span.hash() & (slots.size() - 1);
    while (slots[at] != 0)
      at = (at + 1) & (slots.size() - 1);
    slots[at] = state;
  }
}

/// The state of a span, which the union of `a` and `b` has.
unsigned ConvModel::intern(const ConvSpan &span, const uint64_t *a,
                           const uint64_t *b) const {
  if (span.count == 0)
    return 0;
  size_t at = span.hash() & (slots.size() - 1);
  while (slots[at] != 0) {
    if (states[slots[at]].span == span)
      return slots[at];
    at = (at + 1) & (slots.size() - 1);
  }
  Window window;
  int64_t dense = 0;
  if (isToldBySums(span)) {
    window = partialWindow(relation, {span.low, span.high, whole.low - span.low,
                                      whole.high - span.high, span.lattice});
  } else {
    OperandSet set = setOf(a);
    if (b)
      set |= setOf(b);
    window = equation.window(relation.mode, set);
    dense = equation.denseExtent(relation, set);
    work += participants.size() / 2;
  }
  states.push_back({span, addWindow(window, dense, span.hasFeature), {}});
  slots[at] = states.size() - 1;
  if (2 * states.size() > slots.size())
    growSlots();
  return states.size() - 1;
}

unsigned ConvModel::spanState(const uint64_t *conv) const {
  if (direct.empty())
    return intern(spanOf(conv), conv, nullptr);
  unsigned &known = direct[(conv[first / 64] & firstMask()) >> (first % 64)];
  if (known == 0)
    known = intern(spanOf(conv), conv, nullptr);
  return known;
}

bool ConvModel::isEmpty(const uint64_t *row) const {
  if (isNarrow())
    return (row[first / 64] & firstMask()) == 0;
  return std::all_of(row + first / 64, row + first / 64 + numWords(),
                     [](uint64_t word) { return word == 0; });
}

//===----------------------------------------------------------------------===//
// Factors
//===----------------------------------------------------------------------===//

Count ConvModel::ask(const OperandSet &left, const OperandSet &right) const {
  work += 16 + participants.size();
  return equation.convFactor(relation, left, right, count);
}

Count ConvModel::ask(const uint64_t *left, const uint64_t *right) const {
  return ask(setOf(left), setOf(right));
}

const ConvModel::Pair &ConvModel::cachedPair(unsigned a, unsigned b,
                                             const uint64_t *left,
                                             const uint64_t *right) const {
  if (pairs.size() >= kMaxPairs)
    pairs.clear();
  auto [entry, isNew] = pairs.try_emplace(uint64_t(a) << 32 | b);
  Pair &pair = entry->second;
  if (!isNew)
    return pair;
  ConvSpan span = states[a].span;
  span.add(states[b].span);
  pair.state = intern(span, left, right);
  // The factor depends on nothing but the three windows.
  auto [triple, isNewTriple] = triples.try_emplace(
      {states[a].window, states[b].window, states[pair.state].window},
      unsigned(cached.size()));
  pair.factor = triple->second;
  work += 4;
  if (!isNewTriple)
    return pair;
  if (count == MacCount::Exact) {
    work += 16;
    cached.push_back(
        TypedCount(exactConvFactor(relation, windows[states[a].window].window,
                                   windows[states[b].window].window,
                                   windows[states[pair.state].window].window)));
  } else {
    cached.push_back(TypedCount(ask(left, right)));
  }
  return pair;
}

/// The entries of a value that some index of the rest and some o can meet, if
/// all coefficients are 1 or -1, where no such entry lies between two others;
/// else 0. Every one of them is in a pair of any step that reads the value.
static Count leastPairs(const LinearRelation &relation, const OperandSet &set) {
  using Int = __int128;
  Int insideLow = 0, insideHigh = 0, low = -Int(relation.offset), high = low,
      reach = 0;
  Int results = Int(relation.resultCoefficient) * (relation.resultExtent - 1);
  high += results;
  for (const LinearRelation::Term &term : relation.terms) {
    if (term.extent < 1 ||
        (term.extent > 1 && term.coefficient != 1 && term.coefficient != -1))
      return 0;
    Int end = Int(term.coefficient) * (term.extent - 1);
    if (set.test(term.operand)) {
      (end < 0 ? insideLow : insideHigh) += end;
    } else {
      // Subtracted on the other side of the equation.
      (end < 0 ? high : low) -= end;
      reach += end < 0 ? -end : end;
    }
  }
  if (relation.modulus || relation.resultExtent < 1 ||
      reach < relation.resultCoefficient - 1)
    return 0;
  low = std::max(low, insideLow);
  high = std::min(high, insideHigh);
  return high < low ? 0 : Count(high - low + 1);
}

const TypedCount &ConvModel::leastFactor(const uint64_t *row) const {
  if (isTabled)
    return leastOfTable(tabledState(row));
  State &state = states[spanState(row)];
  if (!state.least)
    state.least = TypedCount(leastOfWindow(windows[state.window], setOf(row)));
  return *state.least;
}

bool ConvModel::hasZeros() const {
  if (relation.resultExtent < 1)
    return true;
  if (isTabled) {
    for (unsigned state = 1; state <= tabledMask; ++state)
      if (leastOfTable(state).exact == 0)
        return true;
    return false;
  }
  // With other coefficients a window may hold entries that no indices meet;
  // with these it holds none between two that some do.
  for (const LinearRelation::Term &term : relation.terms)
    if (term.extent > 1 && term.coefficient != 1 && term.coefficient != -1)
      return true;
  OperandSet first = equation.singleton(participants.front());
  OperandSet others = equation.emptySet();
  for (unsigned operand : llvm::drop_begin(participants))
    others.set(operand);
  return relation.modulus != 0 ||
         equation.convFactor(relation, first, others, MacCount::Exact) == 0;
}

const TypedCount &ConvModel::leastOfTable(unsigned state) const {
  static const TypedCount one(1);
  if (state == 0)
    return one;
  Count smallest = stateInfo(state).oneSided.exact;
  std::optional<TypedCount> &least = windows[state].leastFactor;
  if (least)
    return *least;
  unsigned others = tabledMask & ~state;
  for (unsigned other = others; other != 0; other = (other - 1) & others) {
    Factor &entry = table[state << participants.size() | other];
    if (!entry.isKnown)
      entry = {TypedCount(ask(setOfState(state), setOfState(other))), true};
    smallest = std::min(smallest, entry.value.exact);
  }
  least = TypedCount(smallest);
  return *least;
}

Count ConvModel::leastOfWindow(const WindowInfo &info,
                               const OperandSet &set) const {
  if (info.isComplete)
    return info.oneSided.exact;
  return count == MacCount::Exact ? leastPairs(relation, set) : Count(0);
}
