//===- TablePlanner.cpp - Small networks ----------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The table over all subsets for the operands of an equation, or for some of
// them. Costs are 64 bits wide where that is enough, 128 elsewhere.
//
//===----------------------------------------------------------------------===//

#include "Plan/Cost/SubsetFigures.h"
#include "Plan/Tree/TreeBuilder.h"
#include "Planners.h"
#include "SubsetTable.h"

using namespace conveinsum;
using llvm::ArrayRef;

namespace {
/// Joins some operands of an equation in a builder.
class TablePlanner {
public:
  TablePlanner(const Equation &equation, const PlanGoal &goal,
               ArrayRef<unsigned> operands, TreeBuilder &builder,
               SearchClock &clock)
      : equation(equation), operands(operands), builder(builder), clock(clock),
        model(equation, goal), outside(outsideOf(model, operands)) {}

  /// The SSA number of the value of all operands.
  unsigned join() {
    if (operands.size() == 1)
      return operands.front();
    if (std::optional<unsigned> value =
            search<uint64_t>(unreachable<uint64_t>()))
      return *value;
    return *search<Count>(unreachable<Count>());
  }

private:
  /// Nothing if 64 bits do not tell the trees apart.
  template <class T>
  std::optional<unsigned> search(T forbid) {
    llvm::SmallVector<SearchLeaf<T>, 16> leaves;
    for (unsigned operand : operands)
      leaves.push_back(operandLeaf<T>(model, operand));
    bool isWhole = operands.size() == model.numOperands();
    SubsetTable<T> table(model, leaves, outside, isWhole, unreachable<T>(),
                         forbid);
    clock.spend(table.work());
    if (!table.found() || (std::is_same_v<T, uint64_t> && !table.isExact()))
      return std::nullopt;
    // The smallest size is known; among its trees the fewest MACs.
    if (model.goal().objective.kind == ObjectiveKind::Size &&
        forbid == unreachable<T>()) {
      PlanGoal flops = model.goal();
      flops.objective.kind = ObjectiveKind::Flops;
      TablePlanner within(equation, flops, operands, builder, clock);
      if (std::optional<unsigned> value = within.search<T>(table.value()))
        return value;
    }
    return table.build(
        operands, [&](unsigned a, unsigned b) { return builder.join(a, b); });
  }

  const Equation &equation;
  ArrayRef<unsigned> operands;
  TreeBuilder &builder;
  SearchClock &clock;
  CostModel model;
  std::vector<uint64_t> outside;
};
} // namespace

ContractionTree conveinsum::planByTable(const Equation &equation,
                                        const PlanGoal &goal,
                                        SearchClock &clock) {
  llvm::SmallVector<unsigned, 16> operands(equation.numOperands());
  std::iota(operands.begin(), operands.end(), 0u);
  TreeBuilder builder(equation.numOperands());
  TablePlanner(equation, goal, operands, builder, clock).join();
  return builder.finish();
}

ContractionTree conveinsum::planRebuild(const Equation &equation,
                                        const PlanGoal &goal,
                                        SearchClock &clock) {
  unsigned last = 0;
  if (!equation.relations().empty())
    last = equation.relations().front().feature.value_or(0);
  llvm::SmallVector<unsigned, 16> others;
  for (unsigned operand = 0; operand < equation.numOperands(); ++operand)
    if (operand != last)
      others.push_back(operand);
  TreeBuilder builder(equation.numOperands());
  unsigned rebuilt =
      TablePlanner(equation, goal, others, builder, clock).join();
  builder.join(rebuilt, last);
  return builder.finish();
}
