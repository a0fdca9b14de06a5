//===- LowerEinsum.cpp - An einsum of one or two operands as linalg -------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From an equation with its tensors to a step, the order in which the relations
// of the step are closed, and what is refused before anything is emitted.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Conversion/ConvEinsumToLinalg/LowerEinsum.h"
#include "ElementOps.h"
#include "NumberTheory.h"
#include "Step.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/raw_ostream.h"

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
  for (Factor &factor : step.factors)
    padNow(factor);
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

} // namespace conveinsum::lowering

using namespace conveinsum::lowering;

static std::string spell(Type type) {
  std::string text;
  llvm::raw_string_ostream(text) << type;
  return text;
}

/// Residues of a circle that a tensor may be laid out on: more fit no memory,
/// and the numbers of the lowering stay far from 64 bits.
static constexpr int64_t kMaxResidues = int64_t(1) << 40;

/// Whether the relation is linear in disguise, or its circle is small enough.
static bool hasUsableCircle(const conveinsum::LinearRelation &relation) {
  if (relation.modulus <= kMaxResidues)
    return true;
  Span span(centeredModulo(relation.offset, relation.modulus));
  int64_t s = centeredModulo(relation.resultCoefficient, relation.modulus);
  span.add(-s, relation.resultExtent);
  for (const auto &term : relation.terms)
    span.add(centeredModulo(term.coefficient, relation.modulus), term.extent);
  return s != 0 && span.onlyMultiple(relation.modulus);
}

/// Whether sums and doubles of what a linear relation reaches fit 64 bits: no
/// tensor of a machine comes near.
static bool hasUsableReach(const conveinsum::LinearRelation &relation) {
  auto magnitude = [](__int128 number) {
    return number < 0 ? -number : number;
  };
  __int128 reach = magnitude(relation.offset);
  auto add = [&](__int128 coefficient, int64_t extent) {
    if (extent > 1)
      reach += magnitude(coefficient) * (extent - 1);
  };
  add(relation.resultCoefficient, relation.resultExtent);
  for (const auto &term : relation.terms)
    add(term.coefficient, term.extent);
  return relation.modulus > 0 || reach < __int128(1) << 62;
}

bool conveinsum::verifyLowerable(const Equation &equation, TypeRange inputs,
                                 RankedTensorType resultType, ErrorFn onError) {
  auto refuse = [&](std::string message) {
    Diagnostic diagnostic;
    diagnostic.message = std::move(message);
    onError(diagnostic);
    return false;
  };
  const unsigned count = equation.numOperands();
  if (count != 1 && count != 2)
    return refuse("expected one or two operands, got " + std::to_string(count) +
                  ": decompose the einsum into steps first");
  for (auto [i, input] : llvm::enumerate(inputs))
    if (!cast<RankedTensorType>(input).hasStaticShape())
      return refuse("expected static extents, got operand " +
                    std::to_string(i) + " of type " + spell(input));
  if (!resultType.hasStaticShape())
    return refuse("expected static extents, got a result of type " +
                  spell(resultType));
  if (!equation.hasStaticShapes())
    return refuse("expected static extents, got a conv mode without one");
  for (const auto &relation : equation.relations())
    if (!hasUsableCircle(relation))
      return refuse("conv mode '" + equation.label(relation.mode).str() +
                    "': expected a period of at most " +
                    std::to_string(kMaxResidues) +
                    " where indices wrap, got " +
                    std::to_string(relation.modulus));

  for (const auto &relation : equation.relations())
    if (!hasUsableReach(relation))
      return refuse("conv mode '" + equation.label(relation.mode).str() +
                    "': expected an equation of numbers below 2^62, got " +
                    equation.relationText(relation) + " over " +
                    std::to_string(relation.resultExtent) + " results");

  const Type result = resultType.getElementType();
  if (!isSupportedElementType(result))
    return refuse("expected an element type of docs/Semantics.md, section 6, "
                  "got a result of " +
                  spell(result));
  for (auto [i, input] : llvm::enumerate(inputs)) {
    Type element = cast<RankedTensorType>(input).getElementType();
    if (!isSupportedElementType(element) || !haveSameKind(element, result))
      return refuse("expected operands of the same kind as the result's " +
                    spell(result) + ", got operand " + std::to_string(i) +
                    " of " + spell(element));
  }
  return true;
}

FailureOr<mlir::Value> conveinsum::lowerEinsum(OpBuilder &builder, Location loc,
                                               const Equation &equation,
                                               ValueRange inputs,
                                               RankedTensorType resultType) {
  assert(inputs.size() == equation.numOperands() && "one value per operand");
  if (!verifyLowerable(equation, inputs.getTypes(), resultType,
                       [&](const Diagnostic &diagnostic) {
                         emitError(loc) << diagnostic.message;
                       }))
    return failure();
  SmallVector<Type> elements;
  for (Type type : inputs.getTypes())
    elements.push_back(cast<RankedTensorType>(type).getElementType());
  TensorOps ops(builder, loc);
  Step step = makeStep(ops, equation, inputs, resultType);
  StepLowering lowering(builder, loc,
                        accumulatorType(elements, resultType.getElementType()));
  return lowering.lower(std::move(step));
}
