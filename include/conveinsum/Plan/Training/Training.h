//===- Training.h - What to keep from forward to backward -------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A trained network is computed forward, and then the gradients of some of its
// operands. A step C = A B of the tree is done up to three times:
//
//   C = A B      gA = gC B, if A holds an operand with a gradient
//                gB = A gC, if B does
//
// so the value of A is *needed* by the backward pass if and only if B holds
// such an operand. A needed value is kept from forward to backward, or dropped
// and recomputed. Recomputing it reads its two inputs, which thereby are
// needed as well. The backward pass runs from the root down and finds what was
// recomputed for a step still there at the steps below: every value is
// recomputed at most once.
//
// Which values are kept decides a point (kept elements, total MACs), and so
// does the tree. The *front* has the points that no other one beats in both.
// Worked example, x w v with matrices of 8x8, 8x2, 2x8 ("ij,jk,kl->il"), all
// with gradients, tree ((0,1),2): the value of {0,1} has 16 elements, each of
// the steps costs 128 MACs:
//
//   keep {0,1}    16 elements   3 (128 + 128) = 768 MACs
//   drop it        0 elements   768 + 128     = 896 MACs
//
// Operands, the result and its gradient, and the gradients of operands belong
// to the caller and are never kept or counted. Values made of constant operands
// only are prepared once: they cost nothing, are always there and never counted
// either.
//
// Of `PlanGoal::objective` only the count of MACs matters here.
// docs/Training.md tells how fronts are found.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_PLAN_TRAINING_TRAINING_H
#define CONVEINSUM_PLAN_TRAINING_TRAINING_H

#include "conveinsum/Plan/Cost/Goal.h"

namespace conveinsum {

/// One way to train.
struct TrainingPoint {
  /// Elements kept from forward to backward.
  Count kept = 0;
  /// Of the forward pass, all gradients and what is recomputed.
  Count macs = 0;
  /// Elements of the results of all these products.
  Count written = 0;
  ContractionTree tree;
  /// SSA numbers, ascending.
  std::vector<unsigned> keptValues, recomputedValues;

  /// Bytes alive at once, without what is the caller's or prepared.
  /// Forward: values that are kept stay, the order of steps is the best one.
  Count forwardPeak = 0;
  /// Backward: from the root down, one side of a step and all below it before
  /// the other side. A step first recomputes what it lacks, in the best order;
  /// then it computes the gradients of its sides. The gradient of its result
  /// and the values of its sides are given free as soon as they have been read
  /// for the last time; a value that only recomputation reads, when that
  /// recomputation ends. Which gradient and which side come first is the best
  /// choice.
  Count backwardPeak = 0;
};

/// In bytes of the type that intermediates are stored in.
Count keptBytes(const TrainingPoint &point, const PlanGoal &goal);

/// Points by ascending kept elements and descending MACs.
struct TrainingFront {
  std::vector<TrainingPoint> points;
  /// No point was left out to save time.
  bool exact = true;
  /// For every point (k, m) of the exact front, there is one here that keeps at
  /// most k and costs at most m + this.
  Count error = 0;
};

struct TrainingOptions {
  /// Points of the front of one value (or one set of operands) above which they
  /// are thinned out; at least 2.
  unsigned maxPoints = 4096;
};

/// Operands up to which `jointFront` tries.
constexpr unsigned kMaxJointOperands = 16;

/// The front over all trees, outer products included, and all choices of what
/// to keep. Among points with equal numbers the one with the fewest elements
/// written, then a fixed one. Reports goals that do not fit the equation,
/// dynamic shapes and too many operands.
std::optional<TrainingFront> jointFront(const Equation &equation,
                                        const PlanGoal &goal,
                                        const TrainingOptions &options,
                                        ErrorFn onError);

/// The front of a given tree, of any number of operands. Reports what
/// `jointFront` does, and trees that do not fit the equation.
std::optional<TrainingFront> treeFront(const Equation &equation,
                                       const ContractionTree &tree,
                                       const PlanGoal &goal,
                                       const TrainingOptions &options,
                                       ErrorFn onError);

/// Trees of a network that stands among others.
struct TrainingTrees {
  /// The one of the fewest MACs first; no tree twice.
  std::vector<ContractionTree> trees;
  /// Whatever the others do, one of these is best.
  bool exact = true;
};

/// Operands up to which `trainingTrees` looks at networks whose result is
/// recomputed.
constexpr unsigned kMaxRecomputedOperands = 10;

/// The trees that a network of a function may have to have for the function to
/// keep least or cost least: those of the points of `jointFront`, and those
/// where the backward pass recomputes the result as well, so that the last step
/// runs once more and both of its sides are read. Exact where operands cost
/// nothing to keep or are read whatever the tree is. Above
/// `kMaxRecomputedOperands` operands without the second kind. Reports what
/// `jointFront` does.
std::optional<TrainingTrees> trainingTrees(const Equation &equation,
                                           const PlanGoal &goal,
                                           const TrainingOptions &options,
                                           ErrorFn onError);

/// The point of a given tree and kept values, from the definition: the checker
/// that fronts are held against. Kept values that nothing reads count as kept.
/// Also reports kept values that are no results of steps before the last, that
/// are prepared, or that are named twice.
std::optional<TrainingPoint>
evaluateTrainingPoint(const Equation &equation, const ContractionTree &tree,
                      llvm::ArrayRef<unsigned> keptValues, const PlanGoal &goal,
                      ErrorFn onError);

/// The point of a given tree that keeps whatever the backward pass reads, and
/// so recomputes nothing. Reports what `treeFront` does.
std::optional<TrainingPoint> keepAllNeeded(const Equation &equation,
                                           const ContractionTree &tree,
                                           const PlanGoal &goal,
                                           ErrorFn onError);

/// The cheapest point that keeps at most so many elements; null if there is
/// none, which is so for an empty front only: nothing must be kept.
const TrainingPoint *pick(const TrainingFront &front, Count elements);
/// The same for a budget in bytes.
const TrainingPoint *pickBytes(const TrainingFront &front, const PlanGoal &goal,
                               Count bytes);

} // namespace conveinsum

#endif // CONVEINSUM_PLAN_TRAINING_TRAINING_H
