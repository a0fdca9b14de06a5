//===- Values.cpp - Small computations on values of any type --------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Entry by entry, on tensors and on scalars.
//
//===----------------------------------------------------------------------===//

#include "Values.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace conveinsum;

Value conveinsum::mapEntries(OpBuilder &builder, Location loc,
                             ValueRange inputs, Type element, EntryFn entry) {
  auto type = dyn_cast<RankedTensorType>(inputs.front().getType());
  if (!type)
    return entry(builder, loc, inputs);
  Value empty = tensor::EmptyOp::create(builder, loc, type.getShape(), element);
  SmallVector<AffineMap> maps(inputs.size() + 1,
                              builder.getMultiDimIdentityMap(type.getRank()));
  SmallVector<utils::IteratorType> iterators(type.getRank(),
                                             utils::IteratorType::parallel);
  return linalg::GenericOp::create(
             builder, loc, empty.getType(), inputs, empty, maps, iterators,
             [&](OpBuilder &inner, Location at, ValueRange entries) {
               linalg::YieldOp::create(inner, at,
                                       entry(inner, at, entries.drop_back()));
             })
      .getResult(0);
}

static Value scalarConstant(OpBuilder &builder, Location loc, Type type,
                            double number) {
  if (auto complex = dyn_cast<ComplexType>(type)) {
    Type part = complex.getElementType();
    return complex::ConstantOp::create(
        builder, loc, complex,
        builder.getArrayAttr({builder.getFloatAttr(part, number),
                              builder.getFloatAttr(part, 0)}));
  }
  return arith::ConstantOp::create(builder, loc,
                                   builder.getFloatAttr(type, number));
}

Value conveinsum::constantOf(OpBuilder &builder, Location loc, Type type,
                             double number) {
  Value scalar =
      scalarConstant(builder, loc, getElementTypeOrSelf(type), number);
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor)
    return scalar;
  Value empty = tensor::EmptyOp::create(builder, loc, tensor.getShape(),
                                        tensor.getElementType());
  return linalg::FillOp::create(builder, loc, scalar, empty).getResult(0);
}

Value conveinsum::sumOf(OpBuilder &builder, Location loc, Value left,
                        Value right) {
  Type element = getElementTypeOrSelf(left);
  if (!isa<ComplexType>(element))
    return arith::AddFOp::create(builder, loc, left, right);
  return mapEntries(builder, loc, {left, right}, element,
                    [](OpBuilder &inner, Location at, ValueRange sides) {
                      return complex::AddOp::create(inner, at, sides[0],
                                                    sides[1])
                          .getResult();
                    });
}

Value conveinsum::conjugateOf(OpBuilder &builder, Location loc, Value value) {
  Type element = getElementTypeOrSelf(value);
  if (!isa<ComplexType>(element))
    return value;
  return mapEntries(
      builder, loc, value, element,
      [](OpBuilder &inner, Location at, ValueRange entries) {
        return complex::ConjOp::create(inner, at, entries[0]).getResult();
      });
}

/// A float of another width, entry by entry or in tensors.
static Value convertFloat(OpBuilder &builder, Location loc, Value value,
                          Type element) {
  Type type = element;
  if (auto tensor = dyn_cast<RankedTensorType>(value.getType()))
    type = tensor.clone(element);
  unsigned from = getElementTypeOrSelf(value).getIntOrFloatBitWidth();
  unsigned to = element.getIntOrFloatBitWidth();
  if (from > to)
    return arith::TruncFOp::create(builder, loc, type, value);
  if (from < to)
    return arith::ExtFOp::create(builder, loc, type, value);
  // Two types of 16 bits: by way of one that holds both.
  Value wide = convertFloat(builder, loc, value, builder.getF32Type());
  return convertFloat(builder, loc, wide, element);
}

Value conveinsum::convertElements(OpBuilder &builder, Location loc, Value value,
                                  Type element) {
  if (getElementTypeOrSelf(value) == element)
    return value;
  auto complex = dyn_cast<ComplexType>(element);
  if (!complex)
    return convertFloat(builder, loc, value, element);
  return mapEntries(
      builder, loc, value, element,
      [&](OpBuilder &inner, Location at, ValueRange entries) -> Value {
        Type part = complex.getElementType();
        Value re = complex::ReOp::create(inner, at, entries[0]);
        Value im = complex::ImOp::create(inner, at, entries[0]);
        return complex::CreateOp::create(inner, at, complex,
                                         convertFloat(inner, at, re, part),
                                         convertFloat(inner, at, im, part));
      });
}
