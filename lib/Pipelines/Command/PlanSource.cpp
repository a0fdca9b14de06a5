//===- PlanSource.cpp - Plans for the networks of a command ---------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One call of the command has one planner and one budget, so that network and
// goal identify a plan of its lines.
//
//===----------------------------------------------------------------------===//

#include "PlanSource.h"
#include "Network.h"
#include "Session.h"
#include "conveinsum/Plan/CanonicalForm.h"
#include "llvm/Support/FileSystem.h"
#include <chrono>
#include <cstdlib>

using namespace conveinsum;
using namespace conveinsum::command;
using llvm::StringRef;

/// Lines that are remembered; then the memory starts anew.
static constexpr size_t kMaxLines = 4096;

bool PlanSource::open(const Arguments &arguments, ErrorFn onError) {
  remembersLines = arguments.has("batch");
  StringRef source = "--cache";
  std::optional<StringRef> folder = arguments.value("cache");
  if (const char *variable = std::getenv("CONVEINSUM_CACHE_DIR");
      !folder && variable && *variable) {
    source = "CONVEINSUM_CACHE_DIR";
    folder = StringRef(variable);
  }
  if (!folder)
    return true;
  if (folder->empty())
    return refuse(onError, "expected " + source + " to be a folder, got ''");
  std::error_code error = llvm::sys::fs::create_directories(*folder);
  if (!error && !llvm::sys::fs::is_directory(*folder))
    error = std::make_error_code(std::errc::not_a_directory);
  if (error)
    return refuse(onError, "expected " + source + " to be a folder, got '" +
                               *folder + "': " + error.message());
  PlanCacheOptions options;
  options.directory = folder->str();
  options.onWarning = [](const Diagnostic &diagnostic) {
    printNote(diagnostic.message);
  };
  cache = std::make_unique<PlanCache>(std::move(options));
  return true;
}

std::optional<conveinsum::Plan>
PlanSource::planLine(const Equation &equation, const PlannerOptions &options,
                     ErrorFn onError) {
  // Equal forms have equal optima; equal texts also number their modes alike,
  // which may decide what a search finds.
  auto start = std::chrono::steady_clock::now();
  std::string key =
      givenForm(equation, options.goal).key + '\0' + equation.text();
  if (auto known = lines.find(key); known != lines.end()) {
    conveinsum::Plan plan = known->second;
    plan.goal = options.goal;
    plan.planningSeconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
            .count();
    return plan;
  }
  std::optional<conveinsum::Plan> plan =
      conveinsum::plan(equation, options, onError);
  if (!plan)
    return std::nullopt;
  if (lines.size() >= kMaxLines)
    lines.clear();
  lines.emplace(std::move(key), *plan);
  return plan;
}

std::optional<conveinsum::Plan>
PlanSource::plan(const Equation &equation, const PlannerOptions &options,
                 std::optional<bool> &cached, ErrorFn onError) {
  if (cache) {
    bool hit = false;
    auto plan = planCached(*cache, equation, options, onError, &hit);
    cached = hit;
    return plan;
  }
  bool isRepeatable = equation.hasStaticShapes() && !options.budget.seconds;
  if (remembersLines && isRepeatable)
    return planLine(equation, options, onError);
  return conveinsum::plan(equation, options, onError);
}
