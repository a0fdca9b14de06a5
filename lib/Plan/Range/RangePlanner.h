//===- RangePlanner.h - A range of sizes while it is planned ----*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Three ways through a range: the lower envelope of lines, every integer, and
// halving. All of them append pieces from left to right, and all compare with
// "not worse than the plan", so that planners without a proof can be asked too.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_RANGE_RANGEPLANNER_H
#define CONVEINSUM_LIB_PLAN_RANGE_RANGEPLANNER_H

#include "conveinsum/Plan/Range/Parametric.h"

namespace conveinsum {

/// Whether two equations differ in sizes and geometry at the most.
bool haveSameStructure(const Equation &a, const Equation &b);

/// A network of the range and its plan.
struct Planned {
  int64_t size = 0;
  Equation equation;
  ContractionTree tree;
  Count value = 0;
  Proof proof = Proof::Optimal;
};

/// A tree whose value is affine in the size.
struct Line {
  ContractionTree tree;
  Count atLowest, slope;
};

class RangePlanner {
  /// Of one plan of many, where the budget is open.
  static constexpr uint64_t kMaxPlanMoves = 6'000'000;

public:
  RangePlanner(EquationAt equationAt, const PlannerOptions &options,
               ErrorFn onError)
      : equationAt(equationAt), options(options), onError(onError) {
    if (options.planner != PlannerKind::Exact)
      this->options.defaultMoves = kMaxPlanMoves;
  }

  std::optional<ParametricPlan> run(int64_t low, int64_t high);

private:
  std::optional<Equation> network(int64_t size);
  std::optional<Planned> planAt(int64_t size);
  Count valueOf(const ContractionTree &tree, const Equation &equation) const {
    return evaluateGoal(equation, tree, options.goal).value;
  }
  /// From the line of the tree, if it has one, else from the network.
  std::optional<Count> valueAt(const ContractionTree &tree, int64_t size);
  const Line *lineOf(const ContractionTree &tree) const;
  Count lineAt(const ContractionTree &tree, int64_t size) const;

  /// Whether a way came to its end. If not, nothing was reported for Unfit: the
  /// way is not made for these networks.
  enum class Outcome { Done, Failed, Unfit };
  bool isAffine(const Planned &first, const Planned &last);
  Outcome addLine(const Planned &planned);
  Outcome envelope(const Planned &left, const Planned &right);
  Outcome split(const Planned &left, const Planned &right, int64_t at);
  Outcome everySize(int64_t high);
  Outcome halve(const Planned &left, const Planned &right, uint64_t plans);
  /// Plans that a search without a proof may make.
  uint64_t affordablePlans() const;
  Outcome border(const Planned &left, const Planned &right);
  Outcome search(const Planned &first, const Planned &last);

  void append(int64_t from, int64_t to, const Planned &planned,
              bool isProven = true);
  Outcome keepLeftTrees();
  bool fillValues();

  EquationAt equationAt;
  PlannerOptions options;
  ErrorFn onError;
  std::optional<Planned> lowest, highest;
  std::optional<ModeId> openMode; // the plain mode whose size is open
  std::optional<Equation> middle; // the network in the middle of the range
  std::vector<Line> lines;
  ParametricPlan result;
  uint64_t mostMoves = 0; // of one plan
  uint64_t moves = 0;     // of all
};

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_RANGE_RANGEPLANNER_H
