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

/// Emits linalg for `op` beside it, or reports why that cannot be.
static mlir::Value emit(RewriterBase &rewriter, EinsumOp op, ErrorFn onError) {
  std::optional<Equation> equation = op.boundEquation(onError);
  if (!equation || !verifyLowerable(*equation, op.getInputs().getTypes(),
                                    op.getResultType(), onError))
    return nullptr;
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPoint(op);
  return *lowerEinsum(rewriter, op.getLoc(), *equation, op.getInputs(),
                      op.getResultType(), op->getDiscardableAttrDictionary());
}

FailureOr<mlir::Value> conveinsum::lowerEinsum(RewriterBase &rewriter,
                                               EinsumOp op) {
  mlir::Value value =
      emit(rewriter, op, [&](const conveinsum::Fault &diagnostic) {
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
    mlir::Value value =
        emit(rewriter, op, [&](const conveinsum::Fault &diagnostic) {
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
  void runOnOperation() override {
    SmallVector<EinsumOp> ops;
    getOperation()->walk([&](EinsumOp op) { ops.push_back(op); });
    IRRewriter rewriter(&getContext());
    for (EinsumOp op : ops) {
      if (failed(lowerEinsum(rewriter, op)))
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
