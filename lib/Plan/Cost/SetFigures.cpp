//===- SetFigures.cpp - Figures of sets of operands -----------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Fills the rows of all sets, and asks the cost model.
//
//===----------------------------------------------------------------------===//

#include "SetFigures.h"
#include "llvm/ADT/bit.h"

using namespace conveinsum;

SetFigures::SetFigures(const Equation &equation, const PlanGoal &goal)
    : model(std::make_unique<CostModel>(equation, goal)) {
  assert(equation.numOperands() <= 16 && "sets are words of 16 bits");
  all = (OperandWord(1) << equation.numOperands()) - 1;
  for (unsigned operand : goal.gradients)
    gradients |= OperandWord(1) << operand;
  for (unsigned operand : goal.constants)
    constants |= OperandWord(1) << operand;
  fillRows();
  counts.assign(size_t(all) + 1, 1);
  for (OperandWord set = 1; set <= all; ++set)
    counts[set] = model->elements<Count>(row(set));
  // A conv mode that no operand holds comes into being with the result.
  for (const LinearRelation &relation : equation.relations())
    if (relation.terms.empty() && equation.inResult(relation.mode))
      counts[all] =
          saturatingMultiply(counts[all], Count(relation.resultExtent));
}

/// Everything that the members hold, less the plain modes that neither the
/// result nor an operand outside holds.
void SetFigures::fillRows() {
  unsigned words = model->words();
  std::vector<uint64_t> held((size_t(all) + 1) * words, 0);
  for (OperandWord set = 1; set <= all; ++set)
    for (unsigned word = 0; word < words; ++word)
      held[set * words + word] =
          held[(set & (set - 1)) * words + word] |
          model->leaf(llvm::countr_zero(set))[word];
  rows = held;
  for (OperandWord set = 1; set <= all; ++set)
    for (unsigned word = 0; word < model->plainWords(); ++word)
      rows[set * words + word] &=
          held[(all ^ set) * words + word] | model->resultRow()[word];
}

/// Time also pays for reading what is summed before the first step.
Count SetFigures::read(OperandWord set) const {
  bool isTimed = model->goal().objective.kind == ObjectiveKind::Time;
  if (isTimed && llvm::has_single_bit(set))
    return model->rawElements(llvm::countr_zero(set));
  return counts[set];
}

StepFigures SetFigures::step(OperandWord left, OperandWord right) const {
  OperandWord both = left | right;
  StepFigures step;
  // Only time looks at the kind.
  if (model->goal().objective.kind == ObjectiveKind::Time)
    step.kind = model->kind(row(left), row(right), row(both));
  step.macs = model->macs<Count>(row(left), row(right));
  step.left = read(left);
  step.right = read(right);
  step.result = counts[both];
  step.leftGradient = (left & gradients) != 0;
  step.rightGradient = (right & gradients) != 0;
  step.isFolded = isFolded(both);
  step.leftIsOperand = llvm::has_single_bit(left);
  step.rightIsOperand = llvm::has_single_bit(right);
  step.isLast = both == all;
  return step;
}
