//===- TrainingReport.h - The front of a network ----------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Table and JSON of the ways to train a network: what each keeps from forward
// to backward, and what it costs.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_REPORT_TRAININGREPORT_H
#define CONVEINSUM_REPORT_TRAININGREPORT_H

#include "conveinsum/Plan/Training/Training.h"
#include "conveinsum/Report/TableOptions.h"
#include "llvm/Support/JSON.h"

namespace conveinsum {

struct TrainingReport {
  std::optional<std::string> name;
  /// The equation as the user wrote it.
  std::string text;
  Equation equation;
  PlanGoal goal;
  TrainingFront front;
  /// The front is one over all trees, not of one tree.
  bool isJoint = true;
  /// A limit on what is kept, in bytes, and the point that was picked for it.
  std::optional<Count> limit;
  std::optional<unsigned> picked;

  /// MACs of a point by those of the cheapest one, which recomputes nothing; 1
  /// if both are 0.
  double ratio(const TrainingPoint &point) const;
  /// At most `most` points, 2 or more, ascending: both ends, the picked one,
  /// and those without which the front would look most different.
  std::vector<unsigned> pointsOfShape(size_t most) const;
};

/// Points of a table that its options leave open.
constexpr unsigned kDefaultFrontPoints = 24;

/// A row per point of the front's shape, as many as `options` has rows.
void printTable(const TrainingReport &report, llvm::raw_ostream &os,
                const TableOptions &options = {});
/// The object of `pareto --json`; with all points, or with those of its shape.
llvm::json::Object toJSON(const TrainingReport &report,
                          std::optional<unsigned> mostPoints = std::nullopt);

} // namespace conveinsum

#endif // CONVEINSUM_REPORT_TRAININGREPORT_H
