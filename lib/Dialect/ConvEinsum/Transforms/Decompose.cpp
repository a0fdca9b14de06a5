//===- Decompose.cpp - One einsum per step of a plan --------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Carries a plan out. Which modes a step keeps and in which order is decided in
// the room Equation; here each step becomes an op with the right types.
//
// A plain mode has the same size everywhere, whatever it is, so a dynamic one
// is given a size for the computation of steps and its dimensions are made
// dynamic again in the types. Dynamic extents of a conv mode stay what they
// are: the value of a set has the operand's, or the result's.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Dialect/ConvEinsum/IR/AttributeNames.h"
#include "conveinsum/Dialect/ConvEinsum/IR/Remarks.h"
#include "conveinsum/Dialect/ConvEinsum/IR/TensorSizes.h"
#include "conveinsum/Dialect/ConvEinsum/Transforms/Transforms.h"
#include "conveinsum/Plan/Cost/PlanCost.h"
#include "conveinsum/Plan/Request/PlanWords.h"
#include "conveinsum/Plan/Training/Training.h"

using namespace mlir;
using namespace conveinsum;

/// Stands in for the size of a dynamic plain mode; only the layout of
/// intermediates depends on it.
static constexpr int64_t kAssumedSize = 64;

static bool isDynamicPlain(const Equation &equation, ModeId mode) {
  return !equation.relation(mode) && equation.size(mode) == kDynamic;
}

static Shape assumedShape(const Equation &equation, ArrayRef<ModeId> modes,
                          ArrayRef<int64_t> shape) {
  Shape assumed;
  for (auto [mode, extent] : llvm::zip_equal(modes, shape)) {
    bool isPlain = !equation.relation(mode);
    int64_t size = isPlain ? equation.size(mode) : extent;
    assumed.push_back(size == kDynamic && isPlain ? kAssumedSize : size);
  }
  return assumed;
}

/// The same equation with static sizes of plain modes.
static FailureOr<Equation> withAssumedSizes(EinsumOp op,
                                            const Equation &equation) {
  for (const LinearRelation &relation : equation.relations()) {
    // What is kept of some of several participants depends on all extents.
    if (relation.terms.size() <= 2)
      continue;
    StringRef label = equation.label(relation.mode);
    for (const LinearRelation::Term &term : relation.terms)
      if (term.extent == kDynamic)
        return op.emitOpError() << "cannot be decomposed: expected a static "
                                   "extent of conv mode '"
                                << label << "' in operand " << term.operand
                                << ", as " << relation.terms.size()
                                << " operands hold it, got a dynamic one";
    if (relation.resultExtent == kDynamic)
      return op.emitOpError()
             << "cannot be decomposed: expected a static extent of conv mode '"
             << label << "' in the result, as " << relation.terms.size()
             << " operands hold it, got a dynamic one";
  }
  SmallVector<Shape> shapes;
  for (unsigned operand = 0; operand < equation.numOperands(); ++operand)
    shapes.push_back(assumedShape(equation, equation.operandModes(operand),
                                  equation.operandShape(operand)));
  Shape resultShape = equation.resultShape();
  std::optional<Equation> assumed = op.getEquation().getValue().withShapes(
      shapes, assumedShape(equation, equation.resultModes(), resultShape),
      [&](const conveinsum::Fault &diagnostic) {
        op.emitOpError() << renderDiagnostic(diagnostic, equation.text());
      });
  if (!assumed)
    return failure();
  return *assumed;
}

/// The type in which the network's intermediates are stored.
static Type intermediateElementType(EinsumOp op) {
  auto width = [](RankedTensorType type) {
    return type.getElementType().isInteger()
               ? type.getElementType().getIntOrFloatBitWidth()
               : 0;
  };
  RankedTensorType widest = op.getInputType(0);
  for (unsigned operand = 1; operand < op.getInputs().size(); ++operand)
    if (width(op.getInputType(operand)) > width(widest))
      widest = op.getInputType(operand);
  return fromElementType(
      op.getContext(),
      intermediateType(*toElementType(widest.getElementType()),
                       *toElementType(op.getResultType().getElementType())));
}

/// The type of an intermediate: dynamic where its plain modes are.
static RankedTensorType intermediateTensor(const Equation &equation,
                                           const conveinsum::SetValue &value,
                                           const Equation &step,
                                           Type elementType) {
  Shape shape = step.resultShape();
  for (auto [mode, extent] : llvm::zip_equal(value.modes, shape))
    if (isDynamicPlain(equation, mode))
      extent = kDynamic;
  return RankedTensorType::get(shape, elementType);
}

namespace {
/// A step and the type of its result.
struct TypedStep {
  Equation equation;
  RankedTensorType type;
};
} // namespace

/// The steps of `tree`, where `assumed` is the equation with static sizes of
/// plain modes. Refuses tensors of too many bytes.
static FailureOr<std::vector<TypedStep>>
typedSteps(EinsumOp op, const Equation &equation, const Equation &assumed,
           const ContractionTree &tree) {
  // Values come into being with the step that makes or reads them and go with
  // the one that reads them: each has a set of all operands.
  std::vector<conveinsum::SetValue> values(tree.numValues());
  Type elementType = intermediateElementType(op);
  std::vector<TypedStep> steps;
  for (auto [index, lhs, rhs, result] : tree.numberedSteps()) {
    for (unsigned side : {lhs, rhs})
      if (side < tree.numOperands())
        values[side] = assumed.leaf(side);
    conveinsum::SetValue left = std::move(values[lhs]),
                         right = std::move(values[rhs]);
    conveinsum::SetValue joined = assumed.join(left, right);
    Equation step = assumed.step(left, right, joined);
    bool isLast = index + 1 == tree.steps().size();
    RankedTensorType type =
        isLast ? op.getResultType()
               : intermediateTensor(equation, joined, step, elementType);
    values[result] = std::move(joined);
    if (std::string refusal = refusalOf(type); !refusal.empty())
      return op.emitOpError() << "cannot be decomposed: " << refusal
                              << " of step '" << step.text() << "'";
    steps.push_back({std::move(step), type});
  }
  return steps;
}

/// One remark per step with its figures. Without static sizes there are none.
static void emitStepRemarks(EinsumOp op, const Equation &equation,
                            const ContractionTree &tree) {
  if (!equation.hasStaticShapes())
    return;
  auto begin = [&] {
    return remark::analysis(op.getLoc(),
                            remarkOpts(op, "step", "conveinsum-decompose"));
  };
  // Costs are worth their time only if somebody listens.
  std::optional<remark::detail::InFlightRemark> remark(begin());
  if (!*remark)
    return;
  for (const PlannedStep &step : evaluatePlan(equation, tree).steps) {
    if (!remark)
      remark.emplace(begin());
    *remark << remark::metric("equation", step.equation.text())
            << remark::metric("kind", name(step.kind).str())
            << remark::metric("exact-macs", toString(step.exactMacs))
            << remark::metric("dense-macs", toString(step.denseMacs))
            << remark::metric("written", toString(step.elements));
    remark.reset(); // goes out
  }
}

/// The values that the plan does not keep although the backward pass reads
/// them; nothing if the goal does not say what that reads, or the plan does not
/// say what it keeps: where nobody limits that, one that keeps nothing was
/// pinned for its order.
static std::optional<std::vector<unsigned>>
recomputedValues(EinsumOp op, const Equation &equation, const Plan &plan,
                 const PlanGoal *goal) {
  if (!goal || goal->gradients.empty() || !equation.hasStaticShapes() ||
      (plan.kept.empty() && !nearestAttribute(op, planWord("keep").attribute)))
    return std::nullopt;
  // What is prepared is there in any case.
  OperandSet constants(equation.numOperands());
  for (unsigned operand : goal->constants)
    constants.set(operand);
  SmallVector<unsigned> kept;
  for (unsigned value : plan.kept)
    if (plan.tree.operandsOf(value).test(constants))
      kept.push_back(value);
  std::optional<TrainingPoint> point = evaluateTrainingPoint(
      equation, plan.tree, kept, *goal, [](const conveinsum::Fault &) {});
  if (!point)
    return std::nullopt; // nothing is trained that way
  return std::move(point->recomputedValues);
}

/// Puts what is decided of steps on the steps, where later rooms read it.
/// `tensors` are the values of the plan, and `recomputed` those that it drops.
static void markSteps(const Plan &plan, ArrayRef<mlir::Value> tensors,
                      int64_t firstGroup,
                      const std::optional<std::vector<unsigned>> &recomputed) {
  Builder builder(tensors.front().getContext());
  auto mark = [&](unsigned value, StringRef name) {
    tensors[value].getDefiningOp()->setDiscardableAttr(name,
                                                       builder.getUnitAttr());
  };
  // A plan that keeps whatever is read has decided nothing.
  if (!recomputed || !recomputed->empty())
    for (unsigned value : plan.kept)
      mark(value, kKeepAttr);
  if (recomputed)
    for (unsigned value : *recomputed)
      mark(value, kRecomputeAttr);
  for (auto [index, group] : llvm::enumerate(plan.groups))
    for (unsigned value : group)
      tensors[value].getDefiningOp()->setDiscardableAttr(
          kGroupAttr, builder.getI64IntegerAttr(firstGroup + index));
}

int64_t conveinsum::firstFreeGroup(Operation *root) {
  int64_t free = 0;
  root->walk([&](Operation *op) {
    if (auto group = op->getAttrOfType<IntegerAttr>(kGroupAttr))
      free = std::max(free, group.getInt() + 1);
  });
  return free;
}

FailureOr<mlir::Value> conveinsum::decomposeEinsum(RewriterBase &rewriter,
                                                   EinsumOp op,
                                                   int64_t firstGroup,
                                                   const PlanGoal *goal,
                                                   bool isTrial) {
  if (op.getPlanAttr() && !op.getPlanAttr().getValue().slicing.empty())
    return op.emitOpError()
           << "cannot be decomposed: expected a plan without slices, because "
              "the steps of slices are not made yet, got "
           << op.getPlanAttr().getValue().slicing.size() << " sliced "
           << (op.getPlanAttr().getValue().slicing.size() == 1 ? "mode"
                                                               : "modes");
  if (failed(verifyTensorSizesOf(op)))
    return failure();
  if (op.getInputs().size() <= 2) {
    if (op.getPlanAttr())
      rewriter.modifyOpInPlace(op, [&] { op.removePlanAttr(); });
    return op.getResult();
  }
  if (!op.getPlanAttr())
    return op.emitOpError() << "cannot be decomposed: expected a plan, such as "
                               "conveinsum-plan makes";
  FailureOr<Equation> equation = op.boundEquation();
  if (failed(equation))
    return failure();
  FailureOr<Equation> assumed = withAssumedSizes(op, *equation);
  if (failed(assumed))
    return failure();

  const Plan &plan = op.getPlanAttr().getValue();
  const ContractionTree &tree = plan.tree;
  FailureOr<std::vector<TypedStep>> steps =
      typedSteps(op, *equation, *assumed, tree);
  if (failed(steps))
    return failure();
  if (!isTrial)
    emitStepRemarks(op, *equation, tree);
  SmallVector<mlir::Value> tensors(op.getInputs());
  rewriter.setInsertionPoint(op);
  for (auto [step, sides] : llvm::zip_equal(*steps, tree.steps()))
    tensors.push_back(EinsumOp::create(
        rewriter, op.getLoc(), step.type,
        EquationAttr::get(op.getContext(), step.equation),
        ValueRange{tensors[sides.first], tensors[sides.second]},
        /*plan=*/nullptr));
  // What others say about the network they find on the step that makes its
  // result.
  mlir::Value result = tensors.back();
  result.getDefiningOp()->setDiscardableAttrs(
      op->getDiscardableAttrDictionary());
  markSteps(plan, tensors, firstGroup,
            recomputedValues(op, *equation, plan, goal));
  rewriter.replaceOp(op, result);
  return result;
}
