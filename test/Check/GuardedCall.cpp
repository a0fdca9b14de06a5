//===- GuardedCall.cpp - Calls that notice strangers ----------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Operands are copied into buffers that are aligned to their elements only,
// which is all that the driver asks for.
//
//===----------------------------------------------------------------------===//

#include "GuardedCall.h"
#include "conveinsum/Check/Fill.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include <cstring>
#include <list>

using namespace conveinsum;
using namespace conveinsum::test;

/// What fills memory that a function has to write before it reads: not a number
/// in every floating type.
static unsigned char poison(ElementType type) {
  return isInteger(type) ? 0xA5 : 0xFF;
}

std::string test::missText(const Comparison &comparison) {
  return llvm::formatv("error {0:e2} beyond {1:e2}", comparison.maxError,
                       comparison.bound);
}

std::string test::callGuarded(const CompiledFunction &function,
                              llvm::ArrayRef<const Tensor *> operands,
                              GuardedBuffer::Side side, Tensor &result) {
  std::list<GuardedBuffer> inputs;
  llvm::SmallVector<const void *> pointers;
  for (const Tensor *operand : operands) {
    inputs.emplace_back(operand->bytes(), byteSize(operand->type()), side, 0);
    std::memcpy(inputs.back().data(), operand->data(), operand->bytes());
    pointers.push_back(inputs.back().data());
  }
  GuardedBuffer output(result.bytes(), kTensorAlignment, side,
                       poison(result.type()));
  GuardedBuffer workspace(function.workspaceBytes(), kTensorAlignment, side,
                          poison(result.type()));
  function.invoke(pointers, output.data(), workspace.data());
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

std::string test::checkDefinition(const FunctionSpec &spec,
                                  const CompiledFunction &function) {
  std::vector<Tensor> operands;
  for (unsigned k = 0; k < spec.equation.numOperands(); ++k) {
    Fallible<Tensor> operand = Tensor::allocate(
        spec.operandTypes[k], spec.equation.operandShape(k).vec());
    if (!operand)
      return operand.message();
    Fill::mixedSigns().apply(*operand, k);
    operands.push_back(std::move(*operand));
  }
  Shape shape = spec.equation.resultShape();
  Fallible<Tensor> result = Tensor::allocate(
      spec.resultType, std::vector<int64_t>(shape.begin(), shape.end()));
  if (!result)
    return result.message();
  Reference reference(spec.equation, operands,
                      {spec.operandTypes.front(), spec.resultType});
  for (auto side : {GuardedBuffer::Side::Above, GuardedBuffer::Side::Below}) {
    std::string fault = callGuarded(
        function, llvm::to_vector(llvm::make_pointer_range(operands)), side,
        *result);
    if (!fault.empty())
      return fault;
    Comparison comparison = reference.compare(*result);
    if (!comparison.passed)
      return missText(comparison);
  }
  return "";
}
