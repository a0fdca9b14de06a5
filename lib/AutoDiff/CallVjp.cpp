//===- CallVjp.cpp - Gradients that users provide -------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a function computes is its own affair if it names another that passes
// cotangents on: it takes the arguments, then a cotangent for every result that
// can have one, and returns one for every argument that can.
//
//===----------------------------------------------------------------------===//

#include "Models.h"
#include "Values.h"
#include "conveinsum/AutoDiff/Vjp.h"
#include "conveinsum/Dialect/ConvEinsum/IR/AttributeNames.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/SymbolTable.h"

using namespace mlir;
using namespace conveinsum;

/// Those of the types that can have gradients.
static SmallVector<Type> differentiableTypes(TypeRange types) {
  SmallVector<Type> chosen;
  for (Type type : types)
    if (isDifferentiable(type))
      chosen.push_back(type);
  return chosen;
}

/// The function that passes cotangents on; reports that there is none.
static FailureOr<func::FuncOp> findVjp(func::CallOp call) {
  auto callee = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(
      call, call.getCalleeAttr());
  auto name = callee ? callee->getAttrOfType<FlatSymbolRefAttr>(kVjpAttr)
                     : FlatSymbolRefAttr();
  if (!name)
    return call.emitOpError("expected '")
           << kVjpAttr << "' on function @" << call.getCallee()
           << ", as its gradient is asked for; or inline the call";
  auto vjp = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(call, name);
  if (!vjp)
    return call.emitOpError("expected a function ")
           << name << " beside @" << call.getCallee() << ", whose '" << kVjpAttr
           << "' it is";
  SmallVector<Type> inputs(call.getOperandTypes());
  llvm::append_range(inputs, differentiableTypes(call.getResultTypes()));
  auto expected = FunctionType::get(
      call.getContext(), inputs, differentiableTypes(call.getOperandTypes()));
  if (vjp.getFunctionType() != expected)
    return call.emitOpError("expected ")
           << name << ", which is '" << kVjpAttr << "' of @" << call.getCallee()
           << ", to have type " << expected << ", got "
           << vjp.getFunctionType();
  return vjp;
}

namespace {
struct CallModel
    : DifferentiableOpInterface::ExternalModel<CallModel, func::CallOp> {
  LogicalResult buildVjp(Operation *op, Vjp &vjp) const {
    auto call = cast<func::CallOp>(op);
    FailureOr<func::FuncOp> function = findVjp(call);
    if (failed(function))
      return failure();
    SmallVector<Value> inputs(call.getOperands());
    for (Value result : call.getResults()) {
      if (!isDifferentiable(result.getType()))
        continue;
      Value cotangent = vjp.cotangent(result);
      if (!cotangent)
        cotangent = constantOf(vjp.builder, op->getLoc(), result.getType(), 0);
      // The function keeps the convention that its users know.
      inputs.push_back(conjugateOf(vjp.builder, op->getLoc(), cotangent));
    }
    auto made =
        func::CallOp::create(vjp.builder, op->getLoc(), *function, inputs);
    unsigned next = 0;
    for (Value operand : call.getOperands())
      if (isDifferentiable(operand.getType())) {
        Value gradient = made.getResult(next++);
        if (vjp.needs(operand))
          vjp.add(operand, conjugateOf(vjp.builder, op->getLoc(), gradient));
      }
    return success();
  }
};
} // namespace

void conveinsum::registerCallModel(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, func::FuncDialect *) {
    func::CallOp::attachInterface<CallModel>(*context);
  });
}
