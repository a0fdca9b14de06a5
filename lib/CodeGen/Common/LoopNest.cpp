//===- LoopNest.cpp - A linalg op as strides ------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Multiplies indexing maps with the strides of the buffers.
//
//===----------------------------------------------------------------------===//

#include "LoopNest.h"
#include "BufferRoots.h"
#include "mlir/Dialect/LLVMIR/LLVMTypes.h"
#include "mlir/IR/AffineExprVisitor.h"
#include "llvm/Support/CheckedArithmetic.h"

using namespace conveinsum;
using namespace mlir;

/// Adds `factor * number` to `sum`; false if 64 bits do not hold it.
static bool addProduct(int64_t &sum, int64_t factor, int64_t number) {
  std::optional<int64_t> added = llvm::checkedMulAdd(factor, number, sum);
  sum = added.value_or(sum);
  return added.has_value();
}

/// Adds `factor * expr` to the coefficients of loops and to `constant`; false
/// if `expr` is not linear, or its numbers do not fit 64 bits.
static bool addLinear(AffineExpr expr, int64_t factor,
                      MutableArrayRef<int64_t> coefficients,
                      int64_t &constant) {
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return addProduct(coefficients[dim.getPosition()], factor, 1);
  if (auto number = dyn_cast<AffineConstantExpr>(expr))
    return addProduct(constant, factor, number.getValue());
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary)
    return false;
  if (binary.getKind() == AffineExprKind::Add)
    return addLinear(binary.getLHS(), factor, coefficients, constant) &&
           addLinear(binary.getRHS(), factor, coefficients, constant);
  if (binary.getKind() == AffineExprKind::Mul)
    if (auto number = dyn_cast<AffineConstantExpr>(binary.getRHS()))
      if (auto product = llvm::checkedMul(factor, number.getValue()))
        return addLinear(binary.getLHS(), *product, coefficients, constant);
  return false;
}

/// Adds the operand `opOperand` as a new column of the table.
static LogicalResult addOperand(LoopNest &nest, OpOperand &opOperand) {
  Operand operand;
  operand.value = opOperand.get();
  operand.elementType = operand.value.getType();
  SmallVector<int64_t> coefficients(nest.loops.size(), 0);
  if (auto type = dyn_cast<MemRefType>(operand.value.getType())) {
    operand.elementType = type.getElementType();
    operand.root = getBufferRoot(operand.value);
    SmallVector<int64_t> strides;
    if (failed(type.getStridesAndOffset(strides, operand.offset)) ||
        ShapedType::isDynamicShape(strides) ||
        ShapedType::isDynamic(operand.offset))
      return nest.op.emitOpError("expected operand ")
             << opOperand.getOperandNumber() << " to have static strides, got "
             << type;
    AffineMap map = nest.op.getMatchingIndexingMap(&opOperand);
    for (auto [expr, stride] : llvm::zip_equal(map.getResults(), strides))
      if (!addLinear(expr, stride, coefficients, operand.offset))
        return nest.op.emitOpError("expected a linear indexing map of operand ")
               << opOperand.getOperandNumber()
               << ", whose numbers fit 64 bits, got "
               << AffineMapAttr::get(map);
  }
  for (auto [loop, coefficient] : llvm::zip_equal(nest.loops, coefficients))
    loop.strides.push_back(coefficient);
  nest.operands.push_back(operand);
  return success();
}

/// Whether LLVM has all types that the body of `op` computes with.
static LogicalResult checkBody(linalg::LinalgOp op) {
  for (Operation &inner : op.getBlock()->without_terminator())
    for (Type type : llvm::concat<const Type>(inner.getOperandTypes(),
                                              inner.getResultTypes()))
      if (isa<FloatType>(type) && !LLVM::isCompatibleFloatingPointType(type))
        return op.emitOpError("expected a body of element types that LLVM has, "
                              "got ")
               << type << " in '" << inner.getName() << "'";
  return success();
}

FailureOr<LoopNest> LoopNest::get(linalg::LinalgOp op) {
  LoopNest nest;
  nest.op = op;
  if (!op.hasPureBufferSemantics() || op.getNumDpsInits() != 1)
    return op.emitOpError("expected one result, in a buffer, got ")
           << op.getNumDpsInits() << " results";
  if (failed(checkBody(op)))
    return failure();
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  SmallVector<utils::IteratorType> kinds = op.getIteratorTypesArray();
  for (auto [dim, extent] : llvm::enumerate(extents)) {
    if (ShapedType::isDynamic(extent))
      return op.emitOpError("expected static loop extents, got a dynamic "
                            "extent of loop ")
             << dim;
    bool reduction = kinds[dim] != utils::IteratorType::parallel;
    nest.loops.push_back({extent, reduction, {}, unsigned(dim)});
  }
  // Buffers without elements have no strides, and nothing will read them.
  if (nest.iterations() == 0)
    return nest;
  for (OpOperand *input : op.getDpsInputOperands())
    if (failed(addOperand(nest, *input)))
      return failure();
  if (failed(addOperand(nest, *op.getDpsInitOperand(0))))
    return failure();
  for (const Loop &loop : nest.loops)
    if (loop.reduction != (loop.strides.back() == 0) && loop.extent > 1)
      return op.emitOpError("expected the result to be indexed by all parallel "
                            "loops and by no reduction, got ")
             << AffineMapAttr::get(
                    op.getMatchingIndexingMap(op.getDpsInitOperand(0)));
  nest.readsResult = op.payloadUsesValueFromOperand(op.getDpsInitOperand(0));
  nest.readsIndices = op.hasIndexSemantics();
  return nest;
}
