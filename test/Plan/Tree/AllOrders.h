//===- AllOrders.h - Peaks by trying all orders -----------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs the steps of a forest in every order that respects their inputs, with a
// set of what is alive.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TEST_PLAN_TREE_ALLORDERS_H
#define CONVEINSUM_TEST_PLAN_TREE_ALLORDERS_H

#include "Plan/Tree/Pebbling.h"
#include <algorithm>
#include <set>

namespace conveinsum {

/// The smallest peak over all orders that respect the inputs.
class AllOrders {
public:
  explicit AllOrders(const std::vector<PebbleStep> &steps) : steps(steps) {}

  Count smallest() {
    best = Count::infinity();
    visit({}, {}, 0);
    return best;
  }

private:
  void visit(const std::set<unsigned> &done, const std::set<unsigned> &alive,
             Count peak) {
    if (done.size() == steps.size())
      best = std::min(best, peak);
    for (unsigned index = 0; index < steps.size(); ++index) {
      if (done.count(index) || !isReady(index, done))
        continue;
      std::set<unsigned> nowDone = done, nowAlive = alive;
      nowDone.insert(index);
      nowAlive.insert(index);
      Count sum = 0;
      for (unsigned value : nowAlive)
        sum = sum + steps[value].size;
      for (unsigned input : steps[index].inputs)
        if (input != PebbleStep::kNoInput && !steps[input].stays)
          nowAlive.erase(input);
      visit(nowDone, nowAlive, std::max(peak, sum));
    }
  }

  bool isReady(unsigned index, const std::set<unsigned> &done) const {
    for (unsigned input : steps[index].inputs)
      if (input != PebbleStep::kNoInput && !done.count(input))
        return false;
    return true;
  }

  const std::vector<PebbleStep> &steps;
  Count best;
};

inline Count smallestPeakOfAllOrders(const std::vector<PebbleStep> &steps) {
  return AllOrders(steps).smallest();
}

} // namespace conveinsum

#endif // CONVEINSUM_TEST_PLAN_TREE_ALLORDERS_H
