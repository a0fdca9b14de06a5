//===- PlanSource.h - Plans that are known already --- -------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Plans are looked up before they are searched for: in a cache that someone
// asked for, or among the networks that this source planned before. The latter
// serve only networks with the same equation and sizes, so that each is
// answered as if it stood alone; a cache may answer with another tree of the
// same value.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_PLAN_REQUEST_PLANSOURCE_H
#define CONVEINSUM_PLAN_REQUEST_PLANSOURCE_H

#include "conveinsum/Plan/Reuse/PlanCache.h"

namespace conveinsum {

class PlanSource {
public:
  /// From now on plans are looked up, and kept, in a folder, which is made if
  /// absent. Reports a folder that cannot be made; `origin` names in messages
  /// who asked for it. What goes wrong with single plans later goes to
  /// `onWarning`.
  bool openCache(llvm::StringRef folder, llvm::StringRef origin,
                 std::function<void(const Diagnostic &)> onWarning,
                 ErrorFn onError);
  /// Remembers the plans of networks whose search is deterministic.
  void rememberNetworks() { remembers = true; }

  /// `plan`, or what is known of the network. `cached`, if there is a cache,
  /// says whether the plan comes from it.
  std::optional<PlannedTree> plan(const Equation &equation,
                           const PlannerOptions &options,
                           std::optional<bool> &cached, ErrorFn onError);

private:
  std::optional<PlannedTree> planRemembered(const Equation &equation,
                                     const PlannerOptions &options,
                                     ErrorFn onError);

  std::unique_ptr<PlanCache> cache;
  /// Plans by network and goal.
  std::map<std::string, PlannedTree> networks;
  bool remembers = false;
};

} // namespace conveinsum

#endif // CONVEINSUM_PLAN_REQUEST_PLANSOURCE_H
