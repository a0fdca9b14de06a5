//===- Fill.h - Pseudo-random operands --------------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Values for checks: the same on every machine, and fit for the element type.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_CHECK_FILL_H
#define CONVEINSUM_CHECK_FILL_H

#include "conveinsum/Runtime/Tensor.h"

namespace conveinsum {

/// Fills operand `operand`. Floating values have a magnitude from 0.5 to 1 and
/// a random sign, so that products of many stay in the normal range of every
/// type; integers are small three times out of four and of any size else, so
/// that sums wrap.
void fillOperand(Tensor &tensor, unsigned operand);

} // namespace conveinsum

#endif // CONVEINSUM_CHECK_FILL_H
