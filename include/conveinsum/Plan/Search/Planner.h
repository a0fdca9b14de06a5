//===- Planner.h - Choosing the order of steps ------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Planners take an equation with static shapes and a goal (Goal.h) and return a
// tree with a proof word.
//
//   auto     the default: the optimum where the search for it is affordable,
//            else the best tree that the budget finds, with what is proven of
//            it
//   exact    the optimum over all trees, or a refusal
//   anneal   no proof: greedy and partition seeds, annealing, subtree search
//   greedy   the best of some greedy trees
//   left     operands from left to right
//   rebuild  all kernels first, then the feature
//
// What a set of operands keeps depends on the set alone, so
//
//     best(S) = min over splits S = L + R of best(L) + best(R) + cost(L, R)
//
// is the optimum over all trees, outer products included. Worked example,
// "ij,jk,kl->il" with i = 6, j = k = 9, l = 7:
//
//     best({0,1}) = 6 x 9 x 9 = 486       best({1,2}) = 9 x 9 x 7 = 567
//     best({0,2}) = 6 x 9 x 9 x 7 = 3402  an outer product
//     best({0,1,2}) = min(486 + 378, 567 + 378, 3402 + 3402) = 864
//
// so the plan is ((0,1),2), with the proof `optimal`. Small networks fill
// the whole table; larger ones list only sets that a tree within an annealed
// upper bound can contain. Among trees of equal value the one with the fewest
// elements written wins, then the smallest largest intermediate, then a fixed
// order: equal input gives an equal plan everywhere. docs/Planning.md has the
// details.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_PLAN_SEARCH_PLANNER_H
#define CONVEINSUM_PLAN_SEARCH_PLANNER_H

#include "conveinsum/Plan/Cost/Goal.h"
#include <atomic>
#include <functional>

namespace conveinsum {

enum class PlannerKind : uint8_t { Auto, Exact, Anneal, Greedy, Left, Rebuild };
/// `auto`, `exact`, `anneal`, `greedy`, `left`, `rebuild`.
std::optional<PlannerKind> parsePlannerKind(llvm::StringRef word);
llvm::StringRef name(PlannerKind kind);

/// How good a plan is known to be; `name` gives the word of `plan --json`.
enum class Proof : uint8_t {
  Optimal,          ///< over all trees
  OptimalConnected, ///< over all trees without outer products
  BestFound,        ///< of a search that did not finish, or proves nothing
  Pinned,
  Greedy,
  Left,
  Rebuild
};
llvm::StringRef name(Proof proof);

/// How much work a search may do. Without limits, defaults apply that take
/// about a second (`exact`: some).
struct SearchBudget {
  /// Deterministic: tree moves of the annealer and pairs of sets that the exact
  /// search looks at.
  std::optional<uint64_t> moves;
  /// Wall-clock seconds; what is found then depends on the machine.
  std::optional<double> seconds;

  /// `20000moves`, `10ms`, `1.5s`; a bare number is one of moves.
  static std::optional<SearchBudget> parse(llvm::StringRef text);
};

/// What a search tells about itself while it runs.
struct SearchProgress {
  /// `annealing`, `exact, connected`, `exact`, `lower bound`.
  llvm::StringRef phase;
  Count best;     ///< value of the best tree so far
  uint64_t moves; ///< spent
  double seconds; ///< since the start
};

struct PlannerOptions {
  PlannerKind planner = PlannerKind::Auto;
  PlanGoal goal;
  SearchBudget budget;
  /// Moves where the budget is open; without, the default of the planner.
  std::optional<uint64_t> defaultMoves;
  /// Leave out trees with outer products (modes of size 1 connect nothing);
  /// `exact` then proves `optimal-connected`, if the network is connected.
  bool connectedOnly = false;
  /// Called now and then, at most some times a second.
  std::function<void(const SearchProgress &)> onProgress;
  /// When it becomes true, the best tree so far is returned.
  const std::atomic<bool> *stop = nullptr;

  PlannerOptions() = default;
  PlannerOptions(PlannerKind planner, PlanGoal goal = {})
      : planner(planner), goal(std::move(goal)) {}
};

/// How a tree was found: for reports, remarks and caches.
struct Provenance {
  Proof proof = Proof::Optimal;
  /// Of the tree under its goal, by the checker `evaluateGoal`; 0 if shapes are
  /// dynamic.
  Count value = 0;
  /// No tree is better than this, if anything was proven.
  std::optional<Count> lowerBound;
  /// Moves that were spent.
  uint64_t moves = 0;
  double planningSeconds = 0;
};

/// What a planner returns: a tree, what it was planned for, and how it was
/// found. Plan.h has what becomes of it.
struct PlannedTree : Provenance {
  ContractionTree tree;
  PlanGoal goal;
};

/// Operands up to which the planner `exact` tries; beyond 20 it may give up at
/// the limits of its budget.
constexpr unsigned kMaxExactOperands = 64;
/// Operands that any planner takes.
constexpr unsigned kMaxPlannedOperands = 1u << 17;
/// Operands that the planner `rebuild` takes.
constexpr unsigned kMaxRebuildOperands = 17;

/// Plans with the requested planner. `left` takes all extents; the others fail
/// (and report) when the equation has dynamic shapes, and `exact` also when the
/// optimum cannot be proven within the budget. Up to two operands there is one
/// tree, and nothing is refused.
std::optional<PlannedTree> plan(const Equation &equation,
                                const PlannerOptions &options, ErrorFn onError);

/// Sets `value` of a plan whose tree and goal are given, by the checker.
void evaluate(const Equation &equation, PlannedTree &plan);

} // namespace conveinsum

#endif // CONVEINSUM_PLAN_SEARCH_PLANNER_H
