//===- CanonicalViews.h - Einsums that only move entries --------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One of the canonical patterns. Private to this library.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_DIALECT_CONVEINSUM_IR_CANONICALVIEWS_H
#define CONVEINSUM_LIB_DIALECT_CONVEINSUM_IR_CANONICALVIEWS_H

#include "mlir/IR/PatternMatch.h"

namespace conveinsum {

/// Replaces an einsum that is a view of its one operand.
void populateViewPatterns(mlir::RewritePatternSet &patterns);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_DIALECT_CONVEINSUM_IR_CANONICALVIEWS_H
