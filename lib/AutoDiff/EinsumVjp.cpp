//===- EinsumVjp.cpp - Gradients of einsums are einsums -------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One einsum towards each operand. A step has a cotangent and one other operand
// in it, so it is a step itself; where the result lacks a conv mode, an operand
// of ones joins them, and the three become two steps.
//
//===----------------------------------------------------------------------===//

#include "Models.h"
#include "Values.h"
#include "conveinsum/AutoDiff/Differentiate.h"
#include "conveinsum/AutoDiff/Vjp.h"
#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsum.h"
#include "conveinsum/Dialect/ConvEinsum/Transforms/Transforms.h"
#include "conveinsum/Equation/Gradient.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/Sequence.h"

using namespace mlir;
using namespace conveinsum;

/// Writes the result of a gradient's equation into the operand's shape: the
/// entries of a diagonal among zeros, one entry along all of a mode.
static mlir::Value writeBack(OpBuilder &builder, Location loc,
                             const GradientEquation &gradient,
                             mlir::Value value, RankedTensorType type) {
  unsigned rank = type.getRank();
  SmallVector<AffineExpr> from(gradient.equation.resultModes().size());
  SmallVector<std::pair<unsigned, unsigned>> diagonals;
  for (unsigned d : llvm::reverse(llvm::seq(rank))) {
    unsigned number = gradient.dims[d];
    auto *first = llvm::find(gradient.dims, number);
    if (first != gradient.dims.begin() + d)
      diagonals.push_back({unsigned(first - gradient.dims.begin()), d});
    else if (number < from.size())
      from[number] = builder.getAffineDimExpr(d);
  }
  AffineMap read = AffineMap::get(rank, 0, from, builder.getContext());
  Type element = type.getElementType();
  mlir::Value zero = constantOf(builder, loc, element, 0);
  mlir::Value empty =
      tensor::EmptyOp::create(builder, loc, type.getShape(), element);
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::parallel);
  return linalg::GenericOp::create(
             builder, loc, type, value, empty,
             ArrayRef<AffineMap>{read, builder.getMultiDimIdentityMap(rank)},
             iterators,
             [&](OpBuilder &inner, Location at, ValueRange entries) {
               mlir::Value entry = entries[0];
               for (auto [first, second] : diagonals) {
                 mlir::Value isOn = arith::CmpIOp::create(
                     inner, at, arith::CmpIPredicate::eq,
                     linalg::IndexOp::create(inner, at, first),
                     linalg::IndexOp::create(inner, at, second));
                 entry = arith::SelectOp::create(inner, at, isOn, entry, zero);
               }
               linalg::YieldOp::create(inner, at, entry);
             })
      .getResult(0);
}

/// The einsum, as steps if it has more than two operands.
static FailureOr<mlir::Value> createSteps(OpBuilder &builder, Location loc,
                                          const Equation &equation,
                                          ValueRange inputs, Type element) {
  auto op = EinsumOp::create(builder, loc, equation, inputs, element);
  if (inputs.size() <= 2)
    return op.getResult();
  PlanSource source;
  if (failed(planEinsum(op, PlanRequest(), source)))
    return failure();
  IRRewriter rewriter(builder.getContext());
  return decomposeEinsum(rewriter, op);
}

namespace {
struct EinsumModel
    : DifferentiableOpInterface::ExternalModel<EinsumModel, EinsumOp> {
  LogicalResult buildVjp(Operation *op, Vjp &vjp) const {
    auto einsum = cast<EinsumOp>(op);
    FailureOr<Equation> equation = einsum.boundEquation();
    if (failed(equation))
      return failure();
    for (unsigned k = 0, e = einsum.getInputs().size(); k != e; ++k)
      if (failed(addTowards(einsum, *equation, k, vjp)))
        return failure();
    return success();
  }

private:
  /// Operands in two places get a gradient for each.
  static LogicalResult addTowards(EinsumOp einsum, const Equation &equation,
                                  unsigned k, Vjp &vjp) {
    mlir::Value operand = einsum.getInputs()[k];
    if (!vjp.needs(operand))
      return success();
    OpBuilder &builder = vjp.builder;
    Location loc = einsum.getLoc();
    RankedTensorType type = einsum.getInputType(k);
    Type element = type.getElementType();
    GradientEquation gradient = gradientTowards(equation, k);
    // A result may be wider than the operands; products are of one type.
    SmallVector<mlir::Value> inputs = {convertElements(
        builder, loc, vjp.cotangent(einsum.getResult()), element)};
    for (unsigned other = 0; other < equation.numOperands(); ++other)
      if (other != k)
        inputs.push_back(einsum.getInputs()[other]);
    for (const Shape &shape : gradient.ones)
      inputs.push_back(
          constantOf(builder, loc, RankedTensorType::get(shape, element), 1));
    FailureOr<mlir::Value> value =
        createSteps(builder, loc, gradient.equation, inputs, element);
    if (failed(value))
      return failure();
    vjp.add(operand, gradient.isWhole()
                         ? *value
                         : writeBack(builder, loc, gradient, *value, type));
    return success();
  }
};
} // namespace

void conveinsum::registerEinsumModel(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, ConvEinsumDialect *) {
    EinsumOp::attachInterface<EinsumModel>(*context);
  });
}
