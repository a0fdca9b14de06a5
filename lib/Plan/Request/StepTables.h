//===- StepTables.h - The best pairs of one step of a path ------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A step of a path that joins K values is a network of its own: its operands
// are what these values keep, its result is what all others need of them. What
// a set keeps depends on the set alone, so the steps inside have the costs that
// they have in the whole, and the table of all subsets of the K values
// (Search/SubsetTable.h) finds the best pairs. Where the parts of an objective
// add up, or the largest counts, steps can be split one by one.
//
// Two sweeps over the path say what a value keeps: from the operands up what
// some operand below it holds, from the last step down what some operand beside
// it, or the result, holds.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_REQUEST_STEPTABLES_H
#define CONVEINSUM_LIB_PLAN_REQUEST_STEPTABLES_H

#include "Plan/Cost/CostModel.h"
#include "conveinsum/Plan/Tree/ContractionPath.h"

namespace conveinsum {

class StepTables {
public:
  /// The equation has static shapes; all three must outlive the tables.
  StepTables(const Equation &equation, const ContractionPath &path,
             const PlanGoal &goal);

  /// The best tree over the values that step `index` joins, at most
  /// kMaxTableLeaves.
  ContractionTree best(unsigned index) const;

private:
  uint64_t *held(unsigned value) { return heldRows.data() + value * words; }
  uint64_t *kept(unsigned value) { return keptRows.data() + value * words; }
  const uint64_t *kept(unsigned value) const {
    return keptRows.data() + value * words;
  }
  void sweepUp();
  void sweepDown();
  /// Nothing if `T` does not tell the trees apart.
  template <class T>
  std::optional<ContractionTree> search(unsigned index) const;

  const ContractionPath &path;
  CostModel model;
  size_t words;
  /// What is held below a value, and what of it the value keeps.
  std::vector<uint64_t> heldRows, keptRows;
  std::vector<bool> gradient, constant; // by value
};

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_REQUEST_STEPTABLES_H
