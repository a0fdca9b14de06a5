//===- StepWorkspace.cpp - Buffers inside of steps ------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A function of the step alone is lowered, and its values are counted as those
// of any function are.
//
//===----------------------------------------------------------------------===//

#include "StepWorkspace.h"
#include "conveinsum/Checkpoint/Checkpoint.h"
#include "conveinsum/Conversion/ConvEinsumToLinalg/LowerEinsum.h"
#include "conveinsum/Dialect/ConvEinsum/IR/TensorSizes.h"

using namespace mlir;
using namespace conveinsum;

/// A function of the step, lowered; null where it is refused.
static OwningOpRef<func::FuncOp> lowerAlone(EinsumOp step) {
  auto quiet = [](const conveinsum::Fault &) {};
  std::optional<Equation> equation = step.boundEquation(quiet);
  if (!equation || !verifyLowerable(*equation, step.getInputs().getTypes(),
                                    step.getResultType(), quiet))
    return nullptr;
  Location loc = step.getLoc();
  OpBuilder builder(step.getContext());
  auto type = builder.getFunctionType(step.getInputs().getTypes(),
                                      step.getResultType());
  OwningOpRef<func::FuncOp> alone = func::FuncOp::create(loc, "step", type);
  Block *body = alone->addEntryBlock();
  builder.setInsertionPointToEnd(body);
  FailureOr<mlir::Value> value = lowerEinsum(
      builder, loc, *equation, body->getArguments(), step.getResultType());
  assert(succeeded(value) && "it was verified");
  for (Operation &op : *body)
    for (Type type : op.getResultTypes())
      if (!refusalOf(type).empty())
        return nullptr;
  func::ReturnOp::create(builder, loc, *value);
  return alone;
}

Count StepWorkspaces::of(EinsumOp step) {
  auto type = FunctionType::get(step.getContext(), step.getInputs().getTypes(),
                                step.getResultType());
  auto [at, isNew] = known.try_emplace(
      {step.getEquationAttr().getAsOpaquePointer(), type.getAsOpaquePointer()});
  if (isNew)
    if (OwningOpRef<func::FuncOp> alone = lowerAlone(step))
      at->second = workspaceBytes(*alone);
  return at->second;
}
