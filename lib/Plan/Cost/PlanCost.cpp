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
#include "KeptWalk.h"

using namespace conveinsum;

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
  KeptWalk walk(equation);
  // Values come into being with the step that makes or reads them and go with
  // the one that reads them.
  std::vector<SetValue> values(tree.numValues());
  std::vector<KeptWalk::Value> kept(tree.numValues());
  for (auto [index, lhs, rhs, result] : tree.numberedSteps()) {
    for (unsigned side : {lhs, rhs})
      if (side < tree.numOperands()) {
        values[side] = equation.leaf(side);
        kept[side] = walk.leaf(side);
      }
    SetValue left = std::move(values[lhs]), right = std::move(values[rhs]);
    KeptWalk::Value keptLeft = std::move(kept[lhs]),
                    keptRight = std::move(kept[rhs]);
    SetValue value = equation.join(left, right);
    KeptWalk::Value both =
        walk.join(keptLeft, keptRight, result + 1 == tree.numValues());
    Count exact = walk.macs(keptLeft, keptRight, MacCount::Exact);
    Count dense = walk.macs(keptLeft, keptRight, MacCount::Dense);
    Count elements = walk.elements(both);
    cost.exactMacs += exact;
    cost.denseMacs += dense;
    cost.written += elements;
    cost.largestIntermediate = std::max(cost.largestIntermediate, elements);
    unsigned loops = keptLeft.kept.size() + keptRight.kept.size();
    for (const KeptWalk::Held &held : keptLeft.kept)
      if (!equation.relation(held.mode) && walk.holds(keptRight, held.mode))
        --loops;
    cost.steps.push_back({lhs, rhs, result, value.modes,
                          equation.step(left, right, value),
                          walk.kind(keptLeft, keptRight, both), exact, dense,
                          shapeOf(equation, value), elements, loops});
    values[result] = std::move(value);
    kept[result] = std::move(both);
  }
  return cost;
}
