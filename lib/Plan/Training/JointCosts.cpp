//===- JointCosts.cpp - Training, by sets of operands ---------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The scalar recurrence is that of TrainingTree.cpp, with the minimum over all
// splits; `rests` reads it from the top down.
//
//===----------------------------------------------------------------------===//

#include "JointCosts.h"

using namespace conveinsum;

/// What the figures of sets depend on: gradients are counted here.
static PlanGoal withoutGradients(const PlanGoal &goal) {
  PlanGoal figures(goal.objective.count);
  figures.constants = goal.constants;
  return figures;
}

JointCosts::JointCosts(const Equation &equation, const PlanGoal &goal)
    : elements(size_t(1) << equation.numOperands()),
      costs(equation, withoutGradients(goal)) {
  for (unsigned operand : goal.gradients)
    gradients |= SubsetWord(1) << operand;
  for (SubsetWord set = 1; set <= all(); ++set)
    elements[set] = costs.elements(set);
  if (numOperands() <= kMaxStored)
    storeMacs();
  findPreparation();
}

void JointCosts::storeMacs() {
  std::vector<size_t> first(all() + 1);
  for (SubsetWord set = 1; set <= all(); ++set) {
    first[set] = macs.size();
    if ((set & (set - 1)) != 0)
      forEachJoin(set, [&](const Join &join) { macs.push_back(join.macs); });
  }
  firstJoin = std::move(first);
}

void JointCosts::findPreparation() {
  preparedLeft.resize(all() + 1);
  std::vector<Count> least(all() + 1);
  for (SubsetWord set = 1; set <= all(); ++set) {
    if (!costs.isPrepared(set) || (set & (set - 1)) == 0)
      continue;
    least[set] = Count::infinity();
    forEachJoin(set, [&](const Join &join) {
      Count value = plus(join.macs, plus(least[join.left], least[join.right]));
      if (preparedLeft[set] != 0 && value >= least[set])
        return;
      least[set] = value;
      preparedLeft[set] = join.left;
    });
  }
}

unsigned JointCosts::joinPrepared(SubsetWord set, TreeBuilder &builder) const {
  if ((set & (set - 1)) == 0)
    return llvm::countr_zero(set);
  SubsetWord left = preparedLeft[set];
  unsigned first = joinPrepared(left, builder);
  return builder.join(first, joinPrepared(set & ~left, builder));
}

//===----------------------------------------------------------------------===//
// Weighted optimum
//===----------------------------------------------------------------------===//

WeightedOptimum::WeightedOptimum(const JointCosts &costs, Count macsWeight,
                                 Count keptWeight)
    : costs(costs), macsWeight(macsWeight), keptWeight(keptWeight),
      best(2 * size_t(costs.all()) + 2) {
  for (SubsetWord set = 1; set <= costs.all(); ++set)
    search(set);
}

void WeightedOptimum::search(SubsetWord set) {
  Best &unread = best[2 * set], &read = best[2 * set + 1];
  if (costs.isFree(set)) {
    unread.value = read.value = 0;
    return;
  }
  Count keeping = times(keptWeight, costs.elements[set]);
  auto improve = [](Best &best, Count value, SubsetWord left, bool dropped) {
    if (best.left == 0 || value < best.value)
      best = {value, left, dropped};
  };
  costs.forEachJoin(set, [&](const Join &join) {
    Count kept = plus(weighted(join.macs, join.products()),
                      plus(valueOf(join.left, join.rightGradient),
                           valueOf(join.right, join.leftGradient)));
    improve(unread, kept, join.left, false);
    improve(read, plus(kept, keeping), join.left, false);
    Count dropped =
        plus(weighted(join.macs, join.products() + 1),
             plus(valueOf(join.left, true), valueOf(join.right, true)));
    improve(read, dropped, join.left, true);
  });
}

std::vector<Count> WeightedOptimum::rests() const {
  std::vector<Count> rests(best.size(), Count::infinity());
  rests[2 * costs.all()] = 0;
  // Supersets are larger numbers.
  for (SubsetWord set = costs.all(); set != 0; --set)
    if (!costs.isFree(set))
      spread(set, rests);
  return rests;
}

void WeightedOptimum::spread(SubsetWord set,
                             llvm::MutableArrayRef<Count> rests) const {
  Count ifRead = rests[2 * set + 1];
  // Around a step whose result is not recomputed.
  Count around = std::min(rests[2 * set],
                          plus(ifRead, times(keptWeight, costs.elements[set])));
  auto improve = [&](SubsetWord side, bool read, Count value) {
    Count &rest = rests[2 * side + read];
    rest = std::min(rest, value);
  };
  costs.forEachJoin(set, [&](const Join &join) {
    SubsetWord left = join.left, right = join.right;
    bool gl = join.leftGradient, gr = join.rightGradient;
    Count kept = plus(around, weighted(join.macs, join.products()));
    improve(left, gr, plus(kept, valueOf(right, gl)));
    improve(right, gl, plus(kept, valueOf(left, gr)));
    if (ifRead == Count::infinity())
      return;
    Count dropped = plus(ifRead, weighted(join.macs, join.products() + 1));
    improve(left, true, plus(dropped, valueOf(right, true)));
    improve(right, true, plus(dropped, valueOf(left, true)));
  });
}

ContractionTree WeightedOptimum::tree() const {
  TreeBuilder builder(costs.numOperands());
  join(costs.all(), false, builder);
  return builder.finish();
}

unsigned WeightedOptimum::join(SubsetWord set, bool read,
                               TreeBuilder &builder) const {
  if (costs.isFree(set))
    return costs.joinPrepared(set, builder);
  const Best &chosen = best[2 * set + read];
  SubsetWord left = chosen.left, right = set & ~left;
  bool dropped = chosen.dropped;
  unsigned first = join(left, dropped || costs.hasGradient(right), builder);
  return builder.join(first,
                      join(right, dropped || costs.hasGradient(left), builder));
}
