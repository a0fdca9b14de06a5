//===- Step.h - What pairwise steps are made of -----------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sets of operands, their values, and the words for what a step of two values
// does.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_EQUATION_STEP_H
#define CONVEINSUM_EQUATION_STEP_H

#include "conveinsum/Equation/Count.h"
#include "conveinsum/Equation/EquationParts.h"
#include "llvm/ADT/SmallBitVector.h"

namespace conveinsum {

/// A set of operand positions; its size() is the number of operands.
using OperandSet = llvm::SmallBitVector;

/// Which of the two MAC counts of section 5.
enum class MacCount : uint8_t { Exact, Dense };

/// A step's kind, as in docs/Cli.md.
enum class StepKind : uint8_t {
  KernelMerge,
  Depthwise,
  Grouped,
  Convolution,
  Outer,
  Elementwise,
  Contraction
};
llvm::StringRef name(StepKind kind);
/// The kind of a step by what its sides have in common: a conv mode; of one, a
/// feature; a plain mode that the result keeps; one that is summed.
StepKind stepKind(bool hasConv, bool hasFeature, bool keepsPlain,
                  bool sumsPlain);

/// The value of a set of operands with a definite order of its dimensions. A
/// set of one operand is that operand as given: its dimensions, diagonals and
/// private modes included.
struct SetValue {
  OperandSet set;
  llvm::SmallVector<ModeId, 6> modes;
};

} // namespace conveinsum

#endif // CONVEINSUM_EQUATION_STEP_H
