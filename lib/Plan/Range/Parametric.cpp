//===- Parametric.cpp - Plans for a range of sizes ------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Networks, plans and pieces; every size of a range, and halving it.
//
//===----------------------------------------------------------------------===//

#include "RangePlanner.h"
#include <algorithm>

using namespace conveinsum;

const ParametricPiece &ParametricPlan::at(int64_t size) const {
  assert(!pieces.empty() && size >= pieces.front().from &&
         size <= pieces.back().to && "the size is not in the range");
  return *std::partition_point(
      pieces.begin(), pieces.end(),
      [&](const ParametricPiece &piece) { return piece.to < size; });
}

//===----------------------------------------------------------------------===//
// Networks and values
//===----------------------------------------------------------------------===//

bool conveinsum::haveSameStructure(const Equation &a, const Equation &b) {
  if (a.numOperands() != b.numOperands() || a.numModes() != b.numModes() ||
      a.resultModes() != b.resultModes())
    return false;
  for (unsigned k = 0; k < a.numOperands(); ++k)
    if (a.operandModes(k) != b.operandModes(k))
      return false;
  for (ModeId mode = 0; mode < a.numModes(); ++mode)
    if (a.label(mode) != b.label(mode) ||
        bool(a.relation(mode)) != bool(b.relation(mode)))
      return false;
  return true;
}

std::optional<Equation> RangePlanner::network(int64_t size) {
  std::optional<Equation> equation = equationAt(size);
  if (!equation ||
      !checkStaticExtents(*equation, "to plan for a range of sizes", onError))
    return std::nullopt;
  if (!lowest || haveSameStructure(*equation, lowest->equation))
    return equation;
  refuse(onError, "expected networks that differ in sizes only, got '" +
                      lowest->equation.text() + "' at " +
                      std::to_string(lowest->size) + " and '" +
                      equation->text() + "' at " + std::to_string(size));
  return std::nullopt;
}

std::optional<Planned> RangePlanner::planAt(int64_t size) {
  std::optional<Equation> equation = network(size);
  if (!equation)
    return std::nullopt;
  std::optional<PlannedTree> found = plan(*equation, options, onError);
  ++result.plans;
  if (found)
    mostMoves = std::max(mostMoves, found->moves);
  moves += found ? found->moves : 0;
  if (!found)
    return std::nullopt;
  return Planned{size, std::move(*equation), std::move(found->tree),
                 found->value, found->proof};
}

std::optional<Count> RangePlanner::valueAt(const ContractionTree &tree,
                                           int64_t size) {
  if (lineOf(tree))
    return lineAt(tree, size);
  std::optional<Equation> equation = network(size);
  if (!equation)
    return std::nullopt;
  return valueOf(tree, *equation);
}

//===----------------------------------------------------------------------===//
// Pieces
//===----------------------------------------------------------------------===//

void RangePlanner::append(int64_t from, int64_t to, const Planned &planned,
                          bool isProven) {
  if (from > to)
    return;
  Proof proof = !isProven && planned.proof == Proof::Optimal ? Proof::BestFound
                                                             : planned.proof;
  result.exact &= proof == Proof::Optimal;
  if (result.pieces.empty() || !(result.pieces.back().tree == planned.tree)) {
    result.pieces.push_back({from, to, planned.tree, proof, 0, 0});
    return;
  }
  result.pieces.back().to = to;
  if (proof != Proof::Optimal)
    result.pieces.back().proof = proof;
}

bool RangePlanner::fillValues() {
  for (ParametricPiece &piece : result.pieces) {
    std::optional<Count> from = valueAt(piece.tree, piece.from);
    std::optional<Count> to = valueAt(piece.tree, piece.to);
    if (!from || !to)
      return false;
    piece.valueFrom = *from;
    piece.valueTo = *to;
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Every size, and halving
//===----------------------------------------------------------------------===//

RangePlanner::Outcome RangePlanner::everySize(int64_t high) {
  for (int64_t size = lowest->size;; ++size) {
    std::optional<Planned> planned;
    if (size == lowest->size)
      planned = *lowest;
    else if (size == high)
      planned = *highest;
    else
      planned = planAt(size);
    if (!planned)
      return Outcome::Failed;
    if (!result.pieces.empty() &&
        valueOf(result.pieces.back().tree, planned->equation) <= planned->value)
      planned->tree = result.pieces.back().tree;
    append(size, size, *planned);
    if (size == high)
      return Outcome::Done;
  }
}

/// As `envelope`, without a proof and with at most `plans` plans.
RangePlanner::Outcome
RangePlanner::halve(const Planned &left, const Planned &right, uint64_t plans) {
  if (right.size - left.size <= 1) {
    append(left.size, left.size, left);
    return Outcome::Done;
  }
  if (plans == 0)
    return border(left, right);
  std::optional<Planned> middle =
      planAt(left.size + (right.size - left.size) / 2);
  if (!middle)
    return Outcome::Failed;
  bool holds = valueOf(left.tree, middle->equation) <= middle->value;
  if (holds)
    middle->tree = left.tree;
  if (holds && valueOf(left.tree, right.equation) <= right.value) {
    append(left.size, right.size - 1, left, /*isProven=*/false);
    return Outcome::Done;
  }
  Outcome outcome = halve(left, *middle, (plans - 1) / 2);
  return outcome == Outcome::Done ? halve(*middle, right, (plans - 1) / 2)
                                  : outcome;
}

/// As if the values of the two trees crossed once.
RangePlanner::Outcome RangePlanner::border(const Planned &left,
                                           const Planned &right) {
  int64_t last = left.size, first = right.size;
  while (first - last > 1) {
    int64_t middle = last + (first - last) / 2;
    std::optional<Equation> equation = network(middle);
    if (!equation)
      return Outcome::Failed;
    bool isLeft =
        valueOf(left.tree, *equation) <= valueOf(right.tree, *equation);
    (isLeft ? last : first) = middle;
  }
  append(left.size, last, left, /*isProven=*/false);
  append(first, right.size - 1, right, /*isProven=*/false);
  return Outcome::Done;
}

//===----------------------------------------------------------------------===//
// The range
//===----------------------------------------------------------------------===//

uint64_t RangePlanner::affordablePlans() const {
  constexpr uint64_t fewest = 4;
  uint64_t left = kMaxParametricMoves - std::min(moves, kMaxParametricMoves);
  uint64_t plans = left / std::max<uint64_t>(1, mostMoves);
  return std::clamp(plans, fewest, kMaxParametricPlans);
}

RangePlanner::Outcome RangePlanner::search(const Planned &first,
                                           const Planned &last) {
  if (isAffine(first, last)) {
    Outcome outcome = envelope(first, last);
    if (outcome == Outcome::Done) {
      append(last.size, last.size, last);
      return keepLeftTrees();
    }
    if (outcome == Outcome::Failed)
      return outcome;
    result.pieces.clear();
    result.exact = true;
    lines.clear();
  }
  uint64_t plans = affordablePlans();
  if (uint64_t(last.size - first.size) < plans)
    return everySize(last.size);
  Outcome outcome = halve(first, last, plans - 2);
  if (outcome != Outcome::Done)
    return outcome;
  Planned end = last;
  if (valueOf(result.pieces.back().tree, last.equation) <= last.value)
    end.tree = result.pieces.back().tree;
  append(last.size, last.size, end);
  return Outcome::Done;
}

std::optional<ParametricPlan> RangePlanner::run(int64_t low, int64_t high) {
  if (low > high || low < 0) {
    refuse(onError, "expected a range of sizes from at least 0 upwards, got " +
                        std::to_string(low) + " to " + std::to_string(high));
    return std::nullopt;
  }
  if (!(lowest = planAt(low)))
    return std::nullopt;
  if (low == high) {
    append(low, low, *lowest);
  } else {
    if (!(highest = planAt(high)) || search(*lowest, *highest) != Outcome::Done)
      return std::nullopt;
  }
  if (!fillValues())
    return std::nullopt;
  return std::move(result);
}

std::optional<ParametricPlan>
conveinsum::planParametric(EquationAt equationAt, int64_t low, int64_t high,
                           const PlannerOptions &options, ErrorFn onError) {
  return RangePlanner(equationAt, options, onError).run(low, high);
}
