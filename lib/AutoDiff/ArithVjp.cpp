//===- ArithVjp.cpp - Derivatives of arithmetic ---------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The ops of the dialect arith on numbers and tensors of them.
//
//===----------------------------------------------------------------------===//

#include "Formula.h"
#include "Models.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace conveinsum;

/// Whether a value is zero everywhere.
static bool isZero(Value value) {
  if (auto fill = value.getDefiningOp<linalg::FillOp>())
    return isZero(fill.getInputs()[0]);
  return matchPattern(value, m_AnyZeroFloat());
}

namespace {
/// Sums and differences: cotangents go on as they are, or negated.
template <typename Op, bool isNegated>
struct SumModel
    : DifferentiableOpInterface::ExternalModel<SumModel<Op, isNegated>, Op> {
  LogicalResult buildVjp(Operation *op, Vjp &vjp) const {
    vjp.add(op->getOperand(0), vjp.cotangent(op->getResult(0)));
    if (!isNegated)
      vjp.add(op->getOperand(1), vjp.cotangent(op->getResult(0)));
    else
      addFormula(vjp, op->getOperand(1), op->getResult(0), {},
                 [](Formula &, Term g, ValueRange) { return -g; });
    return success();
  }
};

struct NegModel
    : DifferentiableOpInterface::ExternalModel<NegModel, arith::NegFOp> {
  LogicalResult buildVjp(Operation *op, Vjp &vjp) const {
    addFormula(vjp, op->getOperand(0), op->getResult(0), {},
               [](Formula &, Term g, ValueRange) { return -g; });
    return success();
  }
};

struct MulModel
    : DifferentiableOpInterface::ExternalModel<MulModel, arith::MulFOp> {
  LogicalResult buildVjp(Operation *op, Vjp &vjp) const {
    for (unsigned k = 0; k < 2; ++k)
      addFormula(
          vjp, op->getOperand(k), op->getResult(0), {op->getOperand(1 - k)},
          [](Formula &f, Term g, ValueRange read) { return g * f(read[0]); });
    return success();
  }
};

struct DivModel
    : DifferentiableOpInterface::ExternalModel<DivModel, arith::DivFOp> {
  LogicalResult buildVjp(Operation *op, Vjp &vjp) const {
    Value divisor = op->getOperand(1), result = op->getResult(0);
    addFormula(
        vjp, op->getOperand(0), result, {divisor},
        [](Formula &f, Term g, ValueRange read) { return g / f(read[0]); });
    addFormula(vjp, divisor, result, {divisor, result},
               [](Formula &f, Term g, ValueRange read) {
                 return -(g * f(read[1]) / f(read[0]));
               });
    return success();
  }
};

/// The larger or the smaller of two numbers gets all; equal ones share. Against
/// zeros this is a rectifier, which has no slope at 0 and needs its result
/// only.
template <typename Op, arith::CmpFPredicate wins>
struct ExtremumModel
    : DifferentiableOpInterface::ExternalModel<ExtremumModel<Op, wins>, Op> {
  LogicalResult buildVjp(Operation *op, Vjp &vjp) const {
    for (unsigned k = 0; k < 2; ++k) {
      Value own = op->getOperand(k), other = op->getOperand(1 - k);
      if (isZero(other))
        addFormula(vjp, own, op->getResult(0), {op->getResult(0)}, rectifier);
      else
        addFormula(vjp, own, op->getResult(0), {own, other}, extremum);
    }
    return success();
  }

private:
  static Term rectifier(Formula &f, Term g, ValueRange read) {
    Term zero = f.constant(g, 0);
    return f.select(f.compare(wins, read[0], zero), g, zero);
  }
  static Term extremum(Formula &f, Term g, ValueRange read) {
    Term isEqual = f.compare(arith::CmpFPredicate::OEQ, read[0], read[1]);
    Term lost = f.select(isEqual, 0.5 * g, f.constant(g, 0));
    return f.select(f.compare(wins, read[0], read[1]), g, lost);
  }
};

struct SelectModel
    : DifferentiableOpInterface::ExternalModel<SelectModel, arith::SelectOp> {
  LogicalResult buildVjp(Operation *op, Vjp &vjp) const {
    auto select = cast<arith::SelectOp>(op);
    Value condition = select.getCondition();
    bool isTensor = isa<TensorType>(condition.getType());
    SmallVector<Value> reads;
    // One condition for all entries is read from the body as it is.
    if (isTensor)
      reads.push_back(condition);
    auto add = [&](Value side, bool isFirst) {
      addFormula(vjp, side, select.getResult(), reads,
                 [&](Formula &f, Term g, ValueRange read) {
                   Term zero = f.constant(g, 0);
                   Value chosen = isTensor ? read[0] : condition;
                   return isFirst ? f.select(chosen, g, zero)
                                  : f.select(chosen, zero, g);
                 });
    };
    if (isa<ComplexType>(getElementTypeOrSelf(select.getResult())))
      return op->emitOpError("expected real numbers to be selected, whose "
                             "gradient is known, got complex ones");
    add(select.getTrueValue(), true);
    add(select.getFalseValue(), false);
    return success();
  }
};

/// Conversions between floating types.
template <typename Op>
struct ConversionModel
    : DifferentiableOpInterface::ExternalModel<ConversionModel<Op>, Op> {
  LogicalResult buildVjp(Operation *op, Vjp &vjp) const {
    Value operand = op->getOperand(0);
    if (vjp.needs(operand))
      vjp.add(operand, convertElements(vjp.builder, op->getLoc(),
                                       vjp.cotangent(op->getResult(0)),
                                       getElementTypeOrSelf(operand)));
    return success();
  }
};
} // namespace

void conveinsum::registerArithModels(DialectRegistry &registry) {
  using arith::CmpFPredicate;
  registry.addExtension(+[](MLIRContext *context, arith::ArithDialect *) {
    arith::AddFOp::attachInterface<SumModel<arith::AddFOp, false>>(*context);
    arith::SubFOp::attachInterface<SumModel<arith::SubFOp, true>>(*context);
    arith::NegFOp::attachInterface<NegModel>(*context);
    arith::MulFOp::attachInterface<MulModel>(*context);
    arith::DivFOp::attachInterface<DivModel>(*context);
    arith::MaximumFOp::attachInterface<
        ExtremumModel<arith::MaximumFOp, CmpFPredicate::OGT>>(*context);
    arith::MaxNumFOp::attachInterface<
        ExtremumModel<arith::MaxNumFOp, CmpFPredicate::OGT>>(*context);
    arith::MinimumFOp::attachInterface<
        ExtremumModel<arith::MinimumFOp, CmpFPredicate::OLT>>(*context);
    arith::MinNumFOp::attachInterface<
        ExtremumModel<arith::MinNumFOp, CmpFPredicate::OLT>>(*context);
    arith::SelectOp::attachInterface<SelectModel>(*context);
    arith::ExtFOp::attachInterface<ConversionModel<arith::ExtFOp>>(*context);
    arith::TruncFOp::attachInterface<ConversionModel<arith::TruncFOp>>(
        *context);
  });
}
