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
#include "conveinsum/CodeGen/CPU/CpuOptions.h"
#include "conveinsum/CodeGen/CPU/Passes.h"
#include "conveinsum/Dialect/ConvEinsum/IR/TensorSizes.h"
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

/// Whether `nest` is a copy of elements to where they are: bufferization leaves
/// such copies of slices that were computed in place.
static bool copiesToItself(const LoopNest &nest) {
  if (!isa<linalg::CopyOp>(nest.op))
    return false;
  const Operand &from = nest.operands.front(), &to = nest.operands.back();
  return from.root && from.root == to.root && from.offset == to.offset &&
         llvm::all_of(nest.loops, [](const Loop &loop) {
           return loop.strides.front() == loop.strides.back();
         });
}

namespace {
struct RegisterTilePass
    : public conveinsum::impl::ConvEinsumRegisterTileBase<RegisterTilePass> {
  using ConvEinsumRegisterTileBase::ConvEinsumRegisterTileBase;

  LogicalResult initialize(MLIRContext *context) override {
    cpu.vectorBits = vectorBits;
    cpu.vectorRegisters = vectorRegisters;
    if (!caches.empty())
      cpu.caches.assign(caches.begin(), caches.end());
    cpu.minVectorWork = minVectorWork;
    cpu.parallelWork = parallelWork;
    cpu.contract = contract;
    return success(cpu.verify([&](const Twine &fault) {
      emitError(UnknownLoc::get(context)) << fault;
    }));
  }

  void runOnOperation() override {
    SmallVector<linalg::LinalgOp> ops;
    if (failed(verifyTensorSizes(getOperation())) || failed(collect(ops)))
      return signalPassFailure();
    // Backwards: a fill is folded into the op after it before it is reached.
    llvm::SmallPtrSet<Operation *, 8> foldedFills;
    for (linalg::LinalgOp op : llvm::reverse(ops))
      if (!foldedFills.contains(op) && failed(compile(op, foldedFills)))
        return signalPassFailure();
    eraseDeadViews(getOperation());
    if (cpu.vectorBits >= 512)
      getOperation()->walk(preferWideVectors);
  }

private:
  /// Finds the ops; those of linalg that are not loops by themselves are
  /// refused.
  LogicalResult collect(SmallVectorImpl<linalg::LinalgOp> &ops) {
    WalkResult walk =
        getOperation()->walk<WalkOrder::PreOrder>([&](Operation *op) {
          if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op)) {
            ops.push_back(linalgOp);
            return WalkResult::skip();
          }
          if (!isa_and_nonnull<linalg::LinalgDialect>(op->getDialect()))
            return WalkResult::advance();
          op->emitOpError(
              "expected ops of linalg that are a loop nest, got one "
              "that must be decomposed first");
          return WalkResult::interrupt();
        });
    return failure(walk.wasInterrupted());
  }

  LogicalResult compile(linalg::LinalgOp op,
                        llvm::SmallPtrSetImpl<Operation *> &foldedFills) {
    FailureOr<LoopNest> nest = LoopNest::get(op);
    if (failed(nest))
      return failure();
    if (nest->iterations() != 0 && !copiesToItself(*nest))
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
    options.vectorRegisters = cpu.vectorRegisters;
    options.parallel =
        cpu.parallelWork > 0 && nest.iterations() >= cpu.parallelWork;
    if (!cpu.contract)
      dropContract(nest);
    nest.simplify();
    Tile tile = chooseTile(nest, cpu, options.recompute);
    emitTiledLoops(nest, tile, options);
    ++numTiles;
    numVectorTiles += tile.laneLoop.has_value();
    numFoldedFills += bool(fill);
    return fill;
  }

  /// Makes products and sums of the body round one by one.
  static void dropContract(LoopNest &nest) {
    for (Operation &op : *nest.getOp().getBlock())
      if (auto floating = dyn_cast<arith::ArithFastMathInterface>(op)) {
        arith::FastMathFlags kept = floating.getFastMathFlagsAttr().getValue() &
                                    ~arith::FastMathFlags::contract;
        op.setAttr(floating.getFastMathAttrName(),
                   arith::FastMathFlagsAttr::get(op.getContext(), kept));
      }
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

  /// The options as the code generator knows them.
  CpuOptions cpu;
};
} // namespace
