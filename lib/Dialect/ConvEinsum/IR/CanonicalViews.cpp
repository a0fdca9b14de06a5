//===- CanonicalViews.cpp - Einsums that only move entries ----------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An einsum of one operand that is a slice, a transposition or the operand
// itself becomes an op of the dialects tensor and linalg, or nothing.
//
//===----------------------------------------------------------------------===//

#include "Canonicalization.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace conveinsum;

/// The slice, index = offset + stride * o, that a conv mode of one participant
/// is, if it is one.
static std::optional<Range> sliceOf(Builder &builder,
                                    const LinearRelation &relation) {
  const LinearRelation::Term &term = relation.terms.front();
  if (relation.modulus || term.coefficient != 1 || term.extent == kDynamic ||
      relation.resultExtent == kDynamic || relation.resultExtent < 1)
    return std::nullopt;
  int64_t first = -relation.offset;
  // C74: these are 64-bit numbers.
  int64_t last =
      relation.resultCoefficient * (relation.resultExtent - 1) + first;
  if (first < 0 || last >= term.extent)
    return std::nullopt;
  return Range{builder.getIndexAttr(first),
               builder.getIndexAttr(relation.resultExtent),
               builder.getIndexAttr(relation.resultCoefficient)};
}

/// Slices along all conv modes; the operand itself if there are none. Null if
/// one of them is not a slice.
static mlir::Value slice(PatternRewriter &rewriter, EinsumOp op,
                         const Equation &equation) {
  mlir::Value input = op.getInputs().front();
  if (equation.relations().empty())
    return input;
  // A slice starts inside every dimension; of size 0 there is no inside.
  if (llvm::is_contained(op.getInputType(0).getShape(), 0))
    return {};
  SmallVector<OpFoldResult> offsets, sizes, strides;
  SmallVector<std::optional<Range>> ranges;
  for (ModeId mode : equation.operandModes(0)) {
    std::optional<Range> &range = ranges.emplace_back();
    if (const LinearRelation *relation = equation.relation(mode)) {
      range = sliceOf(rewriter, *relation);
      if (!range)
        return {};
    }
  }
  for (auto [dimension, range] : llvm::enumerate(ranges)) {
    if (!range)
      range =
          Range{rewriter.getIndexAttr(0),
                tensor::getMixedSize(rewriter, op.getLoc(), input, dimension),
                rewriter.getIndexAttr(1)};
    offsets.push_back(range->offset);
    sizes.push_back(range->size);
    strides.push_back(range->stride);
  }
  auto sliced = tensor::ExtractSliceOp::create(rewriter, op.getLoc(), input,
                                               offsets, sizes, strides);
  keepAttributes(op, sliced);
  return sliced;
}

/// `input` with its dimensions in another order, in place of `op`.
static mlir::Value transpose(PatternRewriter &rewriter, EinsumOp op,
                             mlir::Value input, ArrayRef<int64_t> permutation) {
  if (llvm::equal(permutation, llvm::seq<int64_t>(0, permutation.size())))
    return input;
  Location location = op.getLoc();
  SmallVector<OpFoldResult> sizes, permuted;
  sizes = tensor::getMixedSizes(rewriter, location, input);
  for (int64_t dimension : permutation)
    permuted.push_back(sizes[dimension]);
  Type elementType = cast<RankedTensorType>(input.getType()).getElementType();
  mlir::Value empty =
      tensor::EmptyOp::create(rewriter, location, permuted, elementType);
  auto transposed = linalg::TransposeOp::create(rewriter, location, input,
                                                empty, permutation);
  keepAttributes(op, transposed);
  return transposed.getResult().front();
}

namespace {
struct ReplaceByView : OpRewritePattern<EinsumOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(EinsumOp op,
                                PatternRewriter &rewriter) const override {
    if (op.getInputs().size() != 1)
      return rewriter.notifyMatchFailure(op, "has several operands");
    if (op.getInputType(0).getElementType() !=
        op.getResultType().getElementType())
      return rewriter.notifyMatchFailure(op, "changes the element type");
    FailureOr<Equation> equation = op.boundEquation();
    if (failed(equation))
      return failure();
    ArrayRef<ModeId> held = equation->operandModes(0);
    if (held.size() != equation->resultModes().size())
      return rewriter.notifyMatchFailure(op, "has a sum or a diagonal");
    mlir::Value view = slice(rewriter, op, *equation);
    if (!view)
      return rewriter.notifyMatchFailure(op, "a conv mode is not a slice");
    SmallVector<int64_t> permutation;
    for (ModeId mode : equation->resultModes())
      permutation.push_back(llvm::find(held, mode) - held.begin());
    view = transpose(rewriter, op, view, permutation);
    if (view.getType() != op.getResultType()) {
      auto cast = tensor::CastOp::create(rewriter, op.getLoc(),
                                         op.getResultType(), view);
      keepAttributes(op, cast);
      view = cast;
    }
    rewriter.replaceOp(op, view);
    return success();
  }
};
} // namespace

void conveinsum::populateViewPatterns(RewritePatternSet &patterns) {
  patterns.add<ReplaceByView>(patterns.getContext());
}
