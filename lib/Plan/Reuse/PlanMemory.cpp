//===- PlanMemory.cpp - Plans by key, in memory ---------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A list in order of use and an index by hash. Of two keys of one hash, the
// later one stays.
//
//===----------------------------------------------------------------------===//

#include "PlanStore.h"
#include "llvm/Support/xxhash.h"

using namespace conveinsum;
using llvm::StringRef;

/// Without the two values that a DenseMap keeps to itself.
static uint64_t hashOf(StringRef key) { return llvm::xxh3_64bits(key) >> 1; }

size_t PlanMemory::Entry::bytes() const {
  // The steps are shared by the keys of a plan; the bound counts them for each.
  return sizeof(Entry) + sizeof(StoredPlan) + key.size() +
         plan->tree.steps().size() * sizeof(ContractionTree::Step);
}

std::shared_ptr<const StoredPlan> PlanMemory::lookup(StringRef key) {
  uint64_t hash = hashOf(key);
  std::lock_guard<std::mutex> lock(mutex);
  auto found = index.find(hash);
  if (found == index.end() || found->second->key != key)
    return nullptr;
  entries.splice(entries.begin(), entries, found->second);
  return found->second->plan;
}

void PlanMemory::insert(StringRef key, std::shared_ptr<const StoredPlan> plan) {
  Entry entry{hashOf(key), key.str(), std::move(plan)};
  std::lock_guard<std::mutex> lock(mutex);
  if (auto found = index.find(entry.hash); found != index.end())
    evict(found->second);
  size_t needed = entry.bytes();
  if (needed > maxBytes)
    return;
  while (bytes + needed > maxBytes)
    evict(std::prev(entries.end()));
  bytes += needed;
  entries.push_front(std::move(entry));
  index[entries.front().hash] = entries.begin();
}

void PlanMemory::evict(std::list<Entry>::iterator entry) {
  bytes -= entry->bytes();
  index.erase(entry->hash);
  entries.erase(entry);
}

size_t PlanMemory::size() const {
  std::lock_guard<std::mutex> lock(mutex);
  return entries.size();
}
