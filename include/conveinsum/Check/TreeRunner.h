//===- TreeRunner.h - Many trees of one equation ----------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Trees of one equation have most of their subtrees in common. Equal subtrees
// are one node here, computed once; equal steps, wherever they stand, are one
// compiled function:
//
//     ((0,1),2)   ((0,1),2) and (0,1) are nodes; each names the function of its
//     ((0,2),1)   step, and equal functions are compiled once
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_CHECK_TREERUNNER_H
#define CONVEINSUM_CHECK_TREERUNNER_H

#include "conveinsum/Check/FunctionTable.h"
#include "conveinsum/Equation/ElementTypeCheck.h"
#include "llvm/ADT/DenseMap.h"

namespace conveinsum {

class TreeRunner {
public:
  TreeRunner(const Equation &equation, ElementTypes types);

  /// Adds a tree; returns the node of its root.
  unsigned addTree(const ContractionTree &tree);
  /// Compiles the functions of all trees.
  bool compile(Driver &driver, ErrorFn onError);

  /// The value of a tree for these operands, which outlive the runner. Values
  /// of inner nodes are kept for other trees up to `memoryBudget` bytes.
  std::optional<Tensor> run(unsigned root, llvm::ArrayRef<Tensor> operands,
                            uint64_t memoryBudget, ErrorFn onError);

  /// Forgets what is kept: the next operands are others.
  void forget();

private:
  struct Node {
    SetValue value;
    unsigned lhs = 0, rhs = 0, function = 0;
    std::optional<Tensor> result;
  };

  bool isLeaf(unsigned node) const { return node < equation.numOperands(); }
  ElementType typeOf(unsigned node) const;
  unsigned addNode(unsigned lhs, unsigned rhs);
  const Tensor *evaluate(unsigned node, ErrorFn onError);

  const Equation &equation;
  ElementTypes types;
  std::vector<Node> nodes;
  llvm::DenseMap<std::pair<unsigned, unsigned>, unsigned> nodeOf;
  FunctionTable functions;
  llvm::ArrayRef<Tensor> leaves;
  std::vector<unsigned> kept; ///< the nodes that hold a result
  uint64_t keptBytes = 0;
};

} // namespace conveinsum

#endif // CONVEINSUM_CHECK_TREERUNNER_H
