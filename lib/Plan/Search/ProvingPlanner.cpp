//===- ProvingPlanner.cpp - As much proof as the budget allows ------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Annealing gives an upper bound; the search over connected sets gives a better
// one, and the optimum among trees without outer products; the search over all
// sets within that bound gives the optimum. Where it does not end, a search
// under a lower bound that finds nothing proves that the optimum lies above.
//
//===----------------------------------------------------------------------===//

#include "AnytimePlanner.h"
#include "LowerBound.h"
#include "SetSearch.h"
#include "SubsetTable.h"
#include "TreeNetwork.h"
#include "llvm/ADT/IntEqClasses.h"

using namespace conveinsum;

/// Moves of annealing before the search over connected sets: what a tighter
/// bound saves there grows quickly with the number of operands.
static uint64_t firstMoves(unsigned operands) {
  if (operands <= 13)
    return 1'500;
  if (operands <= 20)
    return 5'000;
  if (operands <= 25)
    return 30'000;
  return operands <= 32 ? 100'000 : 1'000'000;
}

/// Moves before the search over all sets, which takes far longer.
static uint64_t furtherMoves(unsigned operands) {
  if (operands <= 20)
    return 0;
  if (operands <= 25)
    return 100'000;
  return operands <= 32 ? 1'000'000 : 3'000'000;
}

/// Memory of a search: by default, and where the user asks for more.
static constexpr size_t kDefaultBytes = size_t(256) << 20,
                        kLargeBytes = size_t(1) << 30;

/// Moves that take as long as the table over all subsets.
static uint64_t tableWork(unsigned operands) {
  uint64_t splits = 1;
  for (unsigned operand = 0; operand < operands; ++operand)
    splits *= 3;
  return splits / 4;
}

namespace {
class ProvingPlanner {
public:
  ProvingPlanner(const Equation &equation, const PlannerOptions &options,
                 SearchClock &clock)
      : equation(equation), options(options), clock(clock),
        model(equation, options.goal), network(TreeNetwork::of(model)),
        annealing(equation, model, clock) {}

  FoundTree run() {
    take(annealing.best());
    // In small networks the search decides between trees of equal value, too.
    bool decidesTies = model.numOperands() <= kMaxTableLeaves ||
                       (model.numOperands() <= kMaxExactOperands &&
                        options.goal.objective.kind == ObjectiveKind::Size);
    if (!decidesTies && meetsLowerBound())
      return found;
    annealing.run(movesBeforeProof());
    take(annealing.best());
    if (!decidesTies && meetsLowerBound())
      return found;
    // Where the target has no rate, every tree takes forever.
    found.mayProve = mayProve() && !value.isInfinite();
    if (found.mayProve && !clock.isOver())
      prove();
    if (found.proof == Proof::BestFound)
      annealFurther(clock.left());
    meetsLowerBound();
    return found;
  }

private:
  /// The parts of a budget are such that more of it is never worse: annealing,
  /// which finds what no search ends for, always has half of it.
  ///
  ///     annealing     some moves, few where proofs are quick
  ///     connected     to a quarter of the budget
  ///     annealing     to three quarters, or for some moves if the proof is
  ///                   near
  ///     complete      to the end, or only lower bounds where the search over
  ///                   connected sets did not end
  void prove() {
    // In small networks the search over all sets takes no longer.
    bool isSmall = model.numOperands() <= kMaxTableLeaves;
    bool isNear = true;
    if ((!isSmall || options.connectedOnly) && isConnected()) {
      if (searchConnected()) {
        bool isAll = !options.connectedOnly && network &&
                     network->outerProductsCannotWin();
        found.proof = isAll ? Proof::Optimal : Proof::OptimalConnected;
        if (isAll)
          return;
      }
      // The best tree may have outer products and be better than all others.
      isNear = wasComplete;
    }
    if (options.connectedOnly || clock.isOver())
      return;
    bool isExact = options.planner == PlannerKind::Exact;
    annealFurther(furtherMoves(model.numOperands()));
    if (!isExact && !isSmall && (clock.isLimited() || !isNear))
      annealUntil(75);
    if (clock.isOver())
      return;
    if ((isNear || isExact) && search(/*connectedOnly=*/false)) {
      found.proof = Proof::Optimal;
    } else if (!clock.isOver() && isSmall) {
      take(planByTable(equation, options.goal, clock));
      found.proof = Proof::Optimal;
    } else if (!isExact) {
      annealUntil(90);
      proveLowerBound();
    }
  }

  /// Whether no tree can be better; then the tree is optimal.
  bool meetsLowerBound() {
    bool meets = !options.connectedOnly && !value.isInfinite() &&
                 value <= lowerBound(model) &&
                 options.goal.objective.kind != ObjectiveKind::Peak;
    if (meets)
      found.proof = Proof::Optimal;
    return meets;
  }

  /// In a budget of the user's a good tree comes before its proof.
  uint64_t movesBeforeProof() const {
    unsigned operands = model.numOperands();
    uint64_t moves = firstMoves(operands);
    return clock.isLimited() ? 10 * moves + furtherMoves(operands) : moves;
  }

  /// Anneals until so many percent of the budget are spent.
  void annealUntil(unsigned percent) {
    uint64_t end = share(percent);
    if (clock.moves() < end)
      annealFurther(end - clock.moves());
  }

  /// A better annealed tree may have outer products: then it is no longer the
  /// optimum among those without.
  void annealFurther(uint64_t moves) {
    if (moves == 0 || clock.isOver())
      return;
    annealing.run(moves);
    ContractionTree tree = annealing.best();
    if (evaluateGoal(equation, tree, options.goal).value >= value)
      return;
    take(std::move(tree));
    found.proof = Proof::BestFound;
  }

  void take(ContractionTree tree) {
    found.tree = std::move(tree);
    value = evaluateGoal(equation, found.tree, options.goal).value;
    clock.improve(value);
  }

  /// Whether the lists can prove anything under this goal.
  bool mayProve() const {
    const PlanGoal &goal = options.goal;
    if ((options.connectedOnly && !isConnected()) ||
        model.numOperands() > kMaxExactOperands)
      return false;
    return goal.objective.kind != ObjectiveKind::Peak &&
           !(goal.objective.kind == ObjectiveKind::Time && goal.target.fuses);
  }

  uint64_t share(unsigned percent) const {
    return clock.total() / 100 * percent;
  }
  size_t maxBytes() const {
    bool isDefault = options.planner == PlannerKind::Auto && !clock.isLimited();
    return isDefault ? kDefaultBytes : kLargeBytes;
  }

  bool isConnected() const {
    llvm::IntEqClasses groups(model.numOperands());
    for (unsigned index = 0; index < model.numPlainClasses(); ++index)
      for (unsigned operand : model.holders(index))
        groups.join(model.holders(index).front(), operand);
    for (const ConvModel &mode : model.convModels())
      for (unsigned index = 1; index < mode.numParticipants(); ++index)
        groups.join(mode.operand(0), mode.operand(index));
    groups.compress();
    return groups.getNumClasses() == 1;
  }

  /// Searches within the value of the best tree; true if all was looked at.
  bool search(bool connectedOnly) {
    clock.enter(connectedOnly ? "exact, connected" : "exact");
    if (value < ~uint64_t(0) / 4)
      if (std::optional<bool> known = search<uint64_t>(connectedOnly))
        return *known;
    return *search<Count>(connectedOnly);
  }

  /// The annealed tree may have outer products and be better than all connected
  /// ones. Where those alone are wanted, the bound is raised until there is
  /// one.
  bool searchConnected() {
    Count annealed = value;
    while (!search(/*connectedOnly=*/true)) {
      bool goesOn =
          options.connectedOnly && wasComplete && value != Count::infinity();
      if (!goesOn) {
        value = annealed;
        return false;
      }
      value += value / 16 + 1;
    }
    return true;
  }

  /// Nothing if ties take more than 64 bits.
  template <class T>
  std::optional<bool> search(bool connectedOnly) {
    SetSearchOptions limits;
    limits.connectedOnly = connectedOnly;
    if (connectedOnly && network)
      limits.ends = network->orderOfEnds();
    limits.maxBytes = maxBytes();
    if (model.numOperands() <= kMaxTableLeaves && !options.connectedOnly)
      limits.maxWork = tableWork(model.numOperands());
    else if (options.planner != PlannerKind::Exact && !options.connectedOnly)
      limits.maxWork = share(connectedOnly ? 25 : clock.isLimited() ? 100 : 60);
    SetSearchResult<T> result = searchSets<T>(model, fromCount<T>(value),
                                              unreachable<T>(), limits, clock);
    wasComplete = result.isComplete;
    if (!result.isComplete || !result.tree)
      return false;
    if (std::is_same_v<T, uint64_t> && !result.isExact)
      return std::nullopt;
    if (options.goal.objective.kind == ObjectiveKind::Size)
      result.tree = fewestMacsWithin<T>(result, limits).value_or(*result.tree);
    take(std::move(*result.tree));
    return true;
  }

  /// The smallest size is known; among its trees the one with fewest MACs.
  template <class T>
  std::optional<ContractionTree>
  fewestMacsWithin(const SetSearchResult<T> &smallest,
                   const SetSearchOptions &limits) {
    PlanGoal flops = options.goal;
    flops.objective.kind = ObjectiveKind::Flops;
    CostModel flopsModel(equation, flops);
    Count bound = evaluateGoal(equation, *smallest.tree, flops).value;
    return searchSets<Count>(flopsModel, bound, Count(smallest.value), limits,
                             clock)
        .tree;
  }

  /// A search within a fraction of the best value that finds nothing proves
  /// that the optimum lies above: larger and larger ones, to the end of the
  /// budget.
  void proveLowerBound() {
    clock.enter("lower bound");
    for (unsigned divisor : {1024u, 64u, 8u, 2u})
      if (clock.isOver() || !proveAbove(value / divisor))
        return;
  }

  bool proveAbove(Count bound) {
    return bound < ~uint64_t(0) / 4 ? proveAbove<uint64_t>(bound)
                                    : proveAbove<Count>(bound);
  }

  /// Whether it is proven that no tree has a value of at most `bound`.
  template <class T>
  bool proveAbove(Count bound) {
    SetSearchOptions limits;
    limits.maxBytes = maxBytes();
    SetSearchResult<T> result = searchSets<T>(model, fromCount<T>(bound),
                                              unreachable<T>(), limits, clock);
    if (!result.isComplete)
      return false;
    if (!result.tree) {
      found.lowerBound = bound + 1;
      return true;
    }
    take(std::move(*result.tree));
    found.proof = Proof::Optimal;
    return false;
  }

  const Equation &equation;
  const PlannerOptions &options;
  SearchClock &clock;
  CostModel model;
  std::optional<TreeNetwork> network; // without cycles
  AnytimePlanner annealing;
  FoundTree found;
  Count value = Count::infinity(); // of the best tree
  bool wasComplete = false;        // the last search
};
} // namespace

FoundTree conveinsum::planWithProof(const Equation &equation,
                                    const PlannerOptions &options,
                                    SearchClock &clock) {
  return ProvingPlanner(equation, options, clock).run();
}
