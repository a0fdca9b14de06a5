//===- EquationParts.h - An equation taken apart ----------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Whoever derives one equation from another takes it apart, edits the parts and
// puts them together:
//
//     EquationParts parts = equation.parts();
//     parts.shapes[0][0] = 8;
//     Equation edited = Equation::fromParts(std::move(parts));
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_EQUATION_EQUATIONPARTS_H
#define CONVEINSUM_EQUATION_EQUATIONPARTS_H

#include "conveinsum/Equation/LinearRelation.h"
#include <string>
#include <vector>

namespace conveinsum {

/// Extents of a tensor's dimensions, kDynamic where unknown.
using Shape = llvm::SmallVector<int64_t, 6>;
/// Modes in the order of a tensor's dimensions.
using ModeList = llvm::SmallVector<ModeId, 6>;

struct EquationParts {
  /// `labels[m]` is the bare label of mode m.
  std::vector<std::string> labels;
  std::vector<ModeList> operands;
  ModeList result;
  /// Of the operands. Extents of relation terms are taken from here.
  std::vector<Shape> shapes;
  /// In the order after `|`. `resultExtent` of a mode that the result lacks
  /// must be set.
  std::vector<LinearRelation> relations;
  /// Whether the text separates labels by blanks, where that is possible.
  bool isSpelledInWords = false;
};

} // namespace conveinsum

#endif // CONVEINSUM_EQUATION_EQUATIONPARTS_H
