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
#include "TreeChoice.h"
#include "conveinsum/AutoDiff/Differentiate.h"
#include "conveinsum/Dialect/ConvEinsum/IR/AttributeNames.h"
#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsum.h"
#include "conveinsum/Dialect/ConvEinsum/IR/Remarks.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace conveinsum {
#define GEN_PASS_DEF_CHECKPOINTPASS
#define GEN_PASS_DEF_PLANTRAININGPASS
#include "conveinsum/Checkpoint/Passes.h.inc"
} // namespace conveinsum

using namespace mlir;
using namespace conveinsum;

/// The budget that an option of a pass says.
static LogicalResult readBudget(MLIRContext *context, StringRef text,
                                CheckpointBudget &limit) {
  std::optional<CheckpointBudget> read = CheckpointBudget::parse(text);
  if (!read)
    return emitError(UnknownLoc::get(context))
           << "expected budget to be " << CheckpointBudget::expected()
           << ", got '" << text << "'";
  limit = *read;
  return success();
}

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
    return readBudget(context, budget, limit);
  }

  void runOnOperation() override {
    FailureOr<SmallVector<TrainedPair>> pairs =
        findTrainedPairs(getOperation());
    if (failed(pairs))
      return signalPassFailure();
    for (TrainedPair pair : *pairs) {
      FailureOr<CheckpointFigures> figures = checkpoint(
          pair, takeBudget(pair),
          steadyPeak ? CheckpointPeaks::Steady : CheckpointPeaks::Any);
      if (failed(figures))
        return signalPassFailure();
      numKept += figures->kept;
      numRecomputed += figures->recomputed;
      emitRemark(pair, *figures);
    }
  }

private:
  /// What the function says, else what the option does.
  CheckpointBudget takeBudget(TrainedPair pair) {
    auto bytes = pair.forward->getAttrOfType<IntegerAttr>(kKeptBudgetAttr);
    if (!bytes)
      return limit;
    for (func::FuncOp each : {pair.forward, pair.backward})
      each->removeAttr(kKeptBudgetAttr);
    return CheckpointBudget::ofBytes(bytes.getInt());
  }

  CheckpointBudget limit;
};

struct PlanTrainingPass
    : conveinsum::impl::PlanTrainingPassBase<PlanTrainingPass> {
  using PlanTrainingPassBase::PlanTrainingPassBase;

  void getDependentDialects(DialectRegistry &registry) const override {
    PlanTrainingPassBase::getDependentDialects(registry);
    registerDifferentiableModels(registry);
  }

  LogicalResult initialize(MLIRContext *context) override {
    return readBudget(context, budget, limit);
  }

  void runOnOperation() override {
    Operation *root = getOperation();
    SmallVector<func::FuncOp> functions = functionsBelow(root);
    if (llvm::none_of(functions, isTrained))
      return;
    if (!root->hasTrait<OpTrait::SymbolTable>()) {
      root->emitOpError() << "cannot be planned for training: expected to run "
                             "on what holds functions, not on one alone";
      return signalPassFailure();
    }
    // Functions may call others, so that trials need all of them.
    OwningOpRef<Operation *> copy = root->clone();
    SmallVector<func::FuncOp> trials = functionsBelow(copy.get());
    for (auto [function, trial] : llvm::zip_equal(functions, trials))
      if (isTrained(function) && failed(run(function, trial)))
        return signalPassFailure();
  }

private:
  static SmallVector<func::FuncOp> functionsBelow(Operation *root) {
    SmallVector<func::FuncOp> functions;
    root->walk([&](func::FuncOp function) { functions.push_back(function); });
    return functions;
  }

  /// Whether it is differentiated as it stands.
  static bool isTrained(func::FuncOp function) {
    bool isTrained = false;
    for (unsigned k = 0, e = function.getNumArguments(); k != e; ++k) {
      isTrained |= bool(function.getArgAttr(k, kGradientAttr));
      if (function.getArgAttr(k, kConstantAttr))
        return false;
    }
    return isTrained && !function.isExternal() &&
           function.getBody().hasOneBlock();
  }

  LogicalResult run(func::FuncOp function, func::FuncOp trial) {
    FailureOr<TreeChoiceFigures> figures =
        chooseTrees(function, trial, limit, known);
    if (failed(figures))
      return failure();
    numNetworks += figures->networks;
    int64_t most = std::numeric_limits<int64_t>::max();
    Count bytes = std::min(figures->budget, Count(most));
    function->setAttr(kKeptBudgetAttr,
                      Builder(&getContext()).getI64IntegerAttr(bytes.word()));
    if (figures->networks == 0)
      return success();
    auto remark = remark::passed(function.getLoc(),
                                 remark::RemarkOpts::name("trees")
                                     .category("conveinsum-plan-training")
                                     .function(function.getName()));
    remark << remark::metric("networks", std::to_string(figures->networks))
           << remark::metric("trees", std::to_string(figures->trees))
           << remark::metric("budget-bytes", toString(figures->budget))
           << remark::metric("kept-bytes", toString(figures->keptBytes))
           << remark::metric("macs", toString(figures->macs))
           << remark::metric("macs-of-first-trees",
                             toString(figures->macsOfFirstTrees))
           << remark::metric("exact", figures->isExact ? "yes" : "no");
    if (figures->error != Count(0))
      remark << remark::metric("macs-above-optimum-at-most",
                               toString(figures->error));
    return success();
  }

  CheckpointBudget limit;
  KnownTrainingTrees known;
};
} // namespace
