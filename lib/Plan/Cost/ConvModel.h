//===- ConvModel.h - What sets keep of one conv mode ------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The participants of a conv mode are bits; a set of them is a *state*,
// numbered as it comes. What a state keeps and what a step of two states costs
// is asked of the equation once and remembered: in a table for few
// participants, in maps for many.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_COST_CONVMODEL_H
#define CONVEINSUM_LIB_PLAN_COST_CONVMODEL_H

#include "Saturating.h"
#include "conveinsum/Equation/Equation.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <array>
#include <deque>
#include <map>

namespace conveinsum {

/// One number in the three types.
struct TypedCount {
  Count exact = 0;
  uint64_t word = 0;
  double real = 0;

  TypedCount() = default;
  explicit TypedCount(Count count)
      : exact(count), word(fromCount<uint64_t>(count)),
        real(fromCount<double>(count)) {}
  template <class T>
  T as() const;
};
template <>
inline Count TypedCount::as() const {
  return exact;
}
template <>
inline uint64_t TypedCount::as() const {
  return word;
}
template <>
inline double TypedCount::as() const {
  return real;
}

/// One conv mode. Sets of its participants are states, numbered as they come.
class ConvModel {
public:
  /// Participants up to which a set of them is the key of a small map.
  static constexpr unsigned kMaxNarrow = 62;

  /// The participants take the bits from `firstBit` on. Up to kMaxNarrow of
  /// them straddle no word; more have words to themselves.
  ConvModel(const Equation &equation, const LinearRelation &relation,
            MacCount count, unsigned firstBit);

  unsigned numParticipants() const { return participants.size(); }
  /// Words from `conv` on that hold the bits.
  unsigned firstBit() const { return first; }
  unsigned operand(unsigned participant) const {
    return participants[participant];
  }

  /// The set of participants in a row of conv words; 0 is the empty set.
  unsigned stateOf(const uint64_t *conv) const {
    if (isTabled)
      return unsigned(conv[first / 64] >> (first % 64)) & tabledMask;
    return internedState(conv);
  }
  /// The factor in the step that joins two sets.
  const TypedCount &factor(unsigned left, unsigned right) const {
    if (left == 0 || right == 0)
      return oneSided(left | right);
    if (isTabled) {
      Factor &entry = table[left << participants.size() | right];
      if (!entry.isKnown)
        entry = {TypedCount(ask(left, right)), true};
      return entry.value;
    }
    return cachedFactor(left, right);
  }
  /// Extent in the value of a set; 1 if the value does not have the mode.
  const TypedCount &extent(unsigned state) const {
    return stateInfo(state).extent;
  }
  /// No step that reads a value of this state has a smaller factor.
  const TypedCount &leastFactor(unsigned state) const;
  /// Whether some pairs of sets may have a factor of 0.
  bool hasZeros() const;
  bool hasFeature(unsigned state) const { return stateInfo(state).hasFeature; }

private:
  static constexpr unsigned kMaxTabled = 6, kMaxDirect = 16;

  struct State {
    bool isKnown = false, isComplete = false, hasFeature = false;
    TypedCount extent{1}, oneSided{1};
    std::optional<TypedCount> leastFactor;
    OperandSet set;
    uint64_t bits = 0; ///< the same in a word, if the mode is narrow
    unsigned windowClass = 0;
  };
  struct Factor {
    TypedCount value;
    bool isKnown = false;
  };

  const TypedCount &oneSided(unsigned state) const {
    return stateInfo(state).oneSided;
  }
  const State &stateInfo(unsigned state) const {
    if (!states[state].isKnown)
      fillTabled(state);
    return states[state];
  }
  void fillTabled(unsigned state) const;
  void fill(State &state, OperandSet set) const;
  Count ask(unsigned left, unsigned right) const;
  bool isNarrow() const { return participants.size() <= kMaxNarrow; }
  unsigned addState(llvm::function_ref<bool(unsigned)> contains) const;
  unsigned narrowState(uint64_t bits) const;
  unsigned internedState(const uint64_t *conv) const;
  unsigned unionClass(unsigned left, unsigned right) const;
  const TypedCount &cachedFactor(unsigned left, unsigned right) const;
  Count leastOfTable(unsigned state) const;
  Count leastOfWindow(unsigned state) const;

  const Equation &equation;
  const LinearRelation &relation;
  MacCount count;
  unsigned first;
  bool isTabled;
  unsigned tabledMask = 0;
  llvm::SmallVector<unsigned, 8> participants; // operand of each bit
  mutable std::vector<State> states;
  mutable std::vector<Factor> table; // left << participants | right
  mutable std::map<std::vector<uint64_t>, unsigned> wide; // bits -> state
  mutable llvm::DenseMap<uint64_t, unsigned> narrow;      // bits -> state
  mutable std::vector<unsigned> direct; // the same for small words; 0: none yet
  using WindowKey = std::array<int64_t, 7>;
  mutable std::map<WindowKey, unsigned> windowClasses;
  mutable llvm::DenseMap<uint64_t, unsigned> cache; // window classes -> cached
  mutable std::deque<TypedCount> cached;
};

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_COST_CONVMODEL_H
