//===- Passes.cpp - The shell around checkpoint ---------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads the budget, goes over the pairs, and says what was decided.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Checkpoint/Passes.h"
#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsum.h"
#include "conveinsum/Dialect/ConvEinsum/IR/Remarks.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace conveinsum {
#define GEN_PASS_DEF_CHECKPOINTPASS
#include "conveinsum/Checkpoint/Passes.h.inc"
} // namespace conveinsum

using namespace mlir;
using namespace conveinsum;

static void emitRemark(TrainedPair pair, const CheckpointFigures &figures) {
  auto remark = remark::passed(pair.forward.getLoc(),
                               remark::RemarkOpts::name("checkpoint")
                                   .category("conveinsum-checkpoint")
                                   .function(pair.forward.getName()));
  remark << remark::metric("kept", std::to_string(figures.kept))
         << remark::metric("kept-bytes", toString(figures.keptBytes))
         << remark::metric("recomputed", std::to_string(figures.recomputed))
         << remark::metric("recomputed-macs", toString(figures.recomputedMacs))
         << remark::metric("forward-peak", toString(figures.forwardPeak))
         << remark::metric("backward-peak", toString(figures.backwardPeak))
         << remark::metric("forward-workspace",
                           toString(figures.forwardWorkspace))
         << remark::metric("backward-workspace",
                           toString(figures.backwardWorkspace));
  if (figures.error != Count(0))
    remark << remark::metric("macs-above-optimum-at-most",
                             toString(figures.error));
}

namespace {
struct CheckpointPass : conveinsum::impl::CheckpointPassBase<CheckpointPass> {
  using CheckpointPassBase::CheckpointPassBase;

  LogicalResult initialize(MLIRContext *context) override {
    std::optional<CheckpointBudget> read = CheckpointBudget::parse(budget);
    if (!read)
      return emitError(UnknownLoc::get(context))
             << "expected budget to be " << CheckpointBudget::expected()
             << ", got '" << budget << "'";
    limit = *read;
    return success();
  }

  void runOnOperation() override {
    FailureOr<SmallVector<TrainedPair>> pairs =
        findTrainedPairs(getOperation());
    if (failed(pairs))
      return signalPassFailure();
    for (TrainedPair pair : *pairs) {
      FailureOr<CheckpointFigures> figures = checkpoint(pair, limit);
      if (failed(figures))
        return signalPassFailure();
      numKept += figures->kept;
      numRecomputed += figures->recomputed;
      emitRemark(pair, *figures);
    }
  }

private:
  CheckpointBudget limit;
};
} // namespace
