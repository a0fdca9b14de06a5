//===- Plan.cpp - Plans as attributes -----------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs a planner of the room Plan on an op and says, in a remark, what the plan
// costs.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Dialect/ConvEinsum/Transforms/Transforms.h"
#include "conveinsum/Plan/PlanCost.h"
#include "mlir/IR/Remarks.h"

using namespace mlir;
using namespace conveinsum;

/// Counts go out as text, because they may need more than 64 bits.
static void emitPlanRemark(EinsumOp op, const Equation &equation,
                           const ContractionTree &tree, StringRef proof) {
  remark::detail::InFlightRemark remark = remark::analysis(
      op.getLoc(),
      remark::RemarkOpts::name("plan").category("conveinsum-plan"));
  if (!remark)
    return;
  remark << remark::metric("equation", equation.text())
         << remark::metric("tree", tree.treeText())
         << remark::metric("proof", proof.str());
  if (!equation.hasStaticShapes())
    return;
  PlanCost cost = evaluatePlan(equation, tree);
  remark << remark::metric("exact-macs", toString(cost.exactMacs))
         << remark::metric("dense-macs", toString(cost.denseMacs))
         << remark::metric("largest-intermediate",
                           toString(cost.largestIntermediate))
         << remark::metric("written", toString(cost.written));
}

/// The plan of `op`, from its sizes, or from nothing for left-to-right.
static std::optional<Plan> choosePlan(EinsumOp op, const Equation &equation,
                                      const PlannerOptions &options) {
  if (options.planner == PlannerKind::Left)
    return Plan{ContractionTree::leftToRight(equation.numOperands()),
                Proof::Left};
  return plan(equation, options, [&](const conveinsum::Diagnostic &diagnostic) {
    op.emitOpError() << "cannot be planned: "
                     << describe(diagnostic, equation.text());
  });
}

LogicalResult conveinsum::planEinsum(EinsumOp op,
                                     const PlannerOptions &options) {
  if (op.getInputs().size() <= 2 && !op.getPlanAttr())
    return success();
  FailureOr<Equation> equation = op.boundEquation();
  if (failed(equation))
    return failure();
  if (PlanAttr pinned = op.getPlanAttr()) {
    emitPlanRemark(op, *equation, pinned.getTree(), name(Proof::Pinned));
    return success();
  }
  std::optional<Plan> chosen = choosePlan(op, *equation, options);
  if (!chosen)
    return failure();
  op.setPlanAttr(PlanAttr::get(op.getContext(), chosen->tree));
  emitPlanRemark(op, *equation, op.getPlanAttr().getTree(),
                 name(chosen->proof));
  return success();
}
