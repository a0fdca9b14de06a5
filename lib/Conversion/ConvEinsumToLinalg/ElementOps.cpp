//===- ElementOps.cpp - Scalar arithmetic of every element type -----------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One case for each kind of element: floats, complex numbers, integers.
// Products and sums may be contracted to multiply-adds and nothing else.
//
//===----------------------------------------------------------------------===//

#include "ElementOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/IR/BuiltinTypes.h"
#include <algorithm>

using namespace mlir;

namespace conveinsum::lowering {

static constexpr arith::FastMathFlags kContract =
    arith::FastMathFlags::contract;

bool isSupportedElementType(Type type) {
  if (auto complex = dyn_cast<ComplexType>(type))
    return complex.getElementType().isF32() || complex.getElementType().isF64();
  if (auto integer = dyn_cast<IntegerType>(type))
    return integer.isSignless() &&
           (integer.getWidth() == 8 || integer.getWidth() == 16 ||
            integer.getWidth() == 32 || integer.getWidth() == 64);
  return type.isF64() || type.isF32() || type.isF16() || type.isBF16();
}

bool haveSameKind(Type a, Type b) {
  return isa<ComplexType>(a) == isa<ComplexType>(b) &&
         isa<IntegerType>(a) == isa<IntegerType>(b);
}

/// Bits of a real type, or of one part of a complex type.
static unsigned partWidth(Type type) {
  if (auto complex = dyn_cast<ComplexType>(type))
    type = complex.getElementType();
  return type.getIntOrFloatBitWidth();
}

Type accumulatorType(ArrayRef<Type> operands, Type result) {
  unsigned width = std::max(32u, partWidth(result));
  for (Type operand : operands)
    width = std::max(width, partWidth(operand));
  MLIRContext *context = result.getContext();
  if (isa<IntegerType>(result))
    return IntegerType::get(context, width);
  Type real = width == 64 ? Type(Float64Type::get(context))
                          : Type(Float32Type::get(context));
  return isa<ComplexType>(result) ? Type(ComplexType::get(real)) : real;
}

static Value convertReal(OpBuilder &builder, Location loc, Value value,
                         Type to) {
  unsigned from = value.getType().getIntOrFloatBitWidth();
  unsigned width = to.getIntOrFloatBitWidth();
  if (isa<IntegerType>(to))
    return from < width
               ? arith::ExtSIOp::create(builder, loc, to, value).getResult()
               : arith::TruncIOp::create(builder, loc, to, value).getResult();
  // f16 and bf16 hold different numbers, and convert through f32.
  if (from == width && value.getType() != to) {
    Type wide = Float32Type::get(builder.getContext());
    value = arith::ExtFOp::create(builder, loc, wide, value);
    return arith::TruncFOp::create(builder, loc, to, value);
  }
  if (from < width)
    return arith::ExtFOp::create(builder, loc, to, value);
  return arith::TruncFOp::create(builder, loc, to, value);
}

Value convertElement(OpBuilder &builder, Location loc, Value value, Type to) {
  if (value.getType() == to)
    return value;
  auto complex = dyn_cast<ComplexType>(to);
  if (!complex)
    return convertReal(builder, loc, value, to);
  Value re = complex::ReOp::create(builder, loc, value);
  Value im = complex::ImOp::create(builder, loc, value);
  return complex::CreateOp::create(
      builder, loc, to, convertReal(builder, loc, re, complex.getElementType()),
      convertReal(builder, loc, im, complex.getElementType()));
}

Value multiply(OpBuilder &builder, Location loc, Value lhs, Value rhs) {
  if (isa<IntegerType>(lhs.getType()))
    return arith::MulIOp::create(builder, loc, lhs, rhs);
  if (isa<ComplexType>(lhs.getType()))
    return complex::MulOp::create(builder, loc, lhs, rhs, kContract);
  return arith::MulFOp::create(builder, loc, lhs, rhs, kContract);
}

Value add(OpBuilder &builder, Location loc, Value lhs, Value rhs) {
  if (isa<IntegerType>(lhs.getType()))
    return arith::AddIOp::create(builder, loc, lhs, rhs);
  if (isa<ComplexType>(lhs.getType()))
    return complex::AddOp::create(builder, loc, lhs, rhs, kContract);
  return arith::AddFOp::create(builder, loc, lhs, rhs, kContract);
}

Value constantElement(OpBuilder &builder, Location loc, Type type,
                      int64_t value) {
  if (auto integer = dyn_cast<IntegerType>(type)) {
    APInt wrapped =
        APInt(64, value, /*isSigned=*/true).sextOrTrunc(integer.getWidth());
    return arith::ConstantOp::create(builder, loc,
                                     IntegerAttr::get(type, wrapped));
  }
  if (auto complex = dyn_cast<ComplexType>(type)) {
    Type real = complex.getElementType();
    return complex::ConstantOp::create(
        builder, loc, type,
        builder.getArrayAttr({builder.getFloatAttr(real, double(value)),
                              builder.getFloatAttr(real, 0.0)}));
  }
  return arith::ConstantOp::create(builder, loc,
                                   builder.getFloatAttr(type, double(value)));
}

} // namespace conveinsum::lowering
