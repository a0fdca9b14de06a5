//===- PlanSource.h - Plans that are known already ------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Plans are looked up before they are searched for: in a cache that someone
// asked for, or among the requests that this source answered before. The latter
// serve only networks with the same equation and sizes, so that each is
// answered as if it stood alone; a cache may answer with another tree of the
// same value. Threads may share a source once it is open.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_PLAN_REQUEST_PLANSOURCE_H
#define CONVEINSUM_PLAN_REQUEST_PLANSOURCE_H

#include "conveinsum/Plan/Request/PlanAnswer.h"
#include "conveinsum/Plan/Reuse/PlanCache.h"
#include <future>
#include <map>
#include <mutex>

namespace conveinsum {

class PlanSource {
public:
  /// From now on plans are looked up, and kept, in a folder, which is made if
  /// absent. Reports a folder that cannot be made; `origin` names in messages
  /// who asked for it. What goes wrong with single plans later goes to
  /// `onWarning`.
  bool openCache(llvm::StringRef folder, llvm::StringRef origin,
                 std::function<void(const Fault &)> onWarning, ErrorFn onError);
  /// Remembers answers to requests whose search is deterministic.
  void rememberNetworks() { remembers = true; }

  bool hasCache() const { return cache != nullptr; }
  bool remembersNetworks() const { return remembers; }

  /// `plan`, or what the cache knows of the network. `cached`, if there is a
  /// cache, says whether the plan comes from it.
  std::optional<PlannedTree> plan(const Equation &equation,
                                  const PlannerOptions &options,
                                  std::optional<bool> &cached, ErrorFn onError);

  /// The answer that was given to a request of this key, or that of `make`. A
  /// key that several threads ask for is made by one of them; nothing is
  /// remembered of one that `make` refuses.
  std::optional<PlanAnswer>
  recall(const std::string &key,
         llvm::function_ref<std::optional<PlanAnswer>()> make);

private:
  using Answer = std::optional<PlanAnswer>;

  std::unique_ptr<PlanCache> cache;
  std::mutex mutex; ///< of `answers`
  std::map<std::string, std::shared_future<Answer>> answers;
  bool remembers = false;
};

} // namespace conveinsum

#endif // CONVEINSUM_PLAN_REQUEST_PLANSOURCE_H
