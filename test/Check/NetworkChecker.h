//===- NetworkChecker.h - Random equations, compiled and run ----*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compares compiled code with the definition for equations drawn from seeds, in
// two ways:
//
//   every split   For every set S of at least two operands and every split of S
//                 into L and R, the step that joins L and R is compiled and fed
//                 with the evaluator's values of L and R; its result must meet
//                 the bound of one step. The value of the whole set must meet
//                 that of the whole equation, too.
//   whole trees   Random trees, each one function that went through all stages
//                 of the compiler.
//
// The seed also decides how the operands are filled: with mixed signs, one
// sign, sorted, or such that results are near the ends of the normal range.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TEST_CHECK_NETWORKCHECKER_H
#define CONVEINSUM_TEST_CHECK_NETWORKCHECKER_H

#include "conveinsum/Driver/Driver.h"

namespace conveinsum::test {

/// What to check of the equation of one seed.
struct CheckRequest {
  uint64_t seed = 0;
  ElementType operandType = ElementType::F64;
  ElementType resultType = ElementType::F64;
  bool splits = false;
  /// How many random trees; all if there are no more.
  unsigned trees = 0;
};

struct CheckSummary {
  size_t equations = 0;
  /// Splits that were run, and the different functions that they share.
  size_t splits = 0, steps = 0;
  size_t trees = 0;
  /// One line for each result that is wrong and each function that could not be
  /// compiled.
  std::vector<std::string> faults;

  CheckSummary &operator+=(const CheckSummary &other);
};

/// Checks all requests, compiling their functions together.
CheckSummary checkNetworks(llvm::ArrayRef<CheckRequest> requests,
                           Driver &driver);

/// Types of the equation of one seed when all are to have their turn: half of
/// them f64, the others every other type and the wider results.
std::pair<ElementType, ElementType> typesInTurn(uint64_t seed);

} // namespace conveinsum::test

#endif // CONVEINSUM_TEST_CHECK_NETWORKCHECKER_H
