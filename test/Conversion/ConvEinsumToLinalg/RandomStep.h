//===- RandomStep.h - Steps that no string could say ------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Users' strings reach only few of the relations that an einsum may have. These
// generators reach the others: any coefficients, offsets, strides, extents and
// moduli, modes that no operand holds, and the steps of whole networks.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TEST_CONVERSION_RANDOMSTEP_H
#define CONVEINSUM_TEST_CONVERSION_RANDOMSTEP_H

#include "Equation/RandomEquation.h"

namespace conveinsum::test {

/// An equation of one or two operands with arbitrary relations; it verifies.
Equation randomStep(uint64_t seed);

/// Every step of a random tree of a random network as a user would write it.
std::vector<Equation> randomNetworkSteps(uint64_t seed);

} // namespace conveinsum::test

#endif // CONVEINSUM_TEST_CONVERSION_RANDOMSTEP_H
