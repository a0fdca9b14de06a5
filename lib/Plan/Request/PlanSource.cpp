//===- PlanSource.cpp - Plans for the networks of a command ---------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One source serves one planner and one budget, so that network and goal
// identify a plan.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Request/PlanSource.h"
#include "conveinsum/Plan/Reuse/CanonicalForm.h"
#include "llvm/Support/FileSystem.h"
#include <chrono>

using namespace conveinsum;
using llvm::StringRef;

/// Networks that are remembered; then the memory starts anew.
static constexpr size_t kMaxNetworks = 4096;

bool PlanSource::openCache(StringRef folder, StringRef origin,
                           std::function<void(const Diagnostic &)> onWarning,
                           ErrorFn onError) {
  if (folder.empty())
    return refuse(onError, "expected " + origin + " to be a folder, got ''");
  std::error_code error = llvm::sys::fs::create_directories(folder);
  if (!error && !llvm::sys::fs::is_directory(folder))
    error = std::make_error_code(std::errc::not_a_directory);
  if (error)
    return refuse(onError, "expected " + origin + " to be a folder, got '" +
                               folder + "': " + error.message());
  PlanCacheOptions options;
  options.directory = folder.str();
  options.onWarning = std::move(onWarning);
  cache = std::make_unique<PlanCache>(std::move(options));
  return true;
}

std::optional<PlannedTree> PlanSource::planRemembered(const Equation &equation,
                                               const PlannerOptions &options,
                                               ErrorFn onError) {
  // Equal forms have equal optima; equal texts also number their modes alike,
  // which may decide what a search finds.
  auto start = std::chrono::steady_clock::now();
  std::string key =
      givenForm(equation, options.goal).key + '\0' + equation.text();
  if (auto known = networks.find(key); known != networks.end()) {
    PlannedTree plan = known->second;
    plan.goal = options.goal;
    plan.planningSeconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
            .count();
    return plan;
  }
  std::optional<PlannedTree> plan = conveinsum::plan(equation, options, onError);
  if (!plan)
    return std::nullopt;
  if (networks.size() >= kMaxNetworks)
    networks.clear();
  networks.emplace(std::move(key), *plan);
  return plan;
}

std::optional<PlannedTree> PlanSource::plan(const Equation &equation,
                                     const PlannerOptions &options,
                                     std::optional<bool> &cached,
                                     ErrorFn onError) {
  if (cache) {
    bool hit = false;
    auto plan = planCached(*cache, equation, options, onError, &hit);
    cached = hit;
    return plan;
  }
  bool isRepeatable = equation.hasStaticShapes() && !options.budget.seconds;
  if (remembers && isRepeatable)
    return planRemembered(equation, options, onError);
  return conveinsum::plan(equation, options, onError);
}
