//===- Canonicalization.cpp - Einsums that can be said more simply ------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The canonical patterns:
//
//   unit modes   a plain mode of size 1, and a kernel's conv mode of extent 1,
//                leave operands and result by reshapes
//   plain conv   a conv mode whose one participant is its result is plain
//   prepared     diagonals and sums over modes that only one of several
//                operands holds become einsums of that operand
//   views        an einsum of one operand that is a slice, a transposition or
//                the operand itself becomes that (CanonicalViews.cpp)
//   extents      casts of operands and result leave, and what one type says of
//                an extent the others say too (CanonicalExtents.cpp)
//   spelling     an einsum that differs from an earlier one in its labels only
//                takes over its spelling (CanonicalSpelling.cpp)
//
// Each makes an equation with fewer dimensions or none, makes types more static
// or moves a spelling to where an earlier einsum has it, so they come to an
// end.
//
//===----------------------------------------------------------------------===//

#include "Canonicalization.h"
#include "conveinsum/Plan/Memory/Slicing.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace conveinsum;

EquationAttr conveinsum::toAttribute(EquationParts parts,
                                     MLIRContext *context) {
  parts.shapes.clear();
  for (const ModeList &modes : parts.operands)
    parts.shapes.emplace_back(modes.size(), kDynamic);
  return EquationAttr::get(context, Equation::fromParts(std::move(parts)));
}

void conveinsum::keepAttributes(EinsumOp op, Operation *replacement) {
  bool isEinsum = isa<EinsumOp>(replacement);
  for (NamedAttribute attribute : op->getDiscardableAttrs())
    if (isEinsum || attribute.getName().strref().contains('.'))
      replacement->setDiscardableAttr(attribute.getName(),
                                      attribute.getValue());
}

/// The cuts of `slicing` that are left when `before` has become `after`. A mode
/// keeps its label as long as it is there. One that is gone has one entry, or
/// was summed beforehand. An operand that is no participant any more cannot be
/// cut, nor can that of a mode that has become plain.
static Slicing refitSlicing(const Slicing &slicing, const Equation &before,
                            const Equation &after) {
  Slicing refitted;
  for (ModeSlicing cut : slicing) {
    StringRef label = before.label(cut.mode);
    cut.mode = 0;
    while (cut.mode < after.numModes() && after.label(cut.mode) != label)
      ++cut.mode;
    if (cut.mode == after.numModes())
      continue;
    const LinearRelation *relation = after.relation(cut.mode);
    if (cut.operand && (!relation || !relation->term(*cut.operand)))
      cut.operand.reset();
    refitted.push_back(cut);
  }
  return refitted;
}

/// Makes the plan that `rebuilt` has taken over from an op of the equation
/// `before` fit its own equation. Steps are the same, because operands are.
static void refitPlan(PatternRewriter &rewriter, EinsumOp rebuilt,
                      const Equation &before) {
  PlanAttr attribute = rebuilt.getPlanAttr();
  if (!attribute || attribute.getValue().slicing.empty())
    return;
  Plan plan = attribute.getValue();
  auto ignore = [](const conveinsum::Fault &) {};
  std::optional<Equation> after = rebuilt.boundEquation(ignore);
  if (after)
    plan.slicing = refitSlicing(plan.slicing, before, *after);
  if (!after || !verifySlicing(*after, plan.slicing, ignore))
    plan.slicing.clear();
  rewriter.modifyOpInPlace(rebuilt, [&] {
    rebuilt.setPlanAttr(PlanAttr::get(rebuilt.getContext(), plan));
  });
}

EinsumOp conveinsum::rebuild(PatternRewriter &rewriter, EinsumOp op,
                             const EquationParts &parts, ValueRange inputs,
                             RankedTensorType resultType) {
  auto rebuilt = EinsumOp::create(rewriter, op.getLoc(), resultType,
                                  toAttribute(parts, op.getContext()), inputs,
                                  op.getPlanAttr());
  refitPlan(rewriter, rebuilt, op.getEquation().getValue());
  keepAttributes(op, rebuilt);
  return rebuilt;
}

LogicalResult
EquationPattern::matchAndRewrite(EinsumOp op, PatternRewriter &rewriter) const {
  FailureOr<Equation> equation = op.boundEquation();
  if (failed(equation))
    return rewriter.notifyMatchFailure(op, "is not valid");
  return rewrite(op, *equation, rewriter);
}

//===----------------------------------------------------------------------===//
// Unit modes
//===----------------------------------------------------------------------===//

/// Dimensions of `modes` that stay.
static SmallVector<int64_t>
keptDimensions(ArrayRef<ModeId> modes, function_ref<bool(ModeId)> isDropped) {
  SmallVector<int64_t> kept;
  for (auto [dimension, mode] : llvm::enumerate(modes))
    if (!isDropped(mode))
      kept.push_back(dimension);
  return kept;
}

/// Groups `rank` dimensions so that each group has one that is kept; none if
/// nothing is.
static SmallVector<ReassociationIndices>
groupDimensions(int64_t rank, ArrayRef<int64_t> kept) {
  SmallVector<ReassociationIndices> groups;
  for (auto [index, dimension] : llvm::enumerate(kept)) {
    int64_t begin = index == 0 ? 0 : dimension;
    int64_t end = index + 1 == kept.size() ? rank : kept[index + 1];
    groups.emplace_back(llvm::to_vector<2>(llvm::seq(begin, end)));
  }
  return groups;
}

static RankedTensorType selectDimensions(RankedTensorType type,
                                         ArrayRef<int64_t> kept) {
  Shape shape;
  for (int64_t dimension : kept)
    shape.push_back(type.getDimSize(dimension));
  return RankedTensorType::get(shape, type.getElementType());
}

/// For every mode whether it is plain and of size 1 in every type that holds
/// it.
static std::vector<bool> unitPlainModes(EinsumOp op, const Equation &equation) {
  std::vector<bool> isUnit(equation.numModes(), true);
  auto visit = [&](ArrayRef<ModeId> modes, RankedTensorType type) {
    for (auto [mode, extent] : llvm::zip_equal(modes, type.getShape()))
      if (extent != 1 || equation.relation(mode))
        isUnit[mode] = false;
  };
  visit(equation.resultModes(), op.getResultType());
  for (unsigned i = 0; i < equation.numOperands(); ++i)
    visit(equation.operandModes(i), op.getInputType(i));
  return isUnit;
}

/// Takes the terms of kernels of extent 1, whose index is always 0, out of
/// `parts`, and says for each operand which modes it loses.
static void dropUnitKernels(EquationParts &parts, std::vector<Modes> &dropped) {
  for (LinearRelation &relation : parts.relations) {
    // Without a participant there would be no equation; the feature stays.
    auto isUnitKernel = [&](const LinearRelation::Term &term) {
      bool isLeaving = term.extent == 1 && relation.feature != term.operand &&
                       relation.terms.size() > 1 &&
                       &term != &relation.terms.front();
      if (isLeaving)
        dropped[term.operand].push_back(relation.mode);
      return isLeaving;
    };
    SmallVector<LinearRelation::Term, 3> staying;
    for (const LinearRelation::Term &term : relation.terms)
      if (!isUnitKernel(term))
        staying.push_back(term);
    relation.terms = staying;
  }
}

namespace {
struct DropUnitModes : EquationPattern {
  using EquationPattern::EquationPattern;

  LogicalResult rewrite(EinsumOp op, const Equation &equation,
                        PatternRewriter &rewriter) const override {
    EquationParts parts = equation.parts();
    std::vector<bool> isUnit = unitPlainModes(op, equation);
    std::vector<Modes> kernels(parts.operands.size());
    dropUnitKernels(parts, kernels);

    SmallVector<mlir::Value> inputs(op.getInputs());
    bool isChanged = false;
    for (auto [index, input] : llvm::enumerate(inputs)) {
      Modes &modes = parts.operands[index];
      auto isDropped = [&, index = index](ModeId mode) {
        return isUnit[mode] || llvm::is_contained(kernels[index], mode);
      };
      SmallVector<int64_t> kept = keptDimensions(modes, isDropped);
      if (kept.size() == modes.size())
        continue;
      isChanged = true;
      input = tensor::CollapseShapeOp::create(
          rewriter, op.getLoc(), selectDimensions(op.getInputType(index), kept),
          input, groupDimensions(modes.size(), kept));
      llvm::erase_if(modes, isDropped);
    }
    if (!isChanged)
      return rewriter.notifyMatchFailure(op, "no mode of extent 1");

    auto isDropped = [&](ModeId mode) { return isUnit[mode]; };
    SmallVector<int64_t> kept = keptDimensions(parts.result, isDropped);
    size_t rank = parts.result.size();
    llvm::erase_if(parts.result, isDropped);
    EinsumOp smaller = rebuild(rewriter, op, parts, inputs,
                               selectDimensions(op.getResultType(), kept));
    if (kept.size() == rank) {
      rewriter.replaceOp(op, smaller);
      return success();
    }
    auto expanded = tensor::ExpandShapeOp::create(
        rewriter, op.getLoc(), op.getResultType(), smaller.getResult(),
        groupDimensions(rank, kept));
    keepAttributes(op, expanded);
    rewriter.replaceOp(op, expanded);
    return success();
  }
};
} // namespace

//===----------------------------------------------------------------------===//
// Plain conv modes
//===----------------------------------------------------------------------===//

/// i0 = o over all of i0.
static bool isIdentity(const LinearRelation &relation) {
  if (relation.terms.size() != 1 || relation.offset != 0 ||
      relation.resultCoefficient != 1)
    return false;
  const LinearRelation::Term &term = relation.terms.front();
  return term.coefficient == 1 && term.extent != kDynamic &&
         term.extent == relation.resultExtent &&
         (relation.modulus == 0 || term.extent <= relation.modulus);
}

namespace {
struct PlainConvModes : EquationPattern {
  using EquationPattern::EquationPattern;

  LogicalResult rewrite(EinsumOp op, const Equation &equation,
                        PatternRewriter &rewriter) const override {
    EquationParts parts = equation.parts();
    size_t before = parts.relations.size();
    llvm::erase_if(parts.relations, isIdentity);
    if (parts.relations.size() == before)
      return rewriter.notifyMatchFailure(op, "no conv mode is plain");
    EinsumOp plain =
        rebuild(rewriter, op, parts, op.getInputs(), op.getResultType());
    rewriter.replaceOp(op, plain);
    return success();
  }
};
} // namespace

//===----------------------------------------------------------------------===//
// Diagonals and private modes
//===----------------------------------------------------------------------===//

/// Modes that an operand hands on: each once, without its private plain ones.
static Modes handedOn(const Equation &equation, unsigned operand) {
  llvm::SetVector<ModeId> modes;
  for (ModeId mode : equation.operandModes(operand)) {
    bool isPrivate = !equation.relation(mode) && !equation.inResult(mode) &&
                     equation.numHolders(mode) == 1;
    if (!isPrivate)
      modes.insert(mode);
  }
  return Modes(modes.getArrayRef());
}

/// The einsum of one operand that hands on `modes`.
static EinsumOp prepare(PatternRewriter &rewriter, EinsumOp op,
                        const Equation &equation, unsigned operand,
                        const Modes &modes, Type elementType) {
  EquationParts parts = equation.parts();
  parts.operands = {Modes(equation.operandModes(operand))};
  parts.result = modes;
  parts.relations.clear(); // conv modes are handed on as they are
  Shape shape;
  for (ModeId mode : modes) {
    const ModeId *position = llvm::find(parts.operands.front(), mode);
    int64_t extent = equation.operandShape(
        operand)[position - parts.operands.front().begin()];
    shape.push_back(equation.relation(mode) ? extent : equation.size(mode));
  }
  return EinsumOp::create(rewriter, op.getLoc(),
                          RankedTensorType::get(shape, elementType),
                          toAttribute(parts, op.getContext()),
                          op.getInputs()[operand], /*plan=*/nullptr);
}

namespace {
struct PrepareOperands : EquationPattern {
  using EquationPattern::EquationPattern;

  LogicalResult rewrite(EinsumOp op, const Equation &equation,
                        PatternRewriter &rewriter) const override {
    if (op.getInputs().size() < 2)
      return rewriter.notifyMatchFailure(op, "has one operand");
    EquationParts parts = equation.parts();
    SmallVector<mlir::Value> inputs(op.getInputs());
    bool isChanged = false;
    for (unsigned operand = 0; operand < inputs.size(); ++operand) {
      Modes modes = handedOn(equation, operand);
      if (modes.size() == parts.operands[operand].size())
        continue;
      isChanged = true;
      inputs[operand] = prepare(rewriter, op, equation, operand, modes,
                                storedType(op, equation, operand, modes));
      parts.operands[operand] = modes;
    }
    if (!isChanged)
      return rewriter.notifyMatchFailure(op, "no diagonal or private mode");
    EinsumOp prepared =
        rebuild(rewriter, op, parts, inputs, op.getResultType());
    rewriter.replaceOp(op, prepared);
    return success();
  }

private:
  /// A diagonal keeps its type; a sum is an intermediate.
  static Type storedType(EinsumOp op, const Equation &equation,
                         unsigned operand, const Modes &modes) {
    Type type = op.getInputType(operand).getElementType();
    bool isSum = llvm::any_of(equation.operandModes(operand), [&](ModeId mode) {
      return !llvm::is_contained(modes, mode);
    });
    if (!isSum)
      return type;
    Type result = op.getResultType().getElementType();
    return fromElementType(
        op.getContext(),
        intermediateType(*toElementType(type), *toElementType(result)));
  }
};
} // namespace

void EinsumOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                           MLIRContext *context) {
  patterns.add<DropUnitModes, PlainConvModes, PrepareOperands>(context);
  populateViewPatterns(patterns);
  populateExtentPatterns(patterns);
  populateSpellingPatterns(patterns);
}
