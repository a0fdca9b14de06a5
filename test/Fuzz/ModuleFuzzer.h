//===- ModuleFuzzer.h - A context for fuzz targets with IR ------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The dialects of the pipelines in a context whose diagnostics are counted.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TEST_FUZZ_MODULEFUZZER_H
#define CONVEINSUM_TEST_FUZZ_MODULEFUZZER_H

#include "FuzzTarget.h"
#include "mlir/IR/MLIRContext.h"

namespace conveinsum::test {

/// One for all inputs would keep every attribute of every input; a new one for
/// each would be slow. It is renewed now and then.
class FuzzContext {
public:
  /// A context for the next input.
  static mlir::MLIRContext &next();
  /// Errors since `next`.
  static unsigned errors();
  static void forgetErrors();
};

} // namespace conveinsum::test

#endif // CONVEINSUM_TEST_FUZZ_MODULEFUZZER_H
