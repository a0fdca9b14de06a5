//===- LowerEinsum.cpp - An einsum of one or two operands as linalg -------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Conversion/ConvEinsumToLinalg/LowerEinsum.h"
#include "ElementOps.h"
#include "Step.h"
#include "mlir/IR/Diagnostics.h"

using namespace mlir;

namespace conveinsum::lowering {

Value StepLowering::close(Step &step, OpenRelation relation) {
  if (!normalize(step, relation))
    return zeros(step);
  const bool holds[2] = {relation.coefficients[0] != 0,
                         relation.coefficients[1] != 0};
  if (!holds[0] && !holds[1])
    return closeVirtual(step, relation);
  if (!holds[0] || !holds[1])
    return closeSingle(step, relation, holds[0] ? 0 : 1);
  if (!step.inResult(relation.mode) && relation.resultExtent > 1)
    return closeSummed(step, relation);
  return closeWindow(step, relation);
}

Value StepLowering::lower(Step step) {
  if (step.isEmpty())
    return zeros(step);
  sumPrivateModes(step);
  while (!step.open.empty())
    if (Value value = close(step, step.open.pop_back_val()))
      return value;
  sumPrivateModes(step); // of modes that have become plain
  return contract(step);
}

/// The operand with every mode once: the diagonal of repeated ones.
static Factor takeDiagonals(TensorOps &ops, Value tensor,
                            ArrayRef<ModeId> modes) {
  Factor factor;
  Extents shape;
  SmallVector<unsigned> indices;
  for (auto [dim, mode] : llvm::enumerate(modes)) {
    if (!factor.holds(mode)) {
      factor.modes.push_back(mode);
      shape.push_back(TensorOps::extent(tensor, dim));
    }
    indices.push_back(factor.dim(mode));
  }
  bool repeats = factor.modes.size() != modes.size();
  factor.tensor = repeats ? ops.gather(tensor, indices, shape) : tensor;
  return factor;
}

/// The step as it stands in the equation.
static Step makeStep(TensorOps &ops, const Equation &equation,
                     ValueRange inputs, RankedTensorType resultType) {
  Step step;
  for (unsigned i = 0; i < equation.numOperands(); ++i)
    step.factors.push_back(
        takeDiagonals(ops, inputs[i], equation.operandModes(i)));
  step.result.assign(equation.resultModes().begin(),
                     equation.resultModes().end());
  step.resultShape.assign(resultType.getShape().begin(),
                          resultType.getShape().end());
  step.resultElement = resultType.getElementType();
  for (const LinearRelation &relation : equation.relations()) {
    OpenRelation &open = step.open.emplace_back();
    open.mode = relation.mode;
    for (const LinearRelation::Term &term : relation.terms)
      open.coefficients[term.operand] = term.coefficient;
    open.offset = relation.offset;
    open.resultCoefficient = relation.resultCoefficient;
    open.resultExtent = relation.resultExtent;
    open.modulus = relation.modulus;
  }
  return step;
}

/// Reports what this lowering asks for beyond a valid equation.
static LogicalResult verifyLowerable(Location loc, const Equation &equation,
                                     ValueRange inputs,
                                     RankedTensorType resultType) {
  const unsigned count = equation.numOperands();
  if (count != 1 && count != 2)
    return emitError(loc) << "expected an einsum of one or two operands, got "
                          << count << ": decompose it into steps first";
  if (!equation.hasStaticShapes() || !resultType.hasStaticShape())
    return emitError(loc) << "expected static extents, got '"
                          << equation.text() << "' with dynamic ones";
  for (Value input : inputs) {
    Type element = cast<RankedTensorType>(input.getType()).getElementType();
    if (!isSupportedElementType(element) ||
        !isSupportedElementType(resultType.getElementType()))
      return emitError(loc) << "expected element types f64, f32, f16, bf16, "
                               "complex<f32>, complex<f64>, i8, i16, i32 or "
                               "i64, got "
                            << element << " and "
                            << resultType.getElementType();
    if (!haveSameKind(element, resultType.getElementType()))
      return emitError(loc) << "expected operands and result of one kind, got "
                            << element << " and "
                            << resultType.getElementType();
  }
  return success();
}

} // namespace conveinsum::lowering

using namespace conveinsum::lowering;

FailureOr<mlir::Value> conveinsum::lowerEinsum(OpBuilder &builder, Location loc,
                                               const Equation &equation,
                                               ValueRange inputs,
                                               RankedTensorType resultType) {
  assert(inputs.size() == equation.numOperands() && "one value per operand");
  if (failed(verifyLowerable(loc, equation, inputs, resultType)))
    return failure();
  SmallVector<Type> elements;
  for (Type type : inputs.getTypes())
    elements.push_back(cast<RankedTensorType>(type).getElementType());
  TensorOps ops(builder, loc);
  Step step = makeStep(ops, equation, inputs, resultType);
  StepLowering lowering(
      builder, loc, accumulatorType(elements, resultType.getElementType()));
  return lowering.lower(std::move(step));
}
