//===- Passes.cpp - Shells around the functions of this room ------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each pass walks its op and calls one function of Transforms.h.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Dialect/ConvEinsum/Transforms/Passes.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace conveinsum {
#define GEN_PASS_DEF_PLANPASS
#define GEN_PASS_DEF_DECOMPOSEPASS
#define GEN_PASS_DEF_SIMPLIFYPASS
#define GEN_PASS_DEF_VERIFYSTAGEPASS
#include "conveinsum/Dialect/ConvEinsum/Transforms/Passes.h.inc"
} // namespace conveinsum

using namespace mlir;
using namespace conveinsum;

void conveinsum::populateSimplifyPatterns(RewritePatternSet &patterns) {
  EinsumOp::getCanonicalizationPatterns(patterns, patterns.getContext());
}

namespace {

struct PlanPass : conveinsum::impl::PlanPassBase<PlanPass> {
  using PlanPassBase::PlanPassBase;

  void runOnOperation() override {
    PlannerOptions options;
    options.planner = planner;
    options.goal.objective.count = count;
    getOperation()->walk([&](EinsumOp op) {
      bool wasPinned = op.getPlanAttr() != nullptr;
      if (failed(planEinsum(op, options)))
        return signalPassFailure();
      if (op.getPlanAttr())
        ++(wasPinned ? numPinned : numPlanned);
    });
  }
};

struct DecomposePass : conveinsum::impl::DecomposePassBase<DecomposePass> {
  using DecomposePassBase::DecomposePassBase;

  void runOnOperation() override {
    SmallVector<EinsumOp> ops;
    getOperation()->walk([&](EinsumOp op) { ops.push_back(op); });
    IRRewriter rewriter(&getContext());
    for (EinsumOp op : ops) {
      size_t numOperands = op.getInputs().size();
      if (failed(decomposeEinsum(rewriter, op))) {
        signalPassFailure();
      } else if (numOperands > 2) {
        ++numDecomposed;
        numSteps += numOperands - 1;
      }
    }
  }
};

/// Counts the einsums that patterns replace, and says by what.
class RewriteCounter : public RewriterBase::Listener {
public:
  unsigned numRewritten = 0;

  void notifyOperationReplaced(Operation *op, ValueRange values) override {
    auto einsum = dyn_cast<EinsumOp>(op);
    if (!einsum)
      return;
    ++numRewritten;
    // A view of the operand may be the operand, which has no defining op.
    Operation *simpler = values.front().getDefiningOp();
    auto other = dyn_cast_or_null<EinsumOp>(simpler);
    std::string by = other     ? other.getEquation().getValue().text()
                     : simpler ? simpler->getName().getStringRef().str()
                               : "operand";
    remark::passed(
        op->getLoc(),
        remark::RemarkOpts::name("simplified").category("conveinsum-simplify"))
        << remark::metric("equation", einsum.getEquation().getValue().text())
        << remark::metric("by", by);
  }
};

struct SimplifyPass : conveinsum::impl::SimplifyPassBase<SimplifyPass> {
  using SimplifyPassBase::SimplifyPassBase;

  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    populateSimplifyPatterns(patterns);
    RewriteCounter counter;
    if (failed(applyPatternsGreedily(
            getOperation(), std::move(patterns),
            GreedyRewriteConfig().setListener(&counter))))
      signalPassFailure();
    numRewritten += counter.numRewritten;
  }
};

struct VerifyStagePass
    : conveinsum::impl::VerifyStagePassBase<VerifyStagePass> {
  using VerifyStagePassBase::VerifyStagePassBase;

  void runOnOperation() override {
    if (failed(verifyStage(getOperation(), stage)))
      return signalPassFailure();
    markAllAnalysesPreserved();
  }
};

} // namespace
