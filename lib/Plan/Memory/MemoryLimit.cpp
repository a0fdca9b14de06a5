//===- MemoryLimit.cpp - The best plan that fits in memory ----------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which search runs when.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Memory/MemoryLimit.h"
#include "LocalMoves.h"
#include "Plan/Search/ParetoTable.h"

using namespace conveinsum;

llvm::StringRef conveinsum::name(LimitScope scope) {
  switch (scope) {
  case LimitScope::AllSchedules:
    return "all schedules";
  case LimitScope::DepthFirst:
    return "depth-first schedules";
  case LimitScope::Found:
    return "plans that were found";
  }
  return "";
}

//===----------------------------------------------------------------------===//
// Candidates for large networks
//===----------------------------------------------------------------------===//

static MeasuredTree measure(const Equation &equation,
                            const ContractionTree &tree, const PlanGoal &goal,
                            Count limit) {
  MeasuredTree measured;
  measured.tree = tree;
  measured.peak = peakBytes(equation, tree, goal);
  measured.value = goal.objective.kind == ObjectiveKind::Peak
                       ? measured.peak
                       : evaluateGoal(equation, tree, goal).value;
  measured.excess = measured.peak > limit ? measured.peak - limit : 0;
  return measured;
}

/// Moves of a descent: evaluating a tree takes time in proportion to its size.
static uint64_t maxMoves(const Equation &equation) {
  return std::max<uint64_t>(16, 40000 / equation.numOperands());
}

/// Moves of the search for a candidate.
static uint64_t candidateMoves(const Equation &equation) {
  return std::max<uint64_t>(200'000, uint64_t(1000) * equation.numOperands());
}

/// Plans for objectives that tend to small peaks, and `first` if there is one,
/// each improved by local moves; the best of them.
static MeasuredTree searchLocally(const Equation &equation,
                                  const PlannerOptions &options, Count limit,
                                  const ContractionTree *first) {
  auto measureTree = [&](const ContractionTree &tree) {
    return measure(equation, tree, options.goal, limit);
  };
  MeasuredTree best;
  auto consider = [&](const ContractionTree &tree) {
    MeasuredTree found =
        improve(measureTree(tree), maxMoves(equation), measureTree);
    if (found.betterThan(best))
      best = std::move(found);
  };
  if (first)
    consider(*first);
  for (Objective objective :
       {Objective(ObjectiveKind::Peak), Objective(ObjectiveKind::Size),
        Objective(ObjectiveKind::Write), Objective(ObjectiveKind::Combo, 64)}) {
    PlannerOptions other = options;
    // A candidate needs no proof.
    other.planner = PlannerKind::Anneal;
    other.budget.moves = std::min(options.budget.moves.value_or(~uint64_t(0)),
                                  candidateMoves(equation));
    objective.count = options.goal.objective.count;
    other.goal.objective = objective;
    // What cannot be planned is no candidate; one plan is there already.
    if (auto candidate = plan(equation, other, [](const Fault &) {}))
      consider(candidate->tree);
  }
  if (best.tree.numOperands() == 0)
    consider(ContractionTree::leftToRight(equation.numOperands()));
  return best;
}

//===----------------------------------------------------------------------===//
// The smallest limit
//===----------------------------------------------------------------------===//

FeasibleLimit conveinsum::smallestFeasibleLimit(const Equation &equation,
                                                const PlanGoal &goal) {
  if (std::optional<FeasibleLimit> exact = searchSmallestPeak(equation, goal))
    return std::move(*exact);
  FeasibleLimit limit;
  PlanGoal peak = goal;
  peak.objective = Objective(ObjectiveKind::Peak);
  MeasuredTree best = searchLocally(
      equation, PlannerOptions(PlannerKind::Auto, peak), 0, nullptr);
  limit.tree = best.tree;
  limit.bytes = best.peak;
  limit.isExact = false;
  limit.lowerBound = operandBytes(equation, goal);
  return limit;
}

//===----------------------------------------------------------------------===//
// Planning
//===----------------------------------------------------------------------===//

namespace {
/// One call of `findWithinMemory` on a network whose plan does not fit.
class LimitedPlanner {
public:
  LimitedPlanner(const Equation &equation, const PlannerOptions &options,
                 Count limit, MemoryPlan &answer)
      : equation(equation), options(options), limit(limit), answer(answer) {}

  /// Whether a tree within the limit was found.
  bool run() {
    // Up to two operands there is one tree.
    if (equation.numOperands() <= 2)
      return false;
    return equation.numOperands() <= kMaxLimitedOperands ? searchAll()
                                                         : searchSome();
  }

private:
  bool searchAll();
  bool searchSome();
  void take(const ContractionTree &tree, LimitScope scope, Count bound);

  const Equation &equation;
  const PlannerOptions &options;
  Count limit;
  MemoryPlan &answer;
};
} // namespace

void LimitedPlanner::take(const ContractionTree &tree, LimitScope scope,
                          Count bound) {
  answer.plan.tree = tree;
  evaluate(equation, answer.plan);
  answer.plan.lowerBound = bound;
  answer.plan.proof =
      scope == LimitScope::AllSchedules ? Proof::Optimal : Proof::BestFound;
  answer.scope = scope;
}

bool LimitedPlanner::searchAll() {
  // No schedule does better than the relaxed search, nor fits where it fails.
  auto bound =
      searchAllTrees(equation, options.goal, limit, PeakRule::StepByStep);
  if (bound.status == LimitResult::Status::Infeasible)
    return false;
  auto found =
      searchAllTrees(equation, options.goal, limit, PeakRule::DepthFirst);
  if (bound.status == LimitResult::Status::GaveUp ||
      found.status == LimitResult::Status::GaveUp)
    return searchSome();
  // The tree of the bound may fit all the same, interleaved or not.
  if (peakBytes(equation, bound.tree, options.goal) <= limit) {
    take(bound.tree, LimitScope::AllSchedules, bound.value);
    return true;
  }
  if (found.status == LimitResult::Status::Infeasible)
    return false;
  take(found.tree,
       found.value == bound.value ? LimitScope::AllSchedules
                                  : LimitScope::DepthFirst,
       bound.value);
  return true;
}

bool LimitedPlanner::searchSome() {
  MeasuredTree best =
      searchLocally(equation, options, limit, &answer.plan.tree);
  bool wantsPeak = options.goal.objective.kind == ObjectiveKind::Peak;
  Count bound = wantsPeak ? 0 : answer.plan.lowerBound.value_or(0);
  // A limit that plans at a small peak miss may still be the smallest one.
  if ((best.excess != 0 || wantsPeak) &&
      equation.numOperands() <= kMaxExactPeakOperands) {
    FeasibleLimit smallest = smallestFeasibleLimit(equation, options.goal);
    MeasuredTree least = measure(equation, smallest.tree, options.goal, limit);
    if (least.betterThan(best))
      best = std::move(least);
    if (wantsPeak)
      bound = smallest.lowerBound;
  }
  if (best.excess != 0)
    return false;
  take(best.tree,
       best.value == bound ? LimitScope::AllSchedules : LimitScope::Found,
       bound);
  return true;
}

std::optional<MemoryPlan>
conveinsum::findWithinMemory(const Equation &equation,
                             const PlannerOptions &options,
                             PlannedTree unconstrained, Count limit) {
  MemoryPlan answer;
  answer.plan = std::move(unconstrained);
  // No planner but this one searches for the smallest peak.
  bool isSettled = options.goal.objective.kind != ObjectiveKind::Peak ||
                   equation.numOperands() <= 2;
  if (isSettled &&
      peakBytes(equation, answer.plan.tree, options.goal) <= limit) {
    if (answer.plan.proof == Proof::Optimal)
      answer.scope = LimitScope::AllSchedules;
  } else if (!LimitedPlanner(equation, options, limit, answer).run()) {
    return std::nullopt;
  }
  return answer;
}
