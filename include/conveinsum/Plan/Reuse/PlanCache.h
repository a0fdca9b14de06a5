//===- PlanCache.h - Plans that were found before ---------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Keeps plans by the canonical form of network and goal (CanonicalForm.h), in
// memory and, if a directory is given, on disk:
//
//   identical query   one key in the given order, one look into memory
//   isomorphic query  also the canonical order, then memory, then the directory
//
// What is kept does not depend on how fast the machine is:
//
//   proof               serves
//   optimal             every `auto` and `exact` query of the network
//   optimal-connected   queries with the same planner and budget
//   best-found          the same; not kept if the budget has seconds or the
//                       search was stopped
//
// Other proofs (`greedy`, `left`, `rebuild`, `pinned`) are never kept: such a
// tree depends on the order of the operands, and costs little to make. Networks
// of one or two operands or with dynamic shapes go past the cache.
//
// A tree from the cache has the value that was found. Among trees of that value
// the choice may be another than a search for the permuted network would make.
//
// The directory holds one file per key. Files are written under another name
// and renamed, so any number of processes may share it; what is truncated,
// damaged, foreign or of another version counts as absent and is replaced when
// a plan for that key is found. Plans that were not read for long are removed
// when a cache first writes. No other file is written or removed, but for
// `llvmcache.timestamp`, which says when that was.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_PLAN_REUSE_PLANCACHE_H
#define CONVEINSUM_PLAN_REUSE_PLANCACHE_H

#include "conveinsum/Plan/Search/Planner.h"
#include <chrono>
#include <memory>

namespace conveinsum {

/// Raise it whenever `plan` finds better plans or counts otherwise than before:
/// entries on disk of another version are not read.
constexpr uint32_t kPlannerVersion = 2;

struct PlanCacheOptions {
  /// About what the plans in memory may take; the least recently used ones
  /// leave first.
  size_t memoryBytes = size_t(32) << 20;
  /// An existing directory; empty for none.
  std::string directory;
  /// Bytes that plans in the directory may take together, and how long a plan
  /// stays that nobody reads; 0 for no bound. Both are kept at most every 20
  /// minutes.
  uint64_t directoryBytes = uint64_t(64) << 20;
  std::chrono::seconds directoryAge = std::chrono::hours(24 * 30);
  /// Called once, with the first failure to write to the directory.
  std::function<void(const Fault &)> onWarning;
};

/// Safe to use from several threads.
class PlanCache {
public:
  explicit PlanCache(PlanCacheOptions options = {});
  ~PlanCache();

  /// The plan for a query, if one is known. `planningSeconds` is the time of
  /// the look-up, `moves` that of the search that found the plan.
  std::optional<PlannedTree> lookup(const Equation &equation,
                                    const PlannerOptions &options);
  /// Keeps a plan that `plan` returned for the query, if it is one to be kept.
  void insert(const Equation &equation, const PlannerOptions &options,
              const PlannedTree &plan);

  struct Statistics {
    uint64_t memoryHits = 0, diskHits = 0, misses = 0;
    size_t entries = 0; ///< keys in memory; a plan may have several
  };
  Statistics statistics() const;

private:
  class Query;
  struct Impl;

  std::optional<PlannedTree> lookup(Query &query);
  void insert(Query &query, const PlannedTree &plan);
  friend std::optional<PlannedTree> planCached(PlanCache &, const Equation &,
                                               const PlannerOptions &, ErrorFn,
                                               bool *);

  std::unique_ptr<Impl> impl;
};

/// `plan`, by way of the cache. `hit`, if given, says whether the plan comes
/// from there. Reports what `plan` reports.
std::optional<PlannedTree> planCached(PlanCache &cache,
                                      const Equation &equation,
                                      const PlannerOptions &options,
                                      ErrorFn onError, bool *hit = nullptr);

} // namespace conveinsum

#endif // CONVEINSUM_PLAN_REUSE_PLANCACHE_H
