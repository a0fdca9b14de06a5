//===- ContractionTree.h - The order of pairwise steps ----------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A plan joins N operands by N-1 pairwise steps. A ContractionTree stores the
// steps in SSA numbers: 0 .. N-1 are the operands, step k makes value N+k.
//
//   tree        ((0,2),1)           nested pairs of operand positions
//   ssa path    (0,2),(3,1)         the steps as they are stored
//   linear path (0,2),(0,1)         opt_einsum's form: positions in a list from
//                                   which both are removed, the result appended
//
// The tree knows no equation and no cost: costs (PlanCost.h), printing
// (PlanReport.h) and materialisation as IR are clients of this one type.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_PLAN_TREE_CONTRACTIONTREE_H
#define CONVEINSUM_PLAN_TREE_CONTRACTIONTREE_H

#include "conveinsum/Equation/Equation.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Sequence.h"
#include <utility>

namespace conveinsum {

class ContractionTree {
public:
  /// The two SSA numbers that a step joins, in the order the user or the
  /// planner gave them.
  using Step = std::pair<unsigned, unsigned>;
  /// A step with its place in the list and the SSA number of what it makes.
  struct NumberedStep {
    unsigned index, lhs, rhs, result;
  };

  ContractionTree() = default;
  /// Unchecked; call `verify` on anything that a user wrote.
  ContractionTree(unsigned numOperands, llvm::ArrayRef<Step> steps)
      : operands(numOperands), stepList(steps.begin(), steps.end()) {}

  unsigned numOperands() const { return operands; }
  llvm::ArrayRef<Step> steps() const { return stepList; }
  /// The steps as they are walked:
  ///
  ///     for (auto [index, lhs, rhs, result] : tree.numberedSteps())
  auto numberedSteps() const {
    return llvm::map_range(llvm::seq<unsigned>(0, stepList.size()),
                           [this](unsigned index) -> NumberedStep {
                             auto [lhs, rhs] = stepList[index];
                             return {index, lhs, rhs, resultOf(index)};
                           });
  }
  /// SSA number of step `index`.
  unsigned resultOf(unsigned index) const { return operands + index; }
  /// Number of SSA values; the last one is what the tree makes.
  unsigned numValues() const { return operands + stepList.size(); }
  /// Operands below an SSA value.
  OperandSet operandsOf(unsigned value) const;
  /// Operands below every SSA value, by its number.
  std::vector<OperandSet> operandSets() const;

  /// Every SSA number is used once, before the last, and after its definition;
  /// there are numOperands-1 steps (none for one operand).
  bool verify(ErrorFn onError) const;

  /// `((0,2),1)`, `0` for one operand. Blanks are allowed, brackets may be ( )
  /// or [ ]. A fault is reported with its byte in `text`; the tree must hold
  /// `numOperands` operands.
  static std::optional<ContractionTree>
  parseTree(llvm::StringRef text, unsigned numOperands, ErrorFn onError);
  /// opt_einsum's linear form, `(0,2),(0,1)`; with or without outer brackets.
  static std::optional<ContractionTree>
  parseLinearPath(llvm::StringRef text, unsigned numOperands, ErrorFn onError);
  /// `(0,2),(3,1)`.
  static std::optional<ContractionTree>
  parseSsaPath(llvm::StringRef text, unsigned numOperands, ErrorFn onError);
  static std::optional<ContractionTree>
  fromLinearPath(llvm::ArrayRef<Step> path, unsigned numOperands,
                 ErrorFn onError);

  std::string treeText() const;
  /// The smaller position of every pair first, as opt_einsum has it.
  std::string linearPathText() const;
  std::string ssaPathText() const;
  llvm::SmallVector<Step, 8> linearPath() const;

  /// (((0,1),2),...).
  static ContractionTree leftToRight(unsigned numOperands);

  bool operator==(const ContractionTree &other) const {
    return operands == other.operands && stepList == other.stepList;
  }
  friend llvm::hash_code hash_value(const ContractionTree &tree);

private:
  unsigned operands = 0;
  llvm::SmallVector<Step, 8> stepList;
};

/// Number of unordered binary trees over `numOperands` leaves, (2N-3)!!;
/// 1 for N <= 2.
Count numberOfTrees(unsigned numOperands);
/// The tree of rank `rank` (0 <= rank < numberOfTrees) in a fixed enumeration
/// of all unordered trees.
ContractionTree treeOfRank(unsigned numOperands, Count rank);
/// Up to `limit` trees, spread evenly over the enumeration, without repeats;
/// all if there are no more than `limit`.
std::vector<ContractionTree> spreadTrees(unsigned numOperands, uint64_t limit);

} // namespace conveinsum

#endif // CONVEINSUM_PLAN_TREE_CONTRACTIONTREE_H
