//===- Compiling.cpp - What commands that compile share -------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See the header.
//
//===----------------------------------------------------------------------===//

#include "Compiling.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"
#include <thread>

using namespace conveinsum;
using namespace conveinsum::command;
using llvm::StringRef;

std::optional<DriverOptions>
command::readDriverOptions(const Arguments &arguments, StringRef defaultCpu,
                           unsigned defaultThreads, ErrorFn onError) {
  DriverOptions options;
  StringRef cpu = arguments.value("target-cpu").value_or(defaultCpu);
  std::optional<CpuTarget> target;
  if (!cpu.empty())
    target = CpuTarget::get(cpu == "native" ? "host" : cpu);
  if (!target) {
    refuse(onError, "unknown CPU '" + cpu + "' of --target-cpu; 'llc --mcpu=help' "
                                            "lists those that LLVM knows");
    return std::nullopt;
  }
  options.target = std::move(*target);
  std::optional<unsigned> threads =
      readCount(arguments, "threads", defaultThreads, onError);
  if (!threads)
    return std::nullopt;
  options.threads = *threads;
  return options;
}

StringRef command::portableCpu() {
  llvm::Triple triple(llvm::sys::getProcessTriple());
  return triple.isX86() ? "x86-64" : "generic";
}

unsigned command::processorCount() {
  return std::max(1u, std::thread::hardware_concurrency());
}

FunctionSpec command::networkSpec(const Network &network,
                                  const Equation &equation, ElementTypes types,
                                  const std::optional<conveinsum::Plan> &plan) {
  FunctionSpec spec{
      "conveinsum_" +
          sanitizeIdentifier(network.problem.name.value_or("network")),
      equation,
      {},
      types.result,
      std::nullopt};
  spec.operandTypes.assign(equation.numOperands(), types.operand);
  if (plan)
    spec.tree = plan->tree;
  return spec;
}

Driver &DriverSource::get(const DriverOptions &options) {
  constexpr unsigned usesPerDriver = 32;
  if (!driver || uses++ % usesPerDriver == 0)
    driver = std::make_unique<Driver>(options);
  return *driver;
}

std::optional<Tensor> command::allocateTensor(ElementType type,
                                              llvm::ArrayRef<int64_t> shape,
                                              ErrorFn onError) {
  Fallible<Tensor> tensor = Tensor::allocate(type, shape.vec());
  if (tensor)
    return std::move(*tensor);
  refuse(onError, tensor.message());
  return std::nullopt;
}
