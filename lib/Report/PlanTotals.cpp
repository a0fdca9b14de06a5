//===- PlanTotals.cpp - Figures of the whole plan -------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The lines above the table: those of opt_einsum's `contract_path` first.
//
//===----------------------------------------------------------------------===//

#include "PlanTotals.h"
#include "PlanLimits.h"
#include "Report/Text/Numbers.h"
#include "Scaling.h"
#include "conveinsum/Plan/Tree/Schedule.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>

using namespace conveinsum;
using llvm::StringRef;

void conveinsum::printShapes(const Equation &equation, const PlanGoal &goal,
                             llvm::raw_ostream &os, const Style &style) {
  TotalLine line(os, style, "Shapes");
  for (unsigned operand = 0; operand < equation.numOperands(); ++operand)
    line << (operand == 0 ? "" : ", ")
         << toString(equation.operandShape(operand));
  line << " -> " << toString(equation.resultShape()) << " ("
       << std::string(name(goal.dtype));
  if (goal.resultType != goal.dtype)
    line << " -> " << std::string(name(goal.resultType));
  line << ")";
}

/// How many steps need not be repeated.
static std::string preparedText(size_t steps) {
  if (steps == 0)
    return "no step";
  return std::to_string(steps) + (steps == 1 ? " step" : " steps");
}

static void printNetwork(const PlanReport &report, llvm::raw_ostream &os,
                         const Style &style) {
  if (report.name)
    TotalLine(os, style, "Name") << *report.name;
  TotalLine(os, style, "Complete contraction")
      << style.bold() << report.text << style.reset();
  printShapes(report.equation, report.plan.goal, os, style);
  TotalLine(os, style, "Naive scaling") << naiveScaling(report.equation);
}

static void printMacs(const PlanReport &report, llvm::raw_ostream &os,
                      const Style &style) {
  const PlanGoal &goal = report.plan.goal;
  TotalLine(os, style, "Exact MAC count")
      << style.bold() << exactly(report.cost.exactMacs) << style.reset();
  TotalLine(os, style, "Dense MAC count") << exactly(report.cost.denseMacs);
  if (!goal.gradients.empty())
    TotalLine(os, style, "Training MAC count")
        << exactly(report.totals().macs)
        << (report.kept ? ", with what is recomputed and" : ", with")
        << " the gradients of operands " << listText(goal.gradients);
  if (!goal.constants.empty())
    TotalLine(os, style, "Prepared once")
        << preparedText(report.prepared().size())
        << " of constant operands alone, " << listText(goal.constants);
  TotalLine(os, style, "Optimized FLOP count")
      << exactly(2 * report.counted(report.cost)) << ", 2 per MAC";
}

//===----------------------------------------------------------------------===//
// The objective
//===----------------------------------------------------------------------===//

/// Whether the planner looked at the objective.
static bool wasMinimized(Proof proof) {
  return proof != Proof::Pinned && proof != Proof::Left;
}

static void printObjective(const PlanReport &report, llvm::raw_ostream &os,
                           const Style &style) {
  const Objective &objective = report.objective();
  TotalLine line(os, style,
                 wasMinimized(report.plan.proof) ? "Minimised" : "Objective");
  line << titledText(objective, report.plan.value, " = ");
  if (std::optional<double> log2 = report.valueLog2()) {
    // Values of time are picoseconds, and are shown in seconds.
    bool isTime = objective.kind == ObjectiveKind::Time;
    double shown = isTime ? *log2 - std::log2(1e12) : *log2;
    line << ", about 2^" << llvm::formatv("{0:f2}", shown)
         << (isTime ? " s" : "");
  }
}

static void printOrder(const PlanReport &report, llvm::raw_ostream &os,
                       const Style &style, StringRef label,
                       const std::optional<OtherCost> &other) {
  if (!other)
    return;
  std::string ratio = ratioText(other->value, report.plan.value);
  TotalLine(os, style, label)
      << valueText(report.objective(), other->value)
      << (ratio.empty() ? "" : ", " + ratio + " the plan");
}

/// What is known of the plan, in words.
static std::string proofText(const PlanReport &report) {
  const Objective &objective = report.objective();
  std::optional<Count> bound = report.lowerBound();
  std::string atMost =
      bound && *bound != 0
          ? ", at most " + ratioText(report.plan.value, *bound) + " the optimum"
          : "";
  switch (report.plan.proof) {
  case Proof::Optimal:
    return "optimal";
  case Proof::OptimalConnected:
    return "optimal without outer products" + atMost;
  default:
    break;
  }
  std::string text = report.plan.proof == Proof::BestFound
                         ? "best found"
                         : name(report.plan.proof).str();
  text += atMost;
  if (bound && *bound < report.plan.value)
    text += " (no tree is below " + humanValue(objective, *bound) + ")";
  return text;
}

static void printProof(const PlanReport &report, llvm::raw_ostream &os,
                       const Style &style) {
  TotalLine line(os, style, "Plan");
  line << style.good() << proofText(report) << style.reset();
  if (report.plan.proof != Proof::Pinned)
    line << (report.cached.value_or(false) ? ", from the cache" : "")
         << ", planned in " << humanSeconds(report.plan.planningSeconds);
  if (report.plan.moves > 0)
    line << ", " << exactly(report.plan.moves) << " moves";
}

//===----------------------------------------------------------------------===//
// Memory and time
//===----------------------------------------------------------------------===//

static void printMemory(const PlanReport &report, llvm::raw_ostream &os,
                        const Style &style) {
  TotalLine(os, style, "Largest intermediate")
      << exactly(report.cost.largestIntermediate) << " elements, "
      << humanBytes(report.largestBytes());
  TotalLine(os, style, "Written")
      << exactly(report.cost.written) << " elements, "
      << humanBytes(report.writtenBytes());
  TotalLine(os, style, "Peak memory")
      << humanBytes(report.peakBytes) << ", operands and result included";
}

/// `compute 80.0 %, call 20.0 %`; a single bound goes without its share.
static std::string boundsText(const StepTotals &totals) {
  std::string text;
  for (auto bound : {TargetModel::Bound::Compute, TargetModel::Bound::Memory,
                     TargetModel::Bound::Call}) {
    Count part = totals.bounds[unsigned(bound)];
    if (part == totals.picoseconds)
      return name(bound).str();
    if (part > 0)
      text += (text.empty() ? "" : ", ") + name(bound).str() + ' ' +
              shareText(part, totals.picoseconds);
  }
  return text;
}

static void printPrediction(const PlanReport &report, llvm::raw_ostream &os,
                            const Style &style) {
  TotalLine line(os, style, "Predicted time");
  if (report.steps.empty()) {
    line << "none, as nothing is multiplied";
    return;
  }
  StepTotals totals = report.totals();
  const TargetModel &target = report.plan.goal.target;
  // The rates of this model are those of operands that are in the caches.
  bool isInCache = target.name == TargetModel::cpu().name;
  line << humanPicoseconds(totals.picoseconds) << (isInCache ? " in cache" : "")
       << " on the target '" << target.name << "'";
  if (totals.picoseconds > 0)
    line << ", bound by " << boundsText(totals);
}

static void printWarning(llvm::raw_ostream &os, const Style &style,
                         StringRef warning) {
  constexpr StringRef label = "Warning: ";
  os << style.warning() << label;
  printWrapped(os, style, (warning + style.reset()).str(), label.size(),
               /*lines=*/16);
}

void conveinsum::printTotals(const PlanReport &report, llvm::raw_ostream &os,
                             const Style &style, unsigned optimizedScaling) {
  printNetwork(report, os, style);
  TotalLine(os, style, "Optimized scaling") << optimizedScaling;
  printMacs(report, os, style);
  printObjective(report, os, style);
  printOrder(report, os, style, "Naive, left to right", report.leftToRight);
  printOrder(report, os, style,
             report.equation.relations().empty() ? "Rebuild, then operand 0"
                                                 : "Rebuild, then convolve",
             report.rebuild);
  printMemory(report, os, style);
  printLimits(report, os, style);
  printPrediction(report, os, style);
  printProof(report, os, style);
  TotalLine(os, style, "Tree") << report.plan.tree.treeText();
  if (!isDepthFirst(report.plan.tree))
    TotalLine(os, style, "Order of steps") << report.plan.tree.ssaPathText();
  for (const std::string &warning : report.warnings())
    printWarning(os, style, warning);
}
