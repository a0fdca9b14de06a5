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

/// What a row of the table is compared by.
static std::vector<Count> valuesOf(const PlanReport &report) {
  std::vector<Count> values;
  for (const StepReport &step : report.steps)
    values.push_back(step.value);
  return values;
}

/// What is not in the table, if anything.
static void printHidden(const PlanReport &report, llvm::raw_ostream &os,
                        const Style &style, const std::vector<bool> &shown) {
  size_t hidden = llvm::count(shown, false);
  if (hidden == 0)
    return;
  Count rest = 0, all = 0;
  for (auto [step, isShown] : llvm::zip_equal(report.steps, shown)) {
    all += step.value;
    if (!isShown)
      rest += step.value;
  }
  std::string share = shareText(rest, all);
  printWrapped(os, style,
               "and " + std::to_string(hidden) +
                   (hidden == 1 ? " cheaper step" : " cheaper steps") +
                   (share.empty() ? "" : ", " + share + " of all") +
                   "; --rows=N shows more, --json all",
               /*indent=*/0, /*lines=*/4);
}

static void printSteps(const PlanReport &report, llvm::raw_ostream &os,
                       const Style &style, llvm::ArrayRef<unsigned> scalings,
                       llvm::ArrayRef<std::string> remaining) {
  Grid grid({{"step", true},
             {"scaling", true, 0, /*rank=*/5},
             {"kind", false, 0, /*rank=*/4},
             {"current", false, /*least=*/12},
             {"MACs", true},
             {"dense MACs", true, 0, /*rank=*/8},
             {"share", true, 0, /*rank=*/2},
             {"bytes", true, 0, /*rank=*/3},
             {"shape", false, /*least=*/12, /*rank=*/6},
             {"MACs/B", true, 0, /*rank=*/7},
             {"time", true, 0, /*rank=*/1},
             {"bound", false, 0, /*rank=*/7},
             {"remaining", false, /*least=*/16, /*rank=*/9}});
  std::vector<Count> values = valuesOf(report);
  std::vector<bool> shown = largest(values, style.rows);
  Count hottest = values.empty() ? 0 : *llvm::max_element(values);
  for (auto [index, step] : llvm::enumerate(report.cost.steps)) {
    if (!shown[index])
      continue;
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
  grid.fit(style.width);
  grid.print(os, style, /*rules=*/true);
  printHidden(report, os, style, shown);
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
             {"moved", true, 0, /*rank=*/2},
             {"MACs/B", true, 0, /*rank=*/4},
             {"time", true, 0, /*rank=*/1},
             {"share", true, 0, /*rank=*/2},
             {"bound", false, 0, /*rank=*/3}});
  StepTotals totals = report.totals();
  for (const auto &[kind, sums] : report.totalsByKind())
    grid.add(totalsRow(name(kind), sums, totals.picoseconds));
  grid.add(totalsRow("all", totals, totals.picoseconds));
  os << '\n';
  grid.fit(style.width);
  grid.print(os, style, /*rules=*/false);
}

void conveinsum::printTable(const PlanReport &report, llvm::raw_ostream &os,
                            const TableOptions &options) {
  Style style(options);
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
