//===- Formula.h - Derivatives as formulas ----------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Writes a derivative as one writes it by hand:
//
//     [](Formula &, Term y) { return 1 - y * y; }      tanh
//
// It is evaluated on numbers. For tensors it becomes the body of one
// `linalg.generic`, so no intermediate of a formula is ever a tensor.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_AUTODIFF_FORMULA_H
#define CONVEINSUM_AUTODIFF_FORMULA_H

#include "Values.h"
#include "conveinsum/AutoDiff/Vjp.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/TypeUtilities.h"

namespace conveinsum {

class Formula;

/// A number in a formula, of a floating type.
struct Term {
  Formula *formula = nullptr;
  mlir::Value value;
  operator mlir::Value() const { return value; }
};

/// Builds the ops of one formula where its builder stands.
class Formula {
public:
  Formula(mlir::OpBuilder &builder, mlir::Location loc)
      : builder(builder), loc(loc) {}

  Term operator()(mlir::Value value) { return {this, value}; }
  Term constant(mlir::Value like, double number) {
    return {this, constantOf(builder, loc, like.getType(), number)};
  }
  template <typename Op, typename... Operands>
  Term apply(Operands... operands) {
    return {this, Op::create(builder, loc, mlir::Value(operands)...)};
  }
  Term compare(mlir::arith::CmpFPredicate predicate, mlir::Value left,
               mlir::Value right) {
    return {this,
            mlir::arith::CmpFOp::create(builder, loc, predicate, left, right)};
  }
  Term select(mlir::Value condition, mlir::Value yes, mlir::Value no) {
    return {this,
            mlir::arith::SelectOp::create(builder, loc, condition, yes, no)};
  }
  /// An integer less one, and as a number of the type of `like`.
  mlir::Value minusOne(mlir::Value integer) {
    mlir::Value one = mlir::arith::ConstantOp::create(
        builder, loc, builder.getIntegerAttr(integer.getType(), 1));
    return mlir::arith::SubIOp::create(builder, loc, integer, one);
  }
  Term toFloat(mlir::Value integer, mlir::Value like) {
    return {this, mlir::arith::SIToFPOp::create(builder, loc, like.getType(),
                                                integer)};
  }

private:
  mlir::OpBuilder &builder;
  mlir::Location loc;
};

inline Term operator+(Term a, Term b) {
  return a.formula->apply<mlir::arith::AddFOp>(a, b);
}
inline Term operator-(Term a, Term b) {
  return a.formula->apply<mlir::arith::SubFOp>(a, b);
}
inline Term operator*(Term a, Term b) {
  return a.formula->apply<mlir::arith::MulFOp>(a, b);
}
inline Term operator/(Term a, Term b) {
  return a.formula->apply<mlir::arith::DivFOp>(a, b);
}
inline Term operator-(Term a) {
  return a.formula->apply<mlir::arith::NegFOp>(a);
}
inline Term operator+(Term a, double b) {
  return a + a.formula->constant(a.value, b);
}
inline Term operator-(double a, Term b) {
  return b.formula->constant(b.value, a) - b;
}
inline Term operator*(double a, Term b) {
  return b.formula->constant(b.value, a) * b;
}
inline Term operator/(double a, Term b) {
  return b.formula->constant(b.value, a) / b;
}

/// Adds to the cotangent of `operand` what `formula` makes of the cotangent of
/// `result`, its first argument, and of the values that it reads.
template <typename Fn>
void addFormula(Vjp &vjp, mlir::Value operand, mlir::Value result,
                llvm::ArrayRef<mlir::Value> reads, Fn formula) {
  mlir::Value cotangent = vjp.cotangent(result);
  if (!cotangent || !vjp.needs(operand))
    return;
  llvm::SmallVector<mlir::Value> inputs = {cotangent};
  inputs.append(reads.begin(), reads.end());
  vjp.add(operand, mapEntries(vjp.builder, operand.getLoc(), inputs,
                              mlir::getElementTypeOrSelf(operand),
                              [&](mlir::OpBuilder &builder, mlir::Location loc,
                                  mlir::ValueRange entries) -> mlir::Value {
                                Formula f(builder, loc);
                                return formula(f, f(entries.front()),
                                               entries.drop_front());
                              }));
}

/// The derivative of a function of one operand, from its operand or its result.
using Derivative = Term (*)(Formula &, Term);

/// Whether a derivative is a formula in x or in y = f(x).
enum class Reads { Operand, Result };

template <typename Op, Reads reads, Derivative derivative>
struct UnaryModel : DifferentiableOpInterface::ExternalModel<
                        UnaryModel<Op, reads, derivative>, Op> {
  mlir::LogicalResult buildVjp(mlir::Operation *op, Vjp &vjp) const {
    mlir::Value operand = op->getOperand(0), result = op->getResult(0);
    addFormula(vjp, operand, result,
               {reads == Reads::Operand ? operand : result},
               [](Formula &f, Term g, mlir::ValueRange read) {
                 return g * derivative(f, f(read[0]));
               });
    return mlir::success();
  }
};

/// Ops that are constant wherever they have a derivative.
template <typename Op>
struct StepwiseModel
    : DifferentiableOpInterface::ExternalModel<StepwiseModel<Op>, Op> {
  mlir::LogicalResult buildVjp(mlir::Operation *, Vjp &) const {
    return mlir::success();
  }
};

} // namespace conveinsum

#endif // CONVEINSUM_AUTODIFF_FORMULA_H
