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
#include "conveinsum/Dialect/ConvEinsum/IR/TensorSizes.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/SaveAndRestore.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace conveinsum::lowering {

Value StepLowering::close(Step &step, OpenRelation relation) {
  if (!normalize(step, relation))
    return zeros(step);
  if (step.isDynamic(relation))
    return closeDynamic(step, relation);
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

Value StepLowering::lowerPreparation(Step step) {
  llvm::SaveAndRestore<DictionaryAttr> none(attributes, nullptr);
  return lower(std::move(step));
}

void keepAttributes(Operation *op, DictionaryAttr attributes) {
  if (!attributes)
    return;
  for (NamedAttribute attribute : attributes)
    if (!op->getInherentAttr(attribute.getName()))
      op->setDiscardableAttr(attribute.getName(), attribute.getValue());
}

/// The operand with every mode once: the diagonal of repeated ones.
static Factor takeDiagonals(TensorOps &ops, Value tensor,
                            ArrayRef<ModeId> modes) {
  Factor factor;
  SmallVector<unsigned> indices, first;
  for (auto [dim, mode] : llvm::enumerate(modes)) {
    if (!factor.holds(mode)) {
      factor.modes.push_back(mode);
      first.push_back(dim);
    }
    indices.push_back(factor.dim(mode));
  }
  factor.tensor = tensor;
  if (factor.modes.size() == modes.size())
    return factor;
  Sizes shape;
  for (unsigned dim : first)
    shape.push_back(ops.size(tensor, dim));
  factor.tensor = ops.gather(tensor, indices, shape);
  return factor;
}

/// Size of a mode in the result: E of a conv mode, or the operands'.
static OpFoldResult resultSize(TensorOps &ops, const Step &step,
                               const Equation &equation, ModeId mode,
                               int64_t extent) {
  if (extent == kDynamic && !equation.relation(mode))
    extent = equation.size(mode);
  if (extent != kDynamic)
    return ops.index(extent);
  const OpenRelation *open = llvm::find_if(
      step.open, [&](const OpenRelation &r) { return r.mode == mode; });
  if (open != step.open.end())
    return open->resultExtent == kDynamic ? open->resultSize
                                          : ops.index(open->resultExtent);
  const Factor *holder = llvm::find_if(
      step.factors, [&](const Factor &factor) { return factor.holds(mode); });
  return ops.size(holder->tensor, holder->dim(mode));
}

/// E where it follows from the extent of the feature.
static void followFeature(TensorOps &ops, const Step &step,
                          const LinearRelation &relation, OpenRelation &open) {
  if (!relation.extentOffset)
    return;
  const Factor &feature = step.factors[*relation.feature];
  const int64_t extent = feature.extent(relation.mode),
                s = open.resultCoefficient;
  if (open.resultExtent == kDynamic) {
    open.resultSize =
        ops.apply((ops.symbol(0) + *relation.extentOffset).floorDiv(s) + 1,
                  ops.size(feature.tensor, feature.dim(relation.mode)));
    if (std::optional<int64_t> known = getConstantIntValue(open.resultSize))
      open.resultExtent = *known;
  }
  if (extent == kDynamic && open.coefficients[*relation.feature] == 1)
    open.extentOffset = relation.extentOffset;
}

/// The step as it stands in the equation.
static Step makeStep(TensorOps &ops, const Equation &equation,
                     ValueRange inputs, RankedTensorType resultType) {
  Step step;
  for (unsigned i = 0; i < equation.numOperands(); ++i)
    step.factors.push_back(
        takeDiagonals(ops, inputs[i], equation.operandModes(i)));
  for (const LinearRelation &relation : equation.relations()) {
    OpenRelation &open = step.open.emplace_back();
    open.mode = relation.mode;
    for (const LinearRelation::Term &term : relation.terms)
      open.coefficients[term.operand] = term.coefficient;
    open.offset = relation.offset;
    open.resultCoefficient = relation.resultCoefficient;
    open.resultExtent = relation.resultExtent;
    open.modulus = relation.modulus;
    followFeature(ops, step, relation, open);
  }
  step.result.assign(equation.resultModes().begin(),
                     equation.resultModes().end());
  for (auto [mode, extent] :
       llvm::zip_equal(step.result, resultType.getShape()))
    step.resultShape.push_back(resultSize(ops, step, equation, mode, extent));
  step.resultElement = resultType.getElementType();
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

/// Whether sums and doubles of what a relation reaches fit 64 bits: no tensor
/// of a machine comes near. What stands before an index of a circle is taken
/// modulo its period.
static bool hasUsableReach(const conveinsum::LinearRelation &relation) {
  auto magnitude = [&](int64_t number) {
    if (relation.modulus > 0)
      number = centeredModulo(number, relation.modulus);
    return number < 0 ? -__int128(number) : __int128(number);
  };
  __int128 reach =
      magnitude(relation.offset) + magnitude(relation.extentOffset.value_or(0));
  auto add = [&](int64_t coefficient, int64_t extent) {
    // Expressions of a dynamic extent have its coefficient.
    if (extent > 1 || extent == conveinsum::kDynamic)
      reach += magnitude(coefficient) * (extent > 2 ? extent - 1 : 1);
  };
  add(relation.resultCoefficient, relation.resultExtent);
  for (const auto &term : relation.terms)
    add(term.coefficient, term.extent);
  return reach < __int128(1) << 62;
}

/// Whether the relation has static extents only, or one that can be windowed.
static bool hasUsableDirection(const conveinsum::LinearRelation &relation) {
  int64_t coefficients[2] = {0, 0};
  bool isDynamic[2] = {false, false};
  for (const auto &term : relation.terms) {
    if (term.extent == 1)
      continue; // does not move, and is gone before anything is windowed
    coefficients[term.operand] = term.coefficient;
    isDynamic[term.operand] = term.extent == conveinsum::kDynamic;
  }
  return (!isDynamic[0] && !isDynamic[1]) ||
         dynamicSide(coefficients, isDynamic);
}

bool conveinsum::verifyLowerable(const Equation &equation, TypeRange inputs,
                                 RankedTensorType resultType, ErrorFn onError) {
  auto refuse = [&](std::string message) {
    Fault diagnostic;
    diagnostic.message = std::move(message);
    onError(diagnostic);
    return false;
  };
  const unsigned count = equation.numOperands();
  if (count != 1 && count != 2)
    return refuse("expected one or two operands, got " + std::to_string(count) +
                  ": decompose the einsum into steps first");
  for (const auto &relation : equation.relations()) {
    if (!hasUsableDirection(relation))
      return refuse("conv mode '" + equation.label(relation.mode).str() +
                    "': expected a dynamic extent that runs in the direction "
                    "of the result, and no other one that does, got " +
                    equation.relationText(relation));
    if (!hasUsableCircle(relation))
      return refuse("conv mode '" + equation.label(relation.mode).str() +
                    "': expected a period of at most " +
                    std::to_string(kMaxResidues) + " where indices wrap, got " +
                    std::to_string(relation.modulus));
  }

  for (const auto &relation : equation.relations())
    if (!hasUsableReach(relation))
      return refuse("conv mode '" + equation.label(relation.mode).str() +
                    "': expected an equation of numbers below 2^62, got " +
                    equation.relationText(relation) + " over " +
                    std::to_string(relation.resultExtent) + " results");

  for (Type type : llvm::concat<const Type>(inputs, ArrayRef<Type>(resultType)))
    if (std::string refusal = refusalOf(type); !refusal.empty())
      return refuse(std::move(refusal));

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
                                               RankedTensorType resultType,
                                               DictionaryAttr attributes,
                                               bool peelBorders) {
  assert(inputs.size() == equation.numOperands() && "one value per operand");
  if (!verifyLowerable(equation, inputs.getTypes(), resultType,
                       [&](const Fault &diagnostic) {
                         emitError(loc) << numberedMessage(diagnostic);
                       }))
    return failure();
  SmallVector<Type> elements;
  for (Type type : inputs.getTypes())
    elements.push_back(cast<RankedTensorType>(type).getElementType());
  TensorOps ops(builder, loc);
  Step step = makeStep(ops, equation, inputs, resultType);
  StepLowering lowering(builder, loc,
                        accumulatorType(elements, resultType.getElementType()),
                        attributes, peelBorders);
  mlir::Value value = lowering.lower(std::move(step));
  if (auto zeros = value.getDefiningOp<linalg::FillOp>())
    keepAttributes(zeros, attributes);
  if (value.getType() != resultType)
    value = tensor::CastOp::create(builder, loc, resultType, value);
  return value;
}
