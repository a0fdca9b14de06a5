//===- SetFigures.h - Figures of sets of operands ---------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the search under a memory limit asks of every pair of sets: the figures
// that `stepCost` wants, and the elements of values. Sets of operands are
// machine words; what a set keeps is a row of the cost model.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_COST_SETFIGURES_H
#define CONVEINSUM_LIB_PLAN_COST_SETFIGURES_H

#include "CostModel.h"
#include "conveinsum/Plan/Cost/LiveBytes.h"

namespace conveinsum {

/// A set of operands: bit k is operand k.
using OperandWord = uint32_t;

/// The figures of one equation with static shapes and up to 16 operands, which
/// must outlive them.
class SetFigures {
public:
  SetFigures(const Equation &equation, const PlanGoal &goal);

  /// Elements of the value of `set`.
  Count elements(OperandWord set) const { return counts[set]; }
  bool isFolded(OperandWord set) const { return (set & ~constants) == 0; }
  /// Of the step that joins two disjoint sets; no edge is marked as fused.
  StepFigures step(OperandWord left, OperandWord right) const;

private:
  const uint64_t *row(OperandWord set) const {
    return &rows[size_t(set) * model->words()];
  }
  void fillRows();
  Count read(OperandWord set) const;

  std::unique_ptr<CostModel> model;
  OperandWord gradients = 0, constants = 0, all = 0;
  std::vector<uint64_t> rows; ///< set * words
  std::vector<Count> counts;  ///< per set
};

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_COST_SETFIGURES_H
