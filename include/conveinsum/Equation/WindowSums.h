//===- WindowSums.h - Windows from sums over their sets ---------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For searches that ask for the windows of very many sets of very many
// participants: what Equation::window and Equation::convFactor say, without the
// sets.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_EQUATION_WINDOWSUMS_H
#define CONVEINSUM_EQUATION_WINDOWSUMS_H

#include "conveinsum/Equation/Count.h"
#include "conveinsum/Equation/LinearRelation.h"

namespace conveinsum {

/// What the window of a set depends on (docs/Semantics.md, section 4).
struct WindowSums {
  int64_t low = 0,
          high = 0; ///< of sum c_k i_k over the participants in the set
  int64_t outsideLow = 0, outsideHigh = 0; ///< over those outside
  int64_t lattice = 0; ///< gcd of |c_k| in the set where the extent is above 1
};

/// The window of a set of several participants, not all, of a relation of
/// static extents, none of which is 0.
Window partialWindow(const LinearRelation &relation, const WindowSums &sums);

/// Index pairs that count in the step of two values that both have the mode,
/// from their windows and that of the result.
Count exactConvFactor(const LinearRelation &relation, const Window &left,
                      const Window &right, const Window &both);

} // namespace conveinsum

#endif // CONVEINSUM_EQUATION_WINDOWSUMS_H
