//===- SubsetFigures.h - Costs of joining any two subsets -------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The rows of the cost model (CostModel.h) for all subsets of up to 16 chosen
// operands: what programmes over subsets ask that are no search for one best
// tree. Operands that are not chosen count as outside: sets keep what they
// need.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_COST_SUBSETFIGURES_H
#define CONVEINSUM_LIB_PLAN_COST_SUBSETFIGURES_H

#include "CostModel.h"

namespace conveinsum {

/// A set of the chosen operands: bit i is the i-th of them.
using SubsetWord = uint32_t;

class SubsetCosts {
public:
  SubsetCosts(const Equation &equation, llvm::ArrayRef<unsigned> operands,
              const PlanGoal &goal);

  unsigned numOperands() const { return operands; }
  Count macs(SubsetWord left, SubsetWord right) const {
    return model.macs<Count>(row(left), row(right));
  }
  /// Elements of the value of `set`.
  Count elements(SubsetWord set) const {
    return model.elements<Count>(row(set));
  }

private:
  const uint64_t *row(SubsetWord set) const {
    return &rows[size_t(set) * model.words()];
  }

  unsigned operands;
  CostModel model;
  std::vector<uint64_t> rows;
};

/// The row of every subset of the given rows, the empty set's first. `outside`
/// are the plain words that the result and all others hold.
std::vector<uint64_t> subsetRows(const CostModel &model,
                                 llvm::ArrayRef<const uint64_t *> leaves,
                                 llvm::ArrayRef<uint64_t> outside);
/// The plain words of the result and of all operands but the given ones.
std::vector<uint64_t> outsideOf(const CostModel &model,
                                llvm::ArrayRef<unsigned> operands);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_COST_SUBSETFIGURES_H
