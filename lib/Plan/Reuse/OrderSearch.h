//===- OrderSearch.h - The smallest of many orders --------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The last resort for a canonical order (CanonicalOrder.h, 2 and 3).
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_REUSE_ORDERSEARCH_H
#define CONVEINSUM_LIB_PLAN_REUSE_ORDERSEARCH_H

#include "CanonicalOrder.h"

namespace conveinsum {

/// Searches the orders that refine `colours` (one per vertex, a function of the
/// graph up to isomorphism).
CanonicalOrder searchOrder(const ColouredGraph &graph,
                           llvm::ArrayRef<uint64_t> colours);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_REUSE_ORDERSEARCH_H
