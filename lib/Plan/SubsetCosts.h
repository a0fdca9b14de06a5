//===- SubsetCosts.h - Costs of joining sets, by machine words --*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the exact search asks millions of times, answered from tables. A set of
// the chosen operands is a machine word, and
//
//   macs(L, R) = product of the plain modes that L or R keeps
//              * for every conv mode: a factor of (participants in L,
//                                                  participants in R)
//
// Plain modes with the same holders behave alike and are merged into one class;
// the classes that a set keeps are a bit mask, and products of masks come from
// tables of 256 entries per byte. The factor of a conv mode depends on what the
// three sets L, R and L+R keep of it, and is asked of the equation once.
//
// Extents of size-0 modes give products of 0; everything saturates.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_SUBSETCOSTS_H
#define CONVEINSUM_LIB_PLAN_SUBSETCOSTS_H

#include "conveinsum/Equation/Equation.h"
#include "llvm/ADT/DenseMap.h"
#include <array>

namespace conveinsum {

/// A set of the chosen operands: bit i is the i-th of them.
using SubsetWord = uint32_t;

/// `saturatingMultiply` and `saturatingAdd` inlined into the search.
inline Count fastMultiply(Count a, Count b) {
  Count product;
  return __builtin_mul_overflow(a, b, &product) ? kMaxCount : product;
}
inline Count fastAdd(Count a, Count b) {
  Count sum;
  return __builtin_add_overflow(a, b, &sum) ? kMaxCount : sum;
}

/// Products of the plain modes that sets keep.
class PlainProducts {
public:
  PlainProducts(const Equation &equation, llvm::ArrayRef<unsigned> operands);

  /// Of the modes that the value of `set` has.
  Count kept(SubsetWord set) const { return product(set, set); }
  /// Of the modes that either side has.
  Count product(SubsetWord left, SubsetWord right) const {
    const uint64_t *a = &masks[left * words], *b = &masks[right * words];
    Count result = 1;
    for (unsigned word = 0; word < words; ++word) {
      uint64_t bits = a[word] | b[word];
      for (unsigned byte = 0; bits != 0; bits >>= 8, ++byte)
        if (bits & 255)
          result = fastMultiply(result, tables[word * 8 + byte][bits & 255]);
    }
    return result;
  }

private:
  unsigned words = 0;
  std::vector<uint64_t> masks;                // set * words
  std::vector<std::array<Count, 256>> tables; // per byte of a mask
};

/// The factors of one conv mode.
class ConvFactors {
public:
  ConvFactors(const Equation &equation, const LinearRelation &relation,
              llvm::ArrayRef<unsigned> operands, MacCount count);

  /// The factor in the step that joins two disjoint sets.
  Count factor(SubsetWord left, SubsetWord right) const {
    unsigned l = localOf[left], r = localOf[right];
    if (l == 0 || r == 0)
      return oneSided[l | r];
    return twoSided(l, r);
  }
  /// Extent in the value of `set`; 1 if the value does not have the mode.
  Count extent(SubsetWord set) const { return stored[localOf[set]]; }

private:
  /// Participants up to which factors have a table of all pairs of sets.
  static constexpr unsigned kMaxTabled = 6;
  /// Entries after which the cache of larger modes starts anew.
  static constexpr unsigned kMaxCached = 1u << 20;

  OperandSet operandSet(unsigned local) const;
  void fillSets();
  Count twoSided(unsigned left, unsigned right) const;

  const Equation &equation;
  const LinearRelation &relation;
  MacCount count;
  llvm::SmallVector<unsigned, 8> participants; // operand of each local bit
  std::vector<uint16_t> localOf;               // set -> participants in it
  std::vector<Count> oneSided, stored;         // per local set
  std::vector<uint32_t> windowClass;           // per local set: equal windows
  mutable std::vector<Count> table;            // kMaxCount: not asked yet
  mutable llvm::DenseMap<uint64_t, Count> cache;
};

/// The costs of all sets of up to 16 chosen operands of an equation with static
/// shapes. Operands that are not chosen count as outside: sets keep what they
/// need.
class SubsetCosts {
public:
  SubsetCosts(const Equation &equation, llvm::ArrayRef<unsigned> operands,
              MacCount count);

  unsigned numOperands() const { return operands; }
  Count macs(SubsetWord left, SubsetWord right) const {
    Count result = plain.product(left, right);
    for (const ConvFactors &mode : convModes)
      result = fastMultiply(result, mode.factor(left, right));
    return result;
  }
  /// Elements of the value of `set`.
  Count elements(SubsetWord set) const {
    Count result = plain.kept(set);
    for (const ConvFactors &mode : convModes)
      result = fastMultiply(result, mode.extent(set));
    return result;
  }

private:
  unsigned operands;
  PlainProducts plain;
  std::vector<ConvFactors> convModes;
};

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_SUBSETCOSTS_H
