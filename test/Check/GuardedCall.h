//===- GuardedCall.h - Calls that notice strangers --------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compiled functions are called on memory in which nothing outside their
// operands can be read and nothing outside their result can be written:
//
//     EXPECT_EQ(checkDefinition(spec, *code->find(spec.name)), "");
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TEST_CHECK_GUARDEDCALL_H
#define CONVEINSUM_TEST_CHECK_GUARDEDCALL_H

#include "GuardedBuffer.h"
#include "conveinsum/Check/Reference.h"
#include "conveinsum/Driver/Driver.h"
#include "conveinsum/Runtime/Tensor.h"

namespace conveinsum::test {

/// Calls a function on buffers that touch the inaccessible page on `side`;
/// `result` has the shape of its result. Returns what went wrong, empty if
/// nothing did.
std::string callGuarded(const CompiledFunction &function,
                        llvm::ArrayRef<const Tensor *> operands,
                        GuardedBuffer::Side side, Tensor &result);

/// Says how far a result that failed is from the definition.
std::string missText(const Comparison &comparison);

/// Calls the function that `spec` became on filled operands, once on either
/// side, and compares the results with the definition. Returns what went wrong,
/// empty if nothing did.
std::string checkDefinition(const FunctionSpec &spec,
                            const CompiledFunction &function);

} // namespace conveinsum::test

#endif // CONVEINSUM_TEST_CHECK_GUARDEDCALL_H
