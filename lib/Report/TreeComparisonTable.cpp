//===- TreeComparisonTable.cpp - Two trees side by side -------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A row per set of operands that only one of the trees makes, or that they make
// from different parts, and a sentence about the costliest.
//
//===----------------------------------------------------------------------===//

#include "PlanTotals.h"
#include "Report/Text/Numbers.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace conveinsum;
using llvm::StringRef;

/// What the other tree is called.
static StringRef otherName(const TreeComparison &comparison) {
  switch (comparison.other.proof) {
  case Proof::Optimal:
    return "the optimum";
  case Proof::OptimalConnected:
    return "the optimum without outer products";
  case Proof::Pinned:
    return "the given tree";
  default:
    return "the best tree found";
  }
}

/// Positions of operands, neighbours as ranges: `0,2-5`.
static std::string setText(const OperandSet &set) {
  std::string text;
  for (int first = set.find_first(); first >= 0;) {
    int last = first;
    while (set.find_next(last) == last + 1)
      ++last;
    text += (text.empty() ? "" : ",") + std::to_string(first);
    if (last > first)
      text += (last == first + 1 ? "," : "-") + std::to_string(last);
    first = set.find_next(last);
  }
  return text;
}

namespace {
/// One side of a comparison.
struct Side {
  const PlanCost &cost;
  const std::vector<StepReport> &steps;

  std::string valueOf(const Objective &objective,
                      std::optional<unsigned> step) const {
    return step ? humanValue(objective, steps[*step].value) : "";
  }
};
} // namespace

/// The dearer of the two values of a difference.
static Count valueOf(const StepDifference &difference, const Side &here,
                     const Side &there) {
  Count value = 0;
  if (difference.here)
    value = here.steps[*difference.here].value;
  if (difference.there)
    value = std::max(value, there.steps[*difference.there].value);
  return value;
}

/// The differences that are shown: all of a few, the costliest of many.
static std::vector<bool> shownOf(const TreeComparison &comparison,
                                 const Side &here, const Side &there,
                                 unsigned most) {
  std::vector<Count> values;
  for (const StepDifference &difference : comparison.differences)
    values.push_back(valueOf(difference, here, there));
  return largest(values, most);
}

static void printDifferences(const PlanReport &report, llvm::raw_ostream &os,
                             const Style &style) {
  const TreeComparison &comparison = *report.comparison;
  Side here{report.cost, report.steps};
  Side there{comparison.cost, comparison.steps};
  Grid grid({{"operands", false, /*least=*/8, /*rank=*/3},
             {"this tree", true},
             {otherName(comparison).str(), true},
             {"kind", false, 0, /*rank=*/2},
             {"current", false, /*least=*/12, /*rank=*/1}});
  std::vector<bool> shown = shownOf(comparison, here, there, style.rows);
  for (auto [index, difference] : llvm::enumerate(comparison.differences)) {
    if (!shown[index])
      continue;
    auto [operands, hereStep, thereStep] = difference;
    const PlannedStep &step =
        hereStep ? here.cost.steps[*hereStep] : there.cost.steps[*thereStep];
    std::string current = step.equation.text();
    if (hereStep && thereStep)
      current += " instead of " + there.cost.steps[*thereStep].equation.text();
    grid.add({setText(operands), here.valueOf(report.objective(), hereStep),
              there.valueOf(report.objective(), thereStep),
              name(step.kind).str(), current},
             comparison.costliest == index);
  }
  grid.fit(style.width - 2);
  grid.print(os, style, /*rules=*/false, /*indent=*/2);
  size_t hidden = llvm::count(shown, false);
  if (hidden > 0)
    os << "  and " << hidden << " cheaper ones\n";
}

/// Where most of the extra cost is.
static void printCostliest(const PlanReport &report, llvm::raw_ostream &os,
                           const Style &style) {
  const TreeComparison &comparison = *report.comparison;
  if (!comparison.costliest)
    return;
  const StepDifference &difference =
      comparison.differences[*comparison.costliest];
  bool isHereDearer = report.plan.value > comparison.other.value;
  const PlannedTree &dearer = isHereDearer ? report.plan : comparison.other;
  unsigned index = isHereDearer ? *difference.here : *difference.there;
  const PlanCost &cost = isHereDearer ? report.cost : comparison.cost;
  Count value = (isHereDearer ? report.steps : comparison.steps)[index].value;
  os << "  ";
  printWrapped(os, style,
               "costliest: " + cost.steps[index].equation.text() + ", " +
                   humanValue(report.objective(), value) + ", " +
                   shareText(value, dearer.value) + " of " +
                   (isHereDearer ? "this tree" : otherName(comparison)).str(),
               /*indent=*/2, /*lines=*/4);
}

void conveinsum::printComparison(const PlanReport &report,
                                 llvm::raw_ostream &os, const Style &style) {
  const TreeComparison &comparison = *report.comparison;
  const Objective &objective = report.objective();
  os << '\n' << style.bold();
  printWrapped(os, style,
               ("Compared with " + otherName(comparison) + " " +
                comparison.other.tree.treeText() + style.reset())
                   .str(),
               /*indent=*/0, /*lines=*/4);
  std::string ratio = ratioText(report.plan.value, comparison.other.value);
  os << "  ";
  printWrapped(os, style,
               titledText(objective, report.plan.value, ": ") + " against " +
                   valueText(objective, comparison.other.value) +
                   (ratio.empty() ? "" : ", " + ratio),
               /*indent=*/2, /*lines=*/4);
  if (comparison.differences.empty()) {
    os << "  both trees take the same steps\n";
    return;
  }
  printDifferences(report, os, style);
  printCostliest(report, os, style);
}
