//===- PlanSource.cpp - Plans that are known already ----------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See the header.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Request/PlanSource.h"
#include "llvm/Support/FileSystem.h"
#include <chrono>

using namespace conveinsum;
using llvm::StringRef;

/// Answers that are remembered; then the memory starts anew.
static constexpr size_t kMaxAnswers = 4096;

bool PlanSource::openCache(StringRef folder, StringRef origin,
                           std::function<void(const Fault &)> onWarning,
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

std::optional<PlannedTree> PlanSource::plan(const Equation &equation,
                                            const PlannerOptions &options,
                                            std::optional<bool> &cached,
                                            ErrorFn onError) {
  if (!cache)
    return conveinsum::plan(equation, options, onError);
  bool hit = false;
  auto plan = planCached(*cache, equation, options, onError, &hit);
  cached = hit;
  return plan;
}

std::optional<PlanAnswer>
PlanSource::recall(const std::string &key,
                   llvm::function_ref<std::optional<PlanAnswer>()> make) {
  auto start = std::chrono::steady_clock::now();
  std::promise<Answer> promise;
  std::shared_future<Answer> known;
  {
    std::lock_guard<std::mutex> lock(mutex);
    if (auto found = answers.find(key); found != answers.end()) {
      known = found->second;
    } else {
      if (answers.size() >= kMaxAnswers)
        answers.clear();
      answers.emplace(key, promise.get_future().share());
    }
  }
  if (!known.valid()) {
    Answer answer = make();
    promise.set_value(answer);
    return answer;
  }
  Answer answer = known.get();
  // Whoever is refused wants to know why.
  if (!answer)
    return make();
  answer->isRemembered = true;
  answer->provenance.planningSeconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
          .count();
  return answer;
}
