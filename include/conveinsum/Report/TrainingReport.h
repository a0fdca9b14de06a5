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
};

/// A row per point.
void printTable(const TrainingReport &report, llvm::raw_ostream &os,
                bool color);
/// The object of `pareto --json`.
llvm::json::Object toJSON(const TrainingReport &report);

} // namespace conveinsum

#endif // CONVEINSUM_REPORT_TRAININGREPORT_H
