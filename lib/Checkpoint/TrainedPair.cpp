//===- TrainedPair.cpp - Forward functions and their backward functions ---===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Finds pairs and checks all that the rewrite relies on, because both functions
// may have been written by hand.
//
//===----------------------------------------------------------------------===//

#include "KeptValues.h"
#include "mlir/IR/SymbolTable.h"

using namespace mlir;
using namespace conveinsum;

static bool isKept(Attribute role) {
  auto text = dyn_cast_or_null<StringAttr>(role);
  return text && text.getValue() == kKeptRole;
}

bool conveinsum::isKeptResult(func::FuncOp function, unsigned number) {
  return isKept(function.getResultAttr(number, kRoleAttr));
}

bool conveinsum::isKeptArgument(func::FuncOp function, unsigned number) {
  return isKept(function.getArgAttr(number, kRoleAttr));
}

SmallVector<unsigned> conveinsum::keptResults(func::FuncOp function) {
  return llvm::filter_to_vector(
      llvm::seq(function.getNumResults()),
      [&](unsigned number) { return isKeptResult(function, number); });
}

SmallVector<unsigned> conveinsum::keptArguments(func::FuncOp function) {
  return llvm::filter_to_vector(
      llvm::seq(function.getNumArguments()),
      [&](unsigned number) { return isKeptArgument(function, number); });
}

static DictionaryAttr keptAttributes(MLIRContext *context) {
  Builder builder(context);
  return builder.getDictionaryAttr(
      builder.getNamedAttr(kRoleAttr, builder.getStringAttr(kKeptRole)));
}

mlir::Value conveinsum::addKeptArgument(func::FuncOp function,
                                        mlir::Value value) {
  unsigned last = function.getNumArguments();
  LogicalResult inserted = function.insertArgument(
      last, value.getType(), keptAttributes(function.getContext()),
      value.getLoc());
  assert(succeeded(inserted) && "a func.func takes more arguments");
  (void)inserted;
  return function.getArgument(last);
}

void conveinsum::addKeptResults(func::FuncOp function, ValueRange values) {
  Operation *terminator = function.getBody().front().getTerminator();
  for (mlir::Value value : values) {
    unsigned last = function.getNumResults();
    LogicalResult inserted = function.insertResult(
        last, value.getType(), keptAttributes(function.getContext()));
    assert(succeeded(inserted) && "a func.func returns more results");
    (void)inserted;
    terminator->insertOperands(last, value);
  }
}

SmallVector<mlir::Value> conveinsum::cotangents(func::FuncOp function) {
  SmallVector<mlir::Value> found;
  for (BlockArgument argument : function.getArguments()) {
    auto role = function.getArgAttrOfType<StringAttr>(argument.getArgNumber(),
                                                      kRoleAttr);
    if (role && role.getValue() == kCotangentRole &&
        isa<RankedTensorType>(argument.getType()))
      found.push_back(argument);
  }
  return found;
}

static LogicalResult checkBody(func::FuncOp function) {
  if (function.isExternal())
    return function.emitOpError() << "cannot be checkpointed: expected a body, "
                                     "got a declaration";
  if (!function.getBody().hasOneBlock())
    return function.emitOpError()
           << "cannot be checkpointed: expected a body of one block, got "
           << function.getBody().getBlocks().size();
  return success();
}

/// The arguments of both begin alike, and what one returns as kept the other
/// takes.
static LogicalResult checkSignatures(TrainedPair pair) {
  func::FuncOp forward = pair.forward, backward = pair.backward;
  SmallVector<unsigned> results = keptResults(forward);
  SmallVector<unsigned> arguments = keptArguments(backward);
  auto refuse = [&] {
    return backward.emitOpError() << "is not the backward function of @"
                                  << forward.getName() << ": expected ";
  };
  if (results.size() != arguments.size())
    return refuse() << results.size()
                    << " kept arguments, as many as it returns kept values, "
                       "got "
                    << arguments.size();
  for (auto [result, argument] : llvm::zip_equal(results, arguments)) {
    Type returned = forward.getResultTypes()[result];
    Type taken = backward.getArgumentTypes()[argument];
    auto tensor = dyn_cast<RankedTensorType>(returned);
    if (!tensor || !tensor.hasStaticShape())
      return forward.emitOpError()
             << "cannot be checkpointed: expected kept result " << result
             << " to be a tensor of static shape, got " << returned;
    if (returned != taken)
      return refuse() << "argument " << argument << " to be the kept "
                      << returned << " of its result " << result << ", got "
                      << taken;
  }
  if (backward.getNumArguments() < forward.getNumArguments())
    return refuse() << "its " << forward.getNumArguments()
                    << " arguments first, got " << backward.getNumArguments()
                    << " in all";
  for (auto [number, type] : llvm::enumerate(forward.getArgumentTypes()))
    if (backward.getArgumentTypes()[number] != type ||
        isKeptArgument(backward, number))
      return refuse() << "argument " << number << " to be its argument of type "
                      << type << ", got "
                      << (isKeptArgument(backward, number) ? "a kept " : "")
                      << backward.getArgumentTypes()[number];
  return success();
}

/// A function whose signature changes is called by nobody in sight.
static LogicalResult checkUses(func::FuncOp function, Operation *scope) {
  std::optional<SymbolTable::UseRange> uses =
      SymbolTable::getSymbolUses(function, scope);
  if (!uses)
    return success();
  for (SymbolTable::SymbolUse use : *uses)
    if (!isa<func::FuncOp>(use.getUser()))
      return use.getUser()->emitOpError()
             << "uses @" << function.getName()
             << ", whose signature is not decided before "
                "conveinsum-checkpoint";
  return success();
}

FailureOr<SmallVector<TrainedPair>>
conveinsum::findTrainedPairs(Operation *root) {
  SmallVector<func::FuncOp> forwards;
  root->walk([&](func::FuncOp function) {
    if (function->hasAttr(kBackwardAttr))
      forwards.push_back(function);
  });
  SmallVector<TrainedPair> pairs;
  for (func::FuncOp forward : forwards) {
    Attribute name = forward->getAttr(kBackwardAttr);
    auto symbol = dyn_cast<FlatSymbolRefAttr>(name);
    Operation *scope =
        SymbolTable::getNearestSymbolTable(forward->getParentOp());
    auto backward = symbol && scope
                        ? dyn_cast_or_null<func::FuncOp>(
                              SymbolTable::lookupSymbolIn(scope, symbol))
                        : func::FuncOp();
    if (!backward)
      return forward.emitOpError()
             << "cannot be checkpointed: expected '" << kBackwardAttr
             << "' to name a func.func beside it, got " << name;
    if (!root->isAncestor(backward))
      return forward.emitOpError()
             << "cannot be checkpointed: expected to run on what holds both "
                "functions, not on one of them alone";
    TrainedPair pair{forward, backward};
    if (failed(checkBody(forward)) || failed(checkBody(backward)) ||
        failed(checkSignatures(pair)) || failed(checkUses(forward, scope)) ||
        failed(checkUses(backward, scope)))
      return failure();
    pairs.push_back(pair);
  }
  return pairs;
}
