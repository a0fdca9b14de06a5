//===- RangeReport.cpp - Plans for a range of sizes -----------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Break-points are where one row ends and the next begins.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Report/RangeReport.h"
#include "PlanJSON.h"
#include "PlanTotals.h"
#include "Report/Text/Numbers.h"
#include "llvm/Support/raw_ostream.h"

using namespace conveinsum;
namespace json = llvm::json;

void conveinsum::printTable(const RangeReport &report, llvm::raw_ostream &os,
                            bool color) {
  Style style{color};
  const Objective &objective = report.goal.objective;
  if (report.name)
    printTotal(os, style, "Name") << *report.name << '\n';
  printTotal(os, style, "Complete contraction")
      << style.bold() << report.text << style.reset() << '\n';
  printTotal(os, style, "Sizes") << spellLabel(report.mode) << " from "
                                 << report.from << " to " << report.to << '\n';
  printTotal(os, style, "Minimised")
      << objective.name()
      << (objective.count == MacCount::Dense ? " (dense MACs)" : "") << '\n';
  printTotal(os, style, "Pieces")
      << report.plan.pieces.size() << ", "
      << (report.plan.exact ? "optimal at every size"
                            : "not proven at every size")
      << ", from " << report.plan.plans << " plans\n";
  Grid grid({{"from", true},
             {"to", true},
             {"value at from", true},
             {"value at to", true},
             {"proof"},
             {"tree"}});
  for (const ParametricPiece &piece : report.plan.pieces)
    grid.add({std::to_string(piece.from), std::to_string(piece.to),
              humanValue(objective, piece.valueFrom),
              humanValue(objective, piece.valueTo), name(piece.proof).str(),
              piece.tree.treeText()});
  grid.print(os, style, /*rules=*/true);
}

json::Object conveinsum::toJSON(const RangeReport &report) {
  json::Array pieces;
  for (const ParametricPiece &piece : report.plan.pieces) {
    json::Object object{{"from", piece.from},
                        {"to", piece.to},
                        {"proof", name(piece.proof)},
                        {"value_from", toJSON(piece.valueFrom)},
                        {"value_to", toJSON(piece.valueTo)}};
    addOrder(piece.tree, object);
    pieces.push_back(std::move(object));
  }
  const Objective &objective = report.goal.objective;
  return json::Object{
      {"name", nameJSON(report.name)},
      {"equation", report.text},
      {"mode", report.mode},
      {"from", report.from},
      {"to", report.to},
      {"objective", objective.name()},
      {"count", objective.count == MacCount::Exact ? "exact" : "dense"},
      {"exact", report.plan.exact},
      {"plans", toJSON(Count(report.plan.plans))},
      {"pieces", std::move(pieces)}};
}
