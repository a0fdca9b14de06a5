//===- PlanTable.cpp - The plan as a table --------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The layout of opt_einsum's `contract_path`: totals first, then a row per step
// with its scaling and what remains after it. Added are the kind of the step,
// both MAC counts, the bytes it writes, and what it is predicted to take. Sums
// by kind of step follow in a table of their own.
//
//===----------------------------------------------------------------------===//

#include "PlanTotals.h"
#include "Report/Text/Grid.h"
#include "Report/Text/Numbers.h"
#include "Scaling.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace conveinsum;

/// Columns of the screen that the table keeps within, at the cost of its last
/// column.
static constexpr unsigned kTableColumns = 150;

/// MACs of a step; `3 x 83.49 M` where it is computed several times.
static std::string macsText(const StepReport &step, Count macs) {
  std::string text = humanCount(macs);
  if (step.products > 1)
    text = std::to_string(step.products) + " x " + text;
  return text;
}

static std::string intensityText(Count macs, Count moved) {
  std::optional<double> perByte = intensity(macs, moved);
  return perByte ? humanRatio(*perByte) : "";
}

/// The largest value of a step.
static Count hottestOf(const PlanReport &report) {
  Count hottest = 0;
  for (const StepReport &step : report.steps)
    hottest = std::max(hottest, step.value);
  return hottest;
}

static void printSteps(const PlanReport &report, llvm::raw_ostream &os,
                       const Style &style, llvm::ArrayRef<unsigned> scalings,
                       llvm::ArrayRef<std::string> remaining) {
  Grid grid({{"step", true},
             {"scaling", true},
             {"kind"},
             {"current"},
             {"MACs", true},
             {"dense MACs", true},
             {"share", true},
             {"bytes", true},
             {"shape"},
             {"MACs/B", true},
             {"time", true},
             {"bound"},
             {"remaining"}});
  Count hottest = hottestOf(report);
  for (auto [index, step] : llvm::enumerate(report.cost.steps)) {
    const StepReport &figures = report.steps[index];
    grid.add({stepText(step), std::to_string(scalings[index]),
              name(step.kind).str(), step.equation.text(),
              macsText(figures, step.exactMacs), humanCount(step.denseMacs),
              shareText(figures.value, report.plan.value),
              humanBytes(report.bytes(step)), toString(step.shape),
              intensityText(figures.macs, figures.moved),
              figures.isPrepared() ? "" : humanPicoseconds(figures.picoseconds),
              boundText(figures).str(), remaining[index]},
             hottest != 0 && figures.value == hottest);
  }
  grid.cutLast(kTableColumns, /*least=*/16);
  grid.print(os, style, /*rules=*/true);
}

//===----------------------------------------------------------------------===//
// Sums by kind
//===----------------------------------------------------------------------===//

static std::vector<std::string>
totalsRow(llvm::StringRef title, const StepTotals &totals, Count picoseconds) {
  std::optional<TargetModel::Bound> bound = totals.mainBound();
  return {title.str(),
          std::to_string(totals.steps),
          humanCount(totals.macs),
          humanBytes(totals.moved),
          intensityText(totals.macs, totals.moved),
          humanPicoseconds(totals.picoseconds),
          shareText(totals.picoseconds, picoseconds),
          bound ? name(*bound).str() : ""};
}

static void printKinds(const PlanReport &report, llvm::raw_ostream &os,
                       const Style &style) {
  Grid grid({{"kind"},
             {"steps", true},
             {"MACs", true},
             {"moved", true},
             {"MACs/B", true},
             {"time", true},
             {"share", true},
             {"bound"}});
  StepTotals totals = report.totals();
  for (const auto &[kind, sums] : report.totalsByKind())
    grid.add(totalsRow(name(kind), sums, totals.picoseconds));
  grid.add(totalsRow("all", totals, totals.picoseconds));
  os << '\n';
  grid.print(os, style, /*rules=*/false);
}

void conveinsum::printTable(const PlanReport &report, llvm::raw_ostream &os,
                            bool color) {
  Style style{color};
  std::vector<unsigned> scalings;
  for (const PlannedStep &step : report.cost.steps)
    scalings.push_back(step.loops);
  unsigned largest = scalings.empty() ? 0 : *llvm::max_element(scalings);
  printTotals(report, os, style, largest);
  if (!report.cost.steps.empty())
    printSteps(report, os, style, scalings, remainingTexts(report));
  if (report.cost.steps.size() > 1)
    printKinds(report, os, style);
  if (report.comparison)
    printComparison(report, os, style);
}
