//===- LiveBytes.h - The bytes that a tree keeps alive ----------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Operands belong to the caller and are there all the time; a result is there
// from the step that makes it to the step that reads it. The peak is the
// largest sum, in the best order of the steps (Tree/Schedule.h).
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_PLAN_COST_LIVEBYTES_H
#define CONVEINSUM_PLAN_COST_LIVEBYTES_H

#include "conveinsum/Plan/Cost/Goal.h"
#include "conveinsum/Plan/Tree/Schedule.h"

namespace conveinsum {

/// Bytes of the result of a step, or of the whole result.
inline Count resultBytes(const PlanGoal &goal, Count elements, bool isLast) {
  ElementType type =
      isLast ? goal.resultType : intermediateType(goal.dtype, goal.resultType);
  return elements * byteSize(type);
}

/// Elements of an operand as it is given.
Count rawElements(const Equation &equation, unsigned operand);
/// Bytes of all operands as they are given.
Count operandBytes(const Equation &equation, const PlanGoal &goal);

/// What a tree keeps alive, in bytes.
struct LiveBytes {
  /// Alive all the time: the operands, and prepared values (Goal.h) that a call
  /// reads.
  Count resident = 0;
  /// Per step, the size of its result; 0 if it is prepared.
  std::vector<Count> sizes;
};
/// The tree must verify, the shapes must be static.
LiveBytes liveBytes(const Equation &equation, const ContractionTree &tree,
                    const PlanGoal &goal);
/// The peak of the tree, over all orders or over depth-first ones; bytes.
Count peakBytes(const Equation &equation, const ContractionTree &tree,
                const PlanGoal &goal);
/// The peak if the steps run as they stand.
Count peakBytesAsGiven(const Equation &equation, const ContractionTree &tree,
                       const PlanGoal &goal);
Count depthFirstPeakBytes(const Equation &equation, const ContractionTree &tree,
                          const PlanGoal &goal);

/// As `liveBytes`, from the figures of the tree's steps.
LiveBytes liveBytesOf(const Equation &equation, const ContractionTree &tree,
                      const PlanGoal &goal,
                      llvm::ArrayRef<StepFigures> figures);

} // namespace conveinsum

#endif // CONVEINSUM_PLAN_COST_LIVEBYTES_H
