//===- OutlineSteps.cpp - One function for each distinct step -------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Einsums of one module are grouped by the canonical key of their equation, the
// types at their boundary, and their other attributes. Each group becomes one
// private function beside the functions that call it.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Dialect/ConvEinsum/Transforms/Transforms.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace conveinsum;

using Group = SmallVector<EinsumOp, 2>;
/// The einsums of one module by what they must agree in to share a function.
using Groups = llvm::MapVector<std::string, Group, llvm::StringMap<unsigned>>;

/// What einsums that may share a function agree in.
static FailureOr<std::string> groupKey(EinsumOp op) {
  FailureOr<Equation> equation = op.boundEquation();
  if (failed(equation))
    return failure();
  std::string key = equation->canonicalKey();
  llvm::raw_string_ostream os(key);
  for (Type type : op->getOperandTypes())
    os << ' ' << type;
  os << ' ' << op.getResultType() << ' ' << op->getDiscardableAttrDictionary();
  if (PlanAttr plan = op.getPlanAttr())
    os << ' ' << plan;
  return key;
}

/// The module that can hold the function for `op`: the one of its func.func, if
/// that is within `root`. Other function-like ops may not know func.call.
static ModuleOp findModule(EinsumOp op, Operation *root) {
  auto caller = op->getParentOfType<FunctionOpInterface>();
  if (!caller || !isa<func::FuncOp>(caller))
    return {};
  auto module = dyn_cast<ModuleOp>(caller->getParentOp());
  return module && root->isAncestor(module) ? module : ModuleOp();
}

/// Whether the einsum is all that its function does.
static bool isWholeFunction(EinsumOp op) {
  auto function = dyn_cast<func::FuncOp>(op->getParentOp());
  return function && llvm::hasNItems(function.getBody().front(), 2);
}

/// Creates the function that `op`'s group shares at the builder's place.
static func::FuncOp createStepFunction(OpBuilder &builder, SymbolTable &symbols,
                                       EinsumOp op, unsigned number) {
  auto type = builder.getFunctionType(op.getInputs().getTypes(),
                                      op.getResult().getType());
  auto function = func::FuncOp::create(builder, op.getLoc(),
                                       ("step" + Twine(number)).str(), type);
  function.setPrivate();
  symbols.insert(function);
  OpBuilder::InsertionGuard guard(builder);
  Block *body = function.addEntryBlock();
  builder.setInsertionPointToStart(body);
  IRMapping mapping;
  mapping.map(op.getInputs(), body->getArguments());
  Operation *clone = builder.clone(*op, mapping);
  func::ReturnOp::create(builder, op.getLoc(), clone->getResults());
  return function;
}

/// Replaces the einsums of all groups of `module` by calls; returns how many
/// functions there are.
static unsigned outlineGroups(ModuleOp module, const Groups &groups) {
  SymbolTable symbols(module);
  OpBuilder functions(module.getBodyRegion());
  unsigned numFunctions = 0;
  for (auto [number, entry] : llvm::enumerate(groups)) {
    const Group &group = entry.second;
    if (group.size() == 1 && isWholeFunction(group.front()))
      continue;
    ++numFunctions;
    func::FuncOp function =
        createStepFunction(functions, symbols, group.front(), number);
    for (EinsumOp op : group) {
      OpBuilder calls(op);
      auto call =
          func::CallOp::create(calls, op.getLoc(), function, op.getInputs());
      op.getResult().replaceAllUsesWith(call.getResult(0));
      op.erase();
    }
  }
  return numFunctions;
}

FailureOr<unsigned> conveinsum::outlineSteps(Operation *root) {
  llvm::MapVector<ModuleOp, Groups> modules;
  WalkResult walk = root->walk([&](EinsumOp op) {
    ModuleOp module = findModule(op, root);
    if (!module)
      return WalkResult::advance();
    FailureOr<std::string> key = groupKey(op);
    if (failed(key))
      return WalkResult::interrupt();
    modules[module][*key].push_back(op);
    return WalkResult::advance();
  });
  if (walk.wasInterrupted())
    return failure();
  unsigned numFunctions = 0;
  for (auto &[module, groups] : modules)
    numFunctions += outlineGroups(module, groups);
  return numFunctions;
}
