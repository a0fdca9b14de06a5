//===- LowerBound.h - What every tree costs at the least --------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A bound from the network alone. No cost is negative, so 0 is one: a tree of
// cost 0 is optimal. Beyond that,
//
//   largest   the last step makes the result, which is there in every tree;
//   steps     there are N - 1 steps; every one has the modes that all operands
//             hold, and each of its factors is at least 1;
//   products  a step on constants alone is free, and there are at most C - 1 of
//             those for C constants. G operands with gradients and all that is
//             made of them are sides of at least 2 G - 2 steps, and of one more
//             if there are other operands: each costs a product more.
//
// A tree that meets the bound is optimal, whatever the number of operands:
// scalars, element-wise factors of the same modes, networks of size 0.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_SEARCH_LOWERBOUND_H
#define CONVEINSUM_LIB_PLAN_SEARCH_LOWERBOUND_H

#include "Plan/Cost/CostModel.h"

namespace conveinsum {

/// No tree has a value below this; 0 if nothing is known. For at least two
/// operands.
Count lowerBound(const CostModel &model);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_SEARCH_LOWERBOUND_H
