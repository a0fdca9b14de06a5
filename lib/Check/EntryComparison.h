//===- EntryComparison.h - Floating entries and their bound -----*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The test of docs/Semantics.md, section 6, for results and for gradients.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_CHECK_ENTRYCOMPARISON_H
#define CONVEINSUM_LIB_CHECK_ENTRYCOMPARISON_H

#include "conveinsum/Check/Reference.h"

namespace conveinsum {

/// Compares floating or complex entries that `steps` steps in these types
/// computed with their definition.
Comparison compareEntries(const Tensor &result,
                          const Evaluation<double> &expected, unsigned steps,
                          ElementTypes types);
Comparison compareEntries(const Tensor &result,
                          const Evaluation<std::complex<double>> &expected,
                          unsigned steps, ElementTypes types);

/// Refuses work that would take too long.
bool checkEvaluationWork(const Count &work, ErrorFn onError);

/// Bytes of an operand's entries as the evaluator reads them.
Count bytesOfFactor(llvm::ArrayRef<int64_t> shape, ElementType type);
/// Bytes that the evaluation and the comparison of a tensor take.
Count bytesOfEvaluation(llvm::ArrayRef<int64_t> shape, ElementType type);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_CHECK_ENTRYCOMPARISON_H
