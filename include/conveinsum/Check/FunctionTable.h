//===- FunctionTable.h - Many functions compiled together -------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Functions are collected, equal steps once, compiled by the driver in modules
// of many, and called by their numbers:
//
//     FunctionTable table;
//     unsigned f = table.addStep(ijJkIk, {F32, F32}, F32);
//     unsigned g = table.addStep(abBcAc, {F32, F32}, F32);   // f, if the
//                                                   // extents are the same
//     table.compile(driver, onRefusal);
//     std::optional<Tensor> c = table.call(f, {&a, &b}, onError);
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_CHECK_FUNCTIONTABLE_H
#define CONVEINSUM_CHECK_FUNCTIONTABLE_H

#include "conveinsum/Driver/Driver.h"
#include "conveinsum/Runtime/Tensor.h"
#include "llvm/ADT/StringMap.h"

namespace conveinsum {

class FunctionTable {
public:
  /// Receives the number of a function that does not compile, and why not; says
  /// whether to go on with the others.
  using RefusalFn = llvm::function_ref<bool(unsigned, const Fault &)>;

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
  /// What was added under a number.
  const FunctionSpec &spec(unsigned function) const { return specs[function]; }

  /// Compiles what was added since the last call. Where a module is refused,
  /// its functions are compiled one by one to find out which are at fault.
  /// Returns whether all were compiled.
  bool compile(Driver &driver, RefusalFn onRefusal);

  /// The code of a function, for callers with memory of their own; null if it
  /// was not compiled.
  const CompiledFunction *find(unsigned function) const {
    return function < functions.size() ? functions[function] : nullptr;
  }
  /// Calls a function that was compiled. All calls share one workspace.
  std::optional<Tensor> call(unsigned function,
                             llvm::ArrayRef<const Tensor *> operands,
                             ErrorFn onError);

private:
  bool compileModule(Driver &driver, size_t first, size_t count,
                     ErrorFn onError);

  std::vector<FunctionSpec> specs;
  llvm::StringMap<unsigned> stepOf;
  std::vector<std::unique_ptr<CompiledModule>> modules;
  std::vector<const CompiledFunction *> functions;
  AlignedBuffer workspace;
  uint64_t workspaceBytes = 0;
};

} // namespace conveinsum

#endif // CONVEINSUM_CHECK_FUNCTIONTABLE_H
