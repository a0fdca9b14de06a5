//===- SymmetricTable.h - Networks of equal operands ------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two operands are interchangeable if the network is the same after they, and
// the modes that only they tell apart, have swapped places: two scalars, two
// factors of the same modes, two kernels of equal taps on one conv mode, two
// legs of a star, any two operands of a complete graph of equal bonds. That is
// an equivalence, and all permutations within its classes leave the network as
// it is. So what the best tree over a set costs depends only on how many
// operands of each class the set has, and the recurrence
//
//     best(S) = min over splits S = L + R of best(L) + best(R) + cost(L, R)
//
// runs over vectors of counts: n scalars are n states and n^2 / 4 splits
// instead of 2^n and 3^n / 2. A vector (n1, n2, ...) stands for the first n1,
// n2, ... operands of each class; L for the first of those, R for the rest.
//
// Worked example, "a,b,c,abc->" with equal sizes: classes {0, 1, 2} and {3}, 8
// states; best(1,1) is what any one vector costs with the cube.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_SEARCH_SYMMETRICTABLE_H
#define CONVEINSUM_LIB_PLAN_SEARCH_SYMMETRICTABLE_H

#include "Planners.h"

namespace conveinsum {

/// Operands by classes of interchangeable ones, each ascending, in the order of
/// their first operands; nothing where there are more than `maxClasses`.
std::optional<std::vector<std::vector<unsigned>>>
interchangeableOperands(const CostModel &model, unsigned maxClasses);

/// The optimum over all trees of a network with so much symmetry that the table
/// over counts takes at most `maxMoves`; nothing for others.
std::optional<ContractionTree> planBySymmetry(const Equation &equation,
                                              const PlanGoal &goal,
                                              uint64_t maxMoves,
                                              SearchClock &clock);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_SEARCH_SYMMETRICTABLE_H
