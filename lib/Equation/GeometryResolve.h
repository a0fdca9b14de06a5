//===- GeometryResolve.h - From geometry to one relation ------ -*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Turns what the user said about one conv mode, and the extents of its
// participants, into the mode's linear relation (docs/Semantics.md, 3).
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_EQUATION_GEOMETRYRESOLVE_H
#define CONVEINSUM_LIB_EQUATION_GEOMETRYRESOLVE_H

#include "conveinsum/Equation/LinearRelation.h"

namespace conveinsum {

/// One conv mode of an equation and the operands that hold it.
struct ConvModeUse {
  struct Participant {
    unsigned operand;
    int64_t extent;  ///< may be kDynamic
    size_t position; ///< byte of the label
  };
  ModeId mode;
  std::string label;
  /// Byte of the label after '|'.
  size_t position;
  bool isInResult;
  /// In operand order; not empty.
  llvm::SmallVector<Participant, 3> participants;
};

/// The relation of a conv mode, or nothing after the first violation of C24
/// to C29 and C31 to C39.
std::optional<LinearRelation> resolveGeometry(const ConvModeUse &use,
                                              unsigned numOperands,
                                              const Geometry &geometry,
                                              ErrorFn onError);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_EQUATION_GEOMETRYRESOLVE_H
