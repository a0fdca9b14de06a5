//===- PathSplit.cpp - Steps of many operands, split ----------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Objectives that are no sum over steps, `peak` and, where a target runs steps
// as one, `time`, are served by comparing whole trees, by the checker that
// planners are held against; all others by a table for each step.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Request/PathSplit.h"
#include "Plan/Search/SubsetTable.h"
#include "StepTables.h"
#include "conveinsum/Plan/Request/PlanRequest.h"
#include <cmath>

using namespace conveinsum;

static_assert(kMaxSplitOperands == kMaxTableLeaves, "a step fills a table");

/// Steps that may be evaluated in all where trees are compared, and splits that
/// tables may look at: some seconds each.
static constexpr uint64_t kMaxEvaluations = 2000000;
static constexpr uint64_t kMaxSplits = 100000000;
/// Operands up to which there are rows for tables; they grow with the square.
static constexpr unsigned kMaxTabledOperands = 8192;

/// (2K - 3)!!, for at most kMaxTableLeaves operands.
static uint64_t waysToJoin(unsigned operands) {
  uint64_t ways = 1;
  for (unsigned k = 3; k <= operands; ++k)
    ways *= 2 * k - 3;
  return ways;
}

namespace {
/// Splits the wide steps of one path.
class PathSplitter {
public:
  PathSplitter(const Equation &equation, const ContractionPath &path,
               const PlanGoal &goal)
      : equation(equation), path(path), goal(goal) {
    for (const ContractionPath::Step &step : path.steps) {
      unsigned width = step.inputs.size();
      shapes.push_back(ContractionTree::leftToRight(width));
      widest = std::max(widest, width);
    }
  }

  bool hasWideSteps() const { return widest > 2; }
  bool checkWidths(ErrorFn onError);
  SplitPath run();

private:
  bool isPeak() const { return goal.objective.kind == ObjectiveKind::Peak; }
  ContractionTree bestOfWholeTrees(unsigned index);

  const Equation &equation;
  const ContractionPath &path;
  const PlanGoal &goal;
  std::vector<ContractionTree> shapes;
  unsigned widest = 0;
  bool comparesTrees = false;
};
} // namespace

/// Also decides how steps are split.
bool PathSplitter::checkWidths(ErrorFn onError) {
  unsigned limit = isPeak() ? kMaxComparedOperands : kMaxSplitOperands;
  uint64_t evaluations = 0, splits = 0;
  for (const ContractionPath::Step &step : path.steps) {
    unsigned width = step.inputs.size();
    if (width > limit)
      return refuse(
          onError,
          "expected steps of at most " + llvm::Twine(limit) + " operands" +
              (isPeak() ? " where the peak is minimised" : "") + ", got step " +
              llvm::Twine(step.number) + " of " + llvm::Twine(width));
    if (width <= 2)
      continue;
    evaluations +=
        waysToJoin(std::min(width, kMaxComparedOperands)) * path.operands;
    splits += std::pow(3, width) / 2;
  }
  comparesTrees = isPeak() || (goal.objective.kind == ObjectiveKind::Time &&
                               widest <= kMaxComparedOperands &&
                               evaluations <= kMaxEvaluations);
  bool isAffordable = comparesTrees ? evaluations <= kMaxEvaluations
                                    : splits <= kMaxSplits &&
                                          path.operands <= kMaxTabledOperands;
  return isAffordable ||
         refuse(onError, "expected steps of two operands in a network of " +
                             llvm::Twine(path.operands) +
                             ", got so many of more that they cannot be split "
                             "in all ways");
}

/// The first of the best ways to do a step, with the other steps as they are.
ContractionTree PathSplitter::bestOfWholeTrees(unsigned index) {
  unsigned width = path.steps[index].inputs.size();
  ContractionTree best;
  std::optional<Count> bestValue;
  for (uint64_t rank = 0; rank < waysToJoin(width); ++rank) {
    shapes[index] = treeOfRank(width, rank);
    Count value = evaluateGoal(equation, path.split(shapes), goal).value;
    if (!bestValue || value < *bestValue) {
      bestValue = value;
      best = shapes[index];
    }
  }
  return best;
}

SplitPath PathSplitter::run() {
  SplitPath result;
  std::optional<StepTables> tables;
  if (hasWideSteps() && !comparesTrees)
    tables.emplace(equation, path, goal);
  for (auto [index, step] : llvm::enumerate(path.steps)) {
    unsigned width = step.inputs.size();
    if (width == 2)
      continue;
    shapes[index] = tables ? tables->best(index) : bestOfWholeTrees(index);
    result.remarks.push_back(
        "step " + std::to_string(step.number) + " of the path joins " +
        std::to_string(width) + " operands; it is done in pairs, " +
        shapes[index].treeText() + ", the best of " +
        std::to_string(waysToJoin(width)) + " ways" +
        (tables && goal.objective.kind == ObjectiveKind::Time
             ? " by the times of its own steps"
             : ""));
  }
  result.tree = path.split(shapes);
  return result;
}

std::optional<SplitPath> conveinsum::splitPath(const Equation &equation,
                                               const ContractionPath &path,
                                               const PlanGoal &goal,
                                               ErrorFn onError) {
  std::optional<Equation> assumed;
  if (!equation.hasStaticShapes())
    assumed = equation.withAssumedExtents(kAssumedExtent);
  const Equation &sized = assumed ? *assumed : equation;
  PathSplitter splitter(sized, path, goal);
  if (!splitter.hasWideSteps())
    return splitter.run();
  if (!checkStaticExtents(sized, "to split a step of the path", onError) ||
      !splitter.checkWidths(onError))
    return std::nullopt;
  return splitter.run();
}
