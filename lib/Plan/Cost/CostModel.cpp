//===- CostModel.cpp - What sets of operands keep, in bits ----------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Fills rows and tables. Everything about windows and pairs is asked of the
// equation; here is only what is asked when.
//
//===----------------------------------------------------------------------===//

#include "CostModel.h"
#include "conveinsum/Plan/Cost/LiveBytes.h"
#include "llvm/ADT/STLExtras.h"

using namespace conveinsum;

static void setBit(uint64_t *row, unsigned bit) {
  row[bit / 64] |= uint64_t(1) << (bit % 64);
}
static bool testBit(const uint64_t *row, unsigned bit) {
  return row[bit / 64] >> (bit % 64) & 1;
}

//===----------------------------------------------------------------------===//
// Conv modes
//===----------------------------------------------------------------------===//

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

unsigned ConvModel::addState(llvm::function_ref<bool(unsigned)> contains) const {
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
  uint64_t key = (uint64_t(states[left].windowClass) << 21 |
                  states[right].windowClass)
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
  return relation.modulus != 0 || equation.convFactor(relation, first, others,
                                                      MacCount::Exact) == 0;
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

//===----------------------------------------------------------------------===//
// The model
//===----------------------------------------------------------------------===//

CostModel::CostModel(const Equation &equation, const PlanGoal &goal)
    : planGoal(goal), operands(equation.numOperands()),
      gradient(operands, false), constant(operands, false) {
  for (unsigned operand : goal.gradients)
    gradient[operand] = true;
  for (unsigned operand : goal.constants)
    constant[operand] = true;
  for (unsigned operand = 0; operand < operands; ++operand)
    raw.push_back(conveinsum::rawElements(equation, operand));
  addPlainClasses(equation);
  addConvModes(equation);
}

template <class T>
static std::vector<T> productTables(llvm::ArrayRef<Count> sizes,
                                    unsigned words) {
  std::vector<T> tables(size_t(words) * 8 * 256, T(1));
  for (unsigned byte = 0; byte * 8 < sizes.size(); ++byte) {
    T *table = &tables[size_t(byte) * 256];
    unsigned bits = std::min<size_t>(8, sizes.size() - byte * 8);
    for (unsigned set = 1; set < 1u << bits; ++set)
      table[set] = times(table[set & (set - 1)],
                         fromCount<T>(sizes[byte * 8 + llvm::countr_zero(set)]));
  }
  return tables;
}

void CostModel::addPlainClasses(const Equation &equation) {
  bool keepsSizeOne = planGoal.objective.kind == ObjectiveKind::Time;
  // Holders, and whether the result holds the modes too -> class.
  std::map<std::pair<llvm::SmallVector<unsigned, 2>, bool>, unsigned> classes;
  llvm::SmallVector<bool, 16> isExternal;
  for (ModeId mode = 0; mode < equation.numModes(); ++mode) {
    if (equation.relation(mode))
      continue;
    const OperandSet &holders = equation.holders(mode);
    bool inResult = equation.inResult(mode);
    Count size = Count(equation.size(mode));
    // Summed before the first step at no cost, or of no effect.
    if ((!inResult && holders.count() == 1) || (size == 1 && !keepsSizeOne))
      continue;
    llvm::SmallVector<unsigned, 2> operandList(holders.set_bits().begin(),
                                               holders.set_bits().end());
    auto [entry, isNew] = classes.try_emplace({operandList, inResult},
                                              unsigned(classSizes.size()));
    if (isNew) {
      classHolders.push_back(std::move(operandList));
      classSizes.push_back(size);
      isExternal.push_back(inResult);
    } else {
      classSizes[entry->second] = times(classSizes[entry->second], size);
    }
  }
  numPlainWords = (classSizes.size() + 63) / 64;

  exactTables = productTables<Count>(classSizes, numPlainWords);
  wordTables = productTables<uint64_t>(classSizes, numPlainWords);
  realTables = productTables<double>(classSizes, numPlainWords);
  result.assign(std::max(1u, numPlainWords), 0);
  for (unsigned index = 0; index < isExternal.size(); ++index)
    if (isExternal[index])
      setBit(result.data(), index);
}

void CostModel::addConvModes(const Equation &equation) {
  unsigned bit = 0;
  convModes.reserve(equation.relations().size());
  for (const LinearRelation &relation : equation.relations()) {
    unsigned participants = relation.terms.size();
    if (participants == 0) {
      // It multiplies no MACs, but the result has it.
      if (equation.inResult(relation.mode))
        resultOnly = TypedCount(
            times(resultOnly.exact, Count(relation.resultExtent)));
      continue;
    }
    // What is no word of its own with others in it has words to itself.
    bool isWide = participants > ConvModel::kMaxNarrow;
    if (isWide || bit % 64 + participants > 64)
      bit = (bit + 63) / 64 * 64;
    convModes.emplace_back(equation, relation, planGoal.objective.count, bit);
    bit += participants;
    if (isWide)
      bit = (bit + 63) / 64 * 64;
  }
  numConvWords = (bit + 63) / 64;
  leaves.assign(size_t(operands) * words() + 1, 0);
  for (unsigned index = 0; index < classHolders.size(); ++index)
    for (unsigned operand : classHolders[index])
      setBit(&leaves[size_t(operand) * words()], index);
  for (const ConvModel &mode : convModes)
    for (unsigned index = 0; index < mode.numParticipants(); ++index)
      setBit(&leaves[size_t(mode.operand(index)) * words() + numPlainWords],
             mode.firstBit() + index);
}

bool CostModel::hasZeros() const {
  return llvm::is_contained(classSizes, Count(0)) ||
         llvm::any_of(convModes,
                      [](const ConvModel &mode) { return mode.hasZeros(); });
}

StepKind CostModel::kind(const uint64_t *a, const uint64_t *b,
                         const uint64_t *both) const {
  bool keepsPlain = false, sumsPlain = false;
  for (unsigned word = 0; word < numPlainWords; ++word) {
    uint64_t common = a[word] & b[word];
    keepsPlain |= (common & both[word]) != 0;
    sumsPlain |= (common & ~both[word]) != 0;
  }
  bool hasConv = false, hasFeature = false;
  for (const ConvModel &mode : convModes) {
    unsigned left = mode.stateOf(a + numPlainWords),
             right = mode.stateOf(b + numPlainWords);
    if (left == 0 || right == 0)
      continue;
    hasConv = true;
    hasFeature |= mode.hasFeature(left) || mode.hasFeature(right);
  }
  return stepKind(hasConv, hasFeature, keepsPlain, sumsPlain);
}

//===----------------------------------------------------------------------===//
// Prices
//===----------------------------------------------------------------------===//

template <class T> static Count toCount(T value) { return Count(value); }
template <> Count toCount(double value) {
  // Beyond what a count holds there is nothing to tell apart.
  return value < 0x1p127 ? Count(value) : kMaxCount;
}

template <class T>
StepPrice<T>::StepPrice(const CostModel &model)
    : goal(model.goal()), objective(goal.objective.kind),
      weight(T(goal.objective.weight)) {}

template <class T>
T StepPrice<T>::predicted(T macs, const Side &left, const Side &right, T result,
                          bool isLast, StepKind kind, bool leftFused,
                          bool rightFused, bool resultFused) const {
  StepFigures step;
  step.kind = kind;
  step.macs = toCount(macs);
  step.left = toCount(left.elements);
  step.right = toCount(right.elements);
  step.result = toCount(result);
  step.leftGradient = left.gradient;
  step.rightGradient = right.gradient;
  step.leftIsOperand = left.isOperand;
  step.rightIsOperand = right.isOperand;
  step.isLast = isLast;
  step.leftFused = leftFused;
  step.rightFused = rightFused;
  step.resultFused = resultFused;
  return fromCount<T>(stepCost(goal, step));
}

template <class T>
T StepPrice<T>::leastReading(T leastMacs, const Side &value) const {
  if (value.constant)
    return T(0);
  T products = T(1 + value.gradient);
  switch (objective) {
  case ObjectiveKind::Flops:
    return times(leastMacs, products);
  case ObjectiveKind::Size:
  case ObjectiveKind::Peak:
    return T(0);
  case ObjectiveKind::Write:
    return value.gradient ? value.elements : T(0);
  case ObjectiveKind::Combo:
    return plus(times(leastMacs, products),
                value.gradient ? times(weight, value.elements) : T(0));
  case ObjectiveKind::Roof:
    return times(std::max(leastMacs, times(weight, value.elements)), products);
  case ObjectiveKind::Time:
    return times(fromCount<T>(goal.target.callPicoseconds), products);
  }
  return T(0);
}

template class conveinsum::StepPrice<Count>;
template class conveinsum::StepPrice<uint64_t>;
template class conveinsum::StepPrice<double>;
