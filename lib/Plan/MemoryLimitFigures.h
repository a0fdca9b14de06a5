//===- MemoryLimitFigures.h - Figures of sets of operands -------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the search under a memory limit asks of every pair of sets, answered
// from tables: the figures that `stepCost` wants, and the elements of values.
// Sets of operands are machine words. The plain modes that a set keeps are a
// bit vector; the factor of a conv mode depends on the participants of both
// sides only, is asked of the equation once, and is then remembered.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_MEMORYLIMITFIGURES_H
#define CONVEINSUM_LIB_PLAN_MEMORYLIMITFIGURES_H

#include "conveinsum/Plan/Goal.h"
#include "llvm/ADT/DenseMap.h"

namespace conveinsum {

/// A set of operands: bit k is operand k.
using OperandWord = uint32_t;

/// Bytes of the result of a step, or of the whole result.
inline Count resultBytes(const PlanGoal &goal, Count elements, bool isLast) {
  ElementType type = isLast ? goal.resultType
                            : intermediateType(goal.dtype, goal.resultType);
  return saturatingMultiply(elements, byteSize(type));
}

/// Elements of an operand as it is given.
Count rawElements(const Equation &equation, unsigned operand);
/// Bytes of all operands as they are given.
Count operandBytes(const Equation &equation, const PlanGoal &goal);

/// Reports an extent that is not known, as bytes cannot be counted then.
bool checkStaticForMemory(const Equation &equation, ErrorFn onError);

/// The figures of one equation with static shapes and up to 16 operands. Keeps
/// references to both arguments.
class SetFigures {
public:
  SetFigures(const Equation &equation, const PlanGoal &goal);

  /// Elements of the value of `set`.
  Count elements(OperandWord set) const { return counts[set]; }
  bool isFolded(OperandWord set) const { return (set & ~constants) == 0; }
  /// Of the step that joins two disjoint sets; no edge is marked as fused.
  StepFigures step(OperandWord left, OperandWord right) const;

private:
  struct ConvMode {
    const LinearRelation *relation;
    std::vector<uint16_t> localOf;       ///< set -> its participants
    llvm::SmallVector<unsigned, 8> participants;
    std::vector<Count> oneSided, stored; ///< per set of participants
  };

  void addPlainModes();
  void addConvMode(const LinearRelation &relation);
  void fillExtents(ConvMode &mode);
  OperandSet setOf(const ConvMode &mode, unsigned local) const;
  Count plainProduct(const llvm::SmallBitVector &modes) const;
  Count factor(unsigned index, unsigned left, unsigned right) const;
  Count macs(OperandWord left, OperandWord right) const;
  StepKind kind(OperandWord left, OperandWord right) const;
  Count read(OperandWord set) const;

  const Equation &equation;
  const PlanGoal &goal;
  OperandWord gradients = 0, constants = 0, all = 0;
  std::vector<Count> plainSizes;
  std::vector<llvm::SmallBitVector> kept; ///< set -> its plain modes
  std::vector<ConvMode> convModes;
  std::vector<Count> counts;
  mutable llvm::DenseMap<uint64_t, Count> factors;
};

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_MEMORYLIMITFIGURES_H
