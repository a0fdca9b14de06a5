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

llvm::raw_ostream &conveinsum::printTotal(llvm::raw_ostream &os,
                                          const Style &style, StringRef label) {
  return os.indent(24 - std::min<size_t>(24, label.size()))
         << style.dim() << label << ':' << style.reset() << "  ";
}

void conveinsum::printShapes(const Equation &equation, const PlanGoal &goal,
                             llvm::raw_ostream &os, const Style &style) {
  printTotal(os, style, "Shapes");
  for (unsigned operand = 0; operand < equation.numOperands(); ++operand)
    os << (operand == 0 ? "" : ", ")
       << toString(equation.operandShape(operand));
  os << " -> " << toString(equation.resultShape()) << " ("
     << std::string(name(goal.dtype));
  if (goal.resultType != goal.dtype)
    os << " -> " << std::string(name(goal.resultType));
  os << ")\n";
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
    printTotal(os, style, "Name") << *report.name << '\n';
  printTotal(os, style, "Complete contraction")
      << style.bold() << report.text << style.reset() << '\n';
  printShapes(report.equation, report.plan.goal, os, style);
  printTotal(os, style, "Naive scaling")
      << naiveScaling(report.equation) << '\n';
}

static void printMacs(const PlanReport &report, llvm::raw_ostream &os,
                      const Style &style) {
  const PlanGoal &goal = report.plan.goal;
  printTotal(os, style, "Exact MAC count")
      << style.bold() << exactly(report.cost.exactMacs) << style.reset()
      << '\n';
  printTotal(os, style, "Dense MAC count")
      << exactly(report.cost.denseMacs) << '\n';
  if (!goal.gradients.empty())
    printTotal(os, style, "Training MAC count")
        << exactly(report.totals().macs)
        << (report.kept ? ", with what is recomputed and" : ", with")
        << " the gradients of operands " << listText(goal.gradients) << '\n';
  if (!goal.constants.empty())
    printTotal(os, style, "Prepared once")
        << preparedText(report.prepared().size())
        << " of constant operands alone, " << listText(goal.constants) << '\n';
  printTotal(os, style, "Optimized FLOP count")
      << exactly(2 * report.counted(report.cost)) << ", 2 per MAC\n";
}

//===----------------------------------------------------------------------===//
// The objective
//===----------------------------------------------------------------------===//

/// Whether the planner looked at the objective.
static bool wasMinimized(Proof proof) {
  return proof != Proof::Pinned && proof != Proof::Left;
}

/// What has to be known to read a value: ` (dense MACs)`.
static StringRef countNote(const Objective &objective) {
  switch (objective.kind) {
  case ObjectiveKind::Size:
  case ObjectiveKind::Write:
  case ObjectiveKind::Peak:
    return "";
  default:
    return objective.count == MacCount::Dense ? " (dense MACs)" : "";
  }
}

static void printObjective(const PlanReport &report, llvm::raw_ostream &os,
                           const Style &style) {
  const Objective &objective = report.objective();
  printTotal(os, style,
             wasMinimized(report.plan.proof) ? "Minimised" : "Objective")
      << objective.name() << countNote(objective) << " = "
      << valueText(objective, report.plan.value);
  if (std::optional<double> log2 = report.valueLog2()) {
    // In the unit that stands before it.
    bool isSeconds = objective.kind == ObjectiveKind::Time;
    os << ", about 2^"
       << llvm::formatv("{0:f2}", *log2 - (isSeconds ? std::log2(1e12) : 0));
  }
  os << '\n';
}

static void printOrder(const PlanReport &report, llvm::raw_ostream &os,
                       const Style &style, StringRef label,
                       const std::optional<OtherCost> &other) {
  if (!other)
    return;
  std::string ratio = ratioText(other->value, report.plan.value);
  printTotal(os, style, label)
      << valueText(report.objective(), other->value)
      << (ratio.empty() ? "" : ", " + ratio + " the plan") << '\n';
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
  printTotal(os, style, "Plan")
      << style.good() << proofText(report) << style.reset();
  if (report.plan.proof != Proof::Pinned)
    os << (report.cached.value_or(false) ? ", from the cache" : "")
       << ", planned in " << humanSeconds(report.plan.planningSeconds);
  if (report.plan.moves > 0)
    os << ", " << exactly(report.plan.moves) << " moves";
  os << '\n';
}

//===----------------------------------------------------------------------===//
// Memory and time
//===----------------------------------------------------------------------===//

static void printMemory(const PlanReport &report, llvm::raw_ostream &os,
                        const Style &style) {
  printTotal(os, style, "Largest intermediate")
      << exactly(report.cost.largestIntermediate) << " elements, "
      << humanBytes(report.largestBytes()) << '\n';
  printTotal(os, style, "Written")
      << exactly(report.cost.written) << " elements, "
      << humanBytes(report.writtenBytes()) << '\n';
  printTotal(os, style, "Peak memory")
      << humanBytes(report.peakBytes) << ", operands and result included\n";
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
  StepTotals totals = report.totals();
  printTotal(os, style, "Predicted time")
      << humanPicoseconds(totals.picoseconds) << " on the target '"
      << report.plan.goal.target.name << "'";
  if (totals.picoseconds > 0)
    os << ", bound by " << boundsText(totals);
  os << '\n';
}

void conveinsum::printTotals(const PlanReport &report, llvm::raw_ostream &os,
                             const Style &style, unsigned optimizedScaling) {
  printNetwork(report, os, style);
  printTotal(os, style, "Optimized scaling") << optimizedScaling << '\n';
  printMacs(report, os, style);
  printObjective(report, os, style);
  printOrder(report, os, style, "Naive, left to right", report.leftToRight);
  printOrder(report, os, style, "Rebuild, then convolve", report.rebuild);
  printMemory(report, os, style);
  printLimits(report, os, style);
  printPrediction(report, os, style);
  printProof(report, os, style);
  printTotal(os, style, "Tree") << report.plan.tree.treeText() << '\n';
  if (!isDepthFirst(report.plan.tree))
    printTotal(os, style, "Order of steps")
        << report.plan.tree.ssaPathText() << '\n';
  for (const std::string &warning : report.warnings())
    os << style.warning() << "Warning: " << warning << style.reset() << '\n';
}
