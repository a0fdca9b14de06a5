//===- LoopTable.h - A loop nest as strides ---------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The normal form that register tiles and predictions of their speed work on.
// With static shapes and linear indices, the element that an operand reads is
//
//     offset + sum over the loops l of  stride[l] * l
//
// counted from the operand's buffer. For a 3x3 convolution of stride 2 over
// rows of 58 elements, `x[c, 2 h + kh, 2 w + kw]`:
//
//     loop      extent   kind        x      kernel   result
//     o         64       parallel    0      576      784
//     h         28       parallel    116    0        28
//     w         28       parallel    2      0        1
//     c         64       reduction   3364   9        0
//     kh        3        reduction   58     3        0
//     kw        3        reduction   1      1        0
//
// Everything the tiles need is in this table: a loop of stride 1 is contiguous,
// one of stride 0 is a broadcast, and two loops where the outer stride is the
// inner stride times the inner extent, in every column, are one longer loop
// (here c, kh, kw cannot merge: 58 is not 1 * 3).
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TARGET_LOOPTABLE_H
#define CONVEINSUM_TARGET_LOOPTABLE_H

#include "llvm/ADT/SmallVector.h"
#include <cstdint>

namespace conveinsum {

/// One loop, with the stride in elements of every operand, the result last.
struct Loop {
  int64_t extent;
  bool reduction;
  llvm::SmallVector<int64_t, 4> strides;
  /// Number of the loop before any were merged; that of the outermost one when
  /// they were.
  unsigned dim;
};

struct LoopTable {
  llvm::SmallVector<Loop, 8> loops;

  bool hasReduction() const;
  /// Product of all extents, at most INT64_MAX.
  int64_t iterations() const;
  /// Product of the extents of reductions.
  int64_t reductionIterations() const;

  /// Drops loops of one iteration, merges those that walk as one, and orders
  /// the rest: parallel ones first, long strides first.
  void simplify();
};

} // namespace conveinsum

#endif // CONVEINSUM_TARGET_LOOPTABLE_H
