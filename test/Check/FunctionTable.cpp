//===- FunctionTable.cpp - Many functions compiled together ---------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Buffers touch the inaccessible page above them in one call and the page below
// in the next.
//
//===----------------------------------------------------------------------===//

#include "FunctionTable.h"
#include "GuardedBuffer.h"
#include "conveinsum/Equation/GeometryText.h"
#include <cstring>
#include <list>

using namespace conveinsum;
using namespace conveinsum::test;

/// Functions of one module: enough to share its overhead, few enough for the
/// compiler's memory to stay small.
static constexpr size_t kFunctionsPerModule = 128;

std::string test::describe(const Equation &equation,
                           llvm::ArrayRef<ElementType> operands,
                           ElementType result) {
  std::string text = equation.text();
  for (const LinearRelation &relation : equation.relations())
    text += " [" + equation.label(relation.mode).str() + ": " +
            equation.relationText(relation) +
            ", E = " + std::to_string(relation.resultExtent) + "]";
  for (unsigned k = 0; k < equation.numOperands(); ++k)
    text += " " + toString(equation.operandShape(k)) + ":" +
            std::string(name(operands[k]));
  return text + " -> " + toString(equation.resultShape()) + ":" +
         std::string(name(result));
}

//===----------------------------------------------------------------------===//
// Compiling
//===----------------------------------------------------------------------===//

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

bool FunctionTable::compile(Driver &driver, size_t first, size_t count,
                            ErrorFn onError) {
  llvm::ArrayRef<FunctionSpec> chunk(specs);
  chunk = chunk.slice(first, count);
  auto module = driver.buildModule(chunk, /*withPlans=*/true, onError);
  if (!module)
    return false;
  std::unique_ptr<CompiledModule> code = driver.compile(*module, onError);
  if (!code)
    return false;
  for (auto [offset, spec] : llvm::enumerate(chunk))
    functions[first + offset] = code->find(spec.name);
  modules.push_back(std::move(code));
  return true;
}

void FunctionTable::compile(Driver &driver,
                            llvm::function_ref<void(std::string)> onFault) {
  functions.assign(specs.size(), nullptr);
  for (size_t first = 0; first < specs.size(); first += kFunctionsPerModule) {
    size_t count = std::min(kFunctionsPerModule, specs.size() - first);
    if (compile(driver, first, count, [](const Fault &) {}))
      continue;
    // One by one, to find out which.
    for (size_t i = first; i < first + count; ++i)
      compile(driver, i, 1, [&](const Fault &diagnostic) {
        onFault("not compiled: " + diagnostic.message + ": " +
                describe(specs[i].equation, specs[i].operandTypes,
                         specs[i].resultType));
      });
  }
}

//===----------------------------------------------------------------------===//
// Calling
//===----------------------------------------------------------------------===//

/// What fills memory that a function has to write before it reads: not a number
/// in every floating type.
static unsigned char poison(ElementType type) {
  return isInteger(type) ? 0xA5 : 0xFF;
}

std::string FunctionTable::call(unsigned number,
                                llvm::ArrayRef<const Tensor *> operands,
                                Tensor &result) {
  const CompiledFunction *function = functions[number];
  if (!function)
    return "not compiled";
  auto side = calls++ % 2 == 0 ? GuardedBuffer::Side::Above
                               : GuardedBuffer::Side::Below;
  std::list<GuardedBuffer> inputs;
  llvm::SmallVector<const void *> pointers;
  for (const Tensor *operand : operands) {
    inputs.emplace_back(operand->bytes(), byteSize(operand->type()), side, 0);
    std::memcpy(inputs.back().data(), operand->data(), operand->bytes());
    pointers.push_back(inputs.back().data());
  }
  GuardedBuffer output(result.bytes(), kTensorAlignment, side,
                       poison(result.type()));
  GuardedBuffer workspace(function->workspaceBytes(), kTensorAlignment, side,
                          poison(result.type()));
  function->invoke(pointers, output.data(), workspace.data());
  std::memcpy(result.data(), output.data(), result.bytes());

  for (auto [operand, input] : llvm::zip_equal(operands, inputs))
    if (!input.isIntact() ||
        std::memcmp(input.data(), operand->data(), operand->bytes()) != 0)
      return "an operand was written";
  if (!output.isIntact())
    return "written outside the result";
  if (!workspace.isIntact())
    return "written outside the workspace";
  return "";
}
