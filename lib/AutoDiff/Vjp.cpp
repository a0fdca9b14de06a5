//===- Vjp.cpp - How an op passes cotangents on ---------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The account of cotangents, and the interface of ops that have a VJP.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/AutoDiff/Vjp.h"
#include "Reads.h"
#include "Values.h"
#include "mlir/IR/Operation.h"
#include "mlir/IR/TypeUtilities.h"

#include "conveinsum/AutoDiff/DifferentiableOpInterface.cpp.inc"

using namespace mlir;
using namespace conveinsum;

bool conveinsum::isDifferentiable(Type type) {
  if (isa<ShapedType>(type) && !isa<RankedTensorType>(type))
    return false;
  Type element = getElementTypeOrSelf(type);
  if (auto complex = dyn_cast<ComplexType>(element))
    element = complex.getElementType();
  return isa<FloatType>(element);
}

void Vjp::add(Value value, Value contribution) {
  if (!needs(value))
    return;
  assert(value.getType() == contribution.getType() &&
         "a cotangent has the type of its value");
  Value &sum = cotangents[value];
  sum = sum ? sumOf(builder, value.getLoc(), sum, contribution) : contribution;
}

/// Whether an op, or a body in it, reads a value that needs a cotangent.
static bool readsNeeded(Operation *op, const Vjp &vjp) {
  bool isNeeded = false;
  forEachRead(op, [&](Value value) { isNeeded |= vjp.needs(value); });
  return isNeeded;
}

void Vjp::follow(Operation *op) {
  if (!readsNeeded(op, *this))
    return;
  for (Value result : op->getResults())
    if (isDifferentiable(result.getType()))
      needed.insert(result);
}

LogicalResult Vjp::visit(Operation *op) {
  if (llvm::none_of(op->getResults(),
                    [&](Value result) { return cotangent(result) != nullptr; }))
    return success();
  if (!readsNeeded(op, *this))
    return success();
  auto differentiable = dyn_cast<DifferentiableOpInterface>(op);
  if (!differentiable)
    return op->emitOpError("expected an op that has a gradient, got one that "
                           "does not implement DifferentiableOpInterface");
  return differentiable.buildVjp(*this);
}
