//===- Counting.h - How many indices meet an equation -----------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Counts the solutions of one linear equation in bounded indices, which is what
// the `exact` count of a conv mode is. Linear equations take logarithmic time.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_EQUATION_COUNTING_H
#define CONVEINSUM_LIB_EQUATION_COUNTING_H

#include "Arithmetic.h"
#include "conveinsum/Equation/Equation.h"

namespace conveinsum {

/// An index 0 <= i < extent that enters an equation as coefficient * i.
struct Variable {
  Int coefficient;
  Int extent;
};

/// Number of (i, j) with  x.c i + y.c j + offset = stride * o  for an o with
/// 0 <= o < resultExtent.
Count countLinear(Variable x, Variable y, Int offset, Int stride,
                  Int resultExtent);

/// Number of assignments of all variables with  sum c_k i_k + offset = 0 modulo
/// `modulus` >= 1. Three variables that fill no whole period cost time linear
/// in the smallest extent.
Count countModular(llvm::SmallVector<Variable, 3> variables, Int offset,
                   Int modulus);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_EQUATION_COUNTING_H
