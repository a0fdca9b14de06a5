//===- Requirements.cpp - Which functions have gradients ------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is refused is refused before anything is changed.
//
//===----------------------------------------------------------------------===//

#include "Requirements.h"
#include "conveinsum/AutoDiff/Vjp.h"
#include "conveinsum/Dialect/ConvEinsum/IR/AttributeNames.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace conveinsum;

static LogicalResult checkArguments(func::FuncOp function) {
  for (unsigned k = 0, e = function.getNumArguments(); k != e; ++k) {
    Type type = function.getArgumentTypes()[k];
    if (!function.getArgAttr(k, kGradientAttr))
      continue;
    if (!isa<RankedTensorType>(type) || !isDifferentiable(type))
      return function.emitOpError()
             << "cannot be differentiated: expected argument " << k
             << " to be a ranked tensor of floating or complex numbers, got "
             << type;
  }
  return success();
}

/// Types that the backward pass can have values of.
static LogicalResult checkType(Operation *op, Type type) {
  auto shaped = dyn_cast<ShapedType>(type);
  if (!shaped || (isa<RankedTensorType>(shaped) && shaped.hasStaticShape()))
    return success();
  return op->emitOpError() << "cannot be differentiated: expected ranked "
                              "tensors of static shape, got "
                           << type;
}

static LogicalResult checkOp(Operation &op) {
  if (!op.hasTrait<OpTrait::IsTerminator>() && !isMemoryEffectFree(&op) &&
      !isa<func::CallOp>(op))
    return op.emitOpError("cannot be differentiated: expected ops without side "
                          "effects");
  for (Type type : op.getOperandTypes())
    if (failed(checkType(&op, type)))
      return failure();
  for (Type type : op.getResultTypes())
    if (failed(checkType(&op, type)))
      return failure();
  return success();
}

/// Whether the function is used but by the one that it was made with, or the
/// one that prepares for it.
static bool isUsed(func::FuncOp function, Operation *table) {
  std::optional<SymbolTable::UseRange> uses =
      SymbolTable::getSymbolUses(function, &table->getRegion(0));
  if (!uses)
    return true;
  return llvm::any_of(*uses, [&](SymbolTable::SymbolUse use) {
    Operation *user = use.getUser();
    return !isa<func::FuncOp>(user) ||
           !(user->getAttr(kForwardAttr) == use.getSymbolRef() ||
             user->getAttr(kBackwardAttr) == use.getSymbolRef() ||
             user->getAttr(kPreparesAttr) == use.getSymbolRef());
  });
}

LogicalResult conveinsum::checkDifferentiable(func::FuncOp function,
                                              ArrayRef<StringRef> suffixes) {
  auto refuse = [&](const Twine &what) {
    return function.emitOpError()
           << "cannot be differentiated: expected " << what;
  };
  if (function.isExternal())
    return refuse("a body, got a declaration");
  if (!function.getBody().hasOneBlock())
    return refuse("a body of one block, got " +
                  Twine(function.getBody().getBlocks().size()));
  Operation *table =
      SymbolTable::getNearestSymbolTable(function->getParentOp());
  if (!table)
    return refuse("a module around it");
  if (isUsed(function, table))
    return refuse("no uses of a function that becomes two");
  for (StringRef suffix : suffixes) {
    std::string name = (function.getName() + suffix).str();
    if (SymbolTable::lookupSymbolIn(table, name))
      return refuse("no symbol @" + name + " beside it");
  }
  if (failed(checkArguments(function)))
    return failure();
  for (Operation &op : function.getBody().front())
    if (failed(checkOp(op)))
      return failure();
  return success();
}
