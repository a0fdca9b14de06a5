//===- Compiling.h - What commands that compile share -----------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Options of the driver from the command line, and a driver that lasts for many
// networks of a batch but not for ever.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_COMMAND_COMPILING_H
#define CONVEINSUM_LIB_COMMAND_COMPILING_H

#include "Network.h"
#include "conveinsum/Driver/Driver.h"
#include "conveinsum/Plan/Request/PlanRequest.h"
#include "conveinsum/Runtime/Tensor.h"

namespace conveinsum::command {

/// Reads --target-cpu and --threads. `defaultCpu` is a name of LLVM or `host`.
std::optional<DriverOptions> readDriverOptions(const Arguments &arguments,
                                               llvm::StringRef defaultCpu,
                                               unsigned defaultThreads,
                                               ErrorFn onError);

/// A portable CPU of the architecture that the command runs on.
llvm::StringRef portableCpu();

/// Processors that this process may use.
unsigned processorCount();

/// The network without its plan, as the driver takes it. Its name is that of
/// --name, of the case, of the file that `compile` writes, or `network`.
/// Reports a --name that is none.
std::optional<FunctionSpec>
networkSpec(const Network &network, const Equation &equation,
            ElementTypes types, const PlanRequest &request,
            const Arguments &arguments, ErrorFn onError);

/// Gives a network the plan that was made for it. One that keeps nothing for
/// the backward pass looks like one that was pinned for its order, so that the
/// limit stands beside it.
void setPlan(FunctionSpec &spec, Plan plan);

/// Refuses gradients that code cannot compute: of integers, and where sizes are
/// open.
bool checkGradients(const Equation &equation, ElementTypes types,
                    const PlanRequest &request, ErrorFn onError);

/// Hands out a driver and replaces it from time to time, because what an MLIR
/// context has ever seen stays in memory.
class DriverSource {
public:
  /// The driver for the next network; valid until the next call.
  Driver &get(const DriverOptions &options);

private:
  std::unique_ptr<Driver> driver;
  unsigned uses = 0;
};

/// An allocation of the runtime, or a diagnostic.
std::optional<Tensor> allocateTensor(ElementType type,
                                     llvm::ArrayRef<int64_t> shape,
                                     ErrorFn onError);

} // namespace conveinsum::command

#endif // CONVEINSUM_LIB_COMMAND_COMPILING_H
