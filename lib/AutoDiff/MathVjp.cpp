//===- MathVjp.cpp - Derivatives of functions -----------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The table of derivatives of the dialect math. Where the result says as much
// as the operand, the formula reads the result, which more often is kept in any
// case.
//
//===----------------------------------------------------------------------===//

#include "Formula.h"
#include "Models.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/DialectRegistry.h"

using namespace mlir;
using namespace conveinsum;

static constexpr double kLog2 = 0.69314718055994530942;
static constexpr double kLog10 = 2.30258509299404568402;
static constexpr double kTwoOverSqrtPi = 1.12837916709551257390;

//===----------------------------------------------------------------------===//
// Of one operand
//===----------------------------------------------------------------------===//

static Term sqrtOf(Term x) { return x.formula->apply<math::SqrtOp>(x); }

// From the result.
static Term ofExp(Formula &, Term y) { return y; }
static Term ofExp2(Formula &, Term y) { return kLog2 * y; }
static Term ofExpM1(Formula &, Term y) { return y + 1; }
static Term ofSqrt(Formula &, Term y) { return 0.5 / y; }
static Term ofRsqrt(Formula &, Term y) { return -0.5 * (y * y * y); }
static Term ofCbrt(Formula &, Term y) { return 1 / (3 * (y * y)); }
static Term ofTan(Formula &, Term y) { return y * y + 1; }
static Term ofTanh(Formula &, Term y) { return 1 - y * y; }

// From the operand.
static Term ofLog(Formula &, Term x) { return 1 / x; }
static Term ofLog2(Formula &, Term x) { return 1 / (kLog2 * x); }
static Term ofLog10(Formula &, Term x) { return 1 / (kLog10 * x); }
static Term ofLog1p(Formula &, Term x) { return 1 / (x + 1); }
static Term ofSin(Formula &f, Term x) { return f.apply<math::CosOp>(x); }
static Term ofCos(Formula &f, Term x) { return -f.apply<math::SinOp>(x); }
static Term ofSinh(Formula &f, Term x) { return f.apply<math::CoshOp>(x); }
static Term ofCosh(Formula &f, Term x) { return f.apply<math::SinhOp>(x); }
static Term ofAsin(Formula &, Term x) { return 1 / sqrtOf(1 - x * x); }
static Term ofAcos(Formula &, Term x) { return -1 / sqrtOf(1 - x * x); }
static Term ofAtan(Formula &, Term x) { return 1 / (x * x + 1); }
static Term ofAsinh(Formula &, Term x) { return 1 / sqrtOf(x * x + 1); }
static Term ofAcosh(Formula &, Term x) { return 1 / sqrtOf(x * x + -1); }
static Term ofAtanh(Formula &, Term x) { return 1 / (1 - x * x); }
static Term ofErf(Formula &f, Term x) {
  return kTwoOverSqrtPi * f.apply<math::ExpOp>(-(x * x));
}
static Term ofErfc(Formula &f, Term x) { return -ofErf(f, x); }
/// At 0, where there is none, 0: the middle of what is possible.
static Term ofAbs(Formula &f, Term x) {
  Term zero = f.constant(x, 0), one = f.constant(x, 1);
  Term isAbove = f.compare(arith::CmpFPredicate::OGT, x, zero);
  Term isBelow = f.compare(arith::CmpFPredicate::OLT, x, zero);
  return f.select(isAbove, one, f.select(isBelow, -one, zero));
}

//===----------------------------------------------------------------------===//
// Of several operands
//===----------------------------------------------------------------------===//

namespace {
struct PowFModel
    : DifferentiableOpInterface::ExternalModel<PowFModel, math::PowFOp> {
  LogicalResult buildVjp(Operation *op, Vjp &vjp) const {
    Value base = op->getOperand(0), exponent = op->getOperand(1);
    Value result = op->getResult(0);
    addFormula(vjp, base, result, {base, exponent},
               [](Formula &f, Term g, ValueRange read) {
                 Term a = f(read[0]), b = f(read[1]);
                 return g * b * f.apply<math::PowFOp>(a, b + -1);
               });
    // 0^b has no slope in b, whatever the logarithm says.
    addFormula(vjp, exponent, result, {base, result},
               [](Formula &f, Term g, ValueRange read) {
                 Term a = f(read[0]), y = f(read[1]);
                 Term zero = f.constant(a, 0);
                 Term slope = g * y * f.apply<math::LogOp>(a);
                 return f.select(f.compare(arith::CmpFPredicate::OEQ, a, zero),
                                 zero, slope);
               });
    return success();
  }
};

struct FPowIModel
    : DifferentiableOpInterface::ExternalModel<FPowIModel, math::FPowIOp> {
  LogicalResult buildVjp(Operation *op, Vjp &vjp) const {
    Value base = op->getOperand(0), power = op->getOperand(1);
    addFormula(vjp, base, op->getResult(0), {base, power},
               [](Formula &f, Term g, ValueRange read) {
                 return g * slope(f, f(read[0]), read[1]);
               });
    return success();
  }

private:
  /// n x^(n - 1).
  static Term slope(Formula &f, Term x, Value n) {
    Term less = f.apply<math::FPowIOp>(x, f.minusOne(n));
    return f.toFloat(n, x) * less;
  }
};

struct Atan2Model
    : DifferentiableOpInterface::ExternalModel<Atan2Model, math::Atan2Op> {
  LogicalResult buildVjp(Operation *op, Vjp &vjp) const {
    Value y = op->getOperand(0), x = op->getOperand(1);
    addFormula(vjp, y, op->getResult(0), {y, x},
               [](Formula &f, Term g, ValueRange read) {
                 Term b = f(read[0]), a = f(read[1]);
                 return g * a / (a * a + b * b);
               });
    addFormula(vjp, x, op->getResult(0), {y, x},
               [](Formula &f, Term g, ValueRange read) {
                 Term b = f(read[0]), a = f(read[1]);
                 return -(g * b / (a * a + b * b));
               });
    return success();
  }
};

struct FmaModel
    : DifferentiableOpInterface::ExternalModel<FmaModel, math::FmaOp> {
  LogicalResult buildVjp(Operation *op, Vjp &vjp) const {
    for (unsigned k = 0; k < 2; ++k)
      addFormula(
          vjp, op->getOperand(k), op->getResult(0), {op->getOperand(1 - k)},
          [](Formula &f, Term g, ValueRange read) { return g * f(read[0]); });
    vjp.add(op->getOperand(2), vjp.cotangent(op->getResult(0)));
    return success();
  }
};
} // namespace

template <typename Op, Derivative derivative>
static void fromOperand(MLIRContext *context) {
  Op::template attachInterface<UnaryModel<Op, Reads::Operand, derivative>>(
      *context);
}
template <typename Op, Derivative derivative>
static void fromResult(MLIRContext *context) {
  Op::template attachInterface<UnaryModel<Op, Reads::Result, derivative>>(
      *context);
}

void conveinsum::registerMathModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, math::MathDialect *) {
    fromResult<math::ExpOp, ofExp>(context);
    fromResult<math::Exp2Op, ofExp2>(context);
    fromResult<math::ExpM1Op, ofExpM1>(context);
    fromResult<math::SqrtOp, ofSqrt>(context);
    fromResult<math::RsqrtOp, ofRsqrt>(context);
    fromResult<math::CbrtOp, ofCbrt>(context);
    fromResult<math::TanOp, ofTan>(context);
    fromResult<math::TanhOp, ofTanh>(context);
    fromOperand<math::LogOp, ofLog>(context);
    fromOperand<math::Log2Op, ofLog2>(context);
    fromOperand<math::Log10Op, ofLog10>(context);
    fromOperand<math::Log1pOp, ofLog1p>(context);
    fromOperand<math::SinOp, ofSin>(context);
    fromOperand<math::CosOp, ofCos>(context);
    fromOperand<math::SinhOp, ofSinh>(context);
    fromOperand<math::CoshOp, ofCosh>(context);
    fromOperand<math::AsinOp, ofAsin>(context);
    fromOperand<math::AcosOp, ofAcos>(context);
    fromOperand<math::AtanOp, ofAtan>(context);
    fromOperand<math::AsinhOp, ofAsinh>(context);
    fromOperand<math::AcoshOp, ofAcosh>(context);
    fromOperand<math::AtanhOp, ofAtanh>(context);
    fromOperand<math::ErfOp, ofErf>(context);
    fromOperand<math::ErfcOp, ofErfc>(context);
    fromOperand<math::AbsFOp, ofAbs>(context);
    math::PowFOp::attachInterface<PowFModel>(*context);
    math::FPowIOp::attachInterface<FPowIModel>(*context);
    math::Atan2Op::attachInterface<Atan2Model>(*context);
    math::FmaOp::attachInterface<FmaModel>(*context);
    math::CeilOp::attachInterface<StepwiseModel<math::CeilOp>>(*context);
    math::FloorOp::attachInterface<StepwiseModel<math::FloorOp>>(*context);
    math::RoundOp::attachInterface<StepwiseModel<math::RoundOp>>(*context);
    math::RoundEvenOp::attachInterface<StepwiseModel<math::RoundEvenOp>>(
        *context);
    math::TruncOp::attachInterface<StepwiseModel<math::TruncOp>>(*context);
  });
}
