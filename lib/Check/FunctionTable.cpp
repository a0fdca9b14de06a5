//===- FunctionTable.cpp - Many functions compiled together ---------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The number of a function is its place in `specs` and in `functions`, which is
// as long as what was compiled.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Check/FunctionTable.h"

using namespace conveinsum;

/// Functions of one module: enough to share its overhead, few enough to bound
/// the memory that the compiler needs.
static constexpr size_t kFunctionsPerModule = 128;

unsigned FunctionTable::addStep(const Equation &step,
                                llvm::ArrayRef<ElementType> operands,
                                ElementType result) {
  FunctionSpec spec{"f" + std::to_string(specs.size()), step,
                    llvm::SmallVector<ElementType, 4>(operands), result,
                    std::nullopt};
  auto [entry, isNew] = stepOf.try_emplace(spec.stepKey(), specs.size());
  if (isNew)
    specs.push_back(std::move(spec));
  return entry->second;
}

unsigned FunctionTable::addNetwork(const Equation &equation,
                                   llvm::ArrayRef<ElementType> operands,
                                   ElementType result,
                                   const ContractionTree &tree) {
  specs.push_back({"f" + std::to_string(specs.size()), equation,
                   llvm::SmallVector<ElementType, 4>(operands), result,
                   Plan(tree)});
  return specs.size() - 1;
}

bool FunctionTable::compileModule(Driver &driver, size_t first, size_t count,
                                  ErrorFn onError) {
  llvm::ArrayRef<FunctionSpec> chunk(specs);
  chunk = chunk.slice(first, count);
  auto module = driver.buildModule(chunk, onError);
  if (!module)
    return false;
  std::unique_ptr<CompiledModule> code = driver.compile(*module, onError);
  if (!code)
    return false;
  for (auto [offset, spec] : llvm::enumerate(chunk)) {
    functions[first + offset] = code->find(spec.name);
    assert(functions[first + offset] && "a compiled module has its functions");
  }
  modules.push_back(std::move(code));
  return true;
}

bool FunctionTable::compile(Driver &driver, RefusalFn onRefusal) {
  size_t first = functions.size();
  functions.resize(specs.size(), nullptr);
  bool areAllCompiled = true;
  for (; first < specs.size(); first += kFunctionsPerModule) {
    size_t count = std::min(kFunctionsPerModule, specs.size() - first);
    if (compileModule(driver, first, count, [](const Fault &) {}))
      continue;
    for (size_t i = first; i < first + count; ++i) {
      Fault fault;
      if (compileModule(driver, i, 1, [&](const Fault &f) { fault = f; }))
        continue;
      areAllCompiled = false;
      if (!onRefusal(i, fault))
        return false;
    }
  }
  return areAllCompiled;
}

std::optional<Tensor>
FunctionTable::call(unsigned number, llvm::ArrayRef<const Tensor *> operands,
                    ErrorFn onError) {
  const CompiledFunction *function = find(number);
  assert(function && "expected a compiled function");
  Shape shape = specs[number].equation.resultShape();
  Fallible<Tensor> result =
      Tensor::allocate(specs[number].resultType,
                       std::vector<int64_t>(shape.begin(), shape.end()));
  if (!result) {
    refuse(onError, result.message());
    return std::nullopt;
  }
  if (!workspace || workspaceBytes < function->workspaceBytes()) {
    Fallible<AlignedBuffer> buffer =
        allocateAligned(function->workspaceBytes());
    if (!buffer) {
      refuse(onError, buffer.message());
      return std::nullopt;
    }
    workspace = std::move(*buffer);
    workspaceBytes = function->workspaceBytes();
  }
  llvm::SmallVector<const void *> inputs;
  for (const Tensor *operand : operands)
    inputs.push_back(operand->data());
  function->invoke(inputs, result->data(), workspace.get());
  return std::move(*result);
}
