//===- SliceTiles.h - The tiles of one mode ---------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where a chunk of a mode begins, how long it is and what it reads; and which
// of the slices of a network have equal shapes.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_MEMORY_SLICETILES_H
#define CONVEINSUM_LIB_PLAN_MEMORY_SLICETILES_H

#include "Plan/Search/ParetoTable.h"
#include "conveinsum/Plan/Memory/Slicing.h"

namespace conveinsum {

/// Length of a mode as it is sliced: the size of a plain mode, the result's
/// extent of a conv mode.
int64_t slicedExtent(const Equation &equation, ModeId mode);

/// The participant of a conv mode that is cut.
unsigned cutOperand(const Equation &equation, const ModeSlicing &mode);

/// One chunk of a mode.
struct SliceTile {
  int64_t first = 0, extent = 0; ///< of the plain index or of o
  /// Of the operand that is cut, and the offset of the relation that is left;
  /// conv modes only.
  int64_t operandFirst = 0, operandExtent = 0, offset = 0;

  bool hasShapeOf(const SliceTile &other) const {
    return extent == other.extent && operandExtent == other.operandExtent &&
           offset == other.offset;
  }
};
SliceTile tileOf(const Equation &equation, const ModeSlicing &mode,
                 int64_t index);

/// Slices of different shapes beyond which slicing is refused.
constexpr uint64_t kMaxSliceClasses = 4096;

/// The slices with equal shapes, merged; those with the most entries first.
/// Nothing if there are more than `limit` classes.
std::optional<std::vector<SliceClass>>
sliceClasses(const Equation &equation, const Slicing &slicing, uint64_t limit);
/// A slice that no other is larger than in the extent of a chunk, standing for
/// all of them.
SliceClass largestSlice(const Equation &equation, const Slicing &slicing);

/// Operands that hold a sliced mode.
OperandSet slicedOperands(const Equation &equation, const Slicing &slicing);

/// In which order the steps of a tree run.
enum class StepOrder : uint8_t { Best, AsGiven };

/// The costs of a tree, given the classes of slices or what stands for them.
SlicedCost costOfSlices(const Equation &equation, const ContractionTree &tree,
                        const Slicing &slicing, const PlanGoal &goal,
                        llvm::ArrayRef<SliceClass> classes,
                        StepOrder order = StepOrder::Best);

/// Puts the steps of a sliced plan in an order that is good for all slices and
/// sets its costs to those of that order.
void scheduleSlices(const Equation &equation, SlicedPlan &plan);

/// A mode that can be sliced, and its chunks from coarse to fine: for about 2,
/// 4, 8, ... pieces, and for as many as there are entries.
struct Sliceable {
  ModeId mode;
  std::vector<int64_t> chunks;
};
/// The largest modes first: where a search has to stop early, it has seen them.
std::vector<Sliceable> sliceableModes(const Equation &equation);
void sortByMode(Slicing &slicing);

/// Cuts modes finer as long as the peak of the tree is above the limit.
Slicing sliceGreedily(const Equation &equation, const ContractionTree &tree,
                      const PlanGoal &goal, llvm::ArrayRef<Sliceable> modes,
                      Count limit);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_MEMORY_SLICETILES_H
