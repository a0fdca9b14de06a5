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

/// Reads --planner, --minimize, --count, --gradients, --constants, --target,
/// --budget, the pinned order and limits, and checks them against the equation.
std::optional<PlanRequest> readPlanRequest(const Network &network,
                                           const Equation &equation,
                                           ElementTypes types,
                                           const Arguments &arguments,
                                           ErrorFn onError);

/// Reads the request and plans, with the progress of a long search on a terminal.
std::optional<PlanAnswer> planNetwork(const Network &network,
                                      const Equation &equation,
                                      ElementTypes types,
                                      const Arguments &arguments,
                                      PlanSource &source, ErrorFn onError);

/// Opens the cache of --cache or, without that, of the environment variable
/// CONVEINSUM_CACHE_DIR. Reports a folder that cannot be made.
bool openPlanSource(PlanSource &source, const Arguments &arguments,
                    ErrorFn onError);

/// Parses the order that an option or a key gives. `form` is `path`, `ssa-path`
/// or `tree`; `source` names it in messages.
std::optional<ContractionTree> parseOrder(llvm::StringRef form,
                                          llvm::StringRef source,
                                          llvm::StringRef text,
                                          unsigned operands, ErrorFn onError);

} // namespace conveinsum::command

#endif // CONVEINSUM_LIB_COMMAND_PLANNING_H
