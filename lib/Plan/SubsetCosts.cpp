//===- SubsetCosts.cpp - Costs of joining sets, by machine words ----------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Fills the tables. Everything about windows and pairs is asked of the
// equation; here is only what is asked when.
//
//===----------------------------------------------------------------------===//

#include "SubsetCosts.h"
#include "llvm/ADT/bit.h"
#include <map>
#include <tuple>

using namespace conveinsum;
using llvm::ArrayRef;

/// The chosen operands that are in `set`.
static SubsetWord chosen(const OperandSet &set, ArrayRef<unsigned> operands) {
  SubsetWord word = 0;
  for (unsigned index = 0; index < operands.size(); ++index)
    if (set.test(operands[index]))
      word |= SubsetWord(1) << index;
  return word;
}

//===----------------------------------------------------------------------===//
// Plain modes
//===----------------------------------------------------------------------===//

namespace {
/// Plain modes with the same holders.
struct PlainClass {
  SubsetWord holders;
  /// The result or an operand that was not chosen has them: never summed.
  bool external;
  Count size;

  bool keptBy(SubsetWord set) const {
    return (holders & set) != 0 && (external || (holders & ~set) != 0);
  }
};
} // namespace

static std::vector<PlainClass> plainClasses(const Equation &equation,
                                            ArrayRef<unsigned> operands) {
  std::map<std::pair<SubsetWord, bool>, Count> sizes;
  for (ModeId mode = 0; mode < equation.numModes(); ++mode) {
    if (equation.relation(mode))
      continue;
    OperandSet holders = equation.holders(mode);
    SubsetWord word = chosen(holders, operands);
    bool external = equation.inResult(mode) ||
                    holders.count() > unsigned(llvm::popcount(word));
    // Nobody here has it, or it is summed before the first step at no cost.
    if (word == 0 || (!external && llvm::popcount(word) == 1))
      continue;
    Count &size = sizes.try_emplace({word, external}, 1).first->second;
    size = fastMultiply(size, Count(equation.size(mode)));
  }
  std::vector<PlainClass> classes;
  for (const auto &[key, size] : sizes)
    if (size != 1)
      classes.push_back({key.first, key.second, size});
  return classes;
}

PlainProducts::PlainProducts(const Equation &equation,
                             ArrayRef<unsigned> operands) {
  std::vector<PlainClass> classes = plainClasses(equation, operands);
  words = (classes.size() + 63) / 64;
  size_t sets = size_t(1) << operands.size();
  masks.assign(sets * words + 1, 0); // + 1: an address even without classes
  for (size_t set = 0; set < sets; ++set)
    for (unsigned index = 0; index < classes.size(); ++index)
      if (classes[index].keptBy(set))
        masks[set * words + index / 64] |= uint64_t(1) << (index % 64);

  tables.resize(words * 8);
  for (unsigned byte = 0; byte < tables.size(); ++byte) {
    tables[byte][0] = 1;
    for (unsigned bits = 1; bits < 256; ++bits) {
      unsigned index = byte * 8 + llvm::countr_zero(bits);
      Count size = index < classes.size() ? classes[index].size : 1;
      tables[byte][bits] = fastMultiply(tables[byte][bits & (bits - 1)], size);
    }
  }
}

//===----------------------------------------------------------------------===//
// Conv modes
//===----------------------------------------------------------------------===//

ConvFactors::ConvFactors(const Equation &equation,
                         const LinearRelation &relation,
                         ArrayRef<unsigned> operands, MacCount count)
    : equation(equation), relation(relation), count(count) {
  localOf.assign(size_t(1) << operands.size(), 0);
  for (unsigned index = 0; index < operands.size(); ++index) {
    unsigned bit = 0;
    if (relation.term(operands[index])) {
      bit = 1u << participants.size();
      participants.push_back(operands[index]);
    }
    // Sets whose highest operand is this one.
    size_t first = size_t(1) << index;
    for (size_t rest = 0; rest < first; ++rest)
      localOf[first + rest] = localOf[rest] | bit;
  }
  fillSets();
  if (participants.size() <= kMaxTabled)
    table.assign(size_t(1) << (2 * participants.size()), kMaxCount);
}

OperandSet ConvFactors::operandSet(unsigned local) const {
  OperandSet set = equation.emptySet();
  for (unsigned bit = 0; bit < participants.size(); ++bit)
    if (local >> bit & 1)
      set.set(participants[bit]);
  return set;
}

void ConvFactors::fillSets() {
  // What the factor of a pair can depend on.
  using Key = std::tuple<Window::State, int64_t, int64_t, int64_t, int64_t,
                         int64_t, bool>;
  std::map<Key, uint32_t> classes;
  size_t sets = size_t(1) << participants.size();
  oneSided.assign(sets, 1);
  stored.assign(sets, 1);
  windowClass.assign(sets, 0);
  bool inResult = equation.inResult(relation.mode);
  for (size_t local = 1; local < sets; ++local) {
    OperandSet set = operandSet(local);
    Window window = equation.window(relation.mode, set);
    int64_t dense = equation.denseExtent(relation, set);
    bool summed = window.state == Window::State::Complete && !inResult;
    if (!summed) {
      stored[local] = Count(window.extent);
      oneSided[local] = count == MacCount::Exact ? stored[local] : Count(dense);
    }
    bool hasFeature = relation.feature && *relation.feature < set.size() &&
                      set.test(*relation.feature);
    Key key{window.state,  window.coefficient, window.shift,
            window.extent, window.modulus,     dense,
            hasFeature};
    windowClass[local] = classes.try_emplace(key, classes.size()).first->second;
  }
}

Count ConvFactors::twoSided(unsigned left, unsigned right) const {
  auto ask = [&] {
    return equation.convFactor(relation, operandSet(left), operandSet(right),
                               count);
  };
  if (!table.empty()) {
    Count &entry = table[size_t(left) << participants.size() | right];
    if (entry == kMaxCount)
      entry = ask();
    return entry;
  }
  // Three classes of at most 2^16 sets each.
  uint64_t key = (uint64_t(windowClass[left]) << 20 | windowClass[right])
                     << 20 |
                 windowClass[left | right];
  if (auto known = cache.find(key); known != cache.end())
    return known->second;
  if (cache.size() >= kMaxCached)
    cache.clear();
  Count factor = ask();
  cache.try_emplace(key, factor);
  return factor;
}

//===----------------------------------------------------------------------===//
// All modes
//===----------------------------------------------------------------------===//

SubsetCosts::SubsetCosts(const Equation &equation, ArrayRef<unsigned> operands,
                         MacCount count)
    : operands(operands.size()), plain(equation, operands) {
  assert(operands.size() <= 16 && "sets are words of 16 bits");
  // A mode that only the result has (in gradients) appears in the last step
  // whatever the tree is, and multiplies nothing.
  convModes.reserve(equation.relations().size());
  for (const LinearRelation &relation : equation.relations())
    if (!relation.terms.empty())
      convModes.emplace_back(equation, relation, operands, count);
}
