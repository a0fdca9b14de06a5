//===- PlanCost.cpp - What a plan costs -----------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A walk over the tree that asks the equation about every pair of sets.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Cost/PlanCost.h"

using namespace conveinsum;

std::vector<SetValue> conveinsum::planValues(const Equation &equation,
                                             const ContractionTree &tree) {
  std::vector<SetValue> values;
  values.reserve(tree.numValues());
  for (unsigned operand = 0; operand < tree.numOperands(); ++operand)
    values.push_back(equation.leaf(operand));
  for (auto [lhs, rhs] : tree.steps())
    values.push_back(equation.join(values[lhs], values[rhs]));
  return values;
}

/// Extents (section 4) of the dimensions of `value`.
static Shape shapeOf(const Equation &equation, const SetValue &value) {
  Shape shape;
  for (ModeId mode : value.modes)
    shape.push_back(equation.extent(mode, value.set));
  return shape;
}

PlanCost conveinsum::evaluatePlan(const Equation &equation,
                                  const ContractionTree &tree) {
  assert(tree.numOperands() == equation.numOperands() &&
         "the tree is not one of this equation");
  PlanCost cost;
  std::vector<SetValue> values = planValues(equation, tree);
  for (auto [index, lhs, rhs, result] : tree.numberedSteps()) {
    const SetValue &left = values[lhs], &right = values[rhs];
    const SetValue &value = values[result];
    Count exact = equation.macs(left.set, right.set, MacCount::Exact);
    Count dense = equation.macs(left.set, right.set, MacCount::Dense);
    Count elements = equation.elements(value.set);
    cost.exactMacs += exact;
    cost.denseMacs += dense;
    cost.written += elements;
    cost.largestIntermediate = std::max(cost.largestIntermediate, elements);
    cost.steps.push_back({lhs, rhs, result, value, equation.step(left, right),
                          equation.kind(left.set, right.set), exact, dense,
                          shapeOf(equation, value), elements});
  }
  return cost;
}
