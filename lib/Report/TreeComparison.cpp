//===- TreeComparison.cpp - One tree beside another -----------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Why not this tree? What a step leads to depends on its set of operands alone,
// so two trees are matched by the sets that their steps make. A set that both
// make from the same two parts costs the same in both; all else is a
// difference.
//
//===----------------------------------------------------------------------===//

#include "StepReport.h"
#include "llvm/ADT/STLExtras.h"

using namespace conveinsum;

namespace {
/// The sets along a tree, in SSA numbers.
class SetsOfTree {
public:
  explicit SetsOfTree(const ContractionTree &tree)
      : tree(tree), sets(tree.operandSets()) {}

  const OperandSet &made(unsigned step) const {
    return sets[tree.resultOf(step)];
  }

  /// The step that makes `set`.
  std::optional<unsigned> find(const OperandSet &set) const {
    for (unsigned step = 0; step < tree.steps().size(); ++step)
      if (made(step) == set)
        return step;
    return std::nullopt;
  }

  /// Whether `step` makes its set from the part `set`.
  bool joins(unsigned step, const OperandSet &set) const {
    auto [lhs, rhs] = tree.steps()[step];
    return sets[lhs] == set || sets[rhs] == set;
  }

  /// Whether both trees make the set of `step` from the same two parts.
  bool joinsAlike(unsigned step, const SetsOfTree &other,
                  unsigned otherStep) const {
    return other.joins(otherStep, sets[tree.steps()[step].first]);
  }

private:
  const ContractionTree &tree;
  std::vector<OperandSet> sets;
};
} // namespace

static std::vector<StepDifference>
differencesOf(const SetsOfTree &here, const SetsOfTree &there, unsigned steps) {
  std::vector<StepDifference> differences;
  for (unsigned step = 0; step < steps; ++step) {
    const OperandSet &set = here.made(step);
    std::optional<unsigned> match = there.find(set);
    if (!match || !here.joinsAlike(step, there, *match))
      differences.push_back({set, step, match});
  }
  for (unsigned step = 0; step < steps; ++step)
    if (!here.find(there.made(step)))
      differences.push_back({there.made(step), std::nullopt, step});
  return differences;
}

/// The step of the dearer tree that costs most among the differences.
static std::optional<unsigned> costliestOf(const TreeComparison &comparison,
                                           const PlanReport &report) {
  if (comparison.other.value == report.plan.value)
    return std::nullopt;
  bool isHereDearer = report.plan.value > comparison.other.value;
  std::optional<unsigned> costliest;
  Count most = 0;
  for (auto [index, difference] : llvm::enumerate(comparison.differences)) {
    auto step = isHereDearer ? difference.here : difference.there;
    if (!step)
      continue;
    Count value = (isHereDearer ? report.steps : comparison.steps)[*step].value;
    if (!costliest || value > most) {
      costliest = index;
      most = value;
    }
  }
  return costliest;
}

TreeComparison conveinsum::compareTrees(const PlanReport &report,
                                        PlannedTree other) {
  const Equation &equation = report.equation;
  TreeComparison comparison;
  comparison.other = std::move(other);
  PlannedTree &plan = comparison.other;
  plan.goal = report.plan.goal;
  plan.value = evaluateGoal(equation, plan.tree, plan.goal).value;
  comparison.cost = evaluatePlan(equation, plan.tree);
  comparison.steps = stepReports(equation, plan.tree, plan.goal);
  comparison.differences =
      differencesOf(SetsOfTree(report.plan.tree), SetsOfTree(plan.tree),
                    report.plan.tree.steps().size());
  comparison.costliest = costliestOf(comparison, report);
  return comparison;
}
