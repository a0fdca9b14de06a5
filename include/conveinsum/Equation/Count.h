//===- Count.h - Numbers of MACs, elements and bytes ------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Counts of large networks leave 64 bits, so they have 128 and saturate beyond.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_EQUATION_COUNT_H
#define CONVEINSUM_EQUATION_COUNT_H

#include <string>

namespace conveinsum {

/// Exact up to 128 bits, then saturated (never wrapped).
using Count = unsigned __int128;
constexpr Count kMaxCount = ~Count(0);
Count saturatingAdd(Count a, Count b);
Count saturatingMultiply(Count a, Count b);
/// Decimal digits.
std::string toString(Count count);

} // namespace conveinsum

#endif // CONVEINSUM_EQUATION_COUNT_H
