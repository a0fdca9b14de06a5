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

#include "conveinsum/Plan/Search/Planner.h"
#include "Plan/Seeds/GreedySeed.h"
#include "Plan/Tree/TreeBuilder.h"
#include "Planners.h"
#include "SymmetricTable.h"
#include "TreeAnnealer.h"
#include "TreeNetwork.h"
#include "conveinsum/Plan/Search/FeasibleLimit.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

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

/// Operands up to which the table over all subsets is the fastest search, or,
/// if steps may be fused, the only one that proves anything.
static unsigned tableOperands(const PlanGoal &goal) {
  bool fuses = goal.objective.kind == ObjectiveKind::Time && goal.target.fuses;
  return fuses ? 13 : 10;
}

static bool isProven(const FoundTree &found, const PlannerOptions &options) {
  return found.proof == Proof::Optimal ||
         (options.connectedOnly && found.proof == Proof::OptimalConnected);
}

static void reportUnproven(const FoundTree &found,
                           const PlannerOptions &options,
                           const SearchClock &clock, ErrorFn onError) {
  Fault diagnostic;
  diagnostic.message =
      "expected an optimum that can be proven, got none for the objective '" +
      options.goal.objective.name() + "' ";
  if (found.mayProve)
    diagnostic.message += "within " + std::to_string(clock.moves()) +
                          " moves; raise --budget=, or use --planner=auto";
  else
    diagnostic.message += "and this network; use --planner=auto";
  onError(diagnostic);
}

/// Reports what the planner cannot take.
static bool checkLimit(const Equation &equation, PlannerKind kind,
                       ErrorFn onError) {
  unsigned limit = kMaxPlannedOperands;
  if (kind == PlannerKind::Exact)
    limit = kMaxExactOperands;
  if (kind == PlannerKind::Rebuild)
    limit = kMaxRebuildOperands;
  if (equation.numOperands() <= limit)
    return true;
  Fault diagnostic;
  diagnostic.message = "expected at most " + std::to_string(limit) +
                       " operands for the planner '" + name(kind).str() +
                       "', got " + std::to_string(equation.numOperands());
  if (limit != kMaxPlannedOperands)
    diagnostic.message += "; use --planner=auto, or pin an order with --tree=";
  onError(diagnostic);
  return false;
}

static bool checkStatic(const Equation &equation, PlannerKind kind,
                        ErrorFn onError) {
  return checkStaticExtents(
      equation, "for the planner '" + name(kind).str() + "'", onError);
}

/// The peak is no sum over steps. For small networks FeasibleLimit.h searches
/// for it; for others, trees that are good under related objectives are
/// compared.
static FoundTree planForPeak(const Equation &equation,
                             const PlannerOptions &options,
                             SearchClock &clock) {
  unsigned operands = equation.numOperands();
  auto peakOf = [&](const ContractionTree &tree) {
    return evaluateGoal(equation, tree, options.goal).value;
  };
  FoundTree found;
  found.mayProve = false;
  if (auto limit = searchSmallestPeak(equation, options.goal)) {
    if (peakOf(limit->tree) == limit->lowerBound)
      found.proof = Proof::Optimal;
    found.tree = std::move(limit->tree);
    found.lowerBound = limit->lowerBound;
    return found;
  }
  found.tree = ContractionTree::leftToRight(operands);
  Count best = peakOf(found.tree);
  uint64_t moves = std::max<uint64_t>(200'000, uint64_t(1000) * operands);
  for (Objective objective :
       {Objective(ObjectiveKind::Size), Objective(ObjectiveKind::Write),
        Objective(ObjectiveKind::Combo, 64), Objective(ObjectiveKind::Flops)}) {
    PlanGoal goal = options.goal;
    goal.objective = objective;
    CostModel model(equation, goal);
    ContractionTree tree = planByAnnealing(
        equation, model, std::min(moves, clock.left() / 4 + 1), clock);
    if (Count peak = peakOf(tree); peak < best) {
      best = peak;
      found.tree = std::move(tree);
    }
  }
  return found;
}

/// Whether rows of what all values of a tree keep take too much memory.
static bool isHuge(const Equation &equation) {
  constexpr size_t mostBytes = size_t(256) << 20;
  size_t rows = size_t(3) * equation.numOperands();
  return rows * (equation.numModes() / 64 + 1) * 8 > mostBytes;
}

/// A greedy tree, in time and memory that hardly grow faster than the network.
static FoundTree planHuge(const Equation &equation, SearchClock &clock) {
  clock.enter("greedy");
  SeedGraph graph = SeedGraph::of(equation);
  TreeBuilder builder(equation.numOperands());
  for (auto [a, b] : greedyPairs(graph, GreedyParameters::ofTrial(0)))
    builder.join(a, b);
  clock.spend(uint64_t(16) * equation.numOperands());
  return {builder.finish(), Proof::BestFound, {}, /*mayProve=*/false};
}

void conveinsum::evaluate(const Equation &equation, PlannedTree &plan) {
  if (!equation.hasStaticShapes())
    return;
  plan.value = evaluateGoal(equation, plan.tree, plan.goal).value;
}

/// The optimum, if symmetry makes it cheap.
static std::optional<ContractionTree>
symmetricTree(const Equation &equation, const PlannerOptions &options,
              SearchClock &clock) {
  const PlanGoal &goal = options.goal;
  if (options.connectedOnly ||
      (goal.objective.kind == ObjectiveKind::Time && goal.target.fuses))
    return std::nullopt;
  // Beyond, even one class has too many states.
  constexpr unsigned mostOperands = 4096;
  if (equation.numOperands() > mostOperands)
    return std::nullopt;
  uint64_t moves = std::min(clock.left(), kDefaultMoves / 5);
  return planBySymmetry(equation, goal, moves, clock);
}

/// The optimum of a path or a star, in polynomial time.
static std::optional<FoundTree> planAcyclic(const Equation &equation,
                                            const PlannerOptions &options,
                                            SearchClock &clock) {
  CostModel model(equation, options.goal);
  std::optional<TreeNetwork> network = TreeNetwork::of(model);
  if (!network)
    return std::nullopt;
  bool isProven = !options.connectedOnly && network->outerProductsCannotWin();
  if (!isProven && !options.connectedOnly)
    return std::nullopt;
  std::optional<ContractionTree> tree =
      network->plan(std::min(clock.left(), kDefaultMoves), clock);
  if (!tree)
    return std::nullopt;
  return FoundTree{*std::move(tree),
                   isProven ? Proof::Optimal : Proof::OptimalConnected,
                   {}};
}

static FoundTree choose(const Equation &equation, const PlannerOptions &options,
                        SearchClock &clock) {
  unsigned operands = equation.numOperands();
  bool isPeak = options.goal.objective.kind == ObjectiveKind::Peak;
  if (options.planner != PlannerKind::Left && isHuge(equation)) {
    FoundTree found = planHuge(equation, clock);
    if (options.planner == PlannerKind::Greedy)
      found.proof = Proof::Greedy;
    return found;
  }
  switch (options.planner) {
  case PlannerKind::Auto:
  case PlannerKind::Exact:
    if (isPeak)
      return planForPeak(equation, options, clock);
    // The table is complete before any budget could end it.
    if (operands <= tableOperands(options.goal) && !options.connectedOnly)
      return {planByTable(equation, options.goal, clock), Proof::Optimal, {}};
    if (std::optional<FoundTree> found = planAcyclic(equation, options, clock))
      return *std::move(found);
    if (std::optional<ContractionTree> tree =
            symmetricTree(equation, options, clock))
      return {*std::move(tree), Proof::Optimal, {}};
    return planWithProof(equation, options, clock);
  case PlannerKind::Anneal:
    return {planByAnnealing(equation, CostModel(equation, options.goal),
                            /*moves=*/~uint64_t(0), clock),
            Proof::BestFound,
            {},
            /*mayProve=*/false};
  case PlannerKind::Greedy:
    return {planGreedily(equation, CostModel(equation, options.goal), clock),
            Proof::Greedy,
            {}};
  case PlannerKind::Rebuild:
    return {planRebuild(equation, options.goal, clock), Proof::Rebuild, {}};
  case PlannerKind::Left:
    break;
  }
  return {ContractionTree::leftToRight(operands), Proof::Left, {}};
}

std::optional<PlannedTree> conveinsum::plan(const Equation &equation,
                                            const PlannerOptions &options,
                                            ErrorFn onError) {
  if (!verifyGoal(equation, options.goal, onError))
    return std::nullopt;
  SearchClock clock(options);
  PlannedTree plan;
  plan.goal = options.goal;
  bool searches = options.planner != PlannerKind::Left;
  bool isStatic = equation.hasStaticShapes();
  // Up to two operands there is one tree, whatever the extents are.
  if (equation.numOperands() <= 2) {
    plan.tree = ContractionTree::leftToRight(equation.numOperands());
    plan.proof = proofOf(options.planner);
  } else {
    if (!checkLimit(equation, options.planner, onError) ||
        (searches && !checkStatic(equation, options.planner, onError)))
      return std::nullopt;
    FoundTree found = choose(equation, options, clock);
    if (options.planner == PlannerKind::Exact && !isProven(found, options)) {
      reportUnproven(found, options, clock, onError);
      return std::nullopt;
    }
    plan.tree = std::move(found.tree);
    plan.proof = found.proof;
    plan.lowerBound = found.lowerBound;
  }
  evaluate(equation, plan);
  if (plan.proof == Proof::Optimal && isStatic)
    plan.lowerBound = plan.value;
  plan.moves = clock.moves();
  plan.planningSeconds = clock.seconds();
  return plan;
}

std::optional<SearchBudget> SearchBudget::parse(StringRef text) {
  SearchBudget budget;
  double seconds;
  StringRef number = text.trim();
  double unit = 0;
  if (number.consume_back("ms"))
    unit = 1e-3;
  else if (number.consume_back("us"))
    unit = 1e-6;
  else if (number.consume_back("moves"))
    unit = 0;
  else if (number.consume_back("s"))
    unit = 1;
  number = number.rtrim();
  if (number.empty() || !llvm::isDigit(number.front()))
    return std::nullopt;
  if (unit == 0) {
    uint64_t moves;
    if (number.getAsInteger(10, moves) || moves == 0)
      return std::nullopt;
    budget.moves = moves;
    return budget;
  }
  if (number.getAsDouble(seconds) || !(seconds > 0) || !(seconds < 1e9))
    return std::nullopt;
  budget.seconds = seconds * unit;
  return budget;
}
