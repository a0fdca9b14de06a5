//===- PathSplit.cpp - Steps of many operands, split ----------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Whole trees are compared, by the checker that planners are held against, so
// that every objective is served.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Request/PathSplit.h"
#include "conveinsum/Plan/Request/PlanRequest.h"

using namespace conveinsum;

/// Steps that may be evaluated in all: some seconds.
static constexpr uint64_t kMaxEvaluations = 2000000;

/// (2K - 3)!!, for few operands.
static uint64_t waysToJoin(unsigned operands) {
  uint64_t ways = 1;
  for (unsigned k = 3; k <= operands; ++k)
    ways *= 2 * k - 3;
  return ways;
}

static bool checkWidths(const ContractionPath &path, ErrorFn onError) {
  uint64_t evaluations = 0;
  for (const ContractionPath::Step &step : path.steps) {
    size_t width = step.inputs.size();
    if (width > kMaxSplitOperands)
      return refuse(
          onError, "expected steps of at most " +
                       llvm::Twine(kMaxSplitOperands) + " operands, got step " +
                       llvm::Twine(step.number) + " of " + llvm::Twine(width));
    if (width > 2)
      evaluations += waysToJoin(width) * path.operands;
  }
  return evaluations <= kMaxEvaluations ||
         refuse(onError, "expected steps of two operands in a network of " +
                             llvm::Twine(path.operands) +
                             ", got so many of more that they cannot be split "
                             "in all ways");
}

std::optional<SplitPath> conveinsum::splitPath(const Equation &equation,
                                               const ContractionPath &path,
                                               const PlanGoal &goal,
                                               ErrorFn onError) {
  if (!checkWidths(path, onError))
    return std::nullopt;
  std::vector<ContractionTree> shapes;
  for (const ContractionPath::Step &step : path.steps)
    shapes.push_back(ContractionTree::leftToRight(step.inputs.size()));
  std::optional<Equation> assumed;
  if (!equation.hasStaticShapes())
    assumed = equation.withAssumedExtents(kAssumedExtent);
  const Equation &sized = assumed ? *assumed : equation;

  SplitPath result;
  for (auto [step, shape] : llvm::zip_equal(path.steps, shapes)) {
    unsigned width = step.inputs.size();
    if (width == 2)
      continue;
    ContractionTree best = shape;
    std::optional<Count> bestValue;
    uint64_t ways = waysToJoin(width);
    for (uint64_t rank = 0; rank < ways; ++rank) {
      shape = treeOfRank(width, rank);
      Count value = evaluateGoal(sized, path.split(shapes), goal).value;
      if (!bestValue || value < *bestValue) {
        bestValue = value;
        best = shape;
      }
    }
    shape = best;
    result.remarks.push_back(
        "step " + std::to_string(step.number) + " of the path joins " +
        std::to_string(width) + " operands; it is done in pairs, " +
        best.treeText() + ", the best of " + std::to_string(ways) + " ways");
  }
  result.tree = path.split(shapes);
  return result;
}
