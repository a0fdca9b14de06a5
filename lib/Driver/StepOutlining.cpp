//===- StepOutlining.cpp - One function for each distinct step ------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Einsums are grouped by the canonical key of their equation and the types at
// their boundary.
//
//===----------------------------------------------------------------------===//

#include "StepOutlining.h"
#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsum.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace conveinsum;

using Group = SmallVector<EinsumOp, 2>;

/// What einsums that may share a function agree in.
static FailureOr<std::string> groupKey(EinsumOp op) {
  FailureOr<Equation> equation = op.boundEquation();
  if (failed(equation))
    return failure();
  std::string key = equation->canonicalKey();
  llvm::raw_string_ostream os(key);
  for (Type type : op->getOperandTypes())
    os << ' ' << type;
  os << ' ' << op.getResultType();
  return key;
}

/// Whether the einsum is all that its function does.
static bool isWholeFunction(EinsumOp op) {
  auto function = dyn_cast<func::FuncOp>(op->getParentOp());
  return function && llvm::hasNItems(function.getBody().front(), 2);
}

/// Creates the function that `op`'s group shares.
static func::FuncOp createStepFunction(ModuleOp module, SymbolTable &symbols,
                                       EinsumOp op, unsigned number) {
  OpBuilder builder(module.getBodyRegion());
  auto type = builder.getFunctionType(op.getInputs().getTypes(),
                                      op.getResult().getType());
  auto function = func::FuncOp::create(
      builder, op.getLoc(), ("step" + Twine(number)).str(), type);
  function.setPrivate();
  symbols.insert(function);
  Block *body = function.addEntryBlock();
  builder.setInsertionPointToStart(body);
  IRMapping mapping;
  mapping.map(op.getInputs(), body->getArguments());
  Operation *clone = builder.clone(*op, mapping);
  func::ReturnOp::create(builder, op.getLoc(), clone->getResults());
  return function;
}

LogicalResult conveinsum::outlineSteps(ModuleOp module) {
  llvm::MapVector<std::string, Group, llvm::StringMap<unsigned>> groups;
  WalkResult walk = module.walk([&](EinsumOp op) {
    FailureOr<std::string> key = groupKey(op);
    if (failed(key))
      return WalkResult::interrupt();
    groups[*key].push_back(op);
    return WalkResult::advance();
  });
  if (walk.wasInterrupted())
    return failure();

  SymbolTable symbols(module);
  for (auto [number, entry] : llvm::enumerate(groups)) {
    Group &group = entry.second;
    if (group.size() == 1 && isWholeFunction(group.front()))
      continue;
    func::FuncOp function =
        createStepFunction(module, symbols, group.front(), number);
    for (EinsumOp op : group) {
      OpBuilder builder(op);
      auto call = func::CallOp::create(builder, op.getLoc(), function,
                                       op.getInputs());
      op.getResult().replaceAllUsesWith(call.getResult(0));
      op.erase();
    }
  }
  return success();
}
