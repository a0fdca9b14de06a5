//===- ConvModel.h - What sets keep of one conv mode ------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The participants of a conv mode are bits. What a set of them keeps depends on
// few numbers: how many there are, the least and the largest sum of their
// terms, the lattice of these sums, and whether the feature is among them. Sets
// with equal numbers are one *state*, numbered as it comes: 64 kernels of 3
// taps have 128 states, not 2^64. What a state keeps and what a step of two
// states costs is asked of the equation once and remembered: in a table over
// all sets for few participants, in maps for many. Asking is work, which
// `takeWork` accounts for.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_COST_CONVMODEL_H
#define CONVEINSUM_LIB_PLAN_COST_CONVMODEL_H

#include "Saturating.h"
#include "conveinsum/Equation/Equation.h"
#include "llvm/ADT/DenseMap.h"
#include <array>
#include <deque>
#include <map>
#include <utility>

namespace conveinsum {

/// One number in the four types.
struct TypedCount {
  Count exact = 0;
  uint64_t word = 0;
  double real = 0;
  WideReal wide;

  TypedCount() = default;
  explicit TypedCount(Count count)
      : exact(count), word(fromCount<uint64_t>(count)),
        real(fromCount<double>(count)), wide(fromCount<WideReal>(count)) {}
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
template <>
inline WideReal TypedCount::as() const {
  return wide;
}

/// What a state is told by; sums of what its participants have.
struct ConvSpan {
  int64_t low = 0, high = 0;     ///< of the sum of the terms
  int64_t lattice = 0;           ///< gcd of the coefficients that matter
  uint32_t count = 0, zeros = 0; ///< participants; those of extent 0
  bool hasFeature = false;

  void add(const ConvSpan &other);
  bool operator==(const ConvSpan &o) const {
    return low == o.low && high == o.high && lattice == o.lattice &&
           count == o.count && zeros == o.zeros && hasFeature == o.hasFeature;
  }
  uint64_t hash() const;
};

/// One conv mode.
class ConvModel {
public:
  /// Participants up to which a set of them straddles no word.
  static constexpr unsigned kMaxNarrow = 62;

  /// The participants take the bits from `firstBit` on. Up to kMaxNarrow of
  /// them straddle no word; more have words to themselves. Up to `maxTabled` of
  /// them have a table of 4^n factors.
  ConvModel(const Equation &equation, const LinearRelation &relation,
            MacCount count, unsigned firstBit, unsigned maxTabled);

  unsigned numParticipants() const { return participants.size(); }
  /// Words from `conv` on that hold the bits.
  unsigned firstBit() const { return first; }
  unsigned numWords() const { return (participants.size() + 63) / 64; }
  unsigned operand(unsigned participant) const {
    return participants[participant];
  }
  /// All that the costs of sets depend on of a participant.
  const ConvSpan &span(unsigned participant) const {
    return spans[participant];
  }
  bool isNarrow() const { return participants.size() <= kMaxNarrow; }
  /// The bits of all participants in the first word.
  uint64_t firstMask() const {
    return isNarrow()
               ? ((uint64_t(1) << participants.size()) - 1) << (first % 64)
               : ~uint64_t(0);
  }

  /// The factor in the step that joins the sets of two rows of conv words.
  const TypedCount &factor(const uint64_t *left, const uint64_t *right) const {
    if (isTabled) {
      unsigned a = tabledState(left), b = tabledState(right);
      if (a == 0 || b == 0)
        return stateInfo(a | b).oneSided;
      Factor &entry = table[a << participants.size() | b];
      if (!entry.isKnown)
        entry = {TypedCount(ask(left, right)), true};
      return entry.value;
    }
    unsigned a = spanState(left), b = spanState(right);
    if (a == 0 || b == 0)
      return windows[states[a | b].window].oneSided;
    return cached[cachedPair(a, b, left, right).factor];
  }
  /// Extent in the value of a set; 1 if the value does not have the mode.
  const TypedCount &extent(const uint64_t *row) const {
    return windowOf(row).extent;
  }
  /// For more participants than kMaxNarrow: the state of a row, 0 if it has
  /// none of them. Two rows that both have some are joined without a look at
  /// their words, but for the first time.
  unsigned wideState(const uint64_t *row) const { return spanState(row); }
  struct Joined {
    const TypedCount &factor;
    unsigned state;
  };
  Joined joinStates(unsigned a, unsigned b, const uint64_t *left,
                    const uint64_t *right) const {
    const Pair &pair = cachedPair(a, b, left, right);
    return {cached[pair.factor], pair.state};
  }
  const TypedCount &extentOfState(unsigned state) const {
    return windows[states[state].window].extent;
  }
  /// No step that reads the value of a set has a smaller factor.
  const TypedCount &leastFactor(const uint64_t *row) const;
  /// Whether some pairs of sets may have a factor of 0.
  bool hasZeros() const;
  bool hasFeature(const uint64_t *row) const {
    return windowOf(row).hasFeature;
  }
  bool isEmpty(const uint64_t *row) const;

  /// What looking up a factor costs, in sixteenths of a move.
  unsigned weight() const { return isTabled ? 7 : 64 + 16 * (numWords() - 1); }
  /// Work that the equation was asked for since the last call, in moves.
  uint64_t takeWork() const { return std::exchange(work, 0); }

private:
  static constexpr unsigned kMaxDirect = 16;
  /// Participants up to which spans come from tables of a byte each.
  static constexpr unsigned kMaxByteTables = 1024;
  /// Pairs of states that are remembered at once.
  static constexpr unsigned kMaxPairs = 1u << 19;

  /// What a set keeps.
  struct WindowInfo {
    bool isKnown = false, isComplete = false, hasFeature = false;
    TypedCount extent{1}, oneSided{1};
    std::optional<TypedCount> leastFactor;
    Window window; // of sets told by spans
  };
  struct State {
    ConvSpan span;
    unsigned window = 0;
    std::optional<TypedCount> least; // once it was asked for
  };
  struct Factor {
    TypedCount value;
    bool isKnown = false;
  };

  unsigned tabledState(const uint64_t *conv) const {
    return unsigned(conv[first / 64] >> (first % 64)) & tabledMask;
  }
  const WindowInfo &windowOf(const uint64_t *row) const {
    return isTabled ? stateInfo(tabledState(row))
                    : windows[states[spanState(row)].window];
  }
  const WindowInfo &stateInfo(unsigned state) const {
    if (!windows[state].isKnown)
      fillTabled(state);
    return windows[state];
  }
  OperandSet setOf(const uint64_t *conv) const;
  OperandSet setOfState(unsigned tabled) const;
  void fillTabled(unsigned state) const;
  WindowInfo infoOf(const Window &window, bool hasFeature, int64_t dense) const;
  unsigned spanState(const uint64_t *conv) const;
  ConvSpan spanOf(const uint64_t *conv) const;
  unsigned intern(const ConvSpan &span, const uint64_t *a,
                  const uint64_t *b) const;
  bool isToldBySums(const ConvSpan &span) const;
  unsigned addWindow(const Window &window, int64_t dense,
                     bool hasFeature) const;
  void growSlots() const;
  /// What is remembered of two states: the state of both together too.
  struct Pair {
    unsigned factor, state; // factor: in `cached`
  };
  const Pair &cachedPair(unsigned a, unsigned b, const uint64_t *left,
                         const uint64_t *right) const;
  Count ask(const uint64_t *left, const uint64_t *right) const;
  Count ask(const OperandSet &left, const OperandSet &right) const;
  const TypedCount &leastOfTable(unsigned state) const;
  Count leastOfWindow(const WindowInfo &info, const OperandSet &set) const;

  const Equation &equation;
  const LinearRelation &relation;
  MacCount count;
  unsigned first;
  bool isTabled;
  unsigned tabledMask = 0;
  llvm::SmallVector<unsigned, 8> participants; // operand of each bit
  mutable uint64_t work = 0;
  // By state if tabled, else by class of equal windows.
  mutable std::vector<WindowInfo> windows;
  mutable std::vector<Factor> table; // left << participants | right
  // Spans of single participants, and of all sets of 8 of them.
  std::vector<ConvSpan> spans, byteSpans;
  ConvSpan whole;                       // of all participants
  mutable std::vector<State> states;    // 0 is the empty set
  mutable std::vector<unsigned> slots;  // by the hash of the span; 0: free
  mutable std::vector<unsigned> direct; // by the bits of small sets; 0: unknown
  using WindowKey = std::array<int64_t, 7>;
  mutable std::map<WindowKey, unsigned> windowClasses;
  mutable llvm::DenseMap<uint64_t, Pair> pairs;                // of states
  mutable std::map<std::array<unsigned, 3>, unsigned> triples; // of windows
  mutable std::deque<TypedCount> cached;
};

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_COST_CONVMODEL_H
