//===- PlanStore.h - Plans by key, in memory and on disk --------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The two places where PlanCache keeps plans. Keys are complete descriptions
// and are always compared as a whole.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_REUSE_PLANSTORE_H
#define CONVEINSUM_LIB_PLAN_REUSE_PLANSTORE_H

#include "conveinsum/Plan/Search/Planner.h"
#include "llvm/ADT/DenseMap.h"
#include <chrono>
#include <list>
#include <memory>
#include <mutex>

namespace conveinsum {

/// What is kept of a plan: all but the goal, which the query has.
struct StoredPlan {
  ContractionTree tree; ///< over positions of the key
  Proof proof = Proof::Optimal;
  Count value = 0;
  std::optional<Count> lowerBound;
  uint64_t moves = 0;
};

/// The least recently used keys leave when the bound is reached.
class PlanMemory {
public:
  explicit PlanMemory(size_t maxBytes) : maxBytes(maxBytes) {}

  std::shared_ptr<const StoredPlan> lookup(llvm::StringRef key);
  void insert(llvm::StringRef key, std::shared_ptr<const StoredPlan> plan);
  size_t size() const;

private:
  struct Entry {
    uint64_t hash;
    std::string key;
    std::shared_ptr<const StoredPlan> plan;

    size_t bytes() const;
  };

  void evict(std::list<Entry>::iterator entry);

  const size_t maxBytes;
  mutable std::mutex mutex;
  size_t bytes = 0;
  std::list<Entry> entries; ///< the most recently used first
  llvm::DenseMap<uint64_t, std::list<Entry>::iterator> index; ///< by hash
};

/// Files in one directory, which must exist, by the names that
/// `llvm::pruneCache` knows as those of a cache, `llvmcache-HASH.cvnplan`. One
/// file:
///
///   bytes  content, little endian
///       8  "cvnplan\n"
///     4+4  version of the format, version of the planner
///     8+8  bytes of the key, number of steps
///          key
///       1  proof
///      16  value
///    1+16  whether there is a lower bound, the bound
///       8  moves
///     4+4  per step: SSA numbers
///       8  xxh3 of all before
class PlanDirectory {
public:
  /// No directory if `path` is empty. After the first plan that is inserted,
  /// plans that nobody read for `maxAge` are removed, then those that were read
  /// longest ago until the others take at most `maxBytes`; 0 stands for no
  /// bound.
  explicit PlanDirectory(std::string path, uint64_t maxBytes = 0,
                         std::chrono::seconds maxAge = {})
      : path(std::move(path)), maxBytes(maxBytes), maxAge(maxAge) {}

  /// Nothing for a file that is not there or not exactly what was written for
  /// this key, `numOperands` and this version.
  std::shared_ptr<const StoredPlan> lookup(llvm::StringRef key,
                                           unsigned numOperands) const;
  /// Complete or not at all. Returns what went wrong, if anything did.
  std::error_code insert(llvm::StringRef key, const StoredPlan &plan) const;

private:
  std::string fileOf(llvm::StringRef key) const;
  bool hasForeignCache() const;
  void prune() const;

  const std::string path;
  const uint64_t maxBytes;
  const std::chrono::seconds maxAge;
  mutable std::once_flag pruned;
};

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_REUSE_PLANSTORE_H
