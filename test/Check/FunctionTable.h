//===- FunctionTable.h - Many functions compiled together -------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Functions are collected, equal steps once, compiled by the driver in modules
// of many, and called on memory in which nothing outside their operands can be
// read and nothing outside their result can be written.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TEST_CHECK_FUNCTIONTABLE_H
#define CONVEINSUM_TEST_CHECK_FUNCTIONTABLE_H

#include "conveinsum/Driver/Driver.h"
#include "conveinsum/Runtime/Tensor.h"
#include "llvm/ADT/StringMap.h"

namespace conveinsum::test {

class FunctionTable {
public:
  /// Adds an equation of at most two operands; returns its number, the same
  /// for equations that differ in names only.
  unsigned addStep(const Equation &step, llvm::ArrayRef<ElementType> operands,
                   ElementType result);
  /// Adds a whole network with the order of its steps.
  unsigned addNetwork(const Equation &equation,
                      llvm::ArrayRef<ElementType> operands, ElementType result,
                      const ContractionTree &tree);
  /// How many different steps there are.
  size_t numSteps() const { return stepOf.size(); }

  /// Compiles everything; hands every refusal to `onFault`.
  void compile(Driver &driver, llvm::function_ref<void(std::string)> onFault);

  /// Calls a function; `result` has the shape of its result. Returns what went
  /// wrong, empty if nothing did.
  std::string call(unsigned function, llvm::ArrayRef<const Tensor *> operands,
                   Tensor &result);

private:
  bool compile(Driver &driver, size_t first, size_t count, ErrorFn onError);

  std::vector<FunctionSpec> specs;
  llvm::StringMap<unsigned> stepOf;
  std::vector<std::unique_ptr<CompiledModule>> modules;
  std::vector<const CompiledFunction *> functions;
  size_t calls = 0;
};

/// An equation with its relations and the types of its tensors, on one line.
std::string describe(const Equation &equation,
                     llvm::ArrayRef<ElementType> operands, ElementType result);

} // namespace conveinsum::test

#endif // CONVEINSUM_TEST_CHECK_FUNCTIONTABLE_H
