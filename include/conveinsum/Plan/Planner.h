//===- Planner.h - Choosing the order of steps ------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Planners take an equation with static shapes and return a tree with a proof
// word. The exact planner is a dynamic programme over subsets: what a set keeps
// depends on the set alone, so
//
//     best(S) = min over splits S = L + R of best(L) + best(R) + macs(L, R)
//
// is the optimum over all trees, outer products included. Among trees of equal
// MACs it takes the one that writes fewest elements, then the one with the
// smallest largest intermediate, then the first in a fixed order: equal input
// gives an equal plan everywhere. docs/Planning.md has the details.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_PLAN_PLANNER_H
#define CONVEINSUM_PLAN_PLANNER_H

#include "conveinsum/Plan/ContractionTree.h"

namespace conveinsum {

enum class PlannerKind : uint8_t { Exact, Left, Rebuild };
/// `exact`, `left`, `rebuild`.
std::optional<PlannerKind> parsePlannerKind(llvm::StringRef word);
llvm::StringRef name(PlannerKind kind);

/// How good a plan is known to be; `name` gives the word of `plan --json`.
enum class Proof : uint8_t { Optimal, Pinned, Left, Rebuild };
llvm::StringRef name(Proof proof);

struct PlannerOptions {
  PlannerKind planner = PlannerKind::Exact;
  /// The count that the objective `flops` minimises.
  MacCount count = MacCount::Exact;
};

struct Plan {
  ContractionTree tree;
  Proof proof = Proof::Optimal;
  double planningSeconds = 0;
  /// The count that was minimised; reports compare in it.
  MacCount count = MacCount::Exact;
};

/// Operands beyond which the exact search is refused, with a diagnostic that
/// names the limit and what to use instead.
constexpr unsigned kMaxExactOperands = 16;

/// Plans with the requested planner. `left` takes everything; the others fail
/// (and report) when the equation has dynamic shapes or more operands than they
/// take. Up to two operands there is one tree, and nothing is refused.
std::optional<Plan> plan(const Equation &equation,
                         const PlannerOptions &options, ErrorFn onError);

} // namespace conveinsum

#endif // CONVEINSUM_PLAN_PLANNER_H
