//===- Rewrite.h - A choice carried out -------------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From a choice to functions that keep and recompute what it says.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_CHECKPOINT_REWRITE_H
#define CONVEINSUM_LIB_CHECKPOINT_REWRITE_H

#include "ForwardProblem.h"

namespace conveinsum {

/// Whether ops that recompute can be tied to a cotangent; fails with a
/// diagnostic where there is none.
mlir::LogicalResult checkRewrite(TrainedPair pair,
                                 const CheckpointChoice &choice);

/// Rewrites both functions.
void rewritePair(TrainedPair pair, const ForwardProblem &problem,
                 const CheckpointChoice &choice);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_CHECKPOINT_REWRITE_H
