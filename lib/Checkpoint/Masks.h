//===- Masks.h - Kept bits --------------------------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The gradient of a relu reads of its result where it is positive: one bit an
// element. Values that a backward function compares with a constant, and reads
// for nothing else, are compared in the forward function, and tensors of bits
// travel 8 to a byte.
//
//   f_forward:   m = r > 0; return ..., kept pack m
//   f_backward(..., kept p):   select (unpack p), g, 0
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_CHECKPOINT_MASKS_H
#define CONVEINSUM_LIB_CHECKPOINT_MASKS_H

#include "conveinsum/Checkpoint/Checkpoint.h"

namespace conveinsum {

/// Makes the masks that the backward function computes of kept values kept
/// values themselves. Those that they are computed of stay, unread.
void moveMasks(TrainedPair pair);

/// Bytes that a value takes where it is kept.
Count keptBytes(mlir::Value value);

/// Packs kept tensors of bits.
void packMasks(TrainedPair pair);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_CHECKPOINT_MASKS_H
