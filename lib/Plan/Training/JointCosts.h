//===- JointCosts.h - Training, by sets of operands -------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What training costs depends on sets of operands alone: the MACs of a step,
// the elements of its result, which of its sides hold a gradient and whether it
// is prepared. This is what searches over all trees ask, and the scalar search
// among them: the best tree with the best choice of kept values for
//
//   a x MACs + b x kept elements.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_TRAINING_JOINTCOSTS_H
#define CONVEINSUM_LIB_PLAN_TRAINING_JOINTCOSTS_H

#include "Plan/Cost/SubsetFigures.h"
#include "Plan/Tree/TreeBuilder.h"
#include "conveinsum/Plan/Cost/Goal.h"

namespace conveinsum {

/// A step by the sets that it joins.
struct Join {
  SubsetWord left, right;
  /// Sides that hold an operand with a gradient: each is read by the gradient
  /// of the other.
  bool leftGradient, rightGradient;
  /// One product takes as many.
  Count macs;

  Count products() const { return Count(1) + leftGradient + rightGradient; }
};

class JointCosts {
public:
  JointCosts(const Equation &equation, const PlanGoal &goal);

  unsigned numOperands() const { return costs.numOperands(); }
  SubsetWord all() const { return elements.size() - 1; }
  /// Operands and prepared values: always there, at no cost.
  bool isFree(SubsetWord set) const {
    return (set & (set - 1)) == 0 || costs.isPrepared(set);
  }
  bool hasGradient(SubsetWord set) const { return (set & gradients) != 0; }

  /// How many elements the value of each set has.
  std::vector<Count> elements;

  /// Calls `visit(join)` for every split of a set into two, in a fixed order:
  /// the side with the lowest operand on the left, the other one descending,
  /// all but the lowest operand last.
  template <typename Visitor>
  void forEachJoin(SubsetWord set, Visitor visit) const {
    size_t at = firstJoin.empty() ? 0 : firstJoin[set];
    SubsetWord others = set & (set - 1), right = others;
    do {
      right = (right - 1) & others;
      SubsetWord rest = right ? right : others, left = set ^ rest;
      visit(Join{left, rest, hasGradient(left), hasGradient(rest),
                 firstJoin.empty() ? costs.macs(left, rest) : macs[at++]});
    } while (right != 0);
  }

  /// Joins a set whose value is prepared along the tree that is cheapest to
  /// prepare; a lone operand is its own tree.
  unsigned joinPrepared(SubsetWord set, TreeBuilder &builder) const;

private:
  /// Operands up to which the MACs of all splits are stored, 2.4 million
  /// for 14.
  static constexpr unsigned kMaxStored = 14;

  void storeMacs();
  void findPreparation();

  SubsetFigures costs;
  SubsetWord gradients = 0;
  std::vector<size_t>
      firstJoin; // each set has one; none are stored if there are too many
  std::vector<Count> macs;
  std::vector<SubsetWord> preparedLeft; // each prepared set has one
};

/// The best tree and choice for one pair of weights.
class WeightedOptimum {
public:
  WeightedOptimum(const JointCosts &costs, Count macsWeight, Count keptWeight);

  ContractionTree tree() const;
  /// The least that everything outside of a set costs in a tree that contains
  /// it, two entries per set: its value is not read by the backward pass, and
  /// it is; Count::infinity() where no tree and choice make it so.
  std::vector<Count> rests() const;

private:
  struct Best {
    Count value = Count::infinity();
    SubsetWord left = 0;
    bool dropped = false;
  };

  Count valueOf(SubsetWord set, bool read) const {
    return best[2 * set + read].value;
  }
  Count weighted(Count macs, Count products) const {
    return times(macsWeight, times(macs, products));
  }
  void search(SubsetWord set);
  void spread(SubsetWord set, llvm::MutableArrayRef<Count> rests) const;
  unsigned join(SubsetWord set, bool read, TreeBuilder &builder) const;

  const JointCosts &costs;
  Count macsWeight, keptWeight;
  // Each set has two: not read, and read by the backward pass.
  std::vector<Best> best;
};

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_TRAINING_JOINTCOSTS_H
