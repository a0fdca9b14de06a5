//===- TreeRunner.cpp - Many trees of one equation ------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Nodes 0 .. N-1 are the operands. An equation of one operand has one more
// node, which applies the equation itself.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Check/TreeRunner.h"

using namespace conveinsum;

TreeRunner::TreeRunner(const Equation &equation, ElementTypes types)
    : equation(equation), types(types) {
  for (unsigned k = 0; k < equation.numOperands(); ++k) {
    Node leaf;
    leaf.value = equation.leaf(k);
    nodes.push_back(std::move(leaf));
  }
}

ElementType TreeRunner::typeOf(unsigned node) const {
  if (isLeaf(node))
    return types.operand;
  return nodes[node].value.set.all()
             ? types.result
             : intermediateType(types.operand, types.result);
}

unsigned TreeRunner::addNode(unsigned lhs, unsigned rhs) {
  auto [entry, isNew] = nodeOf.try_emplace({lhs, rhs}, nodes.size());
  if (!isNew)
    return entry->second;
  Node node;
  node.lhs = lhs;
  node.rhs = rhs;
  node.value = equation.join(nodes[lhs].value, nodes[rhs].value);
  Equation step = equation.step(nodes[lhs].value, nodes[rhs].value);
  ElementType operandTypes[] = {typeOf(lhs), typeOf(rhs)};
  nodes.push_back(std::move(node));
  unsigned index = nodes.size() - 1;
  nodes[index].function = functions.addStep(step, operandTypes, typeOf(index));
  return index;
}

unsigned TreeRunner::addTree(const ContractionTree &tree) {
  if (tree.numOperands() == 1) {
    if (nodes.size() == 1) {
      Node whole;
      whole.value = nodes[0].value;
      whole.function =
          functions.addStep(equation, {types.operand}, types.result);
      nodes.push_back(std::move(whole));
    }
    return 1;
  }
  llvm::SmallVector<unsigned> nodeOfValue(tree.numOperands());
  for (unsigned k = 0; k < tree.numOperands(); ++k)
    nodeOfValue[k] = k;
  for (auto [lhs, rhs] : tree.steps())
    nodeOfValue.push_back(addNode(nodeOfValue[lhs], nodeOfValue[rhs]));
  return nodeOfValue.back();
}

bool TreeRunner::compile(Driver &driver, ErrorFn onError) {
  return functions.compile(driver, [&](unsigned, const Fault &fault) {
    onError(fault);
    return false;
  });
}

const Tensor *TreeRunner::evaluate(unsigned index, ErrorFn onError) {
  if (isLeaf(index))
    return &leaves[index];
  Node &node = nodes[index];
  if (node.result)
    return &*node.result;
  const Tensor *lhs = evaluate(node.lhs, onError);
  const Tensor *rhs = lhs ? evaluate(node.rhs, onError) : nullptr;
  if (!rhs)
    return nullptr;
  node.result = functions.call(node.function, {lhs, rhs}, onError);
  if (!node.result)
    return nullptr;
  kept.push_back(index);
  keptBytes += node.result->bytes();
  return &*node.result;
}

void TreeRunner::forget() {
  for (unsigned index : kept)
    nodes[index].result.reset();
  kept.clear();
  keptBytes = 0;
}

std::optional<Tensor> TreeRunner::run(unsigned root,
                                      llvm::ArrayRef<Tensor> operands,
                                      uint64_t memoryBudget, ErrorFn onError) {
  leaves = operands;
  if (keptBytes > memoryBudget)
    forget();
  const Node &node = nodes[root];
  if (equation.numOperands() == 1)
    return functions.call(node.function, {&leaves[0]}, onError);
  const Tensor *lhs = evaluate(node.lhs, onError);
  const Tensor *rhs = lhs ? evaluate(node.rhs, onError) : nullptr;
  return rhs ? functions.call(node.function, {lhs, rhs}, onError)
             : std::nullopt;
}
