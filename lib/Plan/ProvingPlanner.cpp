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

#include "Planners.h"
#include "SetSearch.h"

using namespace conveinsum;

/// Moves of annealing before the exact search: what a tighter bound saves there
/// grows quickly with the number of operands.
static uint64_t annealingMoves(unsigned operands) {
  if (operands <= 16)
    return 10'000;
  if (operands <= 20)
    return 20'000;
  if (operands <= 25)
    return 120'000;
  if (operands <= 32)
    return 400'000;
  return 3'000'000;
}

/// Looks at sets after which a search gives up, unless the user sets a budget.
static constexpr uint64_t kDefaultWork = 1'500'000'000;

namespace {
class ProvingPlanner {
public:
  ProvingPlanner(const Equation &equation, const PlannerOptions &options,
                 SearchClock &clock)
      : equation(equation), options(options), clock(clock),
        model(equation, options.goal) {}

  FoundTree run() {
    uint64_t moves = annealingMoves(model.numOperands());
    if (options.planner == PlannerKind::Anneal)
      moves = ~uint64_t(0);
    take(planByAnnealing(equation, model, moves, clock));
    if (!mayProve())
      return found;
    bool isConnected = this->isConnected();
    if (isConnected && search(/*connectedOnly=*/true))
      found.proof = Proof::OptimalConnected;
    if (options.connectedOnly)
      return found;
    if (!clock.isOver() && search(/*connectedOnly=*/false)) {
      found.proof = Proof::Optimal;
      found.lowerBound = value;
    } else {
      proveLowerBound();
    }
    return found;
  }

private:
  void take(ContractionTree tree) {
    found.tree = std::move(tree);
    value = evaluateGoal(equation, found.tree, options.goal).value;
    clock.improve(value);
  }

  /// Whether the lists can prove anything under this goal.
  bool mayProve() const {
    const PlanGoal &goal = options.goal;
    return options.planner != PlannerKind::Anneal && !clock.isOver() &&
           goal.objective.kind != ObjectiveKind::Peak &&
           !(goal.objective.kind == ObjectiveKind::Time && goal.target.fuses);
  }

  bool isConnected() const {
    std::vector<unsigned> group(model.numOperands());
    std::iota(group.begin(), group.end(), 0u);
    auto root = [&](unsigned operand) {
      while (group[operand] != operand)
        operand = group[operand] = group[group[operand]];
      return operand;
    };
    unsigned groups = model.numOperands();
    auto unite = [&](unsigned a, unsigned b) {
      a = root(a), b = root(b);
      groups -= a != b;
      group[a] = b;
    };
    for (unsigned index = 0; index < model.numPlainClasses(); ++index)
      for (unsigned operand : model.holders(index))
        unite(model.holders(index).front(), operand);
    for (const ConvModel &mode : model.convModels())
      for (unsigned index = 1; index < mode.numParticipants(); ++index)
        unite(mode.operand(0), mode.operand(index));
    return groups == 1;
  }

  /// Searches within the value of the best tree; true if all was looked at.
  bool search(bool connectedOnly) {
    clock.enter(connectedOnly ? "exact, connected" : "exact");
    return value < ~uint64_t(0) / 4 ? search<uint64_t>(connectedOnly)
                                    : search<Count>(connectedOnly);
  }

  template <class T> bool search(bool connectedOnly) {
    SetSearchOptions limits;
    limits.connectedOnly = connectedOnly;
    if (!clock.isLimited())
      limits.maxWork = kDefaultWork;
    SetSearchResult<T> result = searchSets<T>(
        model, fromCount<T>(value), unreachable<T>(), limits, clock);
    if (!result.isComplete)
      return false;
    // The annealed tree may use outer products and beat all connected ones.
    if (!result.tree)
      return false;
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
    T bound = fromCount<T>(
        evaluateGoal(equation, *smallest.tree, flops).value);
    return searchSets<T>(flopsModel, bound, smallest.value, limits, clock).tree;
  }

  /// Searches under ever larger bounds below the best value, until one takes
  /// too long.
  void proveLowerBound() {}

  const Equation &equation;
  const PlannerOptions &options;
  SearchClock &clock;
  CostModel model;
  FoundTree found;
  Count value = kMaxCount;
};
} // namespace

FoundTree conveinsum::planWithProof(const Equation &equation,
                                    const PlannerOptions &options,
                                    SearchClock &clock) {
  return ProvingPlanner(equation, options, clock).run();
}
