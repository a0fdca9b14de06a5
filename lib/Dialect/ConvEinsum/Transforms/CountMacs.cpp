//===- CountMacs.cpp - The work of functions ------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The multiply-adds of steps are counted while they are steps; later stages and
// the driver read the sum from the function.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Dialect/ConvEinsum/IR/AttributeNames.h"
#include "conveinsum/Dialect/ConvEinsum/Transforms/Transforms.h"
#include "conveinsum/Plan/Cost/PlanCost.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace conveinsum;

FailureOr<std::optional<Count>> conveinsum::stepMacs(EinsumOp op) {
  FailureOr<Equation> equation = op.boundEquation();
  if (failed(equation))
    return failure();
  if (op.getInputs().size() > 2 || !equation->hasStaticShapes())
    return std::optional<Count>();
  ContractionTree tree = ContractionTree::leftToRight(equation->numOperands());
  return std::optional<Count>(evaluatePlan(*equation, tree).exactMacs);
}

/// In 128 bits, or in whole words if that is not enough.
static APInt toAPInt(const Count &count) {
  APInt integer = count.integer();
  return integer.zext(std::max(128u, 64 * integer.getNumWords()));
}

LogicalResult conveinsum::countMacs(Operation *root) {
  WalkResult walk = root->walk([&](FunctionOpInterface function) {
    std::optional<Count> sum = Count(0);
    WalkResult inner = function->walk([&](EinsumOp op) {
      FailureOr<std::optional<Count>> macs = stepMacs(op);
      if (failed(macs))
        return WalkResult::interrupt();
      if (sum && *macs)
        sum = *sum + **macs;
      else
        sum.reset();
      return WalkResult::advance();
    });
    if (inner.wasInterrupted())
      return WalkResult::interrupt();
    auto type =
        IntegerType::get(root->getContext(), 128, IntegerType::Unsigned);
    if (sum && !function.isExternal())
      function->setAttr(kMacsAttr, IntegerAttr::get(type, toAPInt(*sum)));
    return WalkResult::advance();
  });
  return failure(walk.wasInterrupted());
}
