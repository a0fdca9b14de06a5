//===- TileBody.cpp - The body of an op in a register tile ---------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Clones the body, scalar by scalar or with vectors in place of scalars.
//
//===----------------------------------------------------------------------===//

#include "TileBody.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/IRMapping.h"

using namespace conveinsum;
using namespace mlir;

Value conveinsum::emitBody(OpBuilder &builder, const LoopNest &nest,
                           TileMemory &memory, int64_t lanes,
                           ArrayRef<Value> arguments,
                           ArrayRef<Value> loopNumbers) {
  linalg::LinalgOp linalgOp = nest.getOp();
  Block *body = linalgOp.getBlock();
  IRMapping mapping;
  for (auto [from, to] : llvm::zip_equal(body->getArguments(), arguments))
    if (to)
      mapping.map(from, to);
  auto inLanes = [&](Value value) {
    Value mapped = mapping.lookupOrDefault(value);
    bool outside = mapped == value && value.getParentBlock() != body;
    return outside && lanes > 1 ? memory.broadcast(builder, value, lanes)
                                : mapped;
  };
  for (Operation &op : body->without_terminator()) {
    if (auto number = dyn_cast<linalg::IndexOp>(op)) {
      mapping.map(number.getResult(), loopNumbers[number.getDim()]);
      continue;
    }
    if (lanes == 1) {
      builder.clone(op, mapping);
      continue;
    }
    OperationState state(op.getLoc(), op.getName());
    state.addAttributes(op.getAttrs());
    for (Type type : op.getResultTypes())
      state.addTypes(VectorType::get({lanes}, type));
    if (auto constant = dyn_cast<arith::ConstantOp>(op))
      state.attributes.set(
          constant.getValueAttrName(),
          DenseElementsAttr::get(cast<ShapedType>(state.types.front()),
                                 constant.getValue()));
    for (Value operand : op.getOperands())
      state.addOperands(inLanes(operand));
    mapping.map(op.getResults(), builder.create(state)->getResults());
  }
  return inLanes(body->getTerminator()->getOperand(0));
}

Value conveinsum::makeZero(OpBuilder &builder, Location loc, Type type) {
  if (auto complexType = dyn_cast<ComplexType>(type)) {
    Attribute zero = builder.getZeroAttr(complexType.getElementType());
    return complex::ConstantOp::create(builder, loc, complexType,
                                       builder.getArrayAttr({zero, zero}));
  }
  return arith::ConstantOp::create(builder, loc,
                                   cast<TypedAttr>(builder.getZeroAttr(type)));
}

/// The op that adds to the result so far.
static Operation *combiningOp(const LoopNest &nest) {
  return nest.getOp()
      .getBlock()
      ->getTerminator()
      ->getOperand(0)
      .getDefiningOp();
}

Value conveinsum::combine(OpBuilder &builder, const LoopNest &nest, Value a,
                          Value b) {
  Operation *op = combiningOp(nest);
  OperationState state(op->getLoc(), op->getName(), {a, b}, a.getType(),
                       op->getAttrs());
  return builder.create(state)->getResult(0);
}

Value conveinsum::sumLanes(OpBuilder &builder, const LoopNest &nest,
                           Value lanes, Value start) {
  Location loc = nest.getOp().getLoc();
  // Summing lanes pairwise instead of one after the other is the point here.
  auto flags = arith::FastMathFlags::none;
  if (isa<arith::AddFOp>(combiningOp(nest)))
    flags = arith::FastMathFlags::reassoc;
  Value sum = vector::ReductionOp::create(
      builder, loc, vector::CombiningKind::ADD, lanes, flags);
  return combine(builder, nest, start, sum);
}
