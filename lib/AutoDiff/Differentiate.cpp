//===- Differentiate.cpp - Forward and backward functions -----------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A backward function begins as a copy of the function. Its ops are visited
// from the last to the first, and what they add stands behind them. Then the
// copies go: what is read of them is an argument, a value that is kept, or
// computed again because that costs nothing.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/AutoDiff/Differentiate.h"
#include "Cut.h"
#include "Requirements.h"
#include "Values.h"
#include "conveinsum/AutoDiff/Vjp.h"
#include "conveinsum/Dialect/ConvEinsum/IR/AttributeNames.h"
#include "conveinsum/Dialect/ConvEinsum/Transforms/Transforms.h"
#include "mlir/IR/SymbolTable.h"

using namespace mlir;
using namespace conveinsum;

/// Replaces einsums of more than two operands by steps, so that forward and
/// backward pass share what lies between.
static LogicalResult decomposeAll(func::FuncOp function) {
  OperandRoles roles(function);
  SmallVector<EinsumOp> networks;
  function.walk([&](EinsumOp op) {
    if (op.getInputs().size() > 2)
      networks.push_back(op);
  });
  IRRewriter rewriter(function.getContext());
  PlanSource source;
  source.rememberNetworks();
  // All are planned before the first is replaced, whose result may be an
  // operand of others.
  std::vector<PlanGoal> goals;
  for (EinsumOp op : networks) {
    FailureOr<PlanRequest> request = planRequestOf(op, PlanDefaults(), roles);
    if (failed(request) || failed(planEinsum(op, *request, source)))
      return failure();
    goals.push_back(request->options.goal);
  }
  for (auto [op, goal] : llvm::zip_equal(networks, goals))
    if (failed(decomposeEinsum(rewriter, op, firstFreeGroup(function), &goal)))
      return failure();
  return success();
}

/// The arguments whose gradients are asked for.
static SmallVector<unsigned> gradientArguments(func::FuncOp function) {
  SmallVector<unsigned> numbers;
  for (unsigned k = 0, e = function.getNumArguments(); k != e; ++k)
    if (function.getArgAttr(k, kGradientAttr))
      numbers.push_back(k);
  return numbers;
}

/// What a function handed over when it was differentiated before is an argument
/// like others now.
static void forgetRoles(func::FuncOp function) {
  for (unsigned k = 0, e = function.getNumArguments(); k != e; ++k) {
    auto role = function.getArgAttrOfType<StringAttr>(k, kRoleAttr);
    if (role && (role == kKeptRole || role == kCotangentRole))
      function.removeArgAttr(k, kRoleAttr);
  }
  for (unsigned k = 0, e = function.getNumResults(); k != e; ++k)
    function.removeResultAttr(
        k, StringAttr::get(function.getContext(), kOperandAttr));
  function->removeAttr(kForwardAttr);
  function->removeAttr(kBackwardAttr);
  auto packs = function->getAttrOfType<ArrayAttr>(kPacksAttr);
  if (!packs)
    return;
  SmallVector<Attribute> others;
  for (Attribute role : packs)
    if (role != StringAttr::get(function.getContext(), kKeptRole))
      others.push_back(role);
  if (others.empty())
    function->removeAttr(kPacksAttr);
  else
    function->setAttr(kPacksAttr,
                      ArrayAttr::get(function.getContext(), others));
}

/// Arguments say which they were, wherever they will stand.
static void numberArguments(func::FuncOp function) {
  Builder builder(function.getContext());
  for (unsigned k = 0, e = function.getNumArguments(); k != e; ++k) {
    function.removeArgAttr(k, kGradientAttr);
    if (!function.getArgAttr(k, kRoleAttr) &&
        !function.getArgAttr(k, kOperandAttr))
      function.setArgAttr(k, kOperandAttr, builder.getI64IntegerAttr(k));
  }
}

/// Adds a cotangent for every result that can have one.
static void addCotangents(func::FuncOp backward, Vjp &vjp) {
  Builder attributes(backward.getContext());
  auto role = attributes.getDictionaryAttr(attributes.getNamedAttr(
      kRoleAttr, attributes.getStringAttr(kCotangentRole)));
  Operation *terminator = backward.getBody().front().getTerminator();
  for (mlir::Value result : terminator->getOperands()) {
    if (!isDifferentiable(result.getType()))
      continue;
    unsigned number = backward.getNumArguments();
    LogicalResult inserted = backward.insertArgument(number, result.getType(),
                                                     role, result.getLoc());
    assert(succeeded(inserted) && "a func.func takes more arguments");
    (void)inserted;
    mlir::Value cotangent = backward.getArgument(number);
    if (vjp.needs(result))
      vjp.add(result, conjugateOf(vjp.builder, cotangent.getLoc(), cotangent));
  }
}

/// Makes a copy of a function return gradients instead of its results.
static LogicalResult buildBackward(func::FuncOp backward) {
  SmallVector<unsigned> numbers = gradientArguments(backward);
  Block &body = backward.getBody().front();
  Operation *terminator = body.getTerminator();
  OpBuilder builder(terminator);
  Vjp vjp(builder);
  for (unsigned number : numbers)
    vjp.ask(body.getArgument(number));
  SmallVector<Operation *> ops;
  for (Operation &op : body.without_terminator()) {
    vjp.follow(&op);
    ops.push_back(&op);
  }
  addCotangents(backward, vjp);
  for (Operation *op : llvm::reverse(ops))
    if (failed(vjp.visit(op)))
      return failure();

  SmallVector<mlir::Value> gradients;
  SmallVector<Type> types;
  SmallVector<Attribute> operands;
  for (unsigned number : numbers) {
    mlir::Value argument = body.getArgument(number);
    mlir::Value gradient = vjp.cotangent(argument);
    gradients.push_back(
        gradient
            ? conjugateOf(builder, argument.getLoc(), gradient)
            : constantOf(builder, argument.getLoc(), argument.getType(), 0));
    types.push_back(argument.getType());
    Attribute operand = backward.getArgAttr(number, kOperandAttr);
    operands.push_back(operand ? operand : builder.getI64IntegerAttr(number));
  }
  terminator->setOperands(gradients);
  backward.setType(builder.getFunctionType(backward.getArgumentTypes(), types));
  backward.removeResAttrsAttr();
  for (auto [k, operand] : llvm::enumerate(operands))
    backward.setResultAttr(k, kOperandAttr, operand);
  return success();
}

/// Removes the links to a function that is not what it was any more.
static void unlink(func::FuncOp function) {
  auto self = FlatSymbolRefAttr::get(function.getSymNameAttr());
  Operation *table =
      SymbolTable::getNearestSymbolTable(function->getParentOp());
  for (auto other : table->getRegion(0).getOps<func::FuncOp>())
    for (StringRef link : {kForwardAttr, kBackwardAttr})
      if (other->getAttr(link) == self)
        other->removeAttr(link);
}

/// A copy of `function` behind it that returns gradients; `copies` has for each
/// of its ops the one that it is a copy of.
static FailureOr<func::FuncOp>
copyBackward(func::FuncOp function, const Twine &name, CopiedOps &copies) {
  unlink(function);
  forgetRoles(function);
  auto backward = cast<func::FuncOp>(function->clone());
  backward.setName(name.str());
  OpBuilder builder(function->getContext());
  builder.setInsertionPointAfter(function);
  builder.insert(backward);
  for (auto [original, copy] :
       llvm::zip_equal(function.getBody().front(), backward.getBody().front()))
    copies[&copy] = &original;
  if (succeeded(buildBackward(backward)))
    return backward;
  backward->erase();
  return failure();
}

/// Adds a role to those that a function takes a buffer for.
static void pack(func::FuncOp function, StringRef role) {
  Builder builder(function.getContext());
  SmallVector<Attribute> roles;
  if (auto there = function->getAttrOfType<ArrayAttr>(kPacksAttr))
    roles.append(there.begin(), there.end());
  roles.push_back(builder.getStringAttr(role));
  function->setAttr(kPacksAttr, builder.getArrayAttr(roles));
}

/// Hands values from one function to the other: they are results of the first
/// and arguments of the second.
static void handOver(func::FuncOp forward, func::FuncOp backward,
                     ArrayRef<mlir::Value> kept, const CopiedOps &copies) {
  Builder builder(forward.getContext());
  auto role = builder.getDictionaryAttr(
      builder.getNamedAttr(kRoleAttr, builder.getStringAttr(kKeptRole)));
  Operation *terminator = forward.getBody().front().getTerminator();
  for (mlir::Value value : kept) {
    auto result = cast<OpResult>(value);
    mlir::Value original =
        copies.lookup(result.getOwner())->getResult(result.getResultNumber());
    unsigned number = forward.getNumResults();
    LogicalResult isResult =
        forward.insertResult(number, value.getType(), role);
    terminator->insertOperands(number, original);
    number = backward.getNumArguments();
    LogicalResult isArgument =
        backward.insertArgument(number, value.getType(), role, value.getLoc());
    assert(succeeded(isResult) && succeeded(isArgument) &&
           "a func.func takes more results and arguments");
    (void)isResult;
    (void)isArgument;
    value.replaceAllUsesWith(backward.getArgument(number));
  }
  eraseDead(backward.getBody().front());
}

/// A step whose result leaves its group does not run as a part of it.
static void leaveGroups(ArrayRef<mlir::Value> kept, const CopiedOps &copies,
                        func::FuncOp forward) {
  llvm::SmallDenseSet<Attribute> torn;
  for (mlir::Value value : kept)
    if (Attribute group =
            copies.lookup(value.getDefiningOp())->getAttr(kGroupAttr))
      torn.insert(group);
  forward.walk([&](EinsumOp step) {
    if (Attribute group = step->getAttr(kGroupAttr))
      if (torn.contains(group))
        step->removeAttr(kGroupAttr);
  });
}

FailureOr<DifferentiatedFunction>
conveinsum::differentiate(func::FuncOp function) {
  if (failed(checkDifferentiable(function, {"_forward", "_backward"})) ||
      failed(decomposeAll(function)))
    return failure();
  std::string name = function.getName().str();
  CopiedOps copies;
  FailureOr<func::FuncOp> made =
      copyBackward(function, name + "_backward", copies);
  if (failed(made))
    return failure();
  func::FuncOp backward = *made;
  // What is prepared for the function is read by both.
  auto forwardName = StringAttr::get(function.getContext(), name + "_forward");
  LogicalResult renamed = SymbolTable::replaceAllSymbolUses(
      function, forwardName,
      SymbolTable::getNearestSymbolTable(function->getParentOp()));
  assert(succeeded(renamed) && "all uses are known");
  (void)renamed;
  function.setName(forwardName);
  for (func::FuncOp each : {function, backward}) {
    numberArguments(each);
    pack(each, kKeptRole);
  }
  function->setAttr(kBackwardAttr, FlatSymbolRefAttr::get(backward));
  backward->setAttr(kForwardAttr, FlatSymbolRefAttr::get(function));
  SmallVector<mlir::Value> kept = findKept(backward.getBody().front(), copies);
  leaveGroups(kept, copies, function);
  handOver(function, backward, kept, copies);
  return DifferentiatedFunction{function, backward, unsigned(kept.size())};
}

FailureOr<func::FuncOp>
conveinsum::differentiateJointly(func::FuncOp function) {
  if (failed(checkDifferentiable(function, {"_gradient"})) ||
      failed(decomposeAll(function)))
    return failure();
  CopiedOps copies;
  FailureOr<func::FuncOp> gradient =
      copyBackward(function, function.getName() + "_gradient", copies);
  if (failed(gradient))
    return failure();
  eraseDead(gradient->getBody().front());
  numberArguments(*gradient);
  // Nothing stays, whatever a plan has decided.
  for (func::FuncOp each : {function, *gradient})
    each.walk([](EinsumOp step) {
      step->removeAttr(kKeepAttr);
      step->removeAttr(kGroupAttr);
    });
  for (unsigned number : gradientArguments(function))
    function.removeArgAttr(number, kGradientAttr);
  return gradient;
}
