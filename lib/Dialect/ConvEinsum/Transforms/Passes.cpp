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
#include "conveinsum/Dialect/ConvEinsum/IR/Remarks.h"
#include "conveinsum/Plan/Request/ByteSize.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Threading.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include <atomic>

namespace conveinsum {
#define GEN_PASS_DEF_PLANPASS
#define GEN_PASS_DEF_PREPAREPASS
#define GEN_PASS_DEF_COUNTMACSPASS
#define GEN_PASS_DEF_DECOMPOSEPASS
#define GEN_PASS_DEF_OUTLINESTEPSPASS
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

  /// Reads what the options say in words.
  LogicalResult initialize(MLIRContext *context) override {
    Location loc = UnknownLoc::get(context);
    std::optional<Objective> objective = Objective::parse(minimize);
    if (!objective)
      return emitError(loc) << "expected minimize to be flops, size, write, "
                               "combo-K, roof-F, time or peak, got '"
                            << minimize << "'";
    const TargetModel *model = TargetModel::find(target);
    if (!model)
      return emitError(loc)
             << "expected target to be cpu or gpu, got '" << target << "'";
    std::optional<SearchBudget> limits = SearchBudget();
    if (!budget.empty())
      limits = SearchBudget::parse(budget);
    if (!limits)
      return emitError(loc) << "expected budget to be a time or a number of "
                               "moves such as 10ms, 1.5s or 20000moves, got '"
                            << budget << "'";
    if (!memoryLimit.empty() && !(limit = parseByteSize(memoryLimit)))
      return emitError(loc) << "expected memory-limit to be a size such as "
                               "2GiB, got '"
                            << memoryLimit << "'";
    options = PlannerOptions(planner, *objective);
    options.budget = *limits;
    options.goal.objective.count = count;
    options.goal.target = *model;
    options.goal.gradients.assign(gradients.begin(), gradients.end());
    options.goal.constants.assign(constants.begin(), constants.end());
    llvm::sort(options.goal.gradients);
    llvm::sort(options.goal.constants);
    return success();
  }

  void runOnOperation() override {
    SmallVector<EinsumOp> ops;
    getOperation()->walk([&](EinsumOp op) { ops.push_back(op); });
    // Plans do not depend on each other, and a search takes its time.
    std::atomic<bool> isRefused(false);
    parallelForEach(&getContext(), ops, [&](EinsumOp op) {
      bool wasPinned = op.getPlanAttr() != nullptr;
      if (failed(planEinsum(op, options, limit)))
        isRefused = true;
      else if (op.getPlanAttr())
        ++(wasPinned ? numPinned : numPlanned);
    });
    if (isRefused)
      signalPassFailure();
  }

private:
  PlannerOptions options;
  std::optional<uint64_t> limit;
};

struct DecomposePass : conveinsum::impl::DecomposePassBase<DecomposePass> {
  using DecomposePassBase::DecomposePassBase;

  void runOnOperation() override {
    SmallVector<EinsumOp> ops;
    getOperation()->walk([&](EinsumOp op) { ops.push_back(op); });
    IRRewriter rewriter(&getContext());
    int64_t firstGroup = firstFreeGroup(getOperation());
    for (EinsumOp op : ops) {
      size_t numOperands = op.getInputs().size();
      PlanAttr plan = op.getPlanAttr();
      if (failed(decomposeEinsum(rewriter, op, firstGroup))) {
        signalPassFailure();
        continue;
      }
      if (plan)
        firstGroup += plan.getValue().groups.size();
      if (numOperands > 2) {
        ++numDecomposed;
        numSteps += numOperands - 1;
      }
    }
  }
};

struct OutlineStepsPass
    : conveinsum::impl::OutlineStepsPassBase<OutlineStepsPass> {
  using OutlineStepsPassBase::OutlineStepsPassBase;

  void runOnOperation() override {
    FailureOr<unsigned> made = outlineSteps(getOperation());
    if (failed(made))
      return signalPassFailure();
    numOutlined += *made;
  }
};

struct PreparePass : conveinsum::impl::PreparePassBase<PreparePass> {
  using PreparePassBase::PreparePassBase;

  void runOnOperation() override {
    FailureOr<unsigned> prepared = prepareFunctions(getOperation());
    if (failed(prepared))
      return signalPassFailure();
    numPrepared += *prepared;
  }
};

struct CountMacsPass : conveinsum::impl::CountMacsPassBase<CountMacsPass> {
  using CountMacsPassBase::CountMacsPassBase;

  void runOnOperation() override {
    if (failed(countMacs(getOperation())))
      signalPassFailure();
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
    remark::passed(op->getLoc(),
                   remarkOpts(op, "simplified", "conveinsum-simplify"))
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
