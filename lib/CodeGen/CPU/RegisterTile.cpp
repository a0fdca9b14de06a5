//===- RegisterTile.cpp - linalg on buffers to register tiles -------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The pass: finds the ops and the fills before them, asks for a tile, has it
// emitted. The work is in LoopNest, TileChoice and TileEmitter.
//
//===----------------------------------------------------------------------===//

#include "CodeGen/Common/BufferRoots.h"
#include "CodeGen/Common/LoopNest.h"
#include "TileChoice.h"
#include "TileEmitter.h"
#include "conveinsum/CodeGen/CPU/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace conveinsum {
#define GEN_PASS_DEF_CONVEINSUMREGISTERTILE
#include "conveinsum/CodeGen/CPU/Passes.h.inc"
} // namespace conveinsum

using namespace conveinsum;
using namespace mlir;

/// True if `op` or an op inside it uses `root` or a view of it.
static bool touches(Operation *op, Value root) {
  if (getViewSource(op))
    return false;
  WalkResult found = op->walk([&](Operation *inner) {
    for (Value operand : inner->getOperands())
      if (isa<MemRefType>(operand.getType()) && getBufferRoot(operand) == root)
        return WalkResult::interrupt();
    return WalkResult::advance();
  });
  return found.wasInterrupted();
}

/// The fill of all that `op` accumulates into, when nothing uses the buffer
/// between the two.
static linalg::FillOp findFill(const LoopNest &nest) {
  linalg::LinalgOp op = nest.getOp();
  if (!nest.readsResult || nest.iterations() == 0)
    return {};
  // An input in the same buffer reads what the fill wrote.
  Value root = nest.operands.back().root;
  for (const Operand &input : ArrayRef(nest.operands).drop_back())
    if (input.root == root)
      return {};
  Value result = op.getDpsInitOperand(0)->get();
  for (Operation *before = op->getPrevNode(); before;
       before = before->getPrevNode()) {
    if (auto fill = dyn_cast<linalg::FillOp>(before))
      if (fill.getOutputs()[0] == result)
        return fill;
    if (touches(before, root))
      return {};
  }
  return {};
}

namespace {
struct RegisterTilePass
    : public conveinsum::impl::ConvEinsumRegisterTileBase<RegisterTilePass> {
  using ConvEinsumRegisterTileBase::ConvEinsumRegisterTileBase;

  void runOnOperation() override {
    func::FuncOp func = getOperation();
    SmallVector<linalg::LinalgOp> ops;
    func.walk([&](linalg::LinalgOp op) { ops.push_back(op); });
    // Backwards: a fill is folded into the op after it before it is reached.
    llvm::SmallPtrSet<Operation *, 8> foldedFills;
    for (linalg::LinalgOp op : llvm::reverse(ops))
      if (!foldedFills.contains(op) && failed(compile(op, foldedFills)))
        return signalPassFailure();
    eraseDeadViews(func);
    if (vectorBits >= 512)
      preferWideVectors(func);
  }

private:
  LogicalResult compile(linalg::LinalgOp op,
                        llvm::SmallPtrSetImpl<Operation *> &foldedFills) {
    FailureOr<LoopNest> nest = LoopNest::get(op);
    if (failed(nest))
      return failure();
    if (nest->iterations() != 0)
      if (linalg::FillOp fill = emit(*nest)) {
        foldedFills.insert(fill);
        fill->erase();
      }
    op->erase();
    return success();
  }

  /// Emits the loops; returns the fill that went into them, if any.
  linalg::FillOp emit(LoopNest &nest) {
    linalg::FillOp fill = findFill(nest);
    EmitOptions options;
    if (fill)
      options.fill = fill.getInputs()[0];
    options.recompute = mayRecompute(nest, bool(fill));
    options.parallel = parallelWork > 0 && nest.iterations() >= parallelWork;
    nest.simplify();
    TileLimits limits{vectorBits, vectorRegisters, minVectorWork};
    Tile tile = chooseTile(nest, limits, options.recompute);
    emitTiledLoops(nest, tile, options);
    ++numTiles;
    numVectorTiles += tile.laneLoop.has_value();
    numFoldedFills += bool(fill);
    return fill;
  }

  /// CPUs that clock lower with 512-bit vectors have them split by default,
  /// which would spill the tiles' accumulators.
  static void preferWideVectors(func::FuncOp func) {
    Builder builder(func.getContext());
    auto pair = [&](StringRef name) {
      return builder.getStrArrayAttr({name, "512"});
    };
    func->setAttr("passthrough",
                  builder.getArrayAttr({pair("prefer-vector-width"),
                                        pair("min-legal-vector-width")}));
  }
};
} // namespace
