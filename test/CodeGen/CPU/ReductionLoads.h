//===- ReductionLoads.h - Finds results read while they are summed -*- C++
//-*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A reduction loop is one that carries values, or one that a store inside it
// does not depend on; a load of anything that its own nest stores to must stand
// in no reduction loop.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TEST_CODEGEN_CPU_REDUCTIONLOADS_H
#define CONVEINSUM_TEST_CODEGEN_CPU_REDUCTIONLOADS_H

#include "mlir/IR/Operation.h"
#include <string>

namespace conveinsum::test {

/// What is wrong with the loops of `function`; empty if nothing is.
std::string findLoadInReduction(mlir::Operation *function);

} // namespace conveinsum::test

#endif // CONVEINSUM_TEST_CODEGEN_CPU_REDUCTIONLOADS_H
