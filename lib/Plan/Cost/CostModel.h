//===- CostModel.h - What sets of operands keep, in bits --------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What every search asks millions of times, answered from bit sets and tables.
// A set of operands keeps *legs*, a row of words:
//
//   plain words   a bit per class of plain modes with the same holders
//   conv words    a bit per participant of every conv mode: those in the set
//
// If A and B are joined and R is what all the others and the result hold,
//
//   plain(A + B) = (plain(A) | plain(B)) & plain(R)     the rest is summed
//   conv(A + B)  =  conv(A) | conv(B)
//
// and R need not be known as a set: within a tree, what the parent keeps or the
// sibling holds will do. Hence nothing here depends on the number of operands,
// and the same model serves tables of all subsets, lists of sets and trees of
// thousands of operands. Products over classes come from tables of 256 entries
// per byte. The factor of a conv mode depends on what A, B and A + B keep of it
// (docs/Semantics.md, 4 and 5); it is asked of the equation once.
//
// Classes of size 1 are dropped, unless the objective is `time`: the kind of a
// step looks at them.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_COST_COSTMODEL_H
#define CONVEINSUM_LIB_PLAN_COST_COSTMODEL_H

#include "Saturating.h"
#include "conveinsum/Plan/Cost/Goal.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/bit.h"
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
  template <class T> T as() const;
};
template <> inline Count TypedCount::as() const { return exact; }
template <> inline uint64_t TypedCount::as() const { return word; }
template <> inline double TypedCount::as() const { return real; }

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

class CostModel {
public:
  CostModel(const Equation &equation, const PlanGoal &goal);
  CostModel(const CostModel &) = delete;

  const PlanGoal &goal() const { return planGoal; }
  unsigned numOperands() const { return operands; }
  unsigned plainWords() const { return numPlainWords; }
  unsigned words() const { return numPlainWords + numConvWords; }
  bool hasConvModes() const { return !convModes.empty(); }
  llvm::ArrayRef<ConvModel> convModels() const { return convModes; }

  /// The row of an operand.
  const uint64_t *leaf(unsigned operand) const {
    return &leaves[size_t(operand) * words()];
  }
  /// Plain classes that the result holds.
  const uint64_t *resultRow() const { return result.data(); }
  bool hasGradient(unsigned operand) const { return gradient[operand]; }
  bool isConstant(unsigned operand) const { return constant[operand]; }
  /// Operands that hold a plain class.
  llvm::ArrayRef<unsigned> holders(unsigned plainClass) const {
    return classHolders[plainClass];
  }
  unsigned numPlainClasses() const { return classHolders.size(); }

  /// row = what the union of two rows keeps where `a`, `b` stay needed through
  /// the plain classes of `rest1` and `rest2`.
  void join(uint64_t *row, const uint64_t *a, const uint64_t *b,
            const uint64_t *rest1, const uint64_t *rest2) const {
    unsigned word = 0;
    for (; word < numPlainWords; ++word)
      row[word] = (a[word] | b[word]) & (rest1[word] | rest2[word]);
    for (; word < words(); ++word)
      row[word] = a[word] | b[word];
  }

  /// MACs of joining two rows.
  template <class T> T macs(const uint64_t *a, const uint64_t *b) const {
    const T *table = tables<T>().data();
    T result = T(1);
    for (unsigned word = 0; word < numPlainWords; ++word, table += 8 * 256) {
      uint64_t bits = a[word] | b[word];
      for (const T *byte = table; bits != 0; bits >>= 8, byte += 256)
        result = times(result, byte[bits & 255]);
    }
    for (const ConvModel &mode : convModes)
      result = times(result, mode.factor(mode.stateOf(a + numPlainWords),
                                         mode.stateOf(b + numPlainWords))
                                 .as<T>());
    return result;
  }
  /// Elements of a row's value.
  template <class T> T elements(const uint64_t *row) const {
    T result = plainProduct<T>(row);
    for (const ConvModel &mode : convModes)
      result = times(
          result, mode.extent(mode.stateOf(row + numPlainWords)).as<T>());
    return result;
  }
  /// Elements of the result: conv modes that no operand holds (of gradients)
  /// appear in the last step only.
  template <class T> T resultElements(const uint64_t *row) const {
    return times(elements<T>(row), resultOnly.as<T>());
  }
  /// No step that reads the value takes fewer MACs.
  template <class T> T leastMacs(const uint64_t *row) const {
    T result = plainProduct<T>(row);
    for (const ConvModel &mode : convModes)
      result = times(
          result, mode.leastFactor(mode.stateOf(row + numPlainWords)).as<T>());
    return result;
  }
  /// Whether a factor of a step can be 0: a plain mode of size 0, or a conv mode
  /// whose equation no indices meet. Then nothing is known of what a step costs
  /// from one of its sides.
  bool hasZeros() const;
  /// As Equation::kind; exact only if no class was dropped.
  StepKind kind(const uint64_t *a, const uint64_t *b,
                const uint64_t *both) const;
  /// Elements of an operand as given, private modes included.
  Count rawElements(unsigned operand) const { return raw[operand]; }

private:
  template <class T> T plainProduct(const uint64_t *row) const {
    const T *table = tables<T>().data();
    T result = T(1);
    for (unsigned word = 0; word < numPlainWords; ++word, table += 8 * 256) {
      uint64_t bits = row[word];
      for (const T *byte = table; bits != 0; bits >>= 8, byte += 256)
        result = times(result, byte[bits & 255]);
    }
    return result;
  }
  template <class T> const std::vector<T> &tables() const;
  void addPlainClasses(const Equation &equation);
  void addConvModes(const Equation &equation);

  PlanGoal planGoal;
  unsigned operands, numPlainWords = 0, numConvWords = 0;
  std::vector<uint64_t> leaves, result;
  std::vector<bool> gradient, constant;
  std::vector<Count> raw;
  std::vector<llvm::SmallVector<unsigned, 2>> classHolders;
  std::vector<Count> classSizes;
  std::vector<ConvModel> convModes;
  TypedCount resultOnly{1};
  // 256 products per byte of the plain words.
  std::vector<Count> exactTables;
  std::vector<uint64_t> wordTables;
  std::vector<double> realTables;
};

template <> inline const std::vector<Count> &CostModel::tables() const {
  return exactTables;
}
template <> inline const std::vector<uint64_t> &CostModel::tables() const {
  return wordTables;
}
template <> inline const std::vector<double> &CostModel::tables() const {
  return realTables;
}

/// What a step costs, in any of the number types: `stepCost` (Goal.h) without
/// detours. `time` asks the target.
template <class T> class StepPrice {
public:
  explicit StepPrice(const CostModel &model);

  struct Side {
    T elements;
    bool gradient, constant, isOperand;
  };

  T operator()(T macs, const Side &left, const Side &right, T result,
               bool isLast, StepKind kind = StepKind::Contraction,
               bool leftFused = false, bool rightFused = false,
               bool resultFused = false) const {
    if (left.constant && right.constant)
      return T(0);
    T products = T(1 + left.gradient + right.gradient);
    switch (objective) {
    case ObjectiveKind::Flops:
      return times(macs, products);
    case ObjectiveKind::Size:
    case ObjectiveKind::Peak: // no property of a step; small results help
      return result;
    case ObjectiveKind::Write:
      return written(left, right, result);
    case ObjectiveKind::Combo:
      return plus(times(macs, products),
                  times(weight, written(left, right, result)));
    case ObjectiveKind::Roof:
      return times(std::max(macs, times(weight, plus(plus(left.elements,
                                                          right.elements),
                                                     result))),
                   products);
    case ObjectiveKind::Time:
      return predicted(macs, left, right, result, isLast, kind, leftFused,
                       rightFused, resultFused);
    }
    return T(0);
  }

  /// No step that reads a value costs less than this: `leastMacs` and
  /// `elements` are the value's.
  T leastReading(T leastMacs, const Side &value) const;

  bool isMaximum() const { return objective == ObjectiveKind::Size; }
  bool needsKind() const { return objective == ObjectiveKind::Time; }
  T combine(T a, T b) const { return isMaximum() ? std::max(a, b) : plus(a, b); }

private:
  T written(const Side &left, const Side &right, T result) const {
    T sum = result;
    if (left.gradient)
      sum = plus(sum, left.elements);
    if (right.gradient)
      sum = plus(sum, right.elements);
    return sum;
  }
  T predicted(T macs, const Side &left, const Side &right, T result,
              bool isLast, StepKind kind, bool leftFused, bool rightFused,
              bool resultFused) const;

  const PlanGoal &goal;
  ObjectiveKind objective;
  T weight;
};

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_COST_COSTMODEL_H
