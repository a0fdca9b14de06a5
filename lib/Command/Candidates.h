//===- Candidates.h - The first plan whose code fits ------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A limit on memory is one on compiled code: operands, result, prepared values
// and workspace, with what the code generator adds to the plan. So plans are
// candidates that are compiled as far as their bytes are known. Their order
// does not depend on the limit: the plan without one, then the best plan with a
// smaller peak than the one before, and so on. The first whose code fits is
// taken. If none does, the smallest that was seen is a limit that works, and
// one byte less is not:
//
//   candidate    peak of the plan    bytes of its code    --memory-limit=6000
//   ((0,1),2)                8000                 8192    no
//   (0,(1,2))                5000                 5184    taken
//
// Of a network that is trained each candidate keeps less than the one before.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_COMMAND_CANDIDATES_H
#define CONVEINSUM_LIB_COMMAND_CANDIDATES_H

#include "Compiling.h"
#include "Memory.h"
#include "conveinsum/Plan/Request/PlanRequest.h"

namespace conveinsum::command {

/// Candidates that are compiled before a limit is refused.
constexpr unsigned kMaxCandidates = 16;

/// A network on its way to code: its bytes are known, its machine code is not.
struct LoweredNetwork {
  FunctionSpec spec;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  ObjectCode object;
};

/// Plans a network, whose `spec` lacks only its plan, and lowers the plan; with
/// a memory limit, the first candidate that needs no more. `others` need bytes
/// beside those of the code. The module is one of the driver's.
std::optional<LoweredNetwork>
lowerNetwork(const FunctionSpec &spec, const PlanRequest &request,
             const Arguments &arguments, PlanSource &source, Driver &driver,
             const MemoryNeed &others, ErrorFn onError);

/// The plan that `lowerNetwork` would take.
std::optional<Plan> choosePlan(const FunctionSpec &spec,
                               const PlanRequest &request,
                               const Arguments &arguments, PlanSource &source,
                               Driver &driver, ErrorFn onError);

} // namespace conveinsum::command

#endif // CONVEINSUM_LIB_COMMAND_CANDIDATES_H
