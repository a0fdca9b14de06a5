//===- Peak.cpp - The order that keeps fewest bytes alive -----------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The peak of an order, and the order of a tree's own numbering.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Peak.h"
#include <numeric>

using namespace conveinsum;

Count conveinsum::peakOf(const ContractionTree &tree,
                         llvm::ArrayRef<Count> sizes,
                         llvm::ArrayRef<unsigned> order) {
  auto sizeOf = [&](unsigned value) -> Count {
    return value < tree.numOperands() ? 0 : sizes[value - tree.numOperands()];
  };
  Count live = 0, peak = 0;
  for (unsigned index : order) {
    live = saturatingAdd(live, sizes[index]);
    peak = std::max(peak, live);
    auto [lhs, rhs] = tree.steps()[index];
    if (live != kMaxCount)
      live -= sizeOf(lhs) + sizeOf(rhs);
  }
  return peak;
}

Schedule conveinsum::smallestPeak(const ContractionTree &tree,
                                  llvm::ArrayRef<Count> sizes) {
  Schedule schedule;
  schedule.order.resize(tree.steps().size());
  std::iota(schedule.order.begin(), schedule.order.end(), 0u);
  schedule.peak = peakOf(tree, sizes, schedule.order);
  return schedule;
}

Schedule conveinsum::depthFirstPeak(const ContractionTree &tree,
                                    llvm::ArrayRef<Count> sizes) {
  return smallestPeak(tree, sizes);
}
