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
#include "Memory.h"
#include "conveinsum/Equation/NearWord.h"
#include "conveinsum/Plan/Request/PlanWords.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"
#include <thread>

using namespace conveinsum;
using namespace conveinsum::command;
using llvm::StringRef;

/// Checks that the compiler and the threads get what they need. Neither can
/// report that memory ran out, so the little that they need is asked for first.
static bool checkCompilerMemory(unsigned threads, ErrorFn onError) {
  constexpr uint64_t compilerBytes = 256 << 20;
  uint64_t needed = compilerBytes + (threads - 1) * kThreadStackBytes;
  uint64_t available = availableMemory();
  return needed <= available ||
         refuse(onError, "not enough memory: expected at least " +
                             llvm::Twine(needed >> 20) +
                             " MiB available to the compiler and the "
                             "threads, got " +
                             llvm::Twine(available >> 20) + " MiB");
}

/// The value of --threads. The system refuses threads by ending the process, so
/// a number that no machine needs does not get that far.
static std::optional<unsigned> readThreads(const Arguments &arguments,
                                           unsigned absent, ErrorFn onError) {
  const unsigned most = std::max(256u, processorCount());
  std::optional<unsigned> threads =
      readCount(arguments, "threads", absent, onError);
  if (!threads || *threads <= most)
    return threads;
  refuse(onError, "expected --threads to be at most " + llvm::Twine(most) +
                      ", got " + llvm::Twine(*threads));
  return std::nullopt;
}

std::optional<DriverOptions>
command::readDriverOptions(const Arguments &arguments, StringRef defaultCpu,
                           unsigned defaultThreads, ErrorFn onError) {
  DriverOptions options;
  StringRef cpu = arguments.value("target-cpu").value_or(defaultCpu);
  std::optional<Machine> target;
  if (!cpu.empty())
    target = Machine::get(cpu == "native" ? "host" : cpu);
  if (!target) {
    refuse(onError, "unknown CPU '" + cpu +
                        "' of --target-cpu; 'llc --mcpu=help' "
                        "lists those that LLVM knows" +
                        didYouMean(cpu, {"native"}));
    return std::nullopt;
  }
  options.target = std::move(*target);
  std::optional<unsigned> threads =
      readThreads(arguments, defaultThreads, onError);
  if (!threads || !checkCompilerMemory(*threads, onError))
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

/// `lib/libstep.so` -> `step`; empty for `-`.
static std::string nameOfFile(StringRef path, bool isLibrary) {
  StringRef file = llvm::sys::path::filename(path);
  StringRef stem = file.take_until([](char c) { return c == '.'; });
  if (isLibrary && stem.size() > 3)
    stem.consume_front("lib");
  return path == "-" ? "" : stem.str();
}

/// The name of a network's functions, without their prefix.
static std::optional<std::string> networkName(const Network &network,
                                              const Arguments &arguments,
                                              ErrorFn onError) {
  if (std::optional<StringRef> name = arguments.value("name")) {
    if (!name->empty() && llvm::all_of(*name, [](char c) {
          return llvm::isAlnum(c) || c == '_';
        }))
      return name->str();
    refuse(onError, "expected --name to be letters, digits and '_', got '" +
                        *name + "'");
    return std::nullopt;
  }
  std::string name = network.problem.name.value_or("");
  if (name.empty() && arguments.command == CompileCommand) {
    StringRef file =
        arguments.value("output").value_or(network.output.value_or("-"));
    name = nameOfFile(file, arguments.value("emit") == StringRef("library"));
  }
  return sanitizeIdentifier(name.empty() ? "network" : name);
}

std::optional<FunctionSpec>
command::networkSpec(const Network &network, const Equation &equation,
                     ElementTypes types, const PlanRequest &request,
                     const Arguments &arguments, ErrorFn onError) {
  std::optional<std::string> name = networkName(network, arguments, onError);
  if (!name)
    return std::nullopt;
  FunctionSpec spec{
      (kFunctionPrefix + *name).str(), equation, {}, types.result};
  spec.operandTypes.assign(equation.numOperands(), types.operand);
  llvm::append_range(spec.constants, request.options.goal.constants);
  llvm::append_range(spec.gradients, request.options.goal.gradients);
  return spec;
}

void command::setPlan(FunctionSpec &spec, Plan plan) {
  if (!spec.gradients.empty() && spec.equation.numOperands() > 2 &&
      plan.kept.empty())
    spec.requests.emplace_back(planWord("keep").attribute.str(), "0");
  spec.plan = std::move(plan);
}

bool command::checkGradients(const Equation &equation, ElementTypes types,
                             const PlanRequest &request, ErrorFn onError) {
  if (request.options.goal.gradients.empty())
    return true;
  if (isInteger(types.operand))
    return refuse(onError, "expected floating or complex operands to have "
                           "gradients, got " +
                               std::string(name(types.operand)));
  return checkStaticExtents(equation, "for gradients", onError);
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
