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

/// At most `most` of `count` indices, evenly, the first and the last of them.
static std::vector<size_t> spread(size_t count, size_t most) {
  std::vector<size_t> indices;
  size_t shown = std::min(count, std::max<size_t>(most, 2));
  for (size_t k = 0; k < shown; ++k)
    indices.push_back(shown == 1 ? 0 : k * (count - 1) / (shown - 1));
  return indices;
}

void conveinsum::printTable(const RangeReport &report, llvm::raw_ostream &os,
                            const TableOptions &options) {
  Style style(options);
  const Objective &objective = report.goal.objective;
  if (report.name)
    TotalLine(os, style, "Name") << *report.name;
  TotalLine(os, style, "Complete contraction")
      << style.bold() << report.text << style.reset();
  TotalLine(os, style, "Sizes") << spellLabel(report.mode) << " from "
                                << report.from << " to " << report.to;
  TotalLine(os, style, "Minimised") << title(objective);
  TotalLine(os, style, "Pieces")
      << report.plan.pieces.size() << ", "
      << (report.plan.exact ? "optimal at every size"
                            : "not proven at every size")
      << ", from " << report.plan.plans << " plans";
  Grid grid({{"from", true},
             {"to", true},
             {"value at from", true},
             {"value at to", true},
             {"proof", false, 0, /*rank=*/1},
             {"tree", false, /*least=*/8, /*rank=*/2}});
  size_t pieces = report.plan.pieces.size();
  std::vector<size_t> shown = spread(pieces, style.rows);
  for (size_t index : shown) {
    const ParametricPiece &piece = report.plan.pieces[index];
    grid.add({std::to_string(piece.from), std::to_string(piece.to),
              humanValue(objective, piece.valueFrom),
              humanValue(objective, piece.valueTo), name(piece.proof).str(),
              piece.tree.treeText()});
  }
  grid.fit(style.width);
  grid.print(os, style, /*rules=*/true);
  if (shown.size() < pieces)
    printWrapped(os, style,
                 "and " + std::to_string(pieces - shown.size()) +
                     " pieces between them; --rows=N shows more, --json all",
                 /*indent=*/0, /*lines=*/4);
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
