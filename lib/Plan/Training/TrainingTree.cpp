//===- TrainingTree.cpp - One tree, trained -------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The numbers of one choice, from the definition in Training.h, and the front
// of all choices. With F(v, d) the front of the subtree of value v = a b, where
// d says whether the backward pass reads v,
//
//   F(v, 0) = F(a, gb) + F(b, ga) + (0, f (1 + ga + gb))
//   F(v, 1) = F(v, 0) + (z, 0)                               v is kept
//          or F(a, 1) + F(b, 1) + (0, f (2 + ga + gb))       v is recomputed
//
// for a step of f MACs and z elements whose sides hold gradients or do not, ga
// and gb. Operands and prepared values have the front {(0, 0)}.
//
//===----------------------------------------------------------------------===//

#include "TrainingTree.h"

using namespace conveinsum;
using llvm::ArrayRef;

//===----------------------------------------------------------------------===//
// One choice
//===----------------------------------------------------------------------===//

static PlanGoal countGoal(const PlanGoal &goal) {
  PlanGoal count = goal;
  count.objective = Objective(goal.objective.count);
  return count;
}

TrainingTree::TrainingTree(const Equation &equation,
                           const ContractionTree &tree, const PlanGoal &goal)
    : tree(tree),
      figures(evaluateGoal(equation, tree, countGoal(goal)).figures),
      elementBytes(byteSize(intermediateType(goal.dtype, goal.resultType))) {}

ValueBits TrainingTree::neededValues() const {
  ValueBits needed(numValues());
  for (unsigned value = tree.numOperands(); value < numValues(); ++value) {
    auto [lhs, rhs] = sidesOf(value);
    if (stepOf(value).rightGradient)
      needed.set(lhs);
    if (stepOf(value).leftGradient)
      needed.set(rhs);
  }
  return needed;
}

std::vector<Retention> TrainingTree::retentions(const ValueBits &keep) const {
  ValueBits needed = neededValues();
  std::vector<Retention> retentions(numValues(), Retention::Free);
  for (unsigned value = numValues(); value-- > tree.numOperands();) {
    bool isRecomputed = retentions[value] == Retention::Recomputed;
    auto [lhs, rhs] = sidesOf(value);
    for (unsigned side : {lhs, rhs}) {
      if (!isKeepable(side))
        continue;
      if (needed[side] || isRecomputed)
        retentions[side] = keep[side] ? Retention::Kept : Retention::Recomputed;
      else
        retentions[side] = keep[side] ? Retention::Idle : Retention::Unread;
    }
  }
  return retentions;
}

StepWork conveinsum::workOf(const StepFigures &step, bool isRecomputed) {
  if (step.isPrepared)
    return {0, 0};
  unsigned results = isRecomputed ? 2 : 1;
  StepWork work{step.macs * (step.products() + isRecomputed),
                step.result * results};
  if (step.leftGradient)
    work.written += step.left;
  if (step.rightGradient)
    work.written += step.right;
  return work;
}

TrainingPoint TrainingTree::point(const ValueBits &keep) const {
  std::vector<Retention> fates = retentions(keep);
  TrainingPoint point;
  point.tree = tree;
  for (unsigned value = tree.numOperands(); value < numValues(); ++value) {
    const StepFigures &step = stepOf(value);
    StepWork work = workOf(step, fates[value] == Retention::Recomputed);
    point.macs += work.macs;
    point.written += work.written;
    if (fates[value] == Retention::Recomputed)
      point.recomputedValues.push_back(value);
    if (!isKept(fates[value]))
      continue;
    point.keptValues.push_back(value);
    point.kept += step.result;
  }
  point.forwardPeak = forwardPeakOf(*this, fates);
  point.backwardPeak = backwardPeakOf(*this, fates);
  return point;
}

//===----------------------------------------------------------------------===//
// The front
//===----------------------------------------------------------------------===//

TreeFronts::TreeFronts(const TrainingTree &tree, unsigned maxPoints)
    : tree(tree), maxPoints(maxPoints), fronts(2 * tree.numValues()),
      errors(2 * tree.numValues()), reachable(2 * tree.numValues()) {
  findReachable();
  for (unsigned value = 0; value < tree.numValues(); ++value)
    addFronts(value);
}

void TreeFronts::findReachable() {
  ValueBits needed = tree.neededValues();
  reachable[2 * root()] = true;
  for (unsigned value = tree.numValues(); value-- > tree.numOperands();) {
    auto [lhs, rhs] = tree.sidesOf(value);
    for (unsigned side : {lhs, rhs}) {
      reachable[2 * side + needed[side]] = true;
      if (reachable[2 * value + 1])
        reachable[2 * side + 1] = true;
    }
  }
}

void TreeFronts::addFronts(unsigned value) {
  if (tree.isFree(value)) {
    fronts[2 * value] = fronts[2 * value + 1] = {FrontPoint()};
    return;
  }
  const StepFigures &step = tree.stepOf(value);
  unsigned lhs = tree.sidesOf(value).first, rhs = tree.sidesOf(value).second;
  auto sum = [&](uint32_t name, bool leftRead, bool rightRead, Count kept) {
    StepWork work = workOf(step, name == Drop);
    return FrontSum{&front(lhs, leftRead),
                    &front(rhs, rightRead),
                    kept,
                    work.macs,
                    work.written,
                    name};
  };
  auto errorOf = [&](bool leftRead, bool rightRead) {
    return errors[2 * lhs + leftRead] + errors[2 * rhs + rightRead];
  };
  auto add = [&](bool read, ArrayRef<FrontSum> sums, Count error) {
    unsigned at = 2 * value + read;
    fronts[at] = mergeSums(sums);
    errors[at] = error + thinOut(fronts[at], maxPoints);
  };
  bool l = step.rightGradient, r = step.leftGradient; // sides that are needed
  if (reachable[2 * value])
    add(false, sum(Keep, l, r, 0), errorOf(l, r));
  if (reachable[2 * value + 1])
    add(true, {sum(Keep, l, r, step.result), sum(Drop, true, true, 0)},
        std::max(errorOf(l, r), errorOf(true, true)));
}

ValueBits TreeFronts::keptBy(uint32_t point) const {
  ValueBits keep(tree.numValues());
  struct Visit {
    unsigned value;
    bool read;
    uint32_t point;
  };
  std::vector<Visit> visits{{root(), false, point}};
  while (!visits.empty()) {
    Visit visit = visits.back();
    visits.pop_back();
    if (tree.isFree(visit.value))
      continue;
    const FrontPoint &from = front(visit.value, visit.read)[visit.point];
    bool dropped = from.sum == Drop;
    if (visit.read && !dropped)
      keep.set(visit.value);
    const StepFigures &step = tree.stepOf(visit.value);
    auto [lhs, rhs] = tree.sidesOf(visit.value);
    visits.push_back({lhs, dropped || step.rightGradient, from.left});
    visits.push_back({rhs, dropped || step.leftGradient, from.right});
  }
  return keep;
}
