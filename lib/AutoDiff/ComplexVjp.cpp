//===- ComplexVjp.cpp - Derivatives of complex arithmetic -----------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The ops of the dialect complex take scalars, in bodies. A cotangent is here
// the conjugate of the gradient (Vjp.h): for holomorphic functions nothing else
// changes, for parts and conjugates the signs of imaginary parts do.
//
//===----------------------------------------------------------------------===//

#include "Models.h"
#include "Values.h"
#include "conveinsum/AutoDiff/Vjp.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/IR/DialectRegistry.h"

using namespace mlir;
using namespace conveinsum;

/// What an op passes to its operand `k`, given the cotangent of its result.
using Rule = Value (*)(OpBuilder &, Location, Operation *, Value, unsigned);

namespace {
template <typename Op, Rule rule>
struct ComplexModel
    : DifferentiableOpInterface::ExternalModel<ComplexModel<Op, rule>, Op> {
  LogicalResult buildVjp(Operation *op, Vjp &vjp) const {
    Value cotangent = vjp.cotangent(op->getResult(0));
    for (unsigned k = 0, e = op->getNumOperands(); k != e; ++k)
      if (vjp.needs(op->getOperand(k)))
        vjp.add(op->getOperand(k),
                rule(vjp.builder, op->getLoc(), op, cotangent, k));
    return success();
  }
};
} // namespace

static Value product(OpBuilder &b, Location loc, Value left, Value right) {
  return complex::MulOp::create(b, loc, left, right);
}
static Value negative(OpBuilder &b, Location loc, Value value) {
  return complex::NegOp::create(b, loc, value);
}
static Value pair(OpBuilder &b, Location loc, Type type, Value re, Value im) {
  return complex::CreateOp::create(b, loc, type, re, im);
}

//===----------------------------------------------------------------------===//
// Rules
//===----------------------------------------------------------------------===//

static Value ofAdd(OpBuilder &, Location, Operation *, Value h, unsigned) {
  return h;
}
static Value ofSub(OpBuilder &b, Location loc, Operation *, Value h,
                   unsigned k) {
  return k == 0 ? h : negative(b, loc, h);
}
static Value ofMul(OpBuilder &b, Location loc, Operation *op, Value h,
                   unsigned k) {
  return product(b, loc, h, op->getOperand(1 - k));
}
static Value ofDiv(OpBuilder &b, Location loc, Operation *op, Value h,
                   unsigned k) {
  Value divisor = op->getOperand(1);
  Value share = complex::DivOp::create(b, loc, h, divisor);
  if (k == 0)
    return share;
  return negative(b, loc, product(b, loc, share, op->getResult(0)));
}
static Value ofNeg(OpBuilder &b, Location loc, Operation *, Value h, unsigned) {
  return negative(b, loc, h);
}
static Value ofConj(OpBuilder &b, Location loc, Operation *, Value h,
                    unsigned) {
  return complex::ConjOp::create(b, loc, h);
}
static Value ofExp(OpBuilder &b, Location loc, Operation *op, Value h,
                   unsigned) {
  return product(b, loc, h, op->getResult(0));
}
static Value ofLog(OpBuilder &b, Location loc, Operation *op, Value h,
                   unsigned) {
  return complex::DivOp::create(b, loc, h, op->getOperand(0));
}
static Value ofSqrt(OpBuilder &b, Location loc, Operation *op, Value h,
                    unsigned) {
  Value twice =
      complex::AddOp::create(b, loc, op->getResult(0), op->getResult(0));
  return complex::DivOp::create(b, loc, h, twice);
}
static Value ofSin(OpBuilder &b, Location loc, Operation *op, Value h,
                   unsigned) {
  Value cosine = complex::CosOp::create(b, loc, op->getOperand(0));
  return product(b, loc, h, cosine);
}
static Value ofCos(OpBuilder &b, Location loc, Operation *op, Value h,
                   unsigned) {
  Value sine = complex::SinOp::create(b, loc, op->getOperand(0));
  return negative(b, loc, product(b, loc, h, sine));
}
static Value ofTanh(OpBuilder &b, Location loc, Operation *op, Value h,
                    unsigned) {
  Value y = op->getResult(0);
  Value one = constantOf(b, loc, y.getType(), 1);
  Value slope = complex::SubOp::create(b, loc, one, product(b, loc, y, y));
  return product(b, loc, h, slope);
}

// Real numbers on one side.

static Value ofRe(OpBuilder &b, Location loc, Operation *op, Value h,
                  unsigned) {
  Value zero = constantOf(b, loc, h.getType(), 0);
  return pair(b, loc, op->getOperand(0).getType(), h, zero);
}
/// The gradient of an imaginary part is i g; its conjugate is here.
static Value ofIm(OpBuilder &b, Location loc, Operation *op, Value h,
                  unsigned) {
  Value zero = constantOf(b, loc, h.getType(), 0);
  Value minus = arith::NegFOp::create(b, loc, h);
  return pair(b, loc, op->getOperand(0).getType(), zero, minus);
}
static Value ofCreate(OpBuilder &b, Location loc, Operation *, Value h,
                      unsigned k) {
  if (k == 0)
    return complex::ReOp::create(b, loc, h);
  Value im = complex::ImOp::create(b, loc, h);
  return arith::NegFOp::create(b, loc, im);
}
/// g x / |x|, and 0 at 0.
static Value ofAbs(OpBuilder &b, Location loc, Operation *op, Value h,
                   unsigned) {
  Value x = op->getOperand(0), y = op->getResult(0);
  Value zero = constantOf(b, loc, y.getType(), 0);
  Value isZero =
      arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OEQ, y, zero);
  Value one = constantOf(b, loc, y.getType(), 1);
  Value divisor = arith::SelectOp::create(b, loc, isZero, one, y);
  Value scale = arith::DivFOp::create(b, loc, h, divisor);
  Value re = complex::ReOp::create(b, loc, x);
  Value im = complex::ImOp::create(b, loc, x);
  Value minus = arith::NegFOp::create(b, loc, scale);
  return pair(b, loc, x.getType(), arith::MulFOp::create(b, loc, re, scale),
              arith::MulFOp::create(b, loc, im, minus));
}

template <typename Op, Rule rule>
static void attach(MLIRContext *context) {
  Op::template attachInterface<ComplexModel<Op, rule>>(*context);
}

void conveinsum::registerComplexModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, complex::ComplexDialect *) {
    attach<complex::AddOp, ofAdd>(context);
    attach<complex::SubOp, ofSub>(context);
    attach<complex::MulOp, ofMul>(context);
    attach<complex::DivOp, ofDiv>(context);
    attach<complex::NegOp, ofNeg>(context);
    attach<complex::ConjOp, ofConj>(context);
    attach<complex::ExpOp, ofExp>(context);
    attach<complex::LogOp, ofLog>(context);
    attach<complex::SqrtOp, ofSqrt>(context);
    attach<complex::SinOp, ofSin>(context);
    attach<complex::CosOp, ofCos>(context);
    attach<complex::TanhOp, ofTanh>(context);
    attach<complex::ReOp, ofRe>(context);
    attach<complex::ImOp, ofIm>(context);
    attach<complex::CreateOp, ofCreate>(context);
    attach<complex::AbsOp, ofAbs>(context);
  });
}
