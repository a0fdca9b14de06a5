//===- VerifyStage.cpp - The contracts between stages -------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What each stage of the compiler promises to the next (docs/Architecture.md).
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Dialect/ConvEinsum/Transforms/Transforms.h"

using namespace mlir;
using namespace conveinsum;

static LogicalResult verifyEinsum(EinsumOp op, Stage stage) {
  size_t numOperands = op.getInputs().size();
  bool hasPlan = op.getPlanAttr() != nullptr;
  switch (stage) {
  case Stage::Imported:
    return success(); // what the op's verifier says, plans that users pin
  case Stage::Planned:
    if (!hasPlan && numOperands > 2)
      return op.emitOpError() << "has no plan, but stage planned has one for "
                                 "every einsum of more than two operands";
    return success();
  case Stage::Steps:
    if (numOperands > 2)
      return op.emitOpError() << "has " << numOperands
                              << " operands, but stage steps has at most two";
    if (hasPlan)
      return op.emitOpError() << "has a plan, but stage steps has none";
    return success();
  case Stage::Lowered:
    break; // every op of the dialect is refused, whatever it is
  }
  return success();
}

LogicalResult conveinsum::verifyStage(Operation *root, Stage stage) {
  WalkResult result =
      root->walk([&](Operation *op) {
        bool isOurs = isa_and_nonnull<ConvEinsumDialect>(op->getDialect());
        if (isOurs && stage == Stage::Lowered) {
          op->emitOpError()
              << "is left, but stage lowered has no op of its dialect";
          return WalkResult::interrupt();
        }
        auto einsum = dyn_cast<EinsumOp>(op);
        if (einsum && failed(verifyEinsum(einsum, stage)))
          return WalkResult::interrupt();
        return WalkResult::advance();
      });
  return failure(result.wasInterrupted());
}
