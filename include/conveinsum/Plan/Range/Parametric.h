//===- Parametric.h - Plans for a range of sizes ----------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One size of a network is left open, a batch or the extent of a feature, and
// the plan is asked for at every integer of a range. The answer is a list of
// pieces, each with the one tree that is optimal all along it.
//
// The size of a plain mode enters every step at most once, as a factor. Under
// flops, write and combo the value of a tree is therefore affine in it, and the
// smallest value over all trees is concave: the lower envelope of lines. A tree
// that is optimal at both ends of an interval is optimal inside. Otherwise the
// lines of the two end trees cross, and a plan at the crossing either shows
// that there is no third tree, or finds it. Two plans per break-point prove the
// whole range:
//
//     value |        ,·'      tree A         A until 2, B from 3 on: plans at
//           |     ,x·---      tree B         1, 4096, 2 and 3
//           |  ,·'
//           +--1--2--3---------- size
//
// The roofline, time, size and peak are maxima of affine functions, and the
// extent of a conv mode acts through windows and strides: every integer is
// planned, as long as there are not too many of them; beyond, intervals are
// halved, and the result says that it is not exact.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_PLAN_RANGE_PARAMETRIC_H
#define CONVEINSUM_PLAN_RANGE_PARAMETRIC_H

#include "conveinsum/Equation/Case.h"
#include "conveinsum/Plan/Search/Planner.h"

namespace conveinsum {

/// Sizes from `from` to `to`, both included, and the tree that is planned for
/// them.
struct ParametricPiece {
  int64_t from = 0, to = 0;
  ContractionTree tree;
  /// The weakest proof of the plans that the piece rests on; `best-found` where
  /// not all of its sizes are proven.
  Proof proof = Proof::Optimal;
  /// Of the tree at both ends, under the goal.
  Count valueFrom = 0, valueTo = 0;
};

struct ParametricPlan {
  /// Ascending, without gaps; neighbours have different trees.
  std::vector<ParametricPiece> pieces;
  /// Whether the tree of every piece is proven to be optimal at all its sizes.
  bool exact = true;
  /// Sizes at which a plan was made.
  uint64_t plans = 0;

  /// The piece that holds a size of the range.
  const ParametricPiece &at(int64_t size) const;
};

/// Gives the network at a size, or reports why there is none.
using EquationAt = llvm::function_ref<std::optional<Equation>(int64_t)>;

/// Sizes at which a plan is made, at the most; fewer where one plan takes so
/// many moves (Planner.h) that together they would exceed the second figure.
constexpr uint64_t kMaxParametricPlans = 4096;
constexpr uint64_t kMaxParametricMoves = 40'000'000;

/// Plans for all sizes from `low` to `high`. The equations must differ in sizes
/// only. If `equationAt(n)` is a network whose one plain mode has size n, and
/// the goal is affine in it, break-points are proven as described above; the
/// networks at all sizes that are planned are checked for it. Where trees are
/// equally good, the one of the piece to the left is kept. Reports an empty
/// range, networks that differ in more than sizes, dynamic extents, and what
/// `plan` and `equationAt` report.
std::optional<ParametricPlan> planParametric(EquationAt equationAt, int64_t low,
                                             int64_t high,
                                             const PlannerOptions &options,
                                             ErrorFn onError);

/// The equation of a case with another size of one mode: of a plain mode in
/// every operand that holds it, of a conv mode in its feature. `label` is bare.
/// What the case expects of results is not checked. Reports a case without
/// shapes, a mode that the string does not spell out, and what resolving
/// reports.
std::optional<Equation> equationAtSize(const Case &given, llvm::StringRef label,
                                       int64_t size, ErrorFn onError);

} // namespace conveinsum

#endif // CONVEINSUM_PLAN_RANGE_PARAMETRIC_H
