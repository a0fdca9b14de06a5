//===- WindowSearch.cpp - The best tree over some values ------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "WindowSearch.h"
#include "Plan/Seeds/PortableMath.h"
#include "llvm/ADT/STLExtras.h"

using namespace conveinsum;
using llvm::ArrayRef;

WindowSearch::WindowSearch(const CostModel &model)
    : model(model), price(model) {
  for (unsigned index = 0; index < model.numPlainClasses(); ++index)
    classBits.push_back(model.classSize(index).log2());
}

/// Conv modes that more than one value has.
void WindowSearch::findSharedModes(ArrayRef<Value> values) {
  shared.clear();
  unsigned plain = model.plainWords();
  for (unsigned word = 0; word < model.convWords(); ++word) {
    uint64_t any = 0;
    for (const Value &value : values)
      any |= value.row[plain + word];
    while (any != 0) {
      const ConvModel &mode = model.modeOf(word * 64 + llvm::countr_zero(any));
      unsigned holders = llvm::count_if(values, [&](const Value &value) {
        return !mode.isEmpty(value.row + plain);
      });
      if (holders > 1)
        shared.push_back({&mode, {}, {}});
      any &= ~mode.firstMask();
      if (!mode.isNarrow())
        word = mode.firstBit() / 64 + mode.numWords() - 1;
    }
  }
}

/// What every set has of the shared modes.
void WindowSearch::fillShared(ArrayRef<Value> values) {
  size_t sets = size_t(1) << values.size(), words = model.convWords();
  unsigned plain = model.plainWords();
  convRows.resize(std::max(convRows.size(), sets * words));
  for (SharedMode &entry : shared) {
    const ConvModel &mode = *entry.mode;
    unsigned from = mode.firstBit() / 64, end = from + mode.numWords();
    std::fill(&convRows[from], &convRows[end], 0);
    entry.extents.assign(sets, 1);
    entry.states.assign(mode.isNarrow() ? 0 : sets, 0);
    for (uint32_t set = 1; set < sets; ++set) {
      uint32_t rest = set & (set - 1);
      const uint64_t *added = values[llvm::countr_zero(set)].row + plain;
      for (unsigned word = from; word < end; ++word)
        convRows[set * words + word] =
            convRows[rest * words + word] | added[word];
      if (mode.isNarrow()) {
        entry.extents[set] = mode.extent(convRow(set)).as<double>();
        continue;
      }
      unsigned before = entry.states[rest],
               single = rest == 0 ? mode.wideState(added)
                                  : entry.states[set & ~rest];
      entry.states[set] =
          before == 0 || single == 0
              ? before | single
              : mode.joinStates(before, single, convRow(rest), added).state;
      entry.extents[set] = mode.extentOfState(entry.states[set]).as<double>();
    }
  }
}

double WindowSearch::convFactor(uint32_t left, uint32_t right) const {
  double product = 1;
  for (const SharedMode &entry : shared) {
    const ConvModel &mode = *entry.mode;
    if (mode.isNarrow())
      product *= mode.factor(convRow(left), convRow(right)).as<double>();
    else if (unsigned a = entry.states[left], b = entry.states[right];
             a != 0 && b != 0)
      product *= mode.joinStates(a, b, convRow(left), convRow(right))
                     .factor.as<double>();
    else
      product *= entry.extents[left | right];
  }
  return product;
}

/// Sums over all subsets of every set.
static void addSubsets(std::vector<double> &bits) {
  for (size_t step = 1; step < bits.size(); step *= 2)
    for (size_t set = 0; set < bits.size(); ++set)
      if (set & step)
        bits[set] += bits[set ^ step];
}

/// 2^bits, infinite where that is out of range.
static double powerOf(double bits) {
  return bits < 1020 ? portableExp2(bits) : unreachable<double>();
}

void WindowSearch::fillFactors(ArrayRef<Value> values, const uint64_t *kept,
                               double bound) {
  size_t sets = size_t(1) << values.size();
  // Of the modes with exactly these holders: all of them, and those that the
  // window sums.
  std::vector<double> &all = whole, &summed = inverse;
  all.assign(sets, 0);
  summed.assign(sets, 0);
  std::array<double, kMaxValues> halves = {};
  for (unsigned word = 0; word < model.plainWords(); ++word) {
    uint64_t any = 0;
    for (const Value &value : values)
      any |= value.row[word];
    for (; any != 0; any &= any - 1) {
      unsigned bit = llvm::countr_zero(any);
      uint32_t holders = 0;
      for (unsigned index = 0; index < values.size(); ++index)
        holders |= uint32_t(values[index].row[word] >> bit & 1) << index;
      double bits = classBits[word * 64 + bit];
      all[holders] += bits;
      if (!(kept[word] >> bit & 1))
        summed[holders] += bits;
    }
  }
  // Conv modes of single values, and what these have of others, which is no
  // part of the factors.
  if (model.hasConvModes())
    for (auto [index, value] : llvm::enumerate(values)) {
      double bits = value.bits;
      for (unsigned word = 0; word < model.plainWords(); ++word)
        for (uint64_t rest = value.row[word]; rest != 0; rest &= rest - 1)
          bits -= classBits[word * 64 + llvm::countr_zero(rest)];
      for (const SharedMode &entry : shared)
        bits -= portableLog2(entry.extents[size_t(1) << index]);
      all[size_t(1) << index] += bits;
    }
  for (uint32_t set = 1; set < sets; ++set) {
    double share = summed[set] / llvm::popcount(set);
    for (uint32_t rest = set; summed[set] != 0 && rest != 0; rest &= rest - 1)
      halves[llvm::countr_zero(rest)] += share;
  }
  addSubsets(all);
  addSubsets(summed);
  // What has a holder in a set is what has not all holders outside.
  std::vector<double> touching(sets), taken(sets, 0);
  for (uint32_t set = 0; set < sets; ++set) {
    touching[set] = all[sets - 1] - all[sets - 1 - set];
    if (set != 0)
      taken[set] = taken[set & (set - 1)] + halves[llvm::countr_zero(set)];
  }
  for (uint32_t set = 0; set < sets; ++set) {
    double inside = summed[set];
    sides[set].elements = powerOf(touching[set] - inside - bound);
    whole[set] = powerOf(touching[set] - taken[set] - bound);
    inverse[set] = powerOf(taken[set] - inside);
    for (const SharedMode &entry : shared)
      sides[set].elements *= entry.extents[set];
  }
}

/// The cheapest split of a set. Comparisons are false for what is no number,
/// which is what a factor out of range makes.
template <bool isPlain>
void WindowSearch::searchSet(uint32_t set) {
  // The side with the lowest value is the left one.
  uint32_t others = set & (set - 1), left = 0;
  double best = 1, factor = whole[set];
  const Side &result = sides[set];
  for (uint32_t right = others; right != 0; right = (right - 1) & others) {
    double below = costs[set ^ right], beside = costs[right];
    double cost = price.combine(below, beside);
    if (!(cost < best))
      continue;
    double macs = factor * (inverse[set ^ right] * inverse[right]);
    if (!shared.empty())
      macs *= convFactor(set ^ right, right);
    if (isPlain)
      cost += macs;
    else
      cost = price.combine(cost, price(macs, sides[set ^ right], sides[right],
                                       result.elements, false));
    if (!(cost < best))
      continue;
    best = cost;
    left = set ^ right;
  }
  costs[set] = left ? best : unreachable<double>();
  lefts[set] = left;
}

bool WindowSearch::search(ArrayRef<Value> values, const uint64_t *kept,
                          double bound) {
  assert(values.size() <= kMaxValues);
  size_t sets = size_t(1) << values.size();
  sides.assign(sets, {0, false, true, false});
  costs.assign(sets, 0);
  lefts.assign(sets, 0);
  findSharedModes(values);
  fillShared(values);
  fillFactors(values, kept, bound);
  bool isPlain = model.goal().objective.kind == ObjectiveKind::Flops;
  for (uint32_t set = 1; set < sets; ++set) {
    const Value &value = values[llvm::countr_zero(set)];
    sides[set].gradient = value.gradient || sides[set & (set - 1)].gradient;
    sides[set].constant = value.constant && sides[set & (set - 1)].constant;
    isPlain &= !sides[set].gradient && !sides[set].constant;
  }
  splits = 0;
  // Of a split.
  uint64_t work = 1;
  for (const SharedMode &entry : shared)
    work += 1 + entry.mode->weight() / 8;
  for (uint32_t set = 3; set < sets; ++set) {
    if (llvm::has_single_bit(set))
      continue;
    splits += work << (llvm::popcount(set) - 1);
    if (isPlain)
      searchSet<true>(set);
    else
      searchSet<false>(set);
  }
  return lefts.back() != 0;
}
