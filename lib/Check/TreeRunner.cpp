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

/// Functions of one module: enough to share its overhead, few enough to bound
/// the memory that the compiler needs.
static constexpr size_t kFunctionsPerModule = 128;

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

unsigned TreeRunner::addFunction(const Equation &step,
                                 llvm::ArrayRef<ElementType> operandTypes,
                                 ElementType resultType) {
  FunctionSpec spec{"f" + std::to_string(specs.size()), step,
                    llvm::SmallVector<ElementType, 4>(operandTypes), resultType,
                    std::nullopt};
  auto [entry, isNew] = functionOf.try_emplace(spec.stepKey(), specs.size());
  if (isNew)
    specs.push_back(std::move(spec));
  return entry->second;
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
  nodes[index].function = addFunction(step, operandTypes, typeOf(index));
  return index;
}

unsigned TreeRunner::addTree(const ContractionTree &tree) {
  if (tree.numOperands() == 1) {
    if (nodes.size() == 1) {
      Node whole;
      whole.value = nodes[0].value;
      whole.function = addFunction(equation, {types.operand}, types.result);
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
  uint64_t workspaceBytes = 0;
  while (functions.size() < specs.size()) {
    llvm::ArrayRef<FunctionSpec> chunk(specs);
    chunk = chunk.drop_front(functions.size()).take_front(kFunctionsPerModule);
    auto module = driver.buildModule(chunk, /*withPlans=*/false, onError);
    if (!module)
      return false;
    std::unique_ptr<CompiledModule> code = driver.compile(*module, onError);
    if (!code)
      return false;
    for (const FunctionSpec &spec : chunk) {
      functions.push_back(code->find(spec.name));
      assert(functions.back() && "a compiled module has its functions");
      workspaceBytes =
          std::max(workspaceBytes, functions.back()->workspaceBytes());
    }
    modules.push_back(std::move(code));
  }
  Fallible<AlignedBuffer> buffer = allocateAligned(workspaceBytes);
  if (!buffer)
    return refuse(onError, buffer.message());
  workspace = std::move(*buffer);
  return true;
}

std::optional<Tensor> TreeRunner::call(const Node &node,
                                       llvm::ArrayRef<const Tensor *> inputs,
                                       ErrorFn onError) {
  const FunctionSpec &spec = specs[node.function];
  Shape shape = spec.equation.resultShape();
  Fallible<Tensor> result = Tensor::allocate(
      spec.resultType, std::vector<int64_t>(shape.begin(), shape.end()));
  if (!result) {
    refuse(onError, result.message());
    return std::nullopt;
  }
  llvm::SmallVector<const void *> pointers;
  for (const Tensor *input : inputs)
    pointers.push_back(input->data());
  functions[node.function]->invoke(pointers, result->data(), workspace.get());
  return std::move(*result);
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
  node.result = call(node, {lhs, rhs}, onError);
  if (!node.result)
    return nullptr;
  kept.push_back(index);
  keptBytes += node.result->bytes();
  return &*node.result;
}

std::optional<Tensor> TreeRunner::run(unsigned root,
                                      llvm::ArrayRef<Tensor> operands,
                                      uint64_t memoryBudget, ErrorFn onError) {
  leaves = operands;
  if (keptBytes > memoryBudget) {
    for (unsigned index : kept)
      nodes[index].result.reset();
    kept.clear();
    keptBytes = 0;
  }
  const Node &node = nodes[root];
  if (equation.numOperands() == 1)
    return call(node, {&leaves[0]}, onError);
  const Tensor *lhs = evaluate(node.lhs, onError);
  const Tensor *rhs = lhs ? evaluate(node.rhs, onError) : nullptr;
  return rhs ? call(node, {lhs, rhs}, onError) : std::nullopt;
}
