//===- DynamicFunctions.h - One function at several sizes -------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An equation with dynamic extents is lowered and compiled once and run at the
// extents of several equations of the same structure.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TEST_CONVERSION_DYNAMICFUNCTIONS_H
#define CONVEINSUM_TEST_CONVERSION_DYNAMICFUNCTIONS_H

#include "LoweredFunctions.h"

namespace conveinsum::test {

/// An equation with extents that are not known before it runs.
struct DynamicEquation {
  Equation equation;
  std::vector<Equation> instances; ///< the same with all extents
};

/// Lowers, compiles and runs each equation in f64 on values drawn from `seed`.
/// Returns one line for every instance that is not computed right.
std::vector<std::string> mismatches(llvm::ArrayRef<DynamicEquation> equations,
                                    uint64_t seed);

} // namespace conveinsum::test

#endif // CONVEINSUM_TEST_CONVERSION_DYNAMICFUNCTIONS_H
