//===- Planner.cpp - Choosing the order of steps --------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Words, limits and the dispatch to the planners.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Planner.h"
#include "Planners.h"
#include "llvm/ADT/StringSwitch.h"
#include <chrono>

using namespace conveinsum;
using llvm::StringRef;

std::optional<PlannerKind> conveinsum::parsePlannerKind(StringRef word) {
  return llvm::StringSwitch<std::optional<PlannerKind>>(word)
      .Case("auto", PlannerKind::Auto)
      .Case("exact", PlannerKind::Exact)
      .Case("anneal", PlannerKind::Anneal)
      .Case("greedy", PlannerKind::Greedy)
      .Case("left", PlannerKind::Left)
      .Case("rebuild", PlannerKind::Rebuild)
      .Default(std::nullopt);
}

StringRef conveinsum::name(PlannerKind kind) {
  switch (kind) {
  case PlannerKind::Auto:
    return "auto";
  case PlannerKind::Exact:
    return "exact";
  case PlannerKind::Anneal:
    return "anneal";
  case PlannerKind::Greedy:
    return "greedy";
  case PlannerKind::Left:
    return "left";
  case PlannerKind::Rebuild:
    return "rebuild";
  }
  return "";
}

StringRef conveinsum::name(Proof proof) {
  switch (proof) {
  case Proof::Optimal:
    return "optimal";
  case Proof::OptimalConnected:
    return "optimal-connected";
  case Proof::BestFound:
    return "best-found";
  case Proof::Pinned:
    return "pinned";
  case Proof::Greedy:
    return "greedy";
  case Proof::Left:
    return "left";
  case Proof::Rebuild:
    return "rebuild";
  }
  return "";
}

static Proof proofOf(PlannerKind kind) {
  switch (kind) {
  case PlannerKind::Auto:
  case PlannerKind::Exact:
    return Proof::Optimal;
  case PlannerKind::Anneal:
    return Proof::BestFound;
  case PlannerKind::Greedy:
    return Proof::Greedy;
  case PlannerKind::Left:
    return Proof::Left;
  case PlannerKind::Rebuild:
    return Proof::Rebuild;
  }
  return Proof::Left;
}

/// Reports what the planner cannot take.
static bool checkLimit(const Equation &equation, PlannerKind kind,
                       ErrorFn onError) {
  unsigned limit = 16 + (kind == PlannerKind::Rebuild ? 1 : 0);
  if (equation.numOperands() <= limit)
    return true;
  Diagnostic diagnostic;
  diagnostic.message = "expected at most " + std::to_string(limit) +
                       " operands for the planner '" + name(kind).str() +
                       "', got " + std::to_string(equation.numOperands()) +
                       "; use --planner=left, or pin an order with --tree=";
  onError(diagnostic);
  return false;
}

/// Reports the first extent that is not known.
static bool checkStatic(const Equation &equation, PlannerKind kind,
                        ErrorFn onError) {
  for (unsigned operand = 0; operand < equation.numOperands(); ++operand) {
    auto modes = equation.operandModes(operand);
    for (unsigned index = 0; index < modes.size(); ++index) {
      if (equation.operandShape(operand)[index] != kDynamic)
        continue;
      Diagnostic diagnostic;
      diagnostic.mode = equation.label(modes[index]).str();
      diagnostic.operand = operand;
      diagnostic.message =
          "expected static extents for the planner '" + name(kind).str() +
          "', got a dynamic extent of mode " + spellLabel(*diagnostic.mode) +
          " in operand " + std::to_string(operand);
      onError(diagnostic);
      return false;
    }
  }
  return true;
}

static ContractionTree choose(const Equation &equation,
                              const PlannerOptions &options) {
  switch (options.planner) {
  case PlannerKind::Auto:
  case PlannerKind::Exact:
  case PlannerKind::Anneal:
  case PlannerKind::Greedy:
    return planExact(equation, options.goal.objective.count);
  case PlannerKind::Rebuild:
    return planRebuild(equation, options.goal.objective.count);
  case PlannerKind::Left:
    break;
  }
  return ContractionTree::leftToRight(equation.numOperands());
}

std::optional<Plan> conveinsum::plan(const Equation &equation,
                                     const PlannerOptions &options,
                                     ErrorFn onError) {
  auto start = std::chrono::steady_clock::now();
  Plan plan;
  plan.proof = proofOf(options.planner);
  plan.goal = options.goal;
  // Up to two operands there is one tree, whatever the extents are.
  if (equation.numOperands() <= 2) {
    plan.tree = ContractionTree::leftToRight(equation.numOperands());
  } else {
    bool searches = options.planner != PlannerKind::Left;
    if (searches && (!checkLimit(equation, options.planner, onError) ||
                     !checkStatic(equation, options.planner, onError)))
      return std::nullopt;
    plan.tree = choose(equation, options);
  }
  if (equation.hasStaticShapes())
    plan.value = evaluateGoal(equation, plan.tree, plan.goal).value;
  std::chrono::duration<double> elapsed =
      std::chrono::steady_clock::now() - start;
  plan.planningSeconds = elapsed.count();
  return plan;
}
