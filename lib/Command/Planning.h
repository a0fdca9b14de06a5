//===- Planning.h - The plan that a command is asked for --------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The planning options of the command line and of a case, read and checked for
// one network, and the plan that they lead to.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_COMMAND_PLANNING_H
#define CONVEINSUM_LIB_COMMAND_PLANNING_H

#include "Network.h"
#include "conveinsum/Plan/Request/PlanRequest.h"

namespace conveinsum::command {

/// What is asked of the planner, and what is to be said about how it was asked.
struct CommandRequest : PlanRequest {
  std::vector<std::string> remarks;
};

/// Reads --planner, --minimize, --count, --gradients, --constants, --target,
/// --budget, the pinned order and limits, and checks them against the equation.
std::optional<CommandRequest> readPlanRequest(const Network &network,
                                              const Equation &equation,
                                              ElementTypes types,
                                              const Arguments &arguments,
                                              ErrorFn onError);

/// Opens the cache of --cache or, without that, of the environment variable
/// CONVEINSUM_CACHE_DIR. Reports a folder that cannot be made.
bool openPlanSource(PlanSource &source, const Arguments &arguments,
                    ErrorFn onError);

/// Prints what is to be said, unless in a batch, and puts it into the outcome.
void sayRemarks(const CommandRequest &request, const Arguments &arguments,
                llvm::json::Object &outcome);

/// Parses the tree that an option or a key gives; `source` names it in
/// messages.
std::optional<ContractionTree> parseTree(llvm::StringRef source,
                                         llvm::StringRef text,
                                         unsigned operands, ErrorFn onError);

} // namespace conveinsum::command

#endif // CONVEINSUM_LIB_COMMAND_PLANNING_H
