//===- Execution.cpp - Networks in this process ---------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the commands that execute have in common behind reading their files.
//
//===----------------------------------------------------------------------===//

#include "Execution.h"
#include "JsonText.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"
#include <chrono>

using namespace conveinsum;
using namespace conveinsum::command;

std::optional<LoadedNetwork>
LoadedNetwork::load(const FunctionSpec &spec, const PlanRequest &request,
                    const Arguments &arguments, PlanSource &plans,
                    Driver &driver, const MemoryNeed &others, ErrorFn onError) {
  std::optional<LoweredNetwork> lowered =
      lowerNetwork(spec, request, arguments, plans, driver, others, onError);
  if (!lowered || !driver.finish(*lowered->module, lowered->object,
                                 /*withEntries=*/true, onError))
    return std::nullopt;
  std::vector<std::string> names;
  for (const FunctionInfo &function : lowered->object.functions)
    names.push_back(function.name);
  LoadedNetwork network;
  network.chosen = std::move(lowered->spec);
  network.code = driver.load(std::move(lowered->object), onError);
  if (!network.code)
    return std::nullopt;
  for (const std::string &name : names) {
    network.functions.push_back(network.code->find(name));
    assert(network.functions.back() && "a compiled module has its functions");
  }
  return network;
}

const CompiledFunction *LoadedNetwork::find(FunctionRole role) const {
  for (const CompiledFunction *function : functions)
    if (function->info().role == role)
      return function;
  return nullptr;
}

uint64_t LoadedNetwork::bytesOf(ArgumentRole role) const {
  uint64_t bytes = 0;
  for (const CompiledFunction *function : functions)
    bytes = std::max(bytes, function->info().bytesOf(role));
  return bytes;
}

void LoadedNetwork::addNeed(MemoryNeed &need) const {
  for (ArgumentRole role :
       {ArgumentRole::Prepared, ArgumentRole::Kept, ArgumentRole::Workspace})
    if (uint64_t bytes = bytesOf(role))
      need.add(name(role), bytes);
  need.add("code", code->codeBytes());
}

std::optional<PrivateBuffers>
PrivateBuffers::allocate(const LoadedNetwork &network, ErrorFn onError) {
  PrivateBuffers buffers;
  for (auto [role, buffer] :
       {std::pair(ArgumentRole::Prepared, &buffers.prepared),
        std::pair(ArgumentRole::Kept, &buffers.kept),
        std::pair(ArgumentRole::Workspace, &buffers.workspace)}) {
    Fallible<AlignedBuffer> memory = allocateAligned(network.bytesOf(role));
    if (!memory) {
      refuse(onError, memory.message());
      return std::nullopt;
    }
    *buffer = std::move(*memory);
  }
  return buffers;
}

void PrivateBuffers::addTo(CallBuffers &buffers) const {
  buffers.prepared = prepared.get();
  buffers.kept = kept.get();
  buffers.workspace = workspace.get();
}

double command::timeCall(const CompiledFunction &function,
                         const CallBuffers &buffers) {
  auto start = std::chrono::steady_clock::now();
  function.invoke(buffers);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
      .count();
}

void command::addComparison(Outcome &outcome, const Comparison &comparison,
                            bool toErrors) {
  outcome.passed = comparison.passed;
  outcome.json["passed"] = comparison.passed;
  outcome.json["max_error"] = finiteNumber(comparison.maxError);
  outcome.json["bound"] = finiteNumber(comparison.bound);
  outcome.print = [comparison, toErrors](llvm::raw_ostream &out, bool) {
    (toErrors ? llvm::errs() : out)
        << (comparison.passed ? "passed" : "FAILED")
        << llvm::formatv(": error {0:e2}, bound {1:e2}, relative to the "
                         "definition on absolute values\n",
                         comparison.maxError, comparison.bound);
  };
}
