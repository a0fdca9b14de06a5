//===- StepLoops.h - The loops of a step, for any layout --------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a step of one or two operands will be as loops, before it is lowered:
// one for every mode that the result holds or that is summed, and one for the
// taps of every conv mode. How far a loop moves along an operand is a multiple
// of the distance of one of its dimensions, which the layout decides. Worked
// example, "bshw,tshw->bthw|hw", x of 16x256x14x14, kernel of 256x256x3x3:
//
//     loop   extent  kind       x          kernel   result
//     b      16      parallel   dim 0      -        dim 0
//     t      256     parallel   -          dim 0    dim 1
//     h      14      parallel   dim 2      -        dim 2
//     w      14      parallel   dim 3      -        dim 3
//     s      256     reduction  dim 1      dim 1    -
//     h'     3       reduction  dim 2      dim 2    -
//     w'     3       reduction  dim 3      dim 3    -
//
// x is read from a padded copy of 16 x 16 pixels, whose distances count.
// Strides and dilations are the multiples. A coefficient on the side of the
// feature (transposed convolutions, gradients of strided ones) makes as many
// phases, nests of their own with a part of the positions and of the taps each.
//
// This says how fast a step will be, not what it computes: where the lowering
// does something special, as for circular modes, it is near enough.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_PLAN_LAYOUT_STEPLOOPS_H
#define CONVEINSUM_PLAN_LAYOUT_STEPLOOPS_H

#include "conveinsum/Equation/Equation.h"
#include "conveinsum/Target/LoopTable.h"

namespace conveinsum {

/// Dimensions of a tensor from outside in, by their numbers in the equation.
using Layout = llvm::SmallVector<unsigned, 6>;

class StepLoops {
public:
  /// What a mode is to an operand.
  enum class Role : uint8_t {
    Shared,    ///< in all of the step's tensors: a batch, a group
    Own,       ///< in this operand and the result
    Window,    ///< positions of a conv mode
    Reduction, ///< summed, or taps
    None       ///< of extent 1, or gone before the loops
  };

  /// `step` has one or two operands and static shapes.
  explicit StepLoops(const Equation &step);

  unsigned numOperands() const { return rolesOf.size() - 1; }
  /// Of the dimensions of an operand; the result is the last one.
  llvm::ArrayRef<Role> roles(unsigned operand) const {
    return rolesOf[operand];
  }
  /// False of operands whose dimensions have to stay as they are: those with
  /// diagonals.
  bool isMovable(unsigned operand) const { return movable[operand]; }
  /// The loops where every operand, and the result, is laid out as said.
  LoopTable table(llvm::ArrayRef<Layout> layouts) const;
  /// How often the loops run.
  double runs() const { return numRuns; }

private:
  /// A dimension of an operand that a loop walks along, `multiple` indices a
  /// step.
  struct Place {
    unsigned dim;
    int64_t multiple;
  };
  struct ModeLoop {
    int64_t extent;
    bool reduction;
    /// For every operand and the result; a multiple of 0 if it does not move.
    llvm::SmallVector<Place, 3> places;
  };
  void addPlain(const Equation &step, ModeId mode);
  void addConv(const Equation &step, const LinearRelation &relation);
  std::optional<unsigned> dimOf(unsigned operand, ModeId mode) const;
  ModeLoop &addLoop(int64_t extent, bool reduction);

  llvm::SmallVector<ModeList, 3> modes;
  llvm::SmallVector<ModeLoop, 8> loops;
  /// Extents of the dimensions in memory, padding included.
  llvm::SmallVector<Shape, 3> extents;
  llvm::SmallVector<llvm::SmallVector<Role, 6>, 3> rolesOf;
  llvm::SmallVector<bool, 3> movable;
  double numRuns = 1;
};

/// 0, 1, 2, ...: the layout of the equation itself.
Layout usualLayout(unsigned rank);

/// How many elements lie between neighbours along each dimension of a tensor
/// that is laid out so.
Shape distancesOf(const Layout &layout, const Shape &shape);

} // namespace conveinsum

#endif // CONVEINSUM_PLAN_LAYOUT_STEPLOOPS_H
