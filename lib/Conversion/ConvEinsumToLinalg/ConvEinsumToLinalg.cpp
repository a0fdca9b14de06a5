//===- ConvEinsumToLinalg.cpp - The op, the pattern, the pass -------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Shells around the lowering of equations.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Conversion/ConvEinsumToLinalg/Passes.h"
#include "conveinsum/Dialect/ConvEinsum/IR/TensorSizes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace conveinsum {
#define GEN_PASS_DEF_CONVERTCONVEINSUMTOLINALGPASS
#include "conveinsum/Conversion/ConvEinsumToLinalg/Passes.h.inc"
} // namespace conveinsum

using namespace mlir;
using namespace conveinsum;

/// The first type of a result of `ops` that is refused for its size.
static std::string findRefusal(llvm::iterator_range<Block::iterator> ops) {
  for (Operation &op : ops)
    for (Type type : op.getResultTypes())
      if (std::string refusal = refusalOf(type); !refusal.empty())
        return refusal;
  return "";
}

/// Emits linalg for `op` beside it, or reports why that cannot be.
static mlir::Value emit(RewriterBase &rewriter, EinsumOp op, bool peelBorders,
                        ErrorFn onError) {
  std::optional<Equation> equation = op.boundEquation(onError);
  if (!equation || !verifyLowerable(*equation, op.getInputs().getTypes(),
                                    op.getResultType(), onError))
    return nullptr;
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPoint(op);
  Operation *before = op->getPrevNode();
  mlir::Value value = *lowerEinsum(
      rewriter, op.getLoc(), *equation, op.getInputs(), op.getResultType(),
      op->getDiscardableAttrDictionary(), peelBorders);
  // Halos, pads and zeros between entries can be larger than all that the
  // einsum takes and gives.
  auto begin =
      before ? std::next(before->getIterator()) : op->getBlock()->begin();
  std::string refusal = findRefusal({begin, op->getIterator()});
  if (refusal.empty())
    return value;
  while (op->getPrevNode() != before)
    rewriter.eraseOp(op->getPrevNode());
  Fault fault;
  fault.message = "cannot be lowered: " + refusal + " on the way";
  onError(fault);
  return nullptr;
}

FailureOr<mlir::Value> conveinsum::lowerEinsum(RewriterBase &rewriter,
                                               EinsumOp op, bool peelBorders) {
  mlir::Value value =
      emit(rewriter, op, peelBorders, [&](const conveinsum::Fault &diagnostic) {
        op.emitOpError(numberedMessage(diagnostic));
      });
  if (!value)
    return failure();
  rewriter.replaceOp(op, value);
  return value;
}

namespace {

struct LowerEinsumPattern : OpRewritePattern<EinsumOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(EinsumOp op,
                                PatternRewriter &rewriter) const override {
    std::string reason;
    mlir::Value value = emit(rewriter, op, /*peelBorders=*/false,
                             [&](const conveinsum::Fault &diagnostic) {
                               reason = diagnostic.message;
                             });
    if (!value)
      return rewriter.notifyMatchFailure(op, reason);
    rewriter.replaceOp(op, value);
    return success();
  }
};

struct ConvertConvEinsumToLinalgPass
    : conveinsum::impl::ConvertConvEinsumToLinalgPassBase<
          ConvertConvEinsumToLinalgPass> {
  using ConvertConvEinsumToLinalgPassBase::ConvertConvEinsumToLinalgPassBase;

  void runOnOperation() override {
    if (failed(verifyTensorSizes(getOperation())))
      return signalPassFailure();
    SmallVector<EinsumOp> ops;
    getOperation()->walk([&](EinsumOp op) { ops.push_back(op); });
    IRRewriter rewriter(&getContext());
    for (EinsumOp op : ops) {
      if (failed(lowerEinsum(rewriter, op, peelBorders)))
        signalPassFailure();
      else
        ++numLowered;
    }
  }
};

} // namespace

void conveinsum::populateConvEinsumToLinalgPatterns(
    RewritePatternSet &patterns) {
  patterns.add<LowerEinsumPattern>(patterns.getContext());
}
