//===- CanonicalExtents.cpp - What is known of extents, everywhere --------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Three patterns that make the types of an einsum more static:
//
//   operand casts   a cast that forgets extents of an operand is passed by
//   result cast     a cast that knows more extents of the result becomes the
//                   type of the einsum
//   known extents   a plain mode has one size, so what one type says of it all
//                   say; the extent of a conv mode in the result follows from
//                   that of the feature
//
//     %0 = tensor.cast %x : tensor<3x4xf32> to tensor<?x?xf32>
//     %1 = conveinsum.einsum "ij,jk->ik"
//            ins(%0, %y : tensor<?x?xf32>, tensor<4x6xf32>) : tensor<?x6xf32>
//
// becomes an einsum of %x and %y of type tensor<3x6xf32>, and a cast for those
// who wanted `?`. A program whose types contradict each other stays as it is:
// no pattern makes an op that its verifier refuses.
//
//===----------------------------------------------------------------------===//

#include "Canonicalization.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace conveinsum;

/// Whether the op is valid with operands and a result of these shapes.
static bool fits(EinsumOp op, ArrayRef<Shape> shapes,
                 ArrayRef<int64_t> resultShape) {
  std::optional<Equation> bound = op.getEquation().getValue().withShapes(
      shapes, resultShape, [](const conveinsum::Fault &) {});
  return bound &&
         llvm::all_of(bound->relations(), [](const LinearRelation &relation) {
           std::optional<int64_t> implied = impliedExtent(relation);
           return !implied || relation.resultExtent == kDynamic ||
                  *implied == relation.resultExtent;
         });
}

static SmallVector<Shape> shapesOf(ValueRange inputs) {
  return llvm::map_to_vector(inputs, [](mlir::Value input) {
    return shapeOf(cast<RankedTensorType>(input.getType()));
  });
}

//===----------------------------------------------------------------------===//
// Casts
//===----------------------------------------------------------------------===//

namespace {
struct FoldOperandCasts : OpRewritePattern<EinsumOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(EinsumOp op,
                                PatternRewriter &rewriter) const override {
    SmallVector<mlir::Value> inputs(op.getInputs());
    bool isChanged = false;
    for (mlir::Value &input : inputs) {
      auto cast = input.getDefiningOp<tensor::CastOp>();
      if (!cast || !tensor::canFoldIntoConsumerOp(cast))
        continue;
      input = cast.getSource();
      isChanged = true;
    }
    if (!isChanged)
      return rewriter.notifyMatchFailure(op, "no cast forgets an extent");
    if (!fits(op, shapesOf(inputs), op.getResultType().getShape()))
      return rewriter.notifyMatchFailure(op, "extents contradict each other");
    rewriter.modifyOpInPlace(op, [&] { op.getInputsMutable().assign(inputs); });
    return success();
  }
};

struct FoldResultCast : OpRewritePattern<EinsumOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(EinsumOp op,
                                PatternRewriter &rewriter) const override {
    SmallVector<Shape> shapes = shapesOf(op.getInputs());
    // A cast of another block may be one that is never reached.
    auto isAbsorbed = [&](Operation *user) {
      auto cast = dyn_cast<tensor::CastOp>(user);
      return cast && cast->getBlock() == op->getBlock() &&
             tensor::canFoldIntoProducerOp(cast) &&
             fits(op, shapes, cast.getType().getShape());
    };
    auto user = llvm::find_if(op->getUsers(), isAbsorbed);
    if (user == op->user_end())
      return rewriter.notifyMatchFailure(op, "no cast knows more");
    auto cast = mlir::cast<tensor::CastOp>(*user);
    auto type = mlir::cast<RankedTensorType>(cast.getType());
    EinsumOp known = rebuild(rewriter, op, op.getEquation().getValue().parts(),
                             op.getInputs(), type);
    rewriter.replaceOp(cast, known);
    rewriter.replaceOpWithNewOp<tensor::CastOp>(op, op.getResultType(),
                                                known.getResult());
    return success();
  }
};
} // namespace

//===----------------------------------------------------------------------===//
// Known extents
//===----------------------------------------------------------------------===//

/// The size of a plain mode from any type, or kDynamic.
static int64_t knownSize(EinsumOp op, const Equation &equation, ModeId mode) {
  if (equation.size(mode) != kDynamic)
    return equation.size(mode);
  for (auto [held, extent] :
       llvm::zip_equal(equation.resultModes(), op.getResultType().getShape()))
    if (held == mode)
      return extent;
  return kDynamic;
}

/// `shape` with the sizes of its plain modes where they are known.
static Shape knownShape(EinsumOp op, const Equation &equation,
                        ArrayRef<ModeId> modes, ArrayRef<int64_t> shape) {
  Shape known(shape);
  for (auto [mode, extent] : llvm::zip_equal(modes, known))
    if (extent == kDynamic && !equation.relation(mode))
      extent = knownSize(op, equation, mode);
  return known;
}

namespace {
struct SpreadExtents : EquationPattern {
  using EquationPattern::EquationPattern;

  LogicalResult rewrite(EinsumOp op, const Equation &equation,
                        PatternRewriter &rewriter) const override {
    EquationParts parts = equation.parts();
    SmallVector<Shape> shapes;
    for (unsigned operand = 0; operand < equation.numOperands(); ++operand)
      shapes.push_back(knownShape(op, equation, parts.operands[operand],
                                  equation.operandShape(operand)));
    Shape resultShape =
        knownShape(op, equation, parts.result, op.getResultType().getShape());
    bool isChanged = false;
    for (LinearRelation &relation : parts.relations) {
      std::optional<int64_t> implied = impliedExtent(relation);
      if (!implied)
        continue;
      // How it follows need not be said any more.
      resultShape[llvm::find(parts.result, relation.mode) -
                  parts.result.begin()] = *implied;
      relation.extentOffset.reset();
      isChanged = true;
    }

    SmallVector<mlir::Value> inputs(op.getInputs());
    isChanged |= shapes != shapesOf(inputs) ||
                 ArrayRef(resultShape) != op.getResultType().getShape();
    if (!isChanged)
      return rewriter.notifyMatchFailure(op, "no type knows more than others");
    if (!fits(op, shapes, resultShape))
      return rewriter.notifyMatchFailure(op, "extents contradict each other");
    for (auto [input, shape] : llvm::zip_equal(inputs, shapes))
      input = rewriter.createOrFold<tensor::CastOp>(
          op.getLoc(), cast<RankedTensorType>(input.getType()).clone(shape),
          input);
    EinsumOp known = rebuild(rewriter, op, parts, inputs,
                             op.getResultType().clone(resultShape));
    rewriter.replaceOp(op, rewriter.createOrFold<tensor::CastOp>(
                               op.getLoc(), op.getResultType(), known));
    return success();
  }
};
} // namespace

void conveinsum::populateExtentPatterns(RewritePatternSet &patterns) {
  patterns.add<FoldOperandCasts, FoldResultCast, SpreadExtents>(
      patterns.getContext());
}
