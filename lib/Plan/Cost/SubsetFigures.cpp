//===- SubsetFigures.cpp - Figures of all subsets of some operands --------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rows of subsets: first the union of the leaves, then what the rest needs.
//
//===----------------------------------------------------------------------===//

#include "SubsetFigures.h"
#include "llvm/ADT/Sequence.h"

using namespace conveinsum;
using llvm::ArrayRef;

std::vector<uint64_t> conveinsum::subsetRows(const CostModel &model,
                                             ArrayRef<const uint64_t *> leaves,
                                             ArrayRef<uint64_t> outside) {
  unsigned words = model.words();
  size_t sets = size_t(1) << leaves.size();
  std::vector<uint64_t> unions(sets * words + 1, 0);
  for (size_t set = 1; set < sets; ++set) {
    const uint64_t *leaf = leaves[llvm::countr_zero(set)];
    size_t others = set & (set - 1);
    for (unsigned word = 0; word < words; ++word)
      unions[set * words + word] = unions[others * words + word] | leaf[word];
  }
  std::vector<uint64_t> rows = unions;
  for (size_t set = 1; set < sets; ++set) {
    // A leaf is what it is: it may keep what only a result inside it needs.
    if (llvm::has_single_bit(set))
      continue;
    const uint64_t *rest = &unions[(sets - 1 - set) * words];
    for (unsigned word = 0; word < model.plainWords(); ++word)
      rows[set * words + word] &= outside[word] | rest[word];
  }
  return rows;
}

std::vector<uint64_t> conveinsum::outsideOf(const CostModel &model,
                                            ArrayRef<unsigned> operands) {
  std::vector<uint64_t> outside(model.resultRow(),
                                model.resultRow() + model.plainWords());
  for (unsigned operand = 0; operand < model.numOperands(); ++operand)
    if (!llvm::is_contained(operands, operand))
      for (unsigned word = 0; word < model.plainWords(); ++word)
        outside[word] |= model.leaf(operand)[word];
  return outside;
}

/// The chosen operands among those that a goal names.
static SubsetWord subsetOf(ArrayRef<unsigned> chosen,
                           ArrayRef<unsigned> named) {
  SubsetWord set = 0;
  for (auto [index, operand] : llvm::enumerate(chosen))
    if (llvm::is_contained(named, operand))
      set |= SubsetWord(1) << index;
  return set;
}

SubsetFigures::SubsetFigures(const Equation &equation,
                             ArrayRef<unsigned> chosenOperands,
                             const PlanGoal &goal)
    : operands(chosenOperands.size()),
      model(std::make_unique<CostModel>(equation, goal)),
      gradients(subsetOf(chosenOperands, goal.gradients)),
      constants(subsetOf(chosenOperands, goal.constants)),
      chosen(chosenOperands) {
  assert(operands <= 16 && "all subsets have a row");
  llvm::SmallVector<const uint64_t *, 16> leaves;
  for (unsigned operand : chosen)
    leaves.push_back(model->leaf(operand));
  rows = subsetRows(*model, leaves, outsideOf(*model, chosen));
  fillCounts(equation);
}

SubsetFigures::SubsetFigures(const Equation &equation, const PlanGoal &goal)
    : SubsetFigures(equation,
                    llvm::to_vector(llvm::seq(equation.numOperands())), goal) {}

void SubsetFigures::fillCounts(const Equation &equation) {
  counts.assign(size_t(all()) + 1, 1);
  for (SubsetWord set = 1; set <= all(); ++set)
    counts[set] = model->elements<Count>(row(set));
  // A conv mode that no operand holds comes into being with the result.
  if (operands == model->numOperands())
    counts[all()] = model->resultElements<Count>(row(all()));
}

/// Time also pays for reading what is summed before the first step.
Count SubsetFigures::read(SubsetWord set) const {
  bool isTimed = model->goal().objective.kind == ObjectiveKind::Time;
  if (isTimed && llvm::has_single_bit(set))
    return model->rawElements(chosen[llvm::countr_zero(set)]);
  return counts[set];
}

StepFigures SubsetFigures::step(SubsetWord left, SubsetWord right) const {
  SubsetWord both = left | right;
  StepFigures step;
  // Only time looks at the kind.
  if (model->goal().objective.kind == ObjectiveKind::Time)
    step.kind = model->kind(row(left), row(right), row(both));
  step.macs = macs(left, right);
  step.left = read(left);
  step.right = read(right);
  step.result = counts[both];
  step.leftGradient = (left & gradients) != 0;
  step.rightGradient = (right & gradients) != 0;
  step.isPrepared = isPrepared(both);
  step.leftIsOperand = llvm::has_single_bit(left);
  step.rightIsOperand = llvm::has_single_bit(right);
  step.isLast = operands == model->numOperands() && both == all();
  return step;
}
