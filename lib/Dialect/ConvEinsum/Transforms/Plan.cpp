//===- Plan.cpp - Plans as attributes -----------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs a planner of the room Plan on an op and says, in remarks, what the plan
// costs and whether another is predicted to be much faster.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Dialect/ConvEinsum/IR/Remarks.h"
#include "conveinsum/Dialect/ConvEinsum/Transforms/Transforms.h"
#include "conveinsum/Plan/Memory/MemoryLimit.h"
#include "conveinsum/Plan/Search/FasterTree.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace conveinsum;

/// Counts go out as text, because they may need more than 64 bits.
static void emitPlanRemark(EinsumOp op, const Equation &equation,
                           const PlannedTree &plan) {
  remark::detail::InFlightRemark remark =
      remark::analysis(op.getLoc(), remarkOpts(op, "plan", "conveinsum-plan"));
  if (!remark)
    return;
  remark << remark::metric("equation", equation.text())
         << remark::metric("tree", plan.tree.treeText())
         << remark::metric("proof", name(plan.proof).str())
         << remark::metric("objective", plan.goal.objective.name());
  if (!equation.hasStaticShapes())
    return;
  PlanCost cost = evaluatePlan(equation, plan.tree);
  remark << remark::metric("value", toString(plan.value))
         << remark::metric("exact-macs", toString(cost.exactMacs))
         << remark::metric("dense-macs", toString(cost.denseMacs))
         << remark::metric("largest-intermediate",
                           toString(cost.largestIntermediate))
         << remark::metric("live-bytes",
                           toString(peakBytes(equation, plan.tree, plan.goal)))
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

/// The goal for the element types of `op`. Integers may differ in width; their
/// bytes are taken to be those of the widest.
static PlanGoal goalOf(EinsumOp op, PlanGoal goal) {
  auto typeOf = [](mlir::Value value) {
    return *toElementType(getElementTypeOrSelf(value.getType()));
  };
  goal.resultType = typeOf(op.getResult());
  goal.dtype = typeOf(op.getInputs().front());
  for (mlir::Value input : op.getInputs())
    if (byteSize(typeOf(input)) > byteSize(goal.dtype))
      goal.dtype = typeOf(input);
  return goal;
}

/// The plan that stands in the IR, as a plan.
static PlannedTree pinnedPlan(const Equation &equation, const ContractionTree &tree,
                       PlanGoal goal) {
  PlannedTree plan;
  plan.tree = tree;
  plan.proof = Proof::Pinned;
  if (equation.hasStaticShapes())
    plan.value = evaluateGoal(equation, tree, goal).value;
  plan.goal = std::move(goal);
  return plan;
}

/// A plan under the limit, if there is one.
static std::optional<PlannedTree> choosePlan(const Equation &equation,
                                      const PlannerOptions &options,
                                      std::optional<uint64_t> memoryLimit,
                                      ErrorFn onError) {
  if (!memoryLimit)
    return plan(equation, options, onError);
  std::optional<MemoryPlan> found =
      planWithinMemory(equation, options, *memoryLimit, onError);
  if (!found)
    return std::nullopt;
  return std::move(found->plan);
}

/// Whether a plan that stands in the IR is within the limit.
static bool checkPinned(const Equation &equation, const PlannedTree &pinned,
                        std::optional<uint64_t> memoryLimit, ErrorFn onError) {
  if (!memoryLimit)
    return true;
  conveinsum::Diagnostic diagnostic;
  if (!equation.hasStaticShapes()) {
    diagnostic.message =
        "expected static extents to count bytes, got a dynamic extent";
  } else {
    Count peak = peakBytes(equation, pinned.tree, pinned.goal);
    if (peak <= *memoryLimit)
      return true;
    diagnostic.message = "expected a memory limit of at least " +
                         toString(peak) + " bytes, the peak of its plan, got " +
                         std::to_string(*memoryLimit) + " bytes";
  }
  onError(diagnostic);
  return false;
}

LogicalResult conveinsum::planEinsum(EinsumOp op, const PlannerOptions &options,
                                     std::optional<uint64_t> memoryLimit) {
  if (op.getInputs().size() <= 2 && !op.getPlanAttr())
    return success();
  FailureOr<Equation> equation = op.boundEquation();
  if (failed(equation))
    return failure();
  PlannerOptions typed = options;
  typed.goal = goalOf(op, options.goal);
  auto onError = [&](const conveinsum::Diagnostic &diagnostic) {
    op.emitOpError() << "cannot be planned: "
                     << describe(diagnostic, equation->text());
  };
  if (!verifyGoal(*equation, typed.goal, onError))
    return failure();
  if (PlanAttr attribute = op.getPlanAttr()) {
    PlannedTree pinned = pinnedPlan(*equation, attribute.getTree(), typed.goal);
    if (!checkPinned(*equation, pinned, memoryLimit, onError))
      return failure();
    emitPlanRemark(op, *equation, pinned);
    return success();
  }
  std::optional<PlannedTree> chosen =
      choosePlan(*equation, typed, memoryLimit, onError);
  if (!chosen)
    return failure();
  op.setPlanAttr(PlanAttr::get(op.getContext(), chosen->tree));
  // The attribute's form of the tree is the one that people see.
  chosen->tree = op.getPlanAttr().getTree();
  emitPlanRemark(op, *equation, *chosen);
  emitFasterRemark(op, *equation, *chosen);
  return success();
}
