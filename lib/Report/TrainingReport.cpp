//===- TrainingReport.cpp - The front of a network ------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The point that was picked for a limit stands out.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Report/TrainingReport.h"
#include "PlanJSON.h"
#include "PlanLimits.h"
#include "PlanTotals.h"
#include "Report/Text/Numbers.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

using namespace conveinsum;
namespace json = llvm::json;

double TrainingReport::ratio(const TrainingPoint &point) const {
  Count least = front.points.back().macs;
  return least == 0 ? 1 : fraction(point.macs, least);
}

//===----------------------------------------------------------------------===//
// Table
//===----------------------------------------------------------------------===//

static void printHead(const TrainingReport &report, llvm::raw_ostream &os,
                      const Style &style) {
  const PlanGoal &goal = report.goal;
  if (report.name)
    printTotal(os, style, "Name") << *report.name << '\n';
  printTotal(os, style, "Complete contraction")
      << style.bold() << report.text << style.reset() << '\n';
  printShapes(report.equation, goal, os, style);
  printTotal(os, style, "Gradients")
      << (goal.gradients.empty() ? "none" : listText(goal.gradients)) << '\n';
  if (!goal.constants.empty())
    printTotal(os, style, "Constants") << listText(goal.constants) << '\n';
  size_t points = report.front.points.size();
  printTotal(os, style, "Front")
      << points << (points == 1 ? " point" : " points") << " of "
      << (report.isJoint ? "all trees" : "one tree") << ", "
      << (report.front.exact ? "exact"
                             : "thinned out, within " +
                                   humanCount(report.front.error) + " MACs")
      << '\n';
  if (report.picked)
    printTotal(os, style, "Picked")
        << "point " << *report.picked << ", the cheapest that keeps at most "
        << humanBytes(*report.limit) << '\n';
}

void conveinsum::printTable(const TrainingReport &report, llvm::raw_ostream &os,
                            bool color) {
  Style style{color};
  printHead(report, os, style);
  bool isDense = report.goal.objective.count == MacCount::Dense;
  Grid grid({{"point", true},
             {"kept", true},
             {"bytes", true},
             {isDense ? "dense MACs" : "MACs", true},
             {"ratio", true},
             {"forward peak", true},
             {"backward peak", true},
             {"tree"},
             {"kept values"}});
  for (auto [index, point] : llvm::enumerate(report.front.points)) {
    bool isPicked = report.picked == index;
    grid.add({(isPicked ? "> " : "") + std::to_string(index),
              toString(point.kept), humanBytes(keptBytes(point, report.goal)),
              toString(point.macs),
              llvm::formatv("{0:f3}", report.ratio(point)).str(),
              humanBytes(point.forwardPeak), humanBytes(point.backwardPeak),
              point.tree.treeText(), valuesText(point.tree, point.keptValues)},
             isPicked);
  }
  grid.print(os, style, /*rules=*/true);
}

//===----------------------------------------------------------------------===//
// JSON
//===----------------------------------------------------------------------===//

json::Object conveinsum::toJSON(const TrainingReport &report) {
  const PlanGoal &goal = report.goal;
  json::Array points;
  for (const TrainingPoint &point : report.front.points) {
    json::Object object = pointJSON(point, goal);
    object["ratio"] = report.ratio(point);
    addOrder(point.tree, object);
    points.push_back(std::move(object));
  }
  json::Object object{
      {"name", nameJSON(report.name)},
      {"equation", report.text},
      {"shapes", shapesJSON(report.equation)},
      {"dtype", std::string(name(goal.dtype))},
      {"count", goal.objective.count == MacCount::Exact ? "exact" : "dense"},
      {"gradients", json::Array(goal.gradients)},
      {"constants", json::Array(goal.constants)},
      {"scope", report.isJoint ? "all trees" : "one tree"},
      {"exact", report.front.exact},
      {"error", toJSON(report.front.error)},
      {"front", std::move(points)}};
  if (report.picked) {
    object["limit"] = toJSON(*report.limit);
    object["picked"] = *report.picked;
  }
  return object;
}
