//===- ConvEinsumToLinalg.h - The op to linalg ------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The lowering of LowerEinsum.h for the op: as a function, and as a pattern for
// those who assemble their own conversions.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_CONVERSION_CONVEINSUMTOLINALG_CONVEINSUMTOLINALG_H
#define CONVEINSUM_CONVERSION_CONVEINSUMTOLINALG_CONVEINSUMTOLINALG_H

#include "conveinsum/Conversion/ConvEinsumToLinalg/LowerEinsum.h"
#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsum.h"
#include "mlir/IR/PatternMatch.h"

namespace conveinsum {

/// Replaces `op` by linalg on tensors and returns its value. Discardable
/// attributes move to the ops that compute it. Fails with a diagnostic on the
/// op, and leaves it alone, if `verifyLowerable` refuses it.
mlir::FailureOr<mlir::Value> lowerEinsum(mlir::RewriterBase &rewriter,
                                         EinsumOp op, bool peelBorders = false);

/// The same as a pattern, which does not match what it cannot lower.
void populateConvEinsumToLinalgPatterns(mlir::RewritePatternSet &patterns);

} // namespace conveinsum

#endif // CONVEINSUM_CONVERSION_CONVEINSUMTOLINALG_CONVEINSUMTOLINALG_H
