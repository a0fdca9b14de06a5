//===- DynamicFunctions.cpp - One function at several sizes ---------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Functions take descriptors of their buffers, sizes included, through the C
// interface of MLIR.
//
//===----------------------------------------------------------------------===//

#include "DynamicFunctions.h"
#include "conveinsum/Conversion/ConvEinsumToLinalg/LowerEinsum.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/ExecutionEngine/ExecutionEngine.h"
#include "mlir/IR/Verifier.h"

using namespace mlir;

namespace conveinsum::test {

static std::string functionName(size_t index) {
  return "dynamic_" + std::to_string(index);
}

/// A function from the operands' buffers and the result's to nothing.
static LogicalResult addFunction(OpBuilder &builder, StringRef name,
                                 const Equation &equation) {
  Location loc = builder.getUnknownLoc();
  SmallVector<Type> arguments;
  for (unsigned i = 0; i < equation.numOperands(); ++i)
    arguments.push_back(
        MemRefType::get(equation.operandShape(i), builder.getF64Type()));
  Shape resultShape = equation.resultShape();
  arguments.push_back(MemRefType::get(resultShape, builder.getF64Type()));
  auto function = func::FuncOp::create(builder, loc, name,
                                       builder.getFunctionType(arguments, {}));
  function->setAttr(LLVM::LLVMDialect::getEmitCWrapperAttrName(),
                    builder.getUnitAttr());
  OpBuilder::InsertionGuard guard(builder);
  Block *body = function.addEntryBlock();
  builder.setInsertionPointToStart(body);
  auto tensorOf = [&](Type buffer) {
    return RankedTensorType::get(cast<MemRefType>(buffer).getShape(),
                                 builder.getF64Type());
  };
  SmallVector<mlir::Value> inputs;
  for (BlockArgument argument : body->getArguments().drop_back())
    inputs.push_back(bufferization::ToTensorOp::create(
        builder, loc, tensorOf(argument.getType()), argument,
        /*restrict=*/true));
  BlockArgument out = body->getArguments().back();
  FailureOr<mlir::Value> result =
      lowerEinsum(builder, loc, equation, inputs, tensorOf(out.getType()));
  if (failed(result))
    return failure();
  bufferization::MaterializeInDestinationOp::create(
      builder, loc, Type(), *result, out, /*restrict=*/true, /*writable=*/true);
  func::ReturnOp::create(builder, loc);
  return verify(function);
}

/// What MLIR passes for a buffer: two pointers, an offset, sizes, strides.
static std::vector<int64_t> descriptor(void *data, ArrayRef<int64_t> shape) {
  std::vector<int64_t> fields = {reinterpret_cast<intptr_t>(data),
                                 reinterpret_cast<intptr_t>(data), 0};
  llvm::append_range(fields, shape);
  std::vector<int64_t> strides(shape.size(), 1);
  for (size_t i = shape.size(); i > 1; --i)
    strides[i - 2] = strides[i - 1] * shape[i - 1];
  llvm::append_range(fields, strides);
  return fields;
}

/// Runs at the extents of `instance`; says where the result is wrong.
static std::string run(void *address, const Equation &instance,
                       SplitMix64 &random) {
  std::vector<TypedBuffer> operands;
  std::vector<std::vector<int64_t>> descriptors;
  for (unsigned k = 0; k < instance.numOperands(); ++k)
    operands.push_back(TypedBuffer::random(ElementType::F64,
                                           instance.operandShape(k), random));
  for (unsigned k = 0; k < instance.numOperands(); ++k)
    descriptors.push_back(
        descriptor(operands[k].data(), instance.operandShape(k)));
  Shape resultShape = instance.resultShape();
  TypedBuffer result = TypedBuffer::poisoned(ElementType::F64, resultShape);
  descriptors.push_back(descriptor(result.data(), resultShape));
  void *pointers[3] = {};
  for (auto [i, fields] : llvm::enumerate(descriptors))
    pointers[i] = fields.data();
  if (descriptors.size() == 2)
    reinterpret_cast<void (*)(void *, void *)>(address)(pointers[0],
                                                        pointers[1]);
  else
    reinterpret_cast<void (*)(void *, void *, void *)>(address)(
        pointers[0], pointers[1], pointers[2]);
  return compareWithDefinition(instance, operands, result);
}

std::vector<std::string> mismatches(ArrayRef<DynamicEquation> equations,
                                    uint64_t seed) {
  std::string error;
  ScopedDiagnosticHandler handler(&context(),
                                  [&](mlir::Diagnostic &diagnostic) {
                                    error += diagnostic.str() + "\n";
                                    return success();
                                  });
  OpBuilder builder(&context());
  OwningOpRef<ModuleOp> module =
      ModuleOp::create(builder, builder.getUnknownLoc());
  builder.setInsertionPointToEnd(module->getBody());
  for (auto [i, dynamic] : llvm::enumerate(equations))
    if (failed(addFunction(builder, functionName(i), dynamic.equation)))
      return {error + describe(TypedEquation(dynamic.equation))};
  std::vector<std::string> failures;
  if (std::string broken = checkGatherForm(*module); !broken.empty())
    failures.push_back(broken);
  std::unique_ptr<ExecutionEngine> engine =
      compile(*module, /*barePointers=*/false, error);
  if (!engine)
    return {error};
  SplitMix64 random(seed);
  for (auto [i, dynamic] : llvm::enumerate(equations)) {
    auto address = engine->lookup("_mlir_ciface_" + functionName(i));
    if (!address)
      return {llvm::toString(address.takeError())};
    for (const Equation &instance : dynamic.instances) {
      std::string difference = run(*address, instance, random);
      if (!difference.empty())
        failures.push_back(describe(TypedEquation(instance)) + "\n  " +
                           difference);
    }
  }
  return failures;
}

} // namespace conveinsum::test
