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
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/bit.h"

using namespace conveinsum;

static bool testBit(const uint64_t *row, unsigned bit) {
  return row[bit / 64] >> (bit % 64) & 1;
}

ConvModel::ConvModel(const Equation &equation, const LinearRelation &relation,
                     MacCount count, unsigned firstBit)
    : equation(equation), relation(relation), count(count), first(firstBit) {
  for (const LinearRelation::Term &term : relation.terms)
    participants.push_back(term.operand);
  isTabled = participants.size() <= kMaxTabled;
  if (isTabled) {
    tabledMask = (1u << participants.size()) - 1;
    states.resize(tabledMask + 1);
    table.resize(size_t(1) << (2 * participants.size()));
  } else {
    states.resize(1);
    if (participants.size() <= kMaxDirect)
      direct.assign(size_t(1) << participants.size(), 0);
  }
  states[0].isKnown = true;
}

void ConvModel::fill(State &state, OperandSet set) const {
  Window window = equation.window(relation.mode, set);
  state.isKnown = true;
  state.isComplete = window.state == Window::State::Complete;
  state.hasFeature = relation.feature && set.test(*relation.feature);
  int64_t dense = equation.denseExtent(relation, set);
  if (!state.isComplete || equation.inResult(relation.mode)) {
    state.extent = TypedCount(Count(window.extent));
    state.oneSided =
        count == MacCount::Exact ? state.extent : TypedCount(Count(dense));
  }
  if (!isTabled) {
    WindowKey key{int64_t(window.state), window.coefficient, window.shift,
                  window.extent,         window.modulus,     dense,
                  state.hasFeature};
    state.windowClass =
        windowClasses.try_emplace(key, windowClasses.size()).first->second;
  }
  state.set = std::move(set);
}

void ConvModel::fillTabled(unsigned state) const {
  OperandSet set = equation.emptySet();
  for (unsigned bit = 0; bit < participants.size(); ++bit)
    if (state >> bit & 1)
      set.set(participants[bit]);
  fill(states[state], std::move(set));
}

unsigned
ConvModel::addState(llvm::function_ref<bool(unsigned)> contains) const {
  OperandSet set = equation.emptySet();
  for (unsigned bit = 0; bit < participants.size(); ++bit)
    if (contains(bit))
      set.set(participants[bit]);
  states.emplace_back();
  fill(states.back(), std::move(set));
  return states.size() - 1;
}

unsigned ConvModel::narrowState(uint64_t bits) const {
  if (bits == 0)
    return 0;
  unsigned &state = bits < direct.size() ? direct[bits] : narrow[bits];
  if (state == 0) {
    unsigned added = addState([&](unsigned bit) { return bits >> bit & 1; });
    states[added].bits = bits;
    state = added;
  }
  return state;
}

unsigned ConvModel::internedState(const uint64_t *conv) const {
  if (isNarrow())
    return narrowState((conv[first / 64] >> (first % 64)) &
                       ((uint64_t(1) << participants.size()) - 1));
  unsigned words = (participants.size() + 63) / 64;
  std::vector<uint64_t> key(conv + first / 64, conv + first / 64 + words);
  if (llvm::all_of(key, [](uint64_t word) { return word == 0; }))
    return 0;
  auto known = wide.find(key);
  if (known != wide.end())
    return known->second;
  unsigned state =
      addState([&](unsigned bit) { return testBit(conv, first + bit); });
  wide.emplace(std::move(key), state);
  return state;
}

Count ConvModel::ask(unsigned left, unsigned right) const {
  return equation.convFactor(relation, stateInfo(left).set,
                             stateInfo(right).set, count);
}

unsigned ConvModel::unionClass(unsigned left, unsigned right) const {
  if (isNarrow())
    return states[narrowState(states[left].bits | states[right].bits)]
        .windowClass;
  OperandSet both = states[left].set;
  both |= states[right].set;
  State joined;
  fill(joined, std::move(both));
  return joined.windowClass;
}

const TypedCount &ConvModel::cachedFactor(unsigned left, unsigned right) const {
  // The factor depends on nothing but the three windows.
  uint64_t both = unionClass(left, right);
  uint64_t key =
      (uint64_t(states[left].windowClass) << 21 | states[right].windowClass)
          << 21 |
      both;
  unsigned &number = cache.try_emplace(key, cached.size()).first->second;
  if (number == cached.size())
    cached.push_back(TypedCount(ask(left, right)));
  return cached[number];
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

const TypedCount &ConvModel::leastFactor(unsigned state) const {
  static const TypedCount one(1);
  if (state == 0)
    return one;
  stateInfo(state);
  std::optional<TypedCount> &least = states[state].leastFactor;
  if (!least)
    least = TypedCount(isTabled ? leastOfTable(state) : leastOfWindow(state));
  return *least;
}

bool ConvModel::hasZeros() const {
  if (relation.resultExtent < 1)
    return true;
  if (isTabled) {
    for (unsigned state = 1; state <= tabledMask; ++state)
      if (leastFactor(state).exact == 0)
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

Count ConvModel::leastOfTable(unsigned state) const {
  Count smallest = states[state].oneSided.exact;
  unsigned others = tabledMask & ~state;
  for (unsigned other = others; other != 0; other = (other - 1) & others)
    smallest = std::min(smallest, factor(state, other).exact);
  return smallest;
}

Count ConvModel::leastOfWindow(unsigned state) const {
  const State &info = states[state];
  if (info.isComplete)
    return info.oneSided.exact;
  return count == MacCount::Exact ? leastPairs(relation, info.set) : Count(0);
}
