//===- CanonicalSpelling.cpp - Equal einsums, equal labels ----------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Labels are for readers, and `cse` compares them:
//
//     %0 = conveinsum.einsum "ij,jk->ik" ins(%a, %b : ...)
//     %1 = conveinsum.einsum "xy,yz->xz" ins(%a, %b : ...)
//
// Canonical labels for all einsums would make the two equal and nobody happy.
// So the second takes over the first's spelling, and an einsum that is alone
// keeps the labels that somebody gave it.
//
//===----------------------------------------------------------------------===//

#include "Canonicalization.h"

using namespace mlir;
using namespace conveinsum;

/// Whether `earlier` stands before `op`, or before an op around it.
static bool comesBefore(EinsumOp earlier, EinsumOp op) {
  Operation *around = earlier->getBlock()->findAncestorOpInBlock(*op);
  return around && around != earlier && earlier->isBeforeInBlock(around);
}

namespace {
struct SpellAlike : OpRewritePattern<EinsumOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(EinsumOp op,
                                PatternRewriter &rewriter) const override {
    EinsumOp first = op;
    std::string key; // made when it is needed
    for (Operation *user : op.getInputs().front().getUsers()) {
      auto other = dyn_cast<EinsumOp>(user);
      if (!other || other == op || other.getInputs() != op.getInputs() ||
          other.getResultType() != op.getResultType() ||
          !comesBefore(other, first))
        continue;
      // Extents need no binding: the types are equal.
      if (key.empty())
        key = op.getEquation().getValue().canonicalKey();
      if (other.getEquation().getValue().canonicalKey() == key)
        first = other;
    }
    if (first.getEquationAttr() == op.getEquationAttr())
      return rewriter.notifyMatchFailure(op,
                                         "no equal einsum with other labels");
    rewriter.modifyOpInPlace(
        op, [&] { op.setEquationAttr(first.getEquationAttr()); });
    return success();
  }
};
} // namespace

void conveinsum::populateSpellingPatterns(RewritePatternSet &patterns) {
  patterns.add<SpellAlike>(patterns.getContext());
}
