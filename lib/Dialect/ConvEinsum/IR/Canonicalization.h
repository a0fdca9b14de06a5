//===- Canonicalization.h - What the canonical patterns share ---*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a pattern looks at, how it makes the op anew, and the patterns that have
// files of their own. Private to this library.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_DIALECT_CONVEINSUM_IR_CANONICALIZATION_H
#define CONVEINSUM_LIB_DIALECT_CONVEINSUM_IR_CANONICALIZATION_H

#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsum.h"
#include "mlir/IR/PatternMatch.h"

namespace conveinsum {

using Modes = llvm::SmallVector<ModeId, 6>;

/// The attribute of edited parts; extents play no role. A mode may have left
/// all operands, but not the table of labels; the attribute drops it.
EquationAttr toAttribute(EquationParts parts, mlir::MLIRContext *context);

/// A pattern that looks at the equation with its extents.
struct EquationPattern : mlir::OpRewritePattern<EinsumOp> {
  using OpRewritePattern::OpRewritePattern;

  mlir::LogicalResult
  matchAndRewrite(EinsumOp op, mlir::PatternRewriter &rewriter) const final;

  virtual mlir::LogicalResult
  rewrite(EinsumOp op, const Equation &equation,
          mlir::PatternRewriter &rewriter) const = 0;
};

/// Puts the discardable attributes of `op`, which is about to be replaced, on
/// an op that takes its place. Another kind of op may have an attribute of its
/// own by a bare name, so it gets those only that carry a dialect's prefix.
void keepAttributes(EinsumOp op, mlir::Operation *replacement);

/// The op with another equation and other tensors, its plan and attributes
/// kept: no pattern changes the number of operands.
EinsumOp rebuild(mlir::PatternRewriter &rewriter, EinsumOp op,
                 const EquationParts &parts, mlir::ValueRange inputs,
                 mlir::RankedTensorType resultType);

/// Replaces an einsum that is a view of its one operand.
void populateViewPatterns(mlir::RewritePatternSet &patterns);

/// Extents that are known on one side of a cast, in an operand or in the result
/// become known everywhere.
void populateExtentPatterns(mlir::RewritePatternSet &patterns);

/// Gives equal einsums equal labels.
void populateSpellingPatterns(mlir::RewritePatternSet &patterns);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_DIALECT_CONVEINSUM_IR_CANONICALIZATION_H
