//===- Slicing.h - A network done piece by piece ----------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where no plan fits in memory, the network is evaluated in slices. A plain
// mode is cut into chunks of its index, a conv mode into tiles of its result.
// Every slice is an Equation of its own over parts of the operands:
//
//   bsh,rs,rh->bth...    b = 32 in chunks of 8, h (same, 3 taps, E = 9) in
//                        tiles of 4
//   tile 1 of h          o = 4 .. 7 needs x from 3 to 8: six entries; taps
//                        whole; relation i0 - i2 + 0 = o' with o' = o - 4
//
// An output tile [o0, o0 + t) of a conv mode sum c_k i_k + b = s o is cut out
// of one participant p: with i_p = i_p' + a and o = o' + o0,
//
//     sum c_k i_k + (b + c_p a - s o0) = s o'
//
// and a .. the largest i_p are what the tile can reach. Neighbours overlap by
// the halo. Slices of a mode that the result holds are put next to each other,
// slices of one that it lacks add up. Circular conv modes are not sliced: their
// tiles need both ends of the feature.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_PLAN_MEMORY_SLICING_H
#define CONVEINSUM_PLAN_MEMORY_SLICING_H

#include "conveinsum/Plan/Memory/MemoryLimit.h"
#include "conveinsum/Plan/Tree/Plan.h"

namespace conveinsum {

/// Chunks of one mode beyond which slicing is refused.
constexpr int64_t kMaxChunks = 65536;

/// Reports dynamic extents; modes that are not there, are given twice, are
/// circular, or that no operand holds; chunks that are not between 1 and the
/// extent, or too many; an operand given for a plain mode or one that is not a
/// participant.
bool verifySlicing(const Equation &equation, const Slicing &slicing,
                   ErrorFn onError);

/// Chunks of one mode.
int64_t numChunks(const Equation &equation, const ModeSlicing &mode);
/// Slices in all.
Count numSlices(const Equation &equation, const Slicing &slicing);

/// One slice: an equation, and where its operands and its result lie in those
/// of the whole.
struct Slice {
  Equation equation;
  /// The first index along every dimension of every operand.
  std::vector<Shape> operandStarts;
  Shape resultStarts;
};
/// The slice at `index`, the number of the chunk of each sliced mode. The
/// slicing must verify. A tile that meets padding only keeps one entry of the
/// operand that is cut, which then contributes nothing.
Slice slicedEquation(const Equation &equation, const Slicing &slicing,
                     llvm::ArrayRef<int64_t> index);

/// Whether slices add up: some sliced mode is not in the result.
bool accumulates(const Equation &equation, const Slicing &slicing);
/// Largest number of entries that neighbouring tiles of a conv mode both read;
/// 0 for a plain mode.
int64_t haloOf(const Equation &equation, const ModeSlicing &mode);

struct SlicedCost {
  /// Under the goal, exact: hoisted steps once, the others once per slice. For
  /// `peak` the same as `peak`.
  Count value = 0;
  /// Bytes: operands, the whole result, hoisted and prepared values, and the
  /// largest of what one slice needs besides (its result too, if slices add
  /// up) and of what hoisting needs besides.
  Count peak = 0;
  Count slices = 1;
  /// Steps that touch no sliced mode: their operands do not hold any.
  std::vector<unsigned> hoisted;
};
/// Costs of a tree under a slicing that verifies.
SlicedCost evaluateSliced(const Equation &equation, const ContractionTree &tree,
                          const Slicing &slicing, const PlanGoal &goal);

struct SlicedMode {
  std::string label;
  ModeSlicing cut; ///< with the operand filled in
  int64_t chunks = 1, halo = 0;
};

struct SlicedPlan {
  /// The steps in the order in which they run within a slice; those that are
  /// hoisted run before, in the same order.
  ContractionTree tree;
  PlanGoal goal;
  Slicing slicing;
  std::vector<SlicedMode> modes;
  SlicedCost cost; ///< in that order
  /// Of the plan without a limit.
  Count unslicedValue = 0;
  /// `value / unslicedValue`; 1 if both are 0.
  double overhead() const;
};

/// Bytes of the operands and of the whole result, which slicing leaves alone.
Count wholeBytes(const Equation &equation, const PlanGoal &goal);

/// The cheapest slicing that was found to fit in `limitBytes`; among equal ones
/// the one with fewer slices. Slicings are searched greedily and, up to eight
/// operands, over all sets of up to three modes and chunk counts 2, 4, 8, ...,
/// with the best tree for each, until a fixed amount of work is done. An empty
/// slicing if that is as good. Reports goals that do not fit the equation,
/// dynamic extents, what `plan` reports, and a limit that no slicing was found
/// for.
std::optional<SlicedPlan> planSliced(const Equation &equation,
                                     const PlannerOptions &options,
                                     Count limitBytes, ErrorFn onError);

} // namespace conveinsum

#endif // CONVEINSUM_PLAN_MEMORY_SLICING_H
