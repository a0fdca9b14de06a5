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
#include "conveinsum/Plan/Request/PlanWords.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Threading.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include <atomic>

namespace conveinsum {
#define GEN_PASS_DEF_PLANPASS
#define GEN_PASS_DEF_PREPAREPASS
#define GEN_PASS_DEF_CHOOSELAYOUTSPASS
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
    auto onError = [&](const conveinsum::Fault &diagnostic) {
      emitError(loc) << numberedMessage(diagnostic);
    };
    auto read = [&](StringRef name, StringRef text, PlanRequest &request) {
      return text.empty() ||
             readPlanWord(name, name, text, /*operands=*/0, request, onError);
    };
    defaults = PlanDefaults();
    PlanRequest &request = defaults.request;
    PlanRequest lists; // How many operands there are is not known yet.
    if (!read("planner", planner, request) ||
        !read("minimize", minimize, request) ||
        !read("count", count, request) || !read("target", target, request) ||
        !read("budget", budget, request) ||
        !read("memory-limit", memoryLimit, request) ||
        !read("keep", keep, request) || !read("gradients", gradients, lists) ||
        !read("constants", constants, lists))
      return failure();
    defaults.gradients = gradients;
    defaults.constants = constants;
    // Lists that contradict themselves are reported on the ops.
    const PlanGoal &goal = lists.options.goal;
    llvm::SmallDenseSet<unsigned> named(goal.gradients.begin(),
                                        goal.gradients.end());
    bool isClear = llvm::all_of(goal.constants, [&](unsigned operand) {
      return named.insert(operand).second;
    });
    constantOperands.clear();
    if (isClear)
      constantOperands.assign(goal.constants.begin(), goal.constants.end());
    return success(openSource(loc, onError));
  }

  void runOnOperation() override {
    // Whoever carries plans out finds on the arguments what they rely on.
    markConstantArguments(getOperation(), constantOperands);
    OperandRoles roles(getOperation());
    SmallVector<EinsumOp> ops;
    getOperation()->walk([&](EinsumOp op) { ops.push_back(op); });
    // Plans do not depend on each other, and a search takes its time.
    std::atomic<bool> isRefused(false);
    parallelForEach(&getContext(), ops, [&](EinsumOp op) {
      if (failed(plan(op, roles)))
        isRefused = true;
    });
    if (isRefused)
      signalPassFailure();
  }

private:
  bool openSource(Location loc, conveinsum::ErrorFn onError) {
    source->rememberNetworks();
    return cache.empty() || source->openCache(
                                cache, "cache",
                                [loc](const conveinsum::Fault &diagnostic) {
                                  emitWarning(loc)
                                      << numberedMessage(diagnostic);
                                },
                                onError);
  }

  LogicalResult plan(EinsumOp op, const OperandRoles &roles) {
    FailureOr<PlanRequest> request = planRequestOf(op, defaults, roles);
    if (failed(request))
      return failure();
    FailureOr<PlanOrigin> origin = planEinsum(op, *request, *source);
    if (failed(origin))
      return failure();
    numPinned += *origin == PlanOrigin::Pinned;
    numPlanned += *origin == PlanOrigin::Search || *origin == PlanOrigin::Known;
    numRemembered += *origin == PlanOrigin::Known;
    return success();
  }

  PlanDefaults defaults;
  SmallVector<unsigned> constantOperands;
  /// Shared by the clones of the pass that run on other functions.
  std::shared_ptr<PlanSource> source = std::make_shared<PlanSource>();
};

struct DecomposePass : conveinsum::impl::DecomposePassBase<DecomposePass> {
  using DecomposePassBase::DecomposePassBase;

  void runOnOperation() override {
    SmallVector<EinsumOp> ops;
    getOperation()->walk([&](EinsumOp op) { ops.push_back(op); });
    // Before einsums are replaced, whose results are operands of others.
    OperandRoles roles(getOperation());
    std::vector<PlanGoal> goals(ops.size());
    for (auto [op, goal] : llvm::zip_equal(ops, goals))
      addOperandRoles(op, roles, goal);
    IRRewriter rewriter(&getContext());
    int64_t firstGroup = firstFreeGroup(getOperation());
    for (auto [op, goal] : llvm::zip_equal(ops, goals)) {
      size_t numOperands = op.getInputs().size();
      PlanAttr plan = op.getPlanAttr();
      if (failed(decomposeEinsum(rewriter, op, firstGroup, &goal))) {
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

struct ChooseLayoutsPass
    : conveinsum::impl::ChooseLayoutsPassBase<ChooseLayoutsPass> {
  using ChooseLayoutsPassBase::ChooseLayoutsPassBase;

  LogicalResult initialize(MLIRContext *context) override {
    machine = Machine::get(cpu);
    if (machine)
      return success();
    return emitError(UnknownLoc::get(context))
           << "expected cpu to be host or a CPU that LLVM knows, got '" << cpu
           << "'";
  }

  void runOnOperation() override {
    numChanged += chooseLayouts(getOperation(), *machine, functions);
  }

private:
  std::optional<Machine> machine;
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
    if (failed(
            applyPatternsGreedily(getOperation(), std::move(patterns),
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
