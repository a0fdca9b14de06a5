//===- CanonicalForm.cpp - Networks that have the same plans --------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Forms, and trees over their positions.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Reuse/CanonicalForm.h"
#include "NetworkDescription.h"
#include "Plan/Tree/TreeBuilder.h"

using namespace conveinsum;
using llvm::ArrayRef;

CanonicalForm conveinsum::canonicalForm(const Equation &equation,
                                        const PlanGoal &goal) {
  NetworkDescription description(equation, goal);
  CanonicalOrder found = description.canonicalOrder();
  return {description.key(found.order), found.order, found.isComplete};
}

CanonicalForm conveinsum::givenForm(const Equation &equation,
                                    const PlanGoal &goal) {
  NetworkDescription description(equation, goal);
  llvm::SmallVector<unsigned, 16> order = description.givenOrder();
  return {description.key(order), order};
}

ContractionTree conveinsum::fromPositions(const ContractionTree &tree,
                                          ArrayRef<unsigned> order) {
  unsigned operands = tree.numOperands();
  assert(order.size() == operands && "the order is not one of this tree");
  TreeBuilder builder(operands);
  // Steps keep their numbers.
  auto map = [&](unsigned value) {
    return value < operands ? order[value] : value;
  };
  for (auto [lhs, rhs] : tree.steps())
    builder.join(map(lhs), map(rhs));
  return builder.finish();
}

ContractionTree conveinsum::toPositions(const ContractionTree &tree,
                                        ArrayRef<unsigned> order) {
  llvm::SmallVector<unsigned, 16> positions(order.size());
  for (auto [position, operand] : llvm::enumerate(order))
    positions[operand] = position;
  return fromPositions(tree, positions);
}
