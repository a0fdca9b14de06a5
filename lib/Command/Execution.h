//===- Execution.h - Networks in this process -------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From a network that was read to functions that can be called and timed.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_COMMAND_EXECUTION_H
#define CONVEINSUM_LIB_COMMAND_EXECUTION_H

#include "Candidates.h"
#include "Session.h"
#include "conveinsum/Check/Reference.h"

namespace conveinsum::command {

/// The functions of one network.
class LoadedNetwork {
public:
  /// Chooses a plan within the limits, compiles and loads. `others` is needed
  /// beside what the code takes.
  static std::optional<LoadedNetwork>
  load(const FunctionSpec &spec, const PlanRequest &request,
       const Arguments &arguments, PlanSource &plans, Driver &driver,
       const MemoryNeed &others, ErrorFn onError);

  /// With the plan that was chosen.
  const FunctionSpec &spec() const { return chosen; }
  /// Null if the network has no function of the role.
  const CompiledFunction *find(FunctionRole role) const;
  /// Bytes of the largest buffer that a function takes for a role.
  uint64_t bytesOf(ArgumentRole role) const;
  /// Adds the buffers between functions, the workspace and the code.
  void addNeed(MemoryNeed &need) const;

private:
  FunctionSpec chosen;
  std::unique_ptr<CompiledModule> code;
  llvm::SmallVector<const CompiledFunction *, 3> functions;
};

/// The buffers that only functions of a network read.
struct PrivateBuffers {
  AlignedBuffer prepared, kept, workspace;

  static std::optional<PrivateBuffers> allocate(const LoadedNetwork &network,
                                                ErrorFn onError);
  void addTo(CallBuffers &buffers) const;
};

/// Calls a function; gives the seconds that it took.
double timeCall(const CompiledFunction &function, const CallBuffers &buffers);

/// What a check found, for programs and for a person. `toErrors` if standard
/// output is a file.
void addComparison(Outcome &outcome, const Comparison &comparison,
                   bool toErrors);

} // namespace conveinsum::command

#endif // CONVEINSUM_LIB_COMMAND_EXECUTION_H
