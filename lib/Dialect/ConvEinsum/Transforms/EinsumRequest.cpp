//===- EinsumRequest.cpp - What the IR asks of a plan ---------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From attributes of arguments to operands, and from attributes of ops to
// words.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Dialect/ConvEinsum/IR/AttributeNames.h"
#include "conveinsum/Dialect/ConvEinsum/IR/RequestAttributes.h"
#include "conveinsum/Dialect/ConvEinsum/Transforms/Transforms.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;
using namespace conveinsum;

//===----------------------------------------------------------------------===//
// Roles of values
//===----------------------------------------------------------------------===//

OperandRoles::OperandRoles(Operation *root) {
  Operation *top = root;
  if (auto function = root->getParentOfType<FunctionOpInterface>())
    top = function;
  // An op stands after what it reads. Values that come back around a loop are
  // arguments of blocks, which are never constant.
  top->walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (auto function = dyn_cast<FunctionOpInterface>(op))
      addArguments(function);
    else if (isConstantOp(op))
      constants.insert(op->result_begin(), op->result_end());
  });
  while (!pending.empty())
    follow(pending.pop_back_val());
}

void OperandRoles::addArguments(FunctionOpInterface function) {
  if (function.isExternal())
    return;
  for (BlockArgument argument : function.getArguments()) {
    unsigned number = argument.getArgNumber();
    if (function.getArgAttr(number, kConstantAttr))
      constants.insert(argument);
    if (function.getArgAttr(number, kGradientAttr))
      addTrained(argument);
  }
}

bool OperandRoles::isConstantOp(Operation *op) const {
  if (op->getNumResults() == 0 || !isPure(op))
    return false;
  auto isKnown = [&](mlir::Value value) { return isConstant(value); };
  llvm::SetVector<mlir::Value> captured;
  getUsedValuesDefinedAbove(op->getRegions(), captured);
  return llvm::all_of(op->getOperands(), isKnown) &&
         llvm::all_of(captured, isKnown);
}

void OperandRoles::addTrained(mlir::Value value) {
  if (trained.insert(value).second)
    pending.push_back(value);
}

/// Wherever the value may go: to results of its users and of the ops around
/// them, to blocks below them and to blocks they branch to.
void OperandRoles::follow(mlir::Value value) {
  for (Operation *user : value.getUsers()) {
    for (Block *next : user->getSuccessors())
      for (mlir::Value argument : next->getArguments())
        addTrained(argument);
    for (Operation *op = user; op && !isa<FunctionOpInterface>(op);
         op = op->getParentOp()) {
      for (mlir::Value result : op->getResults())
        addTrained(result);
      for (Region &region : op->getRegions())
        for (Block &block : region)
          for (mlir::Value argument : block.getArguments())
            addTrained(argument);
    }
  }
}

//===----------------------------------------------------------------------===//
// Requests
//===----------------------------------------------------------------------===//

Attribute conveinsum::nearestAttribute(Operation *op, StringRef name) {
  for (; op; op = op->getParentOp())
    if (Attribute attribute = op->getDiscardableAttr(name))
      return attribute;
  return nullptr;
}

static bool readAttributes(EinsumOp op, PlanRequest &request,
                           conveinsum::ErrorFn onError) {
  unsigned operands = op.getInputs().size();
  for (const PlanWord &word : planWords()) {
    Attribute attribute =
        word.attribute.empty() ? nullptr : nearestAttribute(op, word.attribute);
    if (!attribute)
      continue;
    std::optional<std::string> text = planAttributeText(word, attribute);
    assert(text && "the dialect verifies its attributes");
    if (!readPlanWord(word.name, ("'" + word.attribute + "'").str(), *text,
                      operands, request, onError))
      return false;
  }
  return true;
}

/// Whether a function has constant arguments.
static bool saysConstants(FunctionOpInterface function) {
  return function &&
         llvm::any_of(llvm::seq(function.getNumArguments()),
                      [&](unsigned number) {
                        return bool(function.getArgAttr(number, kConstantAttr));
                      });
}

void conveinsum::markConstantArguments(Operation *root,
                                       ArrayRef<unsigned> operands) {
  SmallVector<std::pair<FunctionOpInterface, unsigned>> found;
  root->walk([&](EinsumOp op) {
    auto function = op->getParentOfType<FunctionOpInterface>();
    if (!function || !root->isAncestor(function) || saysConstants(function))
      return;
    for (unsigned operand : operands) {
      auto argument = operand < op.getInputs().size()
                          ? dyn_cast<BlockArgument>(op.getInputs()[operand])
                          : BlockArgument();
      if (argument && argument.getOwner()->getParentOp() == function &&
          argument.getOwner()->isEntryBlock() &&
          !function.getArgAttr(argument.getArgNumber(), kGradientAttr))
        found.emplace_back(function, argument.getArgNumber());
    }
  });
  for (auto [function, number] : found)
    function.setArgAttr(number, kConstantAttr,
                        UnitAttr::get(root->getContext()));
}

void conveinsum::addOperandRoles(EinsumOp op, const OperandRoles &roles,
                                 PlanGoal &goal) {
  for (auto [operand, value] : llvm::enumerate(op.getInputs())) {
    bool isConstant = roles.isConstant(value);
    if (!isConstant && !roles.needsGradient(value))
      continue;
    auto &mine = isConstant ? goal.constants : goal.gradients;
    llvm::erase(goal.constants, operand);
    llvm::erase(goal.gradients, operand);
    mine.push_back(operand);
  }
  llvm::sort(goal.gradients);
  llvm::sort(goal.constants);
}

/// Operands have the roles of their values; those that have none, the ones that
/// the defaults name.
static bool readOperands(EinsumOp op, const PlanDefaults &defaults,
                         const OperandRoles &roles, PlanRequest &request,
                         conveinsum::ErrorFn onError) {
  PlanRequest named;
  unsigned operands = op.getInputs().size();
  for (auto [name, text] : {std::pair("gradients", &defaults.gradients),
                            std::pair("constants", &defaults.constants)})
    if (!text->empty() &&
        !readPlanWord(name, name, *text, operands, named, onError))
      return false;
  PlanGoal &goal = named.options.goal;
  // What is said of a function's arguments is all that is constant in it.
  if (saysConstants(op->getParentOfType<FunctionOpInterface>()))
    llvm::erase_if(goal.constants,
                   [&](unsigned operand) { return operand < operands; });
  addOperandRoles(op, roles, goal);
  request.options.goal.gradients = goal.gradients;
  request.options.goal.constants = goal.constants;
  return true;
}

/// The types of the op. Integers may differ in width; their bytes are taken to
/// be those of the widest.
static void addTypes(EinsumOp op, PlanGoal &goal) {
  auto typeOf = [](mlir::Value value) {
    return *toElementType(getElementTypeOrSelf(value.getType()));
  };
  goal.resultType = typeOf(op.getResult());
  goal.dtype = typeOf(op.getInputs().front());
  for (mlir::Value input : op.getInputs())
    if (byteSize(typeOf(input)) > byteSize(goal.dtype))
      goal.dtype = typeOf(input);
}

FailureOr<PlanRequest> conveinsum::planRequestOf(EinsumOp op,
                                                 const PlanDefaults &defaults,
                                                 const OperandRoles &roles) {
  PlanRequest request = defaults.request;
  auto onError = [&](const conveinsum::Fault &diagnostic) {
    op.emitOpError() << "cannot be planned: " << numberedMessage(diagnostic);
  };
  if (!readAttributes(op, request, onError) ||
      !readOperands(op, defaults, roles, request, onError))
    return failure();
  addTypes(op, request.options.goal);
  // What keeps nothing is within every limit on what is kept; so is a plan that
  // somebody pinned together with what it keeps.
  if (request.options.goal.gradients.empty() || op.getPlanAttr())
    request.keepLimit.reset();
  if (PlanAttr plan = op.getPlanAttr()) {
    request.pinned = plan.getTree();
    request.keepsOrder = true;
  }
  if (!verifyRequest(request, /*prefix=*/"", onError))
    return failure();
  return request;
}
