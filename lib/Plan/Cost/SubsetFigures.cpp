//===- SubsetFigures.cpp - Costs of joining any two subsets ---------------===//
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

using namespace conveinsum;
using llvm::ArrayRef;

std::vector<uint64_t>
conveinsum::subsetRows(const CostModel &model, ArrayRef<const uint64_t *> leaves,
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

SubsetCosts::SubsetCosts(const Equation &equation, ArrayRef<unsigned> chosen,
                         const PlanGoal &goal)
    : operands(chosen.size()), model(equation, goal) {
  assert(operands <= 16 && "all subsets have a row");
  llvm::SmallVector<const uint64_t *, 16> leaves;
  for (unsigned operand : chosen)
    leaves.push_back(model.leaf(operand));
  rows = subsetRows(model, leaves, outsideOf(model, chosen));
}
