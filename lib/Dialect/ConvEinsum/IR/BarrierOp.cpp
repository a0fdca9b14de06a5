//===- BarrierOp.cpp - Values that wait for others ------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A barrier has no folds on purpose: whoever could see through it would undo
// what it is for.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsum.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace conveinsum;

LogicalResult BarrierOp::inferReturnTypes(MLIRContext *,
                                          std::optional<Location>,
                                          Adaptor adaptor,
                                          SmallVectorImpl<Type> &types) {
  llvm::append_range(types, adaptor.getInputs().getTypes());
  return success();
}

LogicalResult BarrierOp::verify() {
  if (getInputs().empty())
    return emitOpError() << "expected at least one value before 'after' [C99]";
  if (getAfter().empty())
    return emitOpError() << "expected at least one value behind 'after' [C99]";
  return success();
}

namespace {
/// Values that nobody reads need not wait, nor live so long.
struct DropUnread : OpRewritePattern<BarrierOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(BarrierOp op,
                                PatternRewriter &rewriter) const override {
    SmallVector<mlir::Value> inputs, results;
    for (auto [input, result] :
         llvm::zip_equal(op.getInputs(), op.getResults()))
      if (!result.use_empty()) {
        inputs.push_back(input);
        results.push_back(result);
      }
    if (inputs.size() == op.getInputs().size())
      return rewriter.notifyMatchFailure(op, "all results are read");
    if (!inputs.empty()) {
      auto less =
          BarrierOp::create(rewriter, op.getLoc(), inputs, op.getAfter());
      less->setDiscardableAttrs(op->getDiscardableAttrDictionary());
      for (auto [result, now] : llvm::zip_equal(results, less.getResults()))
        rewriter.replaceAllUsesWith(result, now);
    }
    rewriter.eraseOp(op);
    return success();
  }
};
} // namespace

void BarrierOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                            MLIRContext *context) {
  patterns.add<DropUnread>(context);
}
