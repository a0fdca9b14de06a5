//===- LoopTable.cpp - A loop nest as strides -----------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Brings the table of strides to its shortest form.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Target/LoopTable.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/CheckedArithmetic.h"
#include "llvm/Support/MathExtras.h"
#include <cstdlib>
#include <tuple>

using namespace conveinsum;
using llvm::SmallVectorImpl;

bool LoopTable::hasReduction() const {
  return llvm::any_of(loops, [](const Loop &loop) { return loop.reduction; });
}

/// The product of the extents, or the largest number.
template <typename Loops>
static int64_t iterationsOf(Loops &&loops) {
  uint64_t product = 1;
  bool isEmpty = false;
  for (const Loop &loop : loops) {
    isEmpty |= loop.extent == 0;
    product = llvm::SaturatingMultiply<uint64_t>(product, loop.extent);
  }
  return isEmpty ? 0 : std::min<uint64_t>(product, INT64_MAX);
}

int64_t LoopTable::iterations() const { return iterationsOf(loops); }

int64_t LoopTable::reductionIterations() const {
  return iterationsOf(llvm::make_filter_range(
      loops, [](const Loop &loop) { return loop.reduction; }));
}

/// True if `outer` continues where `inner` ends, for every operand.
static bool walkAsOne(const Loop &outer, const Loop &inner) {
  return outer.reduction == inner.reduction &&
         llvm::all_of(llvm::zip_equal(outer.strides, inner.strides),
                      [&](auto pair) {
                        auto [outerStride, innerStride] = pair;
                        return outerStride ==
                               llvm::checkedMul(innerStride, inner.extent);
                      });
}

/// Merges one pair of loops; false if there is none.
static bool mergeOnce(SmallVectorImpl<Loop> &loops) {
  for (unsigned outer = 0; outer != loops.size(); ++outer)
    for (unsigned inner = 0; inner != loops.size(); ++inner) {
      std::optional<int64_t> extent =
          llvm::checkedMul(loops[outer].extent, loops[inner].extent);
      if (inner == outer || !extent || !walkAsOne(loops[outer], loops[inner]))
        continue;
      loops[outer].extent = *extent;
      loops[outer].strides = loops[inner].strides;
      loops.erase(loops.begin() + inner);
      return true;
    }
  return false;
}

void LoopTable::simplify() {
  llvm::erase_if(loops, [](const Loop &loop) { return loop.extent == 1; });
  while (mergeOnce(loops)) {
  }
  // Long strides outside: results are written in order, and short contiguous
  // reductions, such as the taps of a kernel, come last, where they unroll.
  auto reach = [](const Loop &loop) {
    int64_t sum = 0;
    for (int64_t stride : loop.strides)
      sum = llvm::checkedAdd(sum, std::abs(stride)).value_or(INT64_MAX);
    return loop.reduction ? sum : loop.strides.back();
  };
  llvm::sort(loops, [&](const Loop &a, const Loop &b) {
    return std::make_tuple(!a.reduction, reach(a), b.dim) >
           std::make_tuple(!b.reduction, reach(b), a.dim);
  });
}
