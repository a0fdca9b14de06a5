//===- SymmetricTable.cpp - Networks of equal operands --------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Classes by trial swaps, then the table. For a vector of counts S the splits
// are walked so that the first class's part of R grows by one operand at a
// time, and with it the row of R.
//
//===----------------------------------------------------------------------===//

#include "SymmetricTable.h"
#include "Plan/Tree/TreeBuilder.h"
#include "SubsetTable.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Sequence.h"
#include <map>

using namespace conveinsum;
using Classes = std::vector<std::vector<unsigned>>;

//===----------------------------------------------------------------------===//
// Classes
//===----------------------------------------------------------------------===//

namespace {
/// Says whether two operands may swap places.
class Swaps {
public:
  explicit Swaps(const CostModel &model)
      : model(model), held(model.numOperands()), convs(model.numOperands()) {
    for (unsigned index = 0; index < model.numPlainClasses(); ++index) {
      byHolders[{model.holders(index), isExternal(index)}] = index;
      for (unsigned operand : model.holders(index))
        held[operand].push_back(index);
    }
    for (auto [index, mode] : llvm::enumerate(model.convModels()))
      for (unsigned place = 0; place < mode.numParticipants(); ++place)
        convs[mode.operand(place)].push_back({unsigned(index), place});
  }

  bool areEqual(unsigned a, unsigned b) const {
    if (model.hasGradient(a) != model.hasGradient(b) ||
        model.isConstant(a) != model.isConstant(b) ||
        held[a].size() != held[b].size() || convs[a].size() != convs[b].size())
      return false;
    if (model.goal().objective.kind == ObjectiveKind::Time &&
        model.rawElements(a) != model.rawElements(b))
      return false;
    for (auto [one, other] : llvm::zip_equal(convs[a], convs[b])) {
      if (one.first != other.first)
        return false;
      const ConvModel &mode = model.convModels()[one.first];
      if (!(mode.span(one.second) == mode.span(other.second)))
        return false;
    }
    return llvm::all_of(
        held[a], [&](unsigned index) { return hasCounterpart(index, a, b); });
  }

private:
  bool isExternal(unsigned index) const {
    return model.resultRow()[index / 64] >> (index % 64) & 1;
  }

  /// Whether the class with `b` in place of `a` is one of the network and of
  /// the same size. (There are as many with `a` as with `b`, so that all have
  /// counterparts if these have.)
  bool hasCounterpart(unsigned index, unsigned a, unsigned b) const {
    llvm::ArrayRef<unsigned> holders = model.holders(index);
    if (std::binary_search(holders.begin(), holders.end(), b))
      return true;
    std::vector<unsigned> swapped(holders.begin(), holders.end());
    *llvm::find(swapped, a) = b;
    llvm::sort(swapped);
    auto found = byHolders.find({llvm::ArrayRef(swapped), isExternal(index)});
    return found != byHolders.end() &&
           model.classSize(found->second) == model.classSize(index);
  }

  struct Less {
    template <class Key>
    bool operator()(const Key &a, const Key &b) const {
      if (a.second != b.second)
        return a.second < b.second;
      return std::lexicographical_compare(a.first.begin(), a.first.end(),
                                          b.first.begin(), b.first.end());
    }
  };

  const CostModel &model;
  std::vector<llvm::SmallVector<unsigned, 4>> held; // plain classes
  // Conv modes and places in them.
  std::vector<llvm::SmallVector<std::pair<unsigned, unsigned>, 2>> convs;
  std::map<std::pair<llvm::ArrayRef<unsigned>, bool>, unsigned, Less> byHolders;
};
} // namespace

std::optional<Classes>
conveinsum::interchangeableOperands(const CostModel &model,
                                    unsigned maxClasses) {
  Swaps swaps(model);
  Classes classes;
  for (unsigned operand = 0; operand < model.numOperands(); ++operand) {
    auto known = llvm::find_if(classes, [&](const auto &members) {
      return swaps.areEqual(members.front(), operand);
    });
    if (known != classes.end()) {
      known->push_back(operand);
      continue;
    }
    if (classes.size() == maxClasses)
      return std::nullopt;
    classes.push_back({operand});
  }
  return classes;
}

//===----------------------------------------------------------------------===//
// The table
//===----------------------------------------------------------------------===//

namespace {
using Vector = llvm::SmallVector<unsigned, 16>;

template <class T>
class SymmetricTable {
public:
  SymmetricTable(const CostModel &model, const Classes &classes, T forbid,
                 SearchClock &clock)
      : model(model), price(model), classes(classes), words(model.words()),
        forbid(forbid), clock(clock) {
    for (const auto &members : classes) {
      strides.push_back(states);
      states *= members.size() + 1;
    }
    addUnions();
    rows.resize(states * words + 1);
    sides.resize(states);
    values.assign(states, unreachable<T>());
    ties.resize(states);
    lefts.assign(states, 0);
    rowR.resize(words + 1);
    for (size_t state = 1; state < states; ++state)
      fill(state);
  }

  bool found() const { return lefts.back() != 0; }
  /// Whether the type holds the value, and, unless there is no wider one, all
  /// ties.
  bool isExact() const {
    return values.back() != unreachable<T>() &&
           (std::is_same_v<T, Count> || !ties.back().isSaturated());
  }
  T value() const { return values.back(); }

  ContractionTree tree() const {
    TreeBuilder builder(model.numOperands());
    join(states - 1, Vector(classes.size(), 0), builder);
    return builder.finish();
  }

private:
  using Side = typename StepCost<T>::Side;

  const uint64_t *row(size_t state) const { return &rows[state * words]; }
  Vector countsOf(size_t state) const {
    Vector counts;
    for (const auto &members : classes) {
      counts.push_back(state % (members.size() + 1));
      state /= members.size() + 1;
    }
    return counts;
  }

  /// Of the first and of the last n members of a class: what any of them has.
  void addUnions() {
    for (const auto &members : classes) {
      size_t count = members.size();
      std::vector<uint64_t> first((count + 1) * words + 1, 0), last = first;
      for (size_t index = 0; index < count; ++index)
        for (unsigned word = 0; word < words; ++word) {
          first[(index + 1) * words + word] =
              first[index * words + word] | model.leaf(members[index])[word];
          last[(index + 1) * words + word] =
              last[index * words + word] |
              model.leaf(members[count - 1 - index])[word];
        }
      firstOnes.push_back(std::move(first));
      lastOnes.push_back(std::move(last));
    }
  }
  const uint64_t *firstOf(unsigned index, size_t count) const {
    return &firstOnes[index][count * words];
  }
  /// The members from place `from` on.
  const uint64_t *from(unsigned index, size_t place) const {
    return &lastOnes[index][(classes[index].size() - place) * words];
  }

  void fill(size_t state) {
    Vector counts = countsOf(state);
    uint64_t *own = &rows[state * words];
    std::vector<uint64_t> rest(model.resultRow(),
                               model.resultRow() + model.plainWords());
    unsigned operands = 0;
    Side &side = sides[state];
    side = {T(0), false, true, false};
    for (auto [index, count] : llvm::enumerate(counts)) {
      operands += count;
      for (unsigned word = 0; word < words; ++word)
        own[word] |= firstOf(index, count)[word];
      for (unsigned word = 0; word < model.plainWords(); ++word)
        rest[word] |= from(index, count)[word];
      if (count == 0)
        continue;
      side.gradient |= model.hasGradient(classes[index].front());
      side.constant &= model.isConstant(classes[index].front());
      if (operands == 1 && count == 1)
        single = classes[index].front();
    }
    if (operands == 1) {
      SearchLeaf<T> leaf = operandLeaf<T>(model, single);
      std::copy_n(leaf.row, words, own);
      side = leaf.side;
      values[state] = T(0);
      lefts[state] = state;
      return;
    }
    for (unsigned word = 0; word < model.plainWords(); ++word)
      own[word] &= rest[word];
    bool isLast = state + 1 == states;
    side.elements =
        isLast ? model.resultElements<T>(own) : model.elements<T>(own);
    if (forbid == unreachable<T>() || side.elements <= forbid)
      split(state, counts, isLast);
  }

  /// Walks all L below S. The counts of all classes but the first run as digits
  /// of a number; for each, the first one's runs downwards.
  void split(size_t state, const Vector &counts, bool isLast) {
    Vector left(counts);
    unsigned plain = model.plainWords();
    std::vector<uint64_t> base(words + 1), others(plain + 1), grown(words + 1);
    uint64_t splits = 0;
    for (bool goesOn = true; goesOn;) {
      // What the other classes put into R and outside of it.
      std::fill(base.begin(), base.end(), 0);
      std::copy_n(model.resultRow(), plain, others.begin());
      size_t leftOthers = 0;
      for (unsigned index = 1; index < classes.size(); ++index) {
        leftOthers += left[index] * strides[index];
        for (unsigned place = left[index]; place < counts[index]; ++place)
          for (unsigned word = 0; word < words; ++word)
            base[word] |= model.leaf(classes[index][place])[word];
        for (unsigned word = 0; word < plain; ++word)
          others[word] |= firstOf(index, left[index])[word] |
                          from(index, counts[index])[word];
      }
      std::copy(base.begin(), base.end(), grown.begin());
      for (unsigned first : llvm::reverse(llvm::seq(counts[0] + 1))) {
        if (first < counts[0])
          for (unsigned word = 0; word < words; ++word)
            grown[word] |= model.leaf(classes[0][first])[word];
        size_t lhs = leftOthers + first, rhs = state - lhs;
        // Every pair once: the two sides may be exchanged.
        if (lhs < rhs || rhs == 0)
          continue;
        ++splits;
        if (lefts[lhs] == 0 || lefts[rhs] == 0)
          continue;
        for (unsigned word = 0; word < plain; ++word)
          rowR[word] = grown[word] & (others[word] | firstOf(0, first)[word] |
                                      from(0, counts[0])[word]);
        std::copy(grown.begin() + plain, grown.begin() + words,
                  rowR.begin() + plain);
        // An operand keeps what only a result inside it needs.
        if (isLeaf(rhs))
          std::copy_n(grown.begin(), words, rowR.begin());
        consider(state, lhs, rhs, isLast);
      }
      goesOn = false;
      for (unsigned index = 1; index < classes.size() && !goesOn; ++index) {
        goesOn = left[index] > 0;
        left[index] = goesOn ? left[index] - 1 : counts[index];
      }
    }
    clock.spend(model.takeWork(splits * (8 + model.weightOf(row(state)))));
  }

  bool isLeaf(size_t state) const { return sides[state].isOperand; }

  void consider(size_t state, size_t lhs, size_t rhs, bool isLast) {
    T value = price.combine(values[lhs], values[rhs]);
    bool isKnown = lefts[state] != 0;
    if (isKnown && value > values[state])
      return;
    StepKind kind = price.needsKind()
                        ? model.kind(row(lhs), rowR.data(), row(state))
                        : StepKind::Contraction;
    T macs = model.macs<T>(row(lhs), rowR.data());
    value = price.combine(value, price(macs, sides[lhs], sides[rhs],
                                       sides[state].elements, isLast, kind));
    if (isKnown && value > values[state])
      return;
    const TieBreak<T> &a = ties[lhs], &b = ties[rhs];
    const T &elements = sides[state].elements;
    TieBreak<T> tie{plus(plus(a.macs, b.macs), macs),
                    plus(plus(a.written, b.written), elements),
                    std::max({a.largest, b.largest, elements})};
    if (isKnown && value == values[state] && !(tie < ties[state]))
      return;
    values[state] = value;
    ties[state] = tie;
    lefts[state] = lhs;
  }

  /// Joins the operands that a state stands for, taken from the given places of
  /// the classes on.
  unsigned join(size_t state, const Vector &places,
                TreeBuilder &builder) const {
    Vector counts = countsOf(state);
    if (isLeaf(state)) {
      unsigned index = llvm::find(counts, 1u) - counts.begin();
      return classes[index][places[index]];
    }
    size_t lhs = lefts[state];
    Vector rest(places);
    for (auto [index, count] : llvm::enumerate(countsOf(lhs)))
      rest[index] += count;
    unsigned left = join(lhs, places, builder);
    return builder.join(left, join(state - lhs, rest, builder));
  }

  const CostModel &model;
  StepCost<T> price;
  const Classes &classes;
  unsigned words, single = 0;
  T forbid;
  SearchClock &clock;
  size_t states = 1;
  std::vector<size_t> strides;
  std::vector<std::vector<uint64_t>> firstOnes, lastOnes;
  std::vector<uint64_t> rows;
  std::vector<Side> sides;
  std::vector<T> values;
  std::vector<TieBreak<T>> ties;
  std::vector<size_t> lefts;  // L of the best split; 0: no tree
  std::vector<uint64_t> rowR; // of the split in hand
};
} // namespace

//===----------------------------------------------------------------------===//
// Interface
//===----------------------------------------------------------------------===//

/// Moves that the table takes at the most, saturated.
static uint64_t movesFor(const CostModel &model, const Classes &classes) {
  double splits = 0.5, weight = 20 + 0.1 * model.words();
  for (const auto &members : classes)
    splits *= 0.5 * (members.size() + 1) * (members.size() + 2);
  for (unsigned operand = 0; operand < model.numOperands(); operand += 16)
    weight += 16.0 / model.numOperands() * model.weightOf(model.leaf(operand));
  double moves = splits * weight / 16;
  return moves < 1e18 ? uint64_t(moves) : ~uint64_t(0);
}

template <class T>
static std::optional<ContractionTree>
treeOf(const Equation &equation, const CostModel &model, const Classes &classes,
       T forbid, SearchClock &clock) {
  SymmetricTable<T> table(model, classes, forbid, clock);
  if (!table.found() || !table.isExact())
    return std::nullopt;
  // The smallest size is known; among its trees the fewest MACs.
  if (model.goal().objective.kind == ObjectiveKind::Size &&
      forbid == unreachable<T>()) {
    PlanGoal flops = model.goal();
    flops.objective.kind = ObjectiveKind::Flops;
    CostModel flopsModel(equation, flops);
    if (auto tree =
            treeOf<T>(equation, flopsModel, classes, table.value(), clock))
      return tree;
  }
  return table.tree();
}

std::optional<ContractionTree>
conveinsum::planBySymmetry(const Equation &equation, const PlanGoal &goal,
                           uint64_t maxMoves, SearchClock &clock) {
  // Every class has two states at the least.
  constexpr unsigned maxClasses = 20;
  CostModel model(equation, goal);
  std::optional<Classes> classes = interchangeableOperands(model, maxClasses);
  if (!classes || classes->size() == model.numOperands() ||
      movesFor(model, *classes) > maxMoves)
    return std::nullopt;
  clock.enter("exact, by symmetry");
  if (auto tree = treeOf<uint64_t>(equation, model, *classes,
                                   unreachable<uint64_t>(), clock))
    return tree;
  // Numbers that may be on the heap take as much more.
  constexpr unsigned slower = 8;
  uint64_t moves = movesFor(model, *classes);
  if (moves > maxMoves / slower)
    return std::nullopt;
  clock.spend(moves * (slower - 1));
  return treeOf<Count>(equation, model, *classes, unreachable<Count>(), clock);
}
