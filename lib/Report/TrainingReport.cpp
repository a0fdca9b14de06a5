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
#include <cmath>
#include <set>

using namespace conveinsum;
namespace json = llvm::json;

double TrainingReport::ratio(const TrainingPoint &point) const {
  Count least = front.points.back().macs;
  return least == 0 ? 1 : fraction(point.macs, least);
}

namespace {
/// Points of a front that stand for it: each new one is that which is farthest
/// from the lines between those before it.
class FrontShape {
public:
  explicit FrontShape(llvm::ArrayRef<TrainingPoint> points) : points(points) {
    for (const TrainingPoint &point : points) {
      mostKept = std::max(mostKept, double(point.kept));
      mostMacs = std::max(mostMacs, double(point.macs));
    }
  }

  void add(unsigned point) { chosen.insert(point); }
  /// Adds the farthest point; at least two have been added.
  void addFarthest();
  std::vector<unsigned> indices() const {
    return {chosen.begin(), chosen.end()};
  }
  size_t size() const { return chosen.size(); }

private:
  double x(unsigned k) const { return double(points[k].kept) / mostKept; }
  double y(unsigned k) const { return double(points[k].macs) / mostMacs; }

  llvm::ArrayRef<TrainingPoint> points;
  double mostKept = 1, mostMacs = 1;
  std::set<unsigned> chosen;
};
} // namespace

void FrontShape::addFarthest() {
  std::optional<unsigned> farthest;
  double most = -1;
  for (auto low = chosen.begin(), high = std::next(low); high != chosen.end();
       ++low, ++high) {
    double width = x(*high) - x(*low);
    for (unsigned k = *low + 1; k < *high; ++k) {
      double part = width == 0 ? 0 : (x(k) - x(*low)) / width;
      double line = y(*low) + part * (y(*high) - y(*low));
      double distance = std::abs(y(k) - line);
      if (distance > most)
        most = distance, farthest = k;
    }
  }
  assert(farthest && "fewer are chosen than there are");
  chosen.insert(*farthest);
}

std::vector<unsigned> TrainingReport::pointsOfShape(size_t most) const {
  FrontShape shape(front.points);
  shape.add(0);
  shape.add(front.points.size() - 1);
  if (picked)
    shape.add(*picked);
  while (shape.size() < std::min(most, front.points.size()))
    shape.addFarthest();
  return shape.indices();
}

//===----------------------------------------------------------------------===//
// Table
//===----------------------------------------------------------------------===//

static void printHead(const TrainingReport &report, llvm::raw_ostream &os,
                      const Style &style) {
  const PlanGoal &goal = report.goal;
  if (report.name)
    TotalLine(os, style, "Name") << *report.name;
  TotalLine(os, style, "Complete contraction")
      << style.bold() << report.text << style.reset();
  printShapes(report.equation, goal, os, style);
  TotalLine(os, style, "Gradients")
      << (goal.gradients.empty() ? "none" : listText(goal.gradients));
  if (!goal.constants.empty())
    TotalLine(os, style, "Constants") << listText(goal.constants);
  size_t points = report.front.points.size();
  TotalLine(os, style, "Front")
      << points << (points == 1 ? " point" : " points") << " of "
      << (report.isJoint ? "all trees" : "one tree") << ", "
      << (report.front.exact ? "exact"
                             : "thinned out, within " +
                                   humanCount(report.front.error) + " MACs");
  if (report.picked)
    TotalLine(os, style, "Picked")
        << "point " << *report.picked << ", the cheapest that keeps at most "
        << humanBytes(*report.limit);
}

void conveinsum::printTable(const TrainingReport &report, llvm::raw_ostream &os,
                            const TableOptions &options) {
  Style style(options);
  printHead(report, os, style);
  bool isDense = report.goal.objective.count == MacCount::Dense;
  Grid grid({{"point", true},
             {"kept", true, 0, /*rank=*/3},
             {"bytes", true},
             {isDense ? "dense MACs" : "MACs", true},
             {"ratio", true},
             {"forward peak", true, 0, /*rank=*/2},
             {"backward peak", true, 0, /*rank=*/1},
             {"tree", false, /*least=*/12, /*rank=*/4},
             {"kept values", false, /*least=*/12, /*rank=*/5}});
  std::vector<unsigned> shown = report.pointsOfShape(style.rows);
  for (unsigned index : shown) {
    const TrainingPoint &point = report.front.points[index];
    bool isPicked = report.picked == index;
    grid.add({(isPicked ? "> " : "") + std::to_string(index),
              toString(point.kept), humanBytes(keptBytes(point, report.goal)),
              toString(point.macs),
              llvm::formatv("{0:f3}", report.ratio(point)).str(),
              humanBytes(point.forwardPeak), humanBytes(point.backwardPeak),
              point.tree.treeText(), valuesText(point.tree, point.keptValues)},
             isPicked);
  }
  grid.fit(style.width);
  grid.print(os, style, /*rules=*/true);
  size_t hidden = report.front.points.size() - shown.size();
  if (hidden > 0)
    printWrapped(os, style,
                 "and " + std::to_string(hidden) +
                     (hidden == 1 ? " point" : " points") +
                     " between them; --points=N shows more, --json all",
                 /*indent=*/0, /*lines=*/4);
}

//===----------------------------------------------------------------------===//
// JSON
//===----------------------------------------------------------------------===//

json::Object conveinsum::toJSON(const TrainingReport &report,
                                std::optional<unsigned> mostPoints) {
  const PlanGoal &goal = report.goal;
  size_t all = report.front.points.size();
  std::vector<unsigned> shown = report.pointsOfShape(mostPoints.value_or(all));
  json::Array points;
  for (unsigned index : shown) {
    const TrainingPoint &point = report.front.points[index];
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
    object["picked"] = llvm::find(shown, *report.picked) - shown.begin();
  }
  if (mostPoints)
    object["left_out"] = int64_t(all - shown.size());
  return object;
}
