//===- EinsumOp.cpp - Verifier, builders and shapes of the op -------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What an einsum adds to its equation: types, and the extents that come with
// them. Most checks are those of `Equation::withShapes`.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsum.h"
#include "conveinsum/Plan/Memory/Slicing.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace conveinsum;

#define GET_OP_CLASSES
#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsumOps.cpp.inc"

//===----------------------------------------------------------------------===//
// The equation with extents
//===----------------------------------------------------------------------===//

std::optional<Equation> EinsumOp::boundEquation(ErrorFn onError) {
  SmallVector<Shape> shapes;
  for (unsigned operand = 0; operand < getInputs().size(); ++operand)
    shapes.push_back(shapeOf(getInputType(operand)));
  return getEquation().getValue().withShapes(shapes, getResultType().getShape(),
                                             onError);
}

FailureOr<Equation> EinsumOp::boundEquation() {
  std::string text = getEquation().getValue().text();
  std::optional<Equation> equation =
      boundEquation([&](const conveinsum::Fault &diagnostic) {
        emitOpError() << renderDiagnostic(diagnostic, text);
      });
  if (!equation)
    return failure();
  return *equation;
}

//===----------------------------------------------------------------------===//
// Verifier
//===----------------------------------------------------------------------===//

/// C86, C87: tensors of the element types that equations are defined for.
static LogicalResult verifyTensor(EinsumOp op, RankedTensorType type,
                                  const Twine &what) {
  if (type.getEncoding())
    return op.emitOpError() << "expected " << what
                            << " without an encoding, got " << type << " [C86]";
  if (!toElementType(type.getElementType()))
    return op.emitOpError()
           << "expected elements of " << what
           << " of type f64, f32, f16, bf16, complex<f32>, complex<f64>, i8, "
              "i16, i32 or i64, got "
           << type.getElementType() << " [C87]";
  return success();
}

static LogicalResult verifyElementTypes(EinsumOp op) {
  for (unsigned operand = 0; operand < op.getInputs().size(); ++operand)
    if (failed(verifyTensor(op, op.getInputType(operand),
                            "operand " + Twine(operand))))
      return failure();
  if (failed(verifyTensor(op, op.getResultType(), "the result")))
    return failure();

  // C88: intermediates of integers are stored wider than operands.
  Type first = op.getInputType(0).getElementType();
  Type result = op.getResultType().getElementType();
  for (unsigned operand = 1; operand < op.getInputs().size(); ++operand) {
    Type type = op.getInputType(operand).getElementType();
    if (type != first && !(isa<IntegerType>(type) && isa<IntegerType>(first)))
      return op.emitOpError()
             << "expected elements of operand " << operand << " of type "
             << first << ", as those of operand 0, got " << type << " [C88]";
  }
  // C89: in the ring modulo 2^width every width of a result is exact.
  bool isExact = isa<IntegerType>(first) && isa<IntegerType>(result);
  if (!isExact &&
      !isValidResultType(*toElementType(first), *toElementType(result)))
    return op.emitOpError()
           << "expected a result of type " << first
           << " or a wider one of the same kind, got " << result << " [C89]";
  return success();
}

std::optional<int64_t>
conveinsum::impliedExtent(const LinearRelation &relation) {
  if (!relation.extentOffset || !relation.feature)
    return std::nullopt;
  const LinearRelation::Term *feature = relation.term(*relation.feature);
  int64_t last, extent;
  if (!feature || feature->extent == kDynamic ||
      llvm::AddOverflow(feature->extent, *relation.extentOffset, last) ||
      llvm::AddOverflow<int64_t>(
          llvm::divideFloorSigned(last, relation.resultCoefficient), 1, extent))
    return std::nullopt;
  return extent;
}

/// C84: an extent that depends on the feature's.
static LogicalResult verifyDynamicExtent(EinsumOp op, const Equation &equation,
                                         const LinearRelation &relation) {
  StringRef label = equation.label(relation.mode);
  if (!relation.extentOffset) {
    if (relation.resultExtent == kDynamic)
      return op.emitOpError()
             << "expected 'extent' after the equation of conv mode '" << label
             << "', whose extent in the result is dynamic [C84]";
    return success();
  }
  int64_t feature = relation.term(*relation.feature)->extent;
  if (feature == kDynamic || relation.resultExtent == kDynamic)
    return success();
  std::optional<int64_t> expected = impliedExtent(relation);
  if (!expected)
    return op.emitOpError() << "extent of conv mode '" << label
                            << "' does not fit 64 bits [C74]";
  if (*expected == relation.resultExtent)
    return success();
  return op.emitOpError() << "expected extent " << *expected
                          << " of conv mode '" << label
                          << "' in the result, got " << relation.resultExtent
                          << " [C84]";
}

/// C91, C94: what the attribute cannot know.
static LogicalResult verifyPlan(EinsumOp op, const Equation &equation) {
  const Plan &plan = op.getPlanAttr().getValue();
  if (plan.tree.numOperands() != op.getInputs().size())
    return op.emitOpError()
           << "expected a plan of " << op.getInputs().size()
           << " operands, got " << plan.tree.treeText() << " [C91]";
  if (plan.slicing.empty())
    return success();
  bool fits = verifySlicing(
      equation, plan.slicing, [&](const conveinsum::Fault &diagnostic) {
        op.emitOpError() << diagnostic.message << " [C94]";
      });
  return success(fits);
}

LogicalResult EinsumOp::verify() {
  const Equation &structure = getEquation().getValue();
  // C85; with C76 it also makes sure that there is an operand 0.
  if (getInputs().size() != structure.numOperands())
    return emitOpError() << "expected " << structure.numOperands()
                         << " operands as in the equation, got "
                         << getInputs().size() << " [C85]";
  if (failed(verifyElementTypes(*this)))
    return failure();
  FailureOr<Equation> equation = boundEquation();
  if (failed(equation))
    return failure();
  for (const LinearRelation &relation : equation->relations())
    if (failed(verifyDynamicExtent(*this, *equation, relation)))
      return failure();
  return getPlanAttr() ? verifyPlan(*this, *equation) : success();
}

//===----------------------------------------------------------------------===//
// Builders
//===----------------------------------------------------------------------===//

void EinsumOp::build(OpBuilder &builder, OperationState &state,
                     const Equation &equation, ValueRange inputs,
                     Type resultElementType) {
  if (!resultElementType)
    resultElementType =
        cast<RankedTensorType>(inputs.front().getType()).getElementType();
  build(builder, state, resultTypeOf(equation, resultElementType),
        EquationAttr::get(builder.getContext(), equation), inputs,
        /*plan=*/nullptr);
}

FailureOr<EinsumOp> EinsumOp::create(OpBuilder &builder, Location location,
                                     StringRef text,
                                     const GeometryMap &geometry,
                                     ValueRange inputs, ErrorFn onError,
                                     Type resultElementType) {
  SmallVector<Shape> shapes;
  for (mlir::Value input : inputs)
    shapes.push_back(shapeOf(cast<RankedTensorType>(input.getType())));
  std::optional<Equation> equation =
      Equation::create(text, geometry, shapes, onError);
  if (!equation)
    return failure();
  return create(builder, location, *equation, inputs, resultElementType);
}

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

/// Size of a plain mode whose size is not static, at run time.
static OpFoldResult reifyPlain(OpBuilder &builder, EinsumOp op,
                               const Equation &equation, ModeId mode) {
  unsigned operand = equation.holders(mode).front();
  const ModeId *position = llvm::find(equation.operandModes(operand), mode);
  return tensor::getMixedSize(builder, op.getLoc(), op.getInputs()[operand],
                              position -
                                  equation.operandModes(operand).begin());
}

/// E = (X + extentOffset) floordiv s + 1, as the assembly says it.
static OpFoldResult reifyConv(OpBuilder &builder, EinsumOp op,
                              const Equation &equation,
                              const LinearRelation &relation) {
  unsigned feature = *relation.feature;
  const ModeId *position =
      llvm::find(equation.operandModes(feature), relation.mode);
  OpFoldResult extent =
      tensor::getMixedSize(builder, op.getLoc(), op.getInputs()[feature],
                           position - equation.operandModes(feature).begin());
  AffineExpr x = builder.getAffineSymbolExpr(0);
  int64_t stride = relation.resultCoefficient;
  AffineExpr result = (x + (*relation.extentOffset + stride)).floorDiv(stride);
  return affine::makeComposedFoldedAffineApply(builder, op.getLoc(), result,
                                               {extent});
}

LogicalResult EinsumOp::reifyResultShapes(OpBuilder &builder,
                                          ReifiedRankedShapedTypeDims &shapes) {
  std::optional<Equation> equation =
      boundEquation([](const conveinsum::Fault &) {});
  if (!equation)
    return failure();
  SmallVector<OpFoldResult> extents;
  for (auto [mode, extent] :
       llvm::zip_equal(equation->resultModes(), getResultType().getShape())) {
    if (ShapedType::isStatic(extent))
      extents.push_back(builder.getIndexAttr(extent));
    else if (const LinearRelation *relation = equation->relation(mode))
      extents.push_back(reifyConv(builder, *this, *equation, *relation));
    else
      extents.push_back(reifyPlain(builder, *this, *equation, mode));
  }
  shapes.push_back(std::move(extents));
  return success();
}
