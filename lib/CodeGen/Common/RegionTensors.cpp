//===- RegionTensors.cpp - Tensors that leave regions ---------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The yields are rewritten on tensors, where bufferization still sees conflicts
// (a loop that swaps what it carries gets a copy). Afterwards a region yields
// the buffer that it was given, so that its results are that buffer.
//
//===----------------------------------------------------------------------===//

#include "RegionTensors.h"
#include "BufferRoots.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace conveinsum;
using namespace mlir;

/// Branches write into a new tensor, which nothing else uses: unlike a
/// tensor.empty it is never merged with another, so that the write is in place.
static void placeResults(scf::IfOp op) {
  OpBuilder builder(op);
  for (OpResult result : op->getResults()) {
    auto type = dyn_cast<RankedTensorType>(result.getType());
    if (!type)
      continue;
    Value place = bufferization::AllocTensorOp::create(builder, op.getLoc(),
                                                       type, ValueRange());
    for (scf::YieldOp yield : {op.thenYield(), op.elseYield()}) {
      OpOperand &yielded = yield->getOpOperand(result.getResultNumber());
      OpBuilder inBranch(yield);
      yielded.set(bufferization::MaterializeInDestinationOp::create(
                      inBranch, op.getLoc(), yielded.get(), place)
                      .getResult());
    }
  }
}

/// Copies what a loop yields if it may lie where the loop carries another
/// value, as when two are swapped: no place may be written before it is read.
static void copySwapped(scf::ForOp op, scf::YieldOp yield) {
  bufferization::BufferizationOptions options;
  bufferization::AnalysisState state(options);
  bufferization::TraversalConfig config;
  config.alwaysIncludeLeaves = false;
  OpBuilder builder(yield);
  for (OpOperand &yielded : yield->getOpOperands()) {
    if (!isa<TensorType>(yielded.get().getType()))
      continue;
    auto isElsewhere = [&](Value value) {
      auto argument = dyn_cast<BlockArgument>(value);
      return argument && argument.getOwner() == op.getBody() &&
             argument != op.getRegionIterArg(yielded.getOperandNumber());
    };
    if (!isElsewhere(yielded.get()) &&
        state.findValueInReverseUseDefChain(&yielded, isElsewhere, config)
            .empty())
      continue;
    auto type = cast<RankedTensorType>(yielded.get().getType());
    yielded.set(bufferization::AllocTensorOp::create(
        builder, yield.getLoc(), type, ValueRange(), yielded.get()));
  }
}

/// A loop copies into what it carries, unless bufferization finds a value to be
/// there already.
static void placeResults(scf::ForOp op) {
  auto yield = cast<scf::YieldOp>(op.getBody()->getTerminator());
  copySwapped(op, yield);
  OpBuilder builder(yield);
  for (auto [number, carried] : llvm::enumerate(op.getRegionIterArgs())) {
    OpOperand &yielded = yield->getOpOperand(number);
    if (!isa<TensorType>(carried.getType()) || yielded.get() == carried)
      continue;
    auto copy =
        linalg::CopyOp::create(builder, op.getLoc(), yielded.get(), carried);
    yielded.set(copy->getResult(0));
  }
}

LogicalResult conveinsum::placeRegionTensors(func::FuncOp func) {
  SmallVector<Operation *> ops;
  WalkResult walk = func.walk([&](RegionBranchOpInterface op) {
    for (Type type : op->getResultTypes()) {
      auto tensor = dyn_cast<TensorType>(type);
      if (!tensor)
        continue;
      if (!isa<scf::IfOp, scf::ForOp>(op)) {
        op->emitOpError("expected tensors to leave regions of scf.if and "
                        "scf.for only, got a result of type ")
            << type;
        return WalkResult::interrupt();
      }
      if (!tensor.hasStaticShape()) {
        op->emitOpError("expected results of static shape, got ") << type;
        return WalkResult::interrupt();
      }
    }
    ops.push_back(op);
    return WalkResult::advance();
  });
  if (walk.wasInterrupted())
    return failure();
  for (Operation *op : ops)
    if (auto branch = dyn_cast<scf::IfOp>(op))
      placeResults(branch);
    else if (auto loop = dyn_cast<scf::ForOp>(op))
      placeResults(loop);
  return success();
}

/// Replaces the results of `op` that are a buffer from before it.
static void useGivenBuffers(scf::IfOp op) {
  for (OpResult result : op->getResults()) {
    unsigned number = result.getResultNumber();
    if (!isa<MemRefType>(result.getType()))
      continue;
    Value buffer = op.thenYield().getOperand(number);
    if (buffer == op.elseYield().getOperand(number))
      result.replaceAllUsesWith(buffer);
  }
}

static void useGivenBuffers(scf::ForOp op) {
  auto yield = cast<scf::YieldOp>(op.getBody()->getTerminator());
  for (auto [carried, yielded, init, result] :
       llvm::zip_equal(op.getRegionIterArgs(), yield.getOperands(),
                       op.getInitArgs(), op->getResults()))
    if (isa<MemRefType>(result.getType()) && yielded == carried) {
      carried.replaceAllUsesWith(init);
      result.replaceAllUsesWith(init);
    }
}

/// Whether each memref that `op` makes is a new buffer or a view of one.
static LogicalResult checkBuffers(Operation *op) {
  if (isa<memref::AllocOp, memref::GetGlobalOp, func::CallOp>(op) ||
      getViewSource(op))
    return success();
  for (Type type : op->getResultTypes())
    if (isa<BaseMemRefType>(type))
      return op->emitOpError("expected a buffer that is known when compiling, "
                             "got one of several, of type ")
             << type;
  return success();
}

LogicalResult conveinsum::removeRegionBuffers(func::FuncOp func) {
  bool any = false;
  // Inner ops first: what they yield is then a buffer from outside of them.
  func.walk([&](Operation *op) {
    if (!llvm::any_of(op->getResultTypes(), llvm::IsaPred<MemRefType>))
      return;
    if (auto branch = dyn_cast<scf::IfOp>(op))
      useGivenBuffers(branch);
    else if (auto loop = dyn_cast<scf::ForOp>(op))
      useGivenBuffers(loop);
    else
      return;
    any = true;
  });
  if (any) {
    // Results without users go, and so do arguments that only pass through.
    RewritePatternSet patterns(func.getContext());
    scf::IfOp::getCanonicalizationPatterns(patterns, func.getContext());
    scf::ForOp::getCanonicalizationPatterns(patterns, func.getContext());
    (void)applyPatternsGreedily(func, std::move(patterns));
    // What a region yields may have been in its place already.
    func.walk([](linalg::CopyOp copy) {
      if (copy.getInputs()[0] == copy.getOutputs()[0])
        copy.erase();
    });
  }
  WalkResult walk = func.walk([](Operation *op) {
    return failed(checkBuffers(op)) ? WalkResult::interrupt()
                                    : WalkResult::advance();
  });
  return failure(walk.wasInterrupted());
}
