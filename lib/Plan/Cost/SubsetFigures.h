//===- SubsetFigures.h - Figures of all subsets of some operands -*- C++
//-*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The rows of the cost model (CostModel.h) for all subsets of up to 16 chosen
// operands, and what programmes over subsets ask of them that are no search for
// one best tree: MACs, elements, and the figures that `stepCost` wants.
// Operands that are not chosen count as outside: sets keep what they need.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_COST_SUBSETFIGURES_H
#define CONVEINSUM_LIB_PLAN_COST_SUBSETFIGURES_H

#include "CostModel.h"

namespace conveinsum {

/// A set of the chosen operands: bit i is the i-th of them.
using SubsetWord = uint32_t;

class SubsetFigures {
public:
  /// The equation has static shapes and must outlive the figures.
  SubsetFigures(const Equation &equation, llvm::ArrayRef<unsigned> chosen,
                const PlanGoal &goal);
  /// All operands are chosen.
  SubsetFigures(const Equation &equation, const PlanGoal &goal);

  unsigned numOperands() const { return operands; }
  SubsetWord all() const { return (SubsetWord(1) << operands) - 1; }
  /// The MACs of one product, in the objective's count.
  Count macs(SubsetWord left, SubsetWord right) const {
    return model->macs<Count>(row(left), row(right));
  }
  /// How many elements the value of `set` has.
  Count elements(SubsetWord set) const { return counts[set]; }
  /// Whether `set` has constant operands only.
  bool isPrepared(SubsetWord set) const { return (set & ~constants) == 0; }
  /// The step that joins two disjoint sets; no edge is marked as fused. Only
  /// where all operands are chosen is the last step known to be the last.
  StepFigures step(SubsetWord left, SubsetWord right) const;

private:
  const uint64_t *row(SubsetWord set) const {
    return &rows[size_t(set) * model->words()];
  }
  void fillCounts(const Equation &equation);
  Count read(SubsetWord set) const;

  unsigned operands;
  std::unique_ptr<CostModel> model;
  SubsetWord gradients = 0, constants = 0;
  llvm::SmallVector<unsigned, 16> chosen;
  std::vector<uint64_t> rows; ///< `set` has the words from set * words
  std::vector<Count> counts;  ///< each set has one
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
