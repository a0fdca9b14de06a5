//===- Plan.cpp - Plans as attributes -----------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers a request for one op and says, in remarks, what the plan costs and
// whether another is predicted to be much faster.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Dialect/ConvEinsum/IR/Remarks.h"
#include "conveinsum/Dialect/ConvEinsum/Transforms/Transforms.h"
#include "conveinsum/Plan/Cost/LiveBytes.h"
#include "conveinsum/Plan/Request/PlanWords.h"
#include "conveinsum/Plan/Search/FasterTree.h"

using namespace mlir;
using namespace conveinsum;

/// Whether anybody listens to the remark on a plan.
static bool isHeard(EinsumOp op) {
  remark::detail::InFlightRemark remark =
      remark::analysis(op.getLoc(), remarkOpts(op, "plan", "conveinsum-plan"));
  bool heard = bool(remark);
  // Nothing goes out yet.
  remark = remark::detail::InFlightRemark();
  return heard;
}

/// Counts go out as text, because they may need more than 64 bits.
static void emitPlanRemark(EinsumOp op, const Equation &equation,
                           const PlannedTree &plan, const PlanAnswer &answer) {
  remark::detail::InFlightRemark remark =
      remark::analysis(op.getLoc(), remarkOpts(op, "plan", "conveinsum-plan"));
  if (!remark)
    return;
  remark << remark::metric("equation", equation.text())
         << remark::metric("tree", plan.tree.treeText())
         << remark::metric("proof", name(plan.proof).str())
         << remark::metric("objective", plan.goal.objective.name());
  if (answer.isRemembered || answer.cached.value_or(false))
    remark << remark::metric("from", answer.isRemembered ? "memory" : "cache");
  if (!equation.hasStaticShapes())
    return;
  PlanCost cost = evaluatePlan(equation, plan.tree);
  remark << remark::metric("value", toString(plan.value))
         << remark::metric("exact-macs", toString(cost.exactMacs))
         << remark::metric("dense-macs", toString(cost.denseMacs))
         << remark::metric("largest-intermediate",
                           toString(cost.largestIntermediate))
         << remark::metric("live-bytes", toString(peakBytesAsGiven(
                                             equation, plan.tree, plan.goal)))
         << remark::metric("written", toString(cost.written));
  if (plan.lowerBound)
    remark << remark::metric("lower-bound", toString(*plan.lowerBound));
}

/// Says so if a tree is known that is predicted to be much faster. It has to be
/// searched for, so nobody looks unless someone listens.
static void emitFasterRemark(EinsumOp op, const Equation &equation,
                             const PlannedTree &plan) {
  if (!op.getContext()->getRemarkEngine() || !equation.hasStaticShapes())
    return;
  std::optional<FasterTree> faster = findFasterTree(equation, plan);
  if (!faster)
    return;
  remark::missed(op.getLoc(), remarkOpts(op, "faster", "conveinsum-plan"))
      << remark::metric("tree", faster->tree.treeText())
      << remark::metric("predicted-ps", toString(faster->picoseconds))
      << remark::metric("plan-ps", toString(faster->plannedPicoseconds))
      << remark::metric("target", plan.goal.target.name);
}

/// A plan that keeps nothing looks like one that says nothing of it, so the
/// limit that made it so stays where it can be seen.
static void recordKeepLimit(EinsumOp op, const PlanRequest &request,
                            const Plan &plan) {
  StringRef name = planWord("keep").attribute;
  if (!request.keepLimit || !plan.kept.empty() || nearestAttribute(op, name))
    return;
  int64_t bytes = std::min<uint64_t>(*request.keepLimit,
                                     std::numeric_limits<int64_t>::max());
  op->setDiscardableAttr(name, Builder(op).getI64IntegerAttr(bytes));
}

FailureOr<PlanOrigin> conveinsum::planEinsum(EinsumOp op,
                                             const PlanRequest &request,
                                             PlanSource &source) {
  if (op.getInputs().size() <= 2 && !op.getPlanAttr())
    return PlanOrigin::None;
  FailureOr<Equation> equation = op.boundEquation();
  if (failed(equation))
    return failure();
  auto onError = [&](const conveinsum::Fault &diagnostic) {
    op.emitOpError() << "cannot be planned: "
                     << renderDiagnostic(diagnostic, equation->text());
  };
  if (!verifyGoal(*equation, request.options.goal, onError))
    return failure();
  // A pinned plan is verified with its op. What it costs is worth the time for
  // limits, or if somebody listens.
  if (op.getPlanAttr() && !request.memoryLimit && !request.keepLimit &&
      !isHeard(op))
    return PlanOrigin::Pinned;
  std::optional<PlanAnswer> answer =
      makePlan(*equation, request, source, onError);
  if (!answer)
    return failure();
  PlannedTree plan = answer->plannedTree(request.options.goal);
  emitPlanRemark(op, *equation, plan, *answer);
  if (op.getPlanAttr())
    return PlanOrigin::Pinned;
  op.setPlanAttr(PlanAttr::get(op.getContext(), answer->plan));
  recordKeepLimit(op, request, answer->plan);
  emitFasterRemark(op, *equation, plan);
  return answer->isRemembered || answer->cached.value_or(false)
             ? PlanOrigin::Known
             : PlanOrigin::Search;
}
