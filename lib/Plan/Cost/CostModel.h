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
// Worked example, "bsh,rs,rh->brh|h" with b = 2, s = 4, r = 3, 8 entries of h
// and 3 taps. Every plain mode is a class of its own; let b, s, r be the bits
// 1, 2, 4 and let operands 0 and 2 be the bits 1 and 2 of h:
//
//   set      plain                       conv        keeps
//   {0}      b s                         1
//   {1}      s r                         0
//   {2}      r                           2
//   {0,1}    (b s | s r) & b r = b r     1 | 0 = 1   2 x 3 x 8 = 48 elements
//   {0,1,2}  (b r | r) & b r = b r       1 | 2 = 3   2 x 3 x 8 = 48 elements
//
// The MACs of a step are the product of the sizes of plain(A) | plain(B) and of
// the factor of h: 24 x 8 = 192 for {0,1}, where one side holds it; then, where
// both do and two of 8 x 3 pairs meet padding, 6 x 22 = 132.
//
// Classes of size 1 are dropped, unless the objective is `time`: the kind of a
// step looks at them.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_COST_COSTMODEL_H
#define CONVEINSUM_LIB_PLAN_COST_COSTMODEL_H

#include "ConvModel.h"
#include "conveinsum/Plan/Cost/Goal.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/bit.h"

namespace conveinsum {

class CostModel {
public:
  CostModel(const Equation &equation, const PlanGoal &goal);
  CostModel(const CostModel &) = delete;

  const PlanGoal &goal() const { return planGoal; }
  unsigned numOperands() const { return operands; }
  unsigned plainWords() const { return numPlainWords; }
  unsigned convWords() const { return numConvWords; }
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
  /// Elements of the result.
  Count resultSize() const;
  const Count &classSize(unsigned plainClass) const {
    return classSizes[plainClass];
  }

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
  template <class T>
  T macs(const uint64_t *a, const uint64_t *b) const {
    T result = productOf<T>([&](unsigned word) { return a[word] | b[word]; });
    forConvModes(a, b, [&](const ConvModel &mode) {
      result = times(result,
                     mode.factor(a + numPlainWords, b + numPlainWords).as<T>());
    });
    return result;
  }
  /// Elements of a row's value.
  template <class T>
  T elements(const uint64_t *row) const {
    T result = plainProduct<T>(row);
    forConvModes(row, row, [&](const ConvModel &mode) {
      result = times(result, mode.extent(row + numPlainWords).as<T>());
    });
    return result;
  }
  /// Elements of the result: conv modes that no operand holds (of gradients)
  /// appear in the last step only.
  template <class T>
  T resultElements(const uint64_t *row) const {
    return times(elements<T>(row), resultOnly.as<T>());
  }
  /// Sizes of the classes in one plain word.
  template <class T>
  T productOfWord(unsigned word, uint64_t bits) const {
    const T *table = tables<T>().data() + size_t(word) * 8 * 256;
    T result = T(1);
    while (bits != 0) {
      unsigned shift = llvm::countr_zero(bits) & ~7u;
      result = times(result, table[shift * 32 + (bits >> shift & 255)]);
      bits &= ~(uint64_t(255) << shift);
    }
    return result;
  }
  /// Whether what a step counts follows from what its sides have alone and
  /// share: where no size is 0, and a conv mode of one side counts the extent
  /// that its value has.
  bool isProduct() const {
    return !llvm::is_contained(classSizes, Count(0)) &&
           (convModes.empty() || planGoal.objective.count == MacCount::Exact);
  }
  /// No step that reads the value takes fewer MACs.
  template <class T>
  T leastMacs(const uint64_t *row) const {
    T result = plainProduct<T>(row);
    forConvModes(row, row, [&](const ConvModel &mode) {
      result = times(result, mode.leastFactor(row + numPlainWords).as<T>());
    });
    return result;
  }
  /// Whether a factor of a step can be 0: a plain mode of size 0, or a conv
  /// mode whose equation no indices meet. Then nothing is known of what a step
  /// costs from one of its sides.
  bool hasZeros() const;
  /// As Equation::kind; exact only if no class was dropped.
  StepKind kind(const uint64_t *a, const uint64_t *b,
                const uint64_t *both) const;
  /// What a move on values like this costs, in sixteenths of a move on small
  /// ones: it grows with what the row keeps.
  uint64_t weightOf(const uint64_t *row) const;
  /// Moves of so many sixteenths and of what the equation was asked for since
  /// the last call.
  uint64_t takeWork(uint64_t sixteenths) const;
  /// Elements of an operand as given, private modes included.
  Count rawElements(unsigned operand) const { return raw[operand]; }

  /// Visits the conv modes of up to ConvModel::kMaxNarrow participants that
  /// both sides have some of, `a` and `b` being a word of either row.
  template <class Visit>
  void forSharedModes(unsigned word, uint64_t a, uint64_t b,
                      Visit visit) const {
    // From the side that has fewer.
    if (llvm::popcount(a) > llvm::popcount(b))
      std::swap(a, b);
    while (a != 0) {
      const ConvModel &mode = convModes[modeOfBit[(word - numPlainWords) * 64 +
                                                  llvm::countr_zero(a)]];
      if (!mode.isNarrow())
        return;
      if (b & mode.firstMask())
        visit(mode);
      a &= ~mode.firstMask();
    }
  }

  /// The conv mode of a bit of the conv words.
  const ConvModel &modeOf(unsigned convBit) const {
    return convModes[modeOfBit[convBit]];
  }

private:
  /// The sizes of the classes in the words that `bitsOf` gives.
  template <class T, class Bits>
  T productOf(Bits bitsOf) const {
    const T *table = tables<T>().data();
    T result = T(1);
    for (unsigned word = 0; word < numPlainWords; ++word, table += 8 * 256) {
      uint64_t bits = bitsOf(word);
      for (const T *byte = table; bits != 0; bits >>= 8, byte += 256)
        result = times(result, byte[bits & 255]);
    }
    return result;
  }
  template <class T>
  T plainProduct(const uint64_t *row) const {
    return productOf<T>([&](unsigned word) { return row[word]; });
  }
  /// Visits the conv modes that either row has participants of.
  template <class Visit>
  void forConvModes(const uint64_t *a, const uint64_t *b, Visit visit) const {
    for (unsigned word = 0; word < numConvWords; ++word) {
      uint64_t bits = a[numPlainWords + word] | b[numPlainWords + word];
      while (bits != 0) {
        const ConvModel &mode =
            convModes[modeOfBit[word * 64 + llvm::countr_zero(bits)]];
        visit(mode);
        bits &= ~mode.firstMask();
        if (!mode.isNarrow()) {
          word = mode.firstBit() / 64 + mode.numWords() - 1;
          break;
        }
      }
    }
  }
  template <class T>
  const std::vector<T> &tables() const;
  void addPlainClasses(const Equation &equation);
  void addWideTables() const;
  void addConvModes(const Equation &equation);

  PlanGoal planGoal;
  unsigned operands, numPlainWords = 0, numConvWords = 0;
  std::vector<uint64_t> leaves, result;
  std::vector<bool> gradient, constant;
  std::vector<Count> raw;
  std::vector<llvm::SmallVector<unsigned, 2>> classHolders;
  std::vector<Count> classSizes;
  std::vector<ConvModel> convModes;
  std::vector<unsigned> modeOfBit; // of the conv words
  mutable uint64_t open = 0;       // sixteenths that are not accounted for yet
  TypedCount resultOnly{1};
  // 256 products per byte of the plain words.
  std::vector<Count> exactTables;
  std::vector<uint64_t> wordTables;
  std::vector<double> realTables;
  mutable std::vector<WideReal> wideTables; ///< made when first asked for
};

template <>
inline const std::vector<Count> &CostModel::tables() const {
  return exactTables;
}
template <>
inline const std::vector<uint64_t> &CostModel::tables() const {
  return wordTables;
}
template <>
inline const std::vector<double> &CostModel::tables() const {
  return realTables;
}
template <>
inline const std::vector<WideReal> &CostModel::tables() const {
  if (LLVM_UNLIKELY(wideTables.empty()))
    addWideTables();
  return wideTables;
}

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_COST_COSTMODEL_H
