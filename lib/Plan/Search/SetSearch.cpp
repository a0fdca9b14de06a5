//===- SetSearch.cpp - Exact search over the sets that matter -------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The loops over pairs of lists, and what joining two sets gives.
//
//===----------------------------------------------------------------------===//

#include "SetSearch.h"
#include "SetLists.h"

using namespace conveinsum;

namespace {
template <class T>
class SetSearch {
public:
  SetSearch(const CostModel &model, T bound, T forbid,
            const SetSearchOptions &options, SearchClock &clock)
      : model(model), price(model), words(model.words()), bound(bound),
        forbid(forbid), options(options), clock(clock),
        operands(model.numOperands()),
        full(operands == 64 ? ~uint64_t(0) : (uint64_t(1) << operands) - 1),
        isFlops(model.goal().objective.kind == ObjectiveKind::Flops),
        hasZeros(model.hasZeros()), lists(operands + 1),
        neighbourly(operands + 1), outerly(operands + 1), scratch(words + 1),
        nothing(words + 1), maxSets(options.maxBytes / bytesPerSet()) {
    assert(operands >= 2 && operands <= 64 && "sets are words");
    classify();
    addOperands();
  }

  SetSearchResult<T> run() {
    SetSearchResult<T> result;
    for (unsigned size = 2; size <= operands; ++size)
      if (!grow(size))
        return result;
    result.isComplete = true;
    const SetList<T> &last = lists[operands];
    if (last.size() == 0)
      return result;
    result.value = last.values.front();
    result.isExact = !last.ties.front().isSaturated();
    TreeBuilder builder(operands);
    build(full, builder);
    result.tree = builder.finish();
    return result;
  }

private:
  /// Sets and blocks that are looked at in the time of a move.
  static constexpr uint64_t kLooksPerMove = 8;
  /// What listing a set costs, in sixteenths of a move.
  static constexpr uint64_t kSetWeight = 160;
  /// Of lists, hierarchies and numbers.
  size_t bytesPerSet() const {
    size_t onHeap = heapBits() == 0 ? 0 : 12 * (heapBits() / 8 + 32);
    return 9 * sizeof(T) + sizeof(typename StepCost<T>::Side) +
           16 * size_t(words) + 128 + onHeap;
  }
  /// Of numbers near the bound, if they are on the heap.
  size_t heapBits() const {
    if constexpr (std::is_same_v<T, Count>)
      return bound.isInfinite() || bound.bitWidth() <= 128 ? 0
                                                           : bound.bitWidth();
    return 0;
  }
  /// How much longer than in words everything takes.
  uint64_t slownessOfNumbers() const {
    return heapBits() == 0 ? 1 : 8 + heapBits() / 256;
  }

  using Side = typename StepCost<T>::Side;
  using Origin = typename SetList<T>::Origin;
  /// A union of two sets.
  struct Candidate {
    uint64_t set, neighbours;
    T value;
    Side side;
    TieBreak<T> tie;
    Origin origin;
  };

  /// Sorts the plain classes by how joining treats them.
  void classify() {
    summed.assign(model.plainWords() + 1, 0);
    kept.assign(model.plainWords() + 1, 0);
    for (unsigned index = 0; index < model.numPlainClasses(); ++index) {
      uint64_t mask = 0;
      for (unsigned operand : model.holders(index))
        mask |= uint64_t(1) << operand;
      holders.push_back(mask);
      uint64_t bit = uint64_t(1) << (index % 64);
      if (model.resultRow()[index / 64] & bit)
        kept[index / 64] |= bit;
      else if (llvm::popcount(mask) == 2)
        summed[index / 64] |= bit;
    }
  }

  void addOperands() {
    std::vector<uint64_t> adjacent(operands, 0);
    auto connect = [&](uint64_t mask) {
      for (uint64_t rest = mask; rest != 0; rest &= rest - 1)
        adjacent[llvm::countr_zero(rest)] |= mask;
    };
    for (uint64_t mask : holders)
      connect(mask);
    for (const ConvModel &mode : model.convModels()) {
      uint64_t mask = 0;
      for (unsigned index = 0; index < mode.numParticipants(); ++index)
        mask |= uint64_t(1) << mode.operand(index);
      connect(mask);
    }
    SetList<T> &list = lists[1];
    for (unsigned operand = 0; operand < operands; ++operand) {
      SearchLeaf<T> leaf = operandLeaf<T>(model, operand);
      uint64_t set = uint64_t(1) << operand;
      list.sets.push_back(set);
      list.neighbours.push_back(adjacent[operand] & ~set);
      list.rows.insert(list.rows.end(), leaf.row, leaf.row + words);
      list.values.push_back(T(0));
      list.sides.push_back(leaf.side);
      list.reading.push_back(leastReading(leaf.row, leaf.side));
      list.outer.push_back(outerFactor(leaf.row, leaf.side));
      list.ties.push_back({});
      list.origins.push_back({set, 0});
    }
    addHierarchies(1);
  }

  /// No step that reads the value costs less.
  T leastReading(const uint64_t *row, const Side &side) const {
    return hasZeros ? T(0) : price.leastReading(model.leastMacs<T>(row), side);
  }

  /// No outer product with the value costs less than this times the same of
  /// the other side.
  T outerFactor(const uint64_t *row, const Side &side) const {
    switch (model.goal().objective.kind) {
    case ObjectiveKind::Flops:
    case ObjectiveKind::Combo:
    case ObjectiveKind::Roof:
      // A step on constants alone costs nothing.
      return side.constant ? T(0) : model.macs<T>(row, nothing.data());
    case ObjectiveKind::Size:
    case ObjectiveKind::Write:
      return side.constant ? T(0) : side.elements;
    case ObjectiveKind::Time:
    case ObjectiveKind::Peak:
      break;
    }
    return T(0);
  }

  /// Products of MACs that any step with the value costs, as far as is known.
  T leastProducts(const Side &side) const {
    switch (model.goal().objective.kind) {
    case ObjectiveKind::Flops:
    case ObjectiveKind::Combo:
    case ObjectiveKind::Roof:
      // Factors of conv modes may be 0.
      return hasZeros || model.hasConvModes() || side.constant
                 ? T(0)
                 : T(1 + side.gradient);
    default:
      return T(0);
    }
  }

  /// By sets for neighbours; by the cost of outer products, in powers of two,
  /// and then by sets for the others.
  void addHierarchies(unsigned size) {
    const SetList<T> &list = lists[size];
    std::vector<uint32_t> order(list.size());
    std::iota(order.begin(), order.end(), 0u);
    neighbourly[size] = Hierarchy<T>(list, order, model, price);
    if (options.connectedOnly)
      return;
    std::vector<unsigned> magnitudes;
    for (uint32_t number : order)
      magnitudes.push_back(Count(list.outer[number]).bitWidth());
    llvm::sort(order, [&](uint32_t a, uint32_t b) {
      return std::pair(magnitudes[a], a) < std::pair(magnitudes[b], b);
    });
    outerly[size] = Hierarchy<T>(list, std::move(order), model, price);
  }

  /// Makes the list of sets of `size` operands; false at the end of the budget.
  bool grow(unsigned size) {
    numbers.clear();
    SetList<T> &list = lists[size];
    for (unsigned part = 1; 2 * part <= size; ++part) {
      bool goesOn = size == operands ? joinComplements(part, list)
                                     : joinLists(part, size - part, list);
      if (!goesOn)
        return false;
    }
    list.sort(words);
    if (size < operands)
      addHierarchies(size);
    return true;
  }

  /// Accounts for what was done with a set in hand: other sets and blocks that
  /// were looked at, pairs that were joined.
  bool spend(const uint64_t *row, uint64_t looked) {
    uint64_t pairs = std::exchange(considered, 0);
    uint64_t sets = total - std::exchange(counted, total);
    // Numbers that no longer fit a cache take longer to look up.
    uint64_t slow = numbers.size() < 1u << 14   ? 8
                    : numbers.size() < 1u << 17 ? 48
                                                : 112;
    uint64_t moves = model.takeWork(
        (looked / kLooksPerMove + pairs * sizeof(T) / 8) * model.weightOf(row) +
        pairs * slow + sets * kSetWeight);
    moves *= slowness;
    work += moves;
    return clock.spend(moves) && work <= options.maxWork && total <= maxSets;
  }

  bool joinLists(unsigned a, unsigned b, SetList<T> &into) {
    // The shorter list asks the longer one's hierarchy.
    if (lists[a].size() > lists[b].size())
      std::swap(a, b);
    const SetList<T> &asks = lists[a], &answers = lists[b];
    if (asks.size() == 0)
      return true;
    for (size_t index = 0; index < asks.size(); ++index) {
      typename Hierarchy<T>::Query query{
          asks.sets[index],
          asks.neighbours[index],
          /*isOuter=*/false,
          asks.values[index],
          price.combine(asks.values[index], asks.reading[index]),
          asks.outer[index],
          a == b ? index + 1 : 0,
          asks.row(index, words),
          leastProducts(asks.sides[index])};
      auto join = [&](size_t partner) {
        consider(asks, index, answers, partner, into);
      };
      uint64_t looked = neighbourly[b].visit(query, model, price, bound, join);
      if (!options.connectedOnly) {
        query.isOuter = true;
        looked += outerly[b].visit(query, model, price, bound, join);
      }
      if (!spend(query.row, looked))
        return false;
    }
    return true;
  }

  /// The last step: the partner of every set is its complement.
  bool joinComplements(unsigned part, SetList<T> &into) {
    const SetList<T> &asks = lists[part], &answers = lists[operands - part];
    for (size_t index = 0; index < asks.size(); ++index) {
      uint64_t wanted = full & ~asks.sets[index];
      auto found = llvm::lower_bound(answers.sets, wanted);
      if (found == answers.sets.end() || *found != wanted ||
          (options.connectedOnly && !(asks.neighbours[index] & wanted)))
        continue;
      consider(asks, index, answers, found - answers.sets.begin(), into);
    }
    return spend(nothing.data(), asks.size());
  }

  /// Joins two disjoint sets and lists the union if a tree within the bound can
  /// contain it.
  void consider(const SetList<T> &from, size_t a, const SetList<T> &other,
                size_t b, SetList<T> &into) {
    ++considered;
    T below = price.combine(from.values[a], other.values[b]);
    if (price.combine(below, std::max(from.reading[a], other.reading[b])) >
        bound)
      return;
    const uint64_t *rowA = from.row(a, words), *rowB = other.row(b, words);
    uint64_t set = from.sets[a] | other.sets[b];
    T macs = model.macs<T>(rowA, rowB);
    Side side{T(0), from.sides[a].gradient || other.sides[b].gradient,
              from.sides[a].constant && other.sides[b].constant, false};
    // MACs need no knowledge of the result and rule out most pairs.
    T value = unreachable<T>();
    if (isFlops) {
      value =
          plus(below, price(macs, from.sides[a], other.sides[b], T(0), false));
      if (value > bound)
        return;
    }
    uint32_t &slot = numbers.slotOf(set, into.sets);
    bool isNew = slot == 0;
    if (isNew && !obeysOrders(set))
      return;
    size_t index = isNew ? into.size() : slot - 1;
    if (isFlops && !isNew && value > into.values[index])
      return;
    if (isNew) {
      joinRows(set, rowA, rowB);
      side.elements = set == full ? model.resultElements<T>(scratch.data())
                                  : model.elements<T>(scratch.data());
    } else {
      side.elements = into.sides[index].elements;
    }
    if (side.elements > forbid)
      return;
    if (!isFlops) {
      StepKind kind = StepKind::Contraction;
      if (price.needsKind()) {
        joinRows(set, rowA, rowB);
        kind = model.kind(rowA, rowB, scratch.data());
      }
      value = price.combine(below, price(macs, from.sides[a], other.sides[b],
                                         side.elements, set == full, kind));
      if (value > (isNew ? bound : into.values[index]))
        return;
    }
    Candidate made{set,
                   (from.neighbours[a] | other.neighbours[b]) & ~set,
                   value,
                   side,
                   tieOf(from.ties[a], other.ties[b], macs, side.elements),
                   originOf(from.sets[a], other.sets[b])};
    if (isNew)
      add(made, slot, into);
    else if (value < into.values[index] || isPreferred(made, into, index))
      replace(made, index, into);
  }

  /// Whether every end in the set has those before it there, too.
  bool obeysOrders(uint64_t set) const {
    const TreeNetwork::Order &order = options.ends;
    for (uint64_t rest = set & order.ends; rest != 0; rest &= rest - 1) {
      unsigned end = llvm::countr_zero(rest);
      if ((order.holder[end] & set) && (order.before[end] & ~set))
        return false;
    }
    return true;
  }

  /// Lists a new set, whose row is in `scratch`, if any step can read it within
  /// the bound.
  void add(const Candidate &made, uint32_t &slot, SetList<T> &into) {
    const uint64_t *row = scratch.data();
    T reading = made.set == full ? T(0) : leastReading(row, made.side);
    if (price.combine(made.value, reading) > bound)
      return;
    slot = into.size() + 1;
    numbers.added();
    ++total;
    into.sets.push_back(made.set);
    into.neighbours.push_back(made.neighbours);
    into.rows.insert(into.rows.end(), row, row + words);
    into.values.push_back(made.value);
    into.reading.push_back(reading);
    into.outer.push_back(outerFactor(row, made.side));
    into.sides.push_back(made.side);
    into.ties.push_back(made.tie);
    into.origins.push_back(made.origin);
  }

  static void replace(const Candidate &made, size_t index, SetList<T> &into) {
    into.values[index] = made.value;
    into.ties[index] = made.tie;
    into.origins[index] = made.origin;
  }

  /// Between trees of equal value.
  static bool isPreferred(const Candidate &made, const SetList<T> &list,
                          size_t index) {
    if (!(made.tie == list.ties[index]))
      return made.tie < list.ties[index];
    return splitRank(made.set, made.origin.right) >
           splitRank(made.set, list.origins[index].right);
  }

  static TieBreak<T> tieOf(const TieBreak<T> &a, const TieBreak<T> &b, T macs,
                           T elements) {
    return {plus(plus(a.macs, b.macs), macs),
            plus(plus(a.written, b.written), elements),
            std::max({a.largest, b.largest, elements})};
  }
  static Origin originOf(uint64_t a, uint64_t b) {
    bool isFirst = llvm::countr_zero(a) < llvm::countr_zero(b);
    return isFirst ? Origin{a, b} : Origin{b, a};
  }

  /// What the union of two rows keeps, in `scratch`.
  void joinRows(uint64_t set, const uint64_t *a, const uint64_t *b) {
    unsigned word = 0;
    for (; word < model.plainWords(); ++word) {
      uint64_t common = a[word] & b[word];
      uint64_t result = (a[word] ^ b[word]) | (common & kept[word]);
      uint64_t open = common & ~kept[word] & ~summed[word];
      for (; open != 0; open &= open - 1)
        if (holders[word * 64 + llvm::countr_zero(open)] & ~set)
          result |= open & ~(open - 1);
      scratch[word] = result;
    }
    for (; word < words; ++word)
      scratch[word] = a[word] | b[word];
  }

  unsigned build(uint64_t set, TreeBuilder &builder) const {
    if (llvm::has_single_bit(set))
      return llvm::countr_zero(set);
    const SetList<T> &list = lists[llvm::popcount(set)];
    size_t index = llvm::lower_bound(list.sets, set) - list.sets.begin();
    unsigned left = build(list.origins[index].left, builder);
    return builder.join(left, build(list.origins[index].right, builder));
  }

  const CostModel &model;
  StepCost<T> price;
  unsigned words;
  T bound, forbid;
  SetSearchOptions options;
  SearchClock &clock;
  unsigned operands;
  uint64_t full;
  bool isFlops, hasZeros;
  std::vector<SetList<T>> lists; // by size
  std::vector<Hierarchy<T>> neighbourly, outerly;
  std::vector<uint64_t> scratch, nothing;
  std::vector<uint64_t> summed, kept; // plain classes, by what joining does
  std::vector<uint64_t> holders;      // per plain class
  SetNumbers numbers;
  size_t total = 0, counted = 0, maxSets;
  uint64_t considered = 0, work = 0;
  const uint64_t slowness = slownessOfNumbers();
};
} // namespace

template <class T>
SetSearchResult<T>
conveinsum::searchSets(const CostModel &model, T bound, T forbid,
                       const SetSearchOptions &options, SearchClock &clock) {
  return SetSearch<T>(model, bound, forbid, options, clock).run();
}

template SetSearchResult<uint64_t>
conveinsum::searchSets(const CostModel &, uint64_t, uint64_t,
                       const SetSearchOptions &, SearchClock &);
template SetSearchResult<Count> conveinsum::searchSets(const CostModel &, Count,
                                                       Count,
                                                       const SetSearchOptions &,
                                                       SearchClock &);
