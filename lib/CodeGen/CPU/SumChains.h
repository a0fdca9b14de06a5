//===- SumChains.h - How long sums are cut ----------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A sum of n numbers in one accumulator may be wrong by n u, because its first
// number is rounded with each of the others. Long sums are therefore cut: a
// block of additions starts from zero, a group sums up to eight blocks, the
// next one up to eight of those, and so on. A number then goes through a chain
// of
//
//     at most  256 + log2(n)  additions,  or
//     at most  64 + 3 log2(n)  if the sum is one of single numbers, not
//     products
//
// on its way into the result. The second kind stands before products, so that
// its chain is one more part of theirs. No accumulator takes more than 256
// additions.
//
// Two loops, 1000 iterations of 9:  9 additions stay together, 21 times these
// are a block of 189, and 1000 / 21 gives 48 blocks; 8 of them are a group, and
// the result is the sum of 6 groups. The cuts of the outer loop are 21 and 168,
// the chain is 189 + 8 + 6.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_CODEGEN_CPU_SUMCHAINS_H
#define CONVEINSUM_LIB_CODEGEN_CPU_SUMCHAINS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

namespace conveinsum {

/// One loop of a sum.
struct SumLoop {
  /// Iterations that may be cut.
  int64_t iterations = 1;
  /// One more iteration stands behind the loop.
  bool hasRest = false;
};

/// Where one loop is cut: iterations from one start from zero to the next, of
/// blocks, then of groups. Each is a multiple of the one before. Without any,
/// the loop adds to what is outside of it.
using Cuts = llvm::SmallVector<int64_t, 2>;

/// The most additions to one accumulator, in a sum of products or of numbers.
int64_t longestChain(bool ofProducts);

/// The cuts of each of `loops`, which are in order from the outside.
llvm::SmallVector<Cuts> cutSum(llvm::ArrayRef<SumLoop> loops, bool ofProducts);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_CODEGEN_CPU_SUMCHAINS_H
