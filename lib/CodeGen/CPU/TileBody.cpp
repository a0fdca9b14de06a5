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

Value conveinsum::sumLanes(OpBuilder &builder, const LoopNest &nest,
                           Value lanes, Value start) {
  linalg::LinalgOp linalgOp = nest.getOp();
  Block *body = linalgOp.getBlock();
  Location loc = nest.getOp().getLoc();
  // Summing lanes pairwise instead of one after the other is the point here.
  auto flags = arith::FastMathFlags::none;
  Operation *combine = body->getTerminator()->getOperand(0).getDefiningOp();
  if (isa<arith::AddFOp>(combine))
    flags = arith::FastMathFlags::reassoc;
  Value sum = vector::ReductionOp::create(
      builder, loc, vector::CombiningKind::ADD, lanes, flags);
  IRMapping mapping;
  Value result = body->getArguments().back();
  for (Value operand : combine->getOperands())
    mapping.map(operand, operand == result ? start : sum);
  return builder.clone(*combine, mapping)->getResult(0);
}
