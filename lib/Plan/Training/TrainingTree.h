//===- TrainingTree.h - One tree, trained -----------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What one tree of an equation is under a goal of training: the figures of its
// steps, which of its values the backward pass reads, the front of choices of
// what to keep, and the numbers of one such choice.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_TRAINING_TRAININGTREE_H
#define CONVEINSUM_LIB_PLAN_TRAINING_TRAININGTREE_H

#include "Fronts.h"
#include "conveinsum/Plan/Training/Training.h"
#include "llvm/ADT/BitVector.h"

namespace conveinsum {

/// What becomes of a value between forward and backward.
enum class Retention : uint8_t {
  Free,       ///< an operand, the result, or prepared: always there
  Unread,     ///< the backward pass does not read it
  Kept,       ///< kept and read
  Recomputed, ///< dropped and read
  Idle        ///< kept and not read
};

inline bool isKept(Retention retention) {
  return retention == Retention::Kept || retention == Retention::Idle;
}

/// MACs and written elements of all products of a step.
struct StepWork {
  Count macs, written;
};
StepWork workOf(const StepFigures &step, bool isRecomputed);

/// One bit per value.
using ValueBits = llvm::BitVector;

class TrainingTree {
public:
  /// The tree, the goal and the shapes must have been checked.
  TrainingTree(const Equation &equation, const ContractionTree &tree,
               const PlanGoal &goal);

  /// Operands and prepared values: always there, at no cost.
  bool isFree(unsigned value) const {
    return !isStep(value) || stepOf(value).isPrepared;
  }
  /// Values that may be kept: results of steps that are neither the last one
  /// nor prepared.
  bool isKeepable(unsigned value) const {
    return !isFree(value) && value + 1 < numValues();
  }
  /// What becomes of every value if the keepable values in `keep` (one bit per
  /// value) are kept.
  std::vector<Retention> retentions(const ValueBits &keep) const;
  /// Whether the gradient of the other side of its step reads a value.
  ValueBits neededValues() const;
  /// All numbers of one choice.
  TrainingPoint point(const ValueBits &keep) const;

  unsigned numOperands() const { return tree.numOperands(); }
  unsigned numValues() const { return tree.numOperands() + figures.size(); }
  bool isStep(unsigned value) const { return value >= tree.numOperands(); }
  const StepFigures &stepOf(unsigned value) const {
    return figures[value - tree.numOperands()];
  }
  ContractionTree::Step sidesOf(unsigned value) const {
    return tree.steps()[value - tree.numOperands()];
  }
  /// Bytes of a value and of its gradient; none where the caller owns them or
  /// they were prepared.
  Count bytesOf(unsigned value) const {
    return isKeepable(value) ? stepOf(value).result * elementBytes : 0;
  }

private:
  const ContractionTree tree;
  std::vector<StepFigures> figures;
  /// What an element of an intermediate takes.
  unsigned elementBytes;
};

/// The peaks that Training.h defines. TrainingPeaks.cpp.
Count forwardPeakOf(const TrainingTree &tree,
                    llvm::ArrayRef<Retention> retentions);
Count backwardPeakOf(const TrainingTree &tree,
                     llvm::ArrayRef<Retention> retentions);

/// The front of one tree: fronts of all its values.
class TreeFronts {
public:
  TreeFronts(const TrainingTree &tree, unsigned maxPoints);

  /// The front of the whole tree.
  const Front &points() const { return front(root(), false); }
  Count error() const { return errors[2 * root()]; }
  /// The values that a point of the whole tree keeps, one bit per value.
  ValueBits keptBy(uint32_t point) const;

private:
  /// Names of sums.
  enum : uint32_t { Keep, Drop };

  unsigned root() const { return tree.numValues() - 1; }
  const Front &front(unsigned value, bool read) const {
    return fronts[2 * value + read];
  }
  void findReachable();
  void addFronts(unsigned value);

  const TrainingTree &tree;
  unsigned maxPoints;
  // Each value has two: not read, and read by the backward pass.
  std::vector<Front> fronts;
  std::vector<Count> errors;
  std::vector<bool> reachable; // a choice exists for which it is so
};

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_TRAINING_TRAININGTREE_H
