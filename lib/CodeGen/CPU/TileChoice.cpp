//===- TileChoice.cpp - Which loops live in registers ---------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the body of an op allows, for the search of Target/RegisterTile.h.
//
//===----------------------------------------------------------------------===//

#include "TileChoice.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/Support/MathExtras.h"

using namespace conveinsum;
using namespace mlir;

ReductionKind conveinsum::getReductionKind(const LoopNest &nest) {
  linalg::LinalgOp op = nest.getOp();
  Block *body = op.getBlock();
  Value result = body->getArguments().back();
  Operation *combine = body->getTerminator()->getOperand(0).getDefiningOp();
  if (!combine || combine->getNumOperands() != 2 || !result.hasOneUse() ||
      *result.user_begin() != combine)
    return ReductionKind::Opaque;
  if (isa<arith::AddFOp, complex::AddOp>(combine))
    return ReductionKind::AddF;
  if (isa<arith::AddIOp>(combine))
    return ReductionKind::AddI;
  return ReductionKind::Opaque;
}

bool conveinsum::mayRecompute(const LoopNest &nest, bool startsFromFill) {
  if (nest.readsResult && !startsFromFill)
    return false;
  Value root = nest.operands.back().root;
  return llvm::none_of(ArrayRef(nest.operands).drop_back(),
                       [&](const Operand &in) { return in.root == root; });
}

static bool isVectorElement(Type type) {
  if (isa<Float16Type, BFloat16Type, Float32Type, Float64Type>(type))
    return true;
  auto integer = dyn_cast<IntegerType>(type);
  return integer && integer.isSignless() &&
         llvm::is_contained({8, 16, 32, 64}, integer.getWidth());
}

/// True for ops that mean the same on each lane and cannot trap, so that lanes
/// beyond the end may compute on zeros.
static bool isLaneOp(Operation &op) {
  return isa<linalg::YieldOp, arith::ConstantOp, arith::AddFOp, arith::SubFOp,
             arith::MulFOp, arith::DivFOp, arith::NegFOp, arith::AddIOp,
             arith::SubIOp, arith::MulIOp, arith::ExtFOp, arith::TruncFOp,
             arith::ExtSIOp, arith::ExtUIOp, arith::TruncIOp, arith::SIToFPOp,
             arith::UIToFPOp, arith::MaximumFOp, arith::MinimumFOp,
             math::FmaOp>(op);
}

/// The widest element type of the body in bits, or 0 if it cannot run in lanes.
static unsigned widestElement(const LoopNest &nest) {
  linalg::LinalgOp op = nest.getOp();
  unsigned widest = 0;
  auto visit = [&](Type type) {
    if (!isVectorElement(type))
      return false;
    widest = std::max(widest, type.getIntOrFloatBitWidth());
    return true;
  };
  if (nest.readsIndices ||
      !llvm::all_of(op.getBlock()->getArgumentTypes(), visit))
    return 0;
  for (Operation &inner : *op.getBlock()) {
    if (!isLaneOp(inner) || !llvm::all_of(inner.getResultTypes(), visit))
      return 0;
    for (Value operand : inner.getOperands())
      if (!visit(operand.getType()))
        return 0;
  }
  return widest;
}

/// Bytes of an element in memory.
static unsigned elementBytes(Type type) {
  if (auto complex = dyn_cast<ComplexType>(type))
    return 2 * elementBytes(complex.getElementType());
  return type.isIntOrFloat()
             ? unsigned(llvm::divideCeil(type.getIntOrFloatBitWidth(), 8))
             : sizeof(int64_t);
}

Tile conveinsum::chooseTile(const LoopNest &nest, const CpuOptions &cpu,
                            bool recompute) {
  if (nest.readsIndices || nest.iterations() < cpu.minVectorWork)
    return Tile();
  SmallVector<unsigned, 4> bytes;
  for (const Operand &operand : nest.operands)
    bytes.push_back(operand.root ? elementBytes(operand.elementType) : 0);
  unsigned bits = widestElement(nest);
  return chooseTile({nest, bytes,
                     bits ? std::max<int64_t>(cpu.vectorBits / bits, 1) : 1,
                     getReductionKind(nest) != ReductionKind::Opaque, recompute,
                     cpu.vectorBits, cpu.vectorRegisters, cpu.caches});
}
