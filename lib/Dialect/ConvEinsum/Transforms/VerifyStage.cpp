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

#include "conveinsum/Dialect/ConvEinsum/IR/AttributeNames.h"
#include "conveinsum/Dialect/ConvEinsum/Transforms/Transforms.h"
#include "mlir/IR/BuiltinOps.h"

using namespace mlir;
using namespace conveinsum;

/// Only plans that have been carried out make groups. What is kept or
/// recomputed may have been pinned by a user.
static LogicalResult verifyNoStep(EinsumOp op, StringRef stage) {
  if (op->hasAttr(kGroupAttr))
    return op.emitOpError() << "has '" << kGroupAttr << "', but stage " << stage
                            << " has no steps";
  return success();
}

/// Whether `other` runs in the group of `op`. Steps of one plan are in one
/// block, so equal numbers elsewhere are those of other plans.
static bool isInGroupOf(EinsumOp op, Operation *other) {
  return isa_and_nonnull<EinsumOp>(other) &&
         other->getBlock() == op->getBlock() &&
         other->getAttr(kGroupAttr) == op->getAttr(kGroupAttr);
}

/// Only the result of the last step of a group is written to memory.
static LogicalResult verifyGroup(EinsumOp op) {
  Attribute group = op->getAttr(kGroupAttr);
  if (!group)
    return success();
  auto isMember = [&](Operation *other) { return isInGroupOf(op, other); };
  bool isInner = llvm::any_of(op->getUsers(), isMember);
  bool readsInner = llvm::any_of(op.getInputs(), [&](mlir::Value input) {
    return isMember(input.getDefiningOp());
  });
  if (!isInner && !readsInner)
    return op.emitOpError() << "is alone in its group " << group
                            << ", but a group has at least two steps";
  if (isInner && !op->hasOneUse())
    return op.emitOpError() << "has a result that is read in its group "
                            << group << " and once more";
  if (isInner && op->hasAttr(kKeepAttr))
    return op.emitOpError() << "has a result that is kept, but read in its "
                               "group "
                            << group << ", which does not write it to memory";
  return success();
}

static LogicalResult verifyEinsum(EinsumOp op, Stage stage) {
  size_t numOperands = op.getInputs().size();
  bool hasPlan = op.getPlanAttr() != nullptr;
  switch (stage) {
  case Stage::Imported:
    // What the op's verifier says, plans that users pin.
    return verifyNoStep(op, "imported");
  case Stage::Planned:
    if (!hasPlan && numOperands > 2)
      return op.emitOpError() << "has no plan, but stage planned has one for "
                                 "every einsum of more than two operands";
    // Passes may run without the verifier between them.
    if (hasPlan && failed(op.verify()))
      return failure();
    return verifyNoStep(op, "planned");
  case Stage::Steps:
    if (numOperands > 2)
      return op.emitOpError() << "has " << numOperands
                              << " operands, but stage steps has at most two";
    if (hasPlan)
      return op.emitOpError() << "has a plan, but stage steps has none";
    return verifyGroup(op);
  case Stage::Lowered:
  case Stage::LLVM:
    break; // other ops than einsums are refused as well
  }
  return success();
}

/// Finds an op that LLVM IR does not know. Casts between types are named only
/// if there is nothing else: they are what an op left behind.
static Operation *findForeignOp(Operation *root) {
  Operation *found = nullptr;
  root->walk<WalkOrder::PreOrder>([&](Operation *op) {
    StringRef dialect = op->getName().getDialectNamespace();
    if (isa<ModuleOp>(op) || dialect == "llvm" || dialect == "omp")
      return WalkResult::advance();
    found = op;
    return isa<UnrealizedConversionCastOp>(op) ? WalkResult::advance()
                                               : WalkResult::interrupt();
  });
  return found;
}

LogicalResult conveinsum::verifyStage(Operation *root, Stage stage) {
  if (stage == Stage::LLVM) {
    if (Operation *op = findForeignOp(root))
      return op->emitOpError()
             << "is left, but stage llvm has only modules and "
                "the dialects llvm and omp";
    return success();
  }
  WalkResult result = root->walk([&](Operation *op) {
    // A barrier holds until tensors become buffers.
    bool isOurs = isa_and_nonnull<ConvEinsumDialect>(op->getDialect()) &&
                  !isa<BarrierOp>(op);
    if (isOurs && stage == Stage::Lowered) {
      op->emitOpError() << "is left, but stage lowered has no op of its "
                           "dialect but barriers";
      return WalkResult::interrupt();
    }
    auto einsum = dyn_cast<EinsumOp>(op);
    if (einsum && failed(verifyEinsum(einsum, stage)))
      return WalkResult::interrupt();
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}
