//===- FasterTree.cpp - When fewest MACs are not least time ---------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See the header.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Search/FasterTree.h"

using namespace conveinsum;

PlanGoal conveinsum::timeGoal(PlanGoal goal) {
  goal.objective.kind = ObjectiveKind::Time;
  return goal;
}

/// Operands up to which every search is quick.
static constexpr unsigned kQuickOperands = 16;

SearchBudget conveinsum::comparisonBudget(const Equation &equation) {
  SearchBudget budget;
  if (equation.numOperands() > kQuickOperands)
    budget.moves = 1'000'000;
  return budget;
}

/// Whether someone asked a planner for the fewest MACs.
static bool minimizesFlops(const PlannedTree &plan) {
  switch (plan.proof) {
  case Proof::Optimal:
  case Proof::OptimalConnected:
  case Proof::BestFound:
  case Proof::Greedy:
    return plan.goal.objective.kind == ObjectiveKind::Flops;
  case Proof::Pinned:
  case Proof::Left:
  case Proof::Rebuild:
    break;
  }
  return false;
}

std::optional<FasterTree> conveinsum::findFasterTree(const Equation &equation,
                                                     const PlannedTree &plan) {
  constexpr unsigned largest = 12;
  if (!minimizesFlops(plan) || equation.numOperands() > largest)
    return std::nullopt;
  PlanGoal goal = timeGoal(plan.goal);
  PlannerOptions options(PlannerKind::Exact, goal);
  std::optional<PlannedTree> fast =
      conveinsum::plan(equation, options, [](const Fault &) {});
  if (!fast)
    return std::nullopt;
  FasterTree faster{fast->tree, evaluateGoal(equation, fast->tree, goal).value,
                    evaluateGoal(equation, plan.tree, goal).value};
  // More than 1.1 times as long, in integers.
  if (10 * faster.plannedPicoseconds <= 11 * faster.picoseconds)
    return std::nullopt;
  return faster;
}
