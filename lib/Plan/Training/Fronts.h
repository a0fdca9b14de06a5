//===- Fronts.h - Sums of Pareto fronts -------------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A front is a staircase of points (kept, macs). The front of a value is made
// of the fronts of its inputs: all sums of a point of one and a point of the
// other, for one or for many pairs of inputs, of which the points that none
// beats stay.
//
// The sums of one point with a front are a row: ascending in kept and
// descending in MACs. All rows are merged by a heap in ascending order of kept.
// What comes next from a row must cost less than the last point that was taken,
// and what does not is jumped over by bisection: of the many sums few are ever
// looked at. A limit, a falling function of kept, cuts rows the same way.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_TRAINING_FRONTS_H
#define CONVEINSUM_LIB_PLAN_TRAINING_FRONTS_H

#include "conveinsum/Equation/Equation.h"
#include <optional>

namespace conveinsum {

struct FrontPoint {
  Count kept = 0, macs = 0;
  /// Decides between points with equal numbers.
  Count written = 0;
  /// How the point came about: the sum, and the points of its two sides.
  uint32_t sum = 0, left = 0, right = 0;
};

/// Ascending in `kept`, descending in `macs`, strictly.
using Front = std::vector<FrontPoint>;

/// All sums of a point of `left`, a point of `right` and what is given here.
/// Neither is empty.
struct FrontSum {
  const Front *left = nullptr, *right = nullptr;
  Count kept = 0, macs = 0, written = 0;
  /// Recorded in the points.
  uint32_t name = 0;

  /// Of any of the sums.
  Count leastKept() const {
    return kept + (left->front().kept + right->front().kept);
  }
  Count leastMacs() const {
    return macs + (left->back().macs + right->back().macs);
  }
};

/// What is wanted: sums that, with `rest` more MACs, are beaten by none of the
/// points that were found otherwise. Equal ones are wanted.
class FrontLimit {
public:
  /// Everything is wanted.
  FrontLimit() = default;
  FrontLimit(llvm::ArrayRef<FrontPoint> known, Count rest)
      : known(known), rest(rest) {}

  /// Most MACs that are wanted with so many elements kept, falling; none if
  /// nothing is, with more elements either.
  std::optional<Count> most(Count kept) const;
  bool takes(Count kept, Count macs) const {
    std::optional<Count> limit = most(kept);
    return limit && macs <= *limit;
  }

private:
  llvm::ArrayRef<FrontPoint> known;
  Count rest = 0;
};

/// The front of all sums that `limit` takes.
Front mergeSums(llvm::ArrayRef<FrontSum> sums, const FrontLimit &limit = {});

/// The front of the points of both.
Front mergeFronts(const Front &a, const Front &b);

/// Leaves out points until there are at most `maxPoints` (>= 2), and returns
/// the error: each point left out has one before it that costs at most so many
/// MACs more. The first and the last point stay.
Count thinOut(Front &front, unsigned maxPoints);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_TRAINING_FRONTS_H
