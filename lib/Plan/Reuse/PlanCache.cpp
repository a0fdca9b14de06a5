//===- PlanCache.cpp - Plans that were found before -----------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Turns queries into keys and stored trees into trees of the query.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Reuse/PlanCache.h"
#include "NetworkDescription.h"
#include "PlanStore.h"
#include "conveinsum/Plan/Reuse/CanonicalForm.h"
#include <chrono>

using namespace conveinsum;
using llvm::ArrayRef;

struct PlanCache::Impl {
  explicit Impl(PlanCacheOptions options)
      : memory(options.memoryBytes),
        directory(options.directory, options.directoryBytes,
                  options.directoryAge),
        options(std::move(options)) {}

  void warn(std::error_code error);

  PlanMemory memory;
  PlanDirectory directory;
  const PlanCacheOptions options;
  std::atomic<uint64_t> memoryHits{0}, diskHits{0}, misses{0};
  std::once_flag warned;
};

void PlanCache::Impl::warn(std::error_code error) {
  std::call_once(warned, [&] {
    if (!options.onWarning)
      return;
    Fault diagnostic;
    diagnostic.message = "cannot write to the plan cache '" +
                         options.directory + "': " + error.message();
    options.onWarning(diagnostic);
  });
}

//===----------------------------------------------------------------------===//
// Queries
//===----------------------------------------------------------------------===//

/// What may serve a query: a proven optimum, or what the same search found.
enum class Source : uint8_t { Optimum, Search };

/// A network, a goal and a search, with the keys that were asked for so far.
class PlanCache::Query {
public:
  Query(const Equation &equation, const PlannerOptions &options)
      : equation(equation), options(options),
        description(equation, options.goal), given(description.givenOrder()),
        givenKey(description.key(given)) {}

  /// Whether a query can be answered from a cache at all.
  static bool isCacheable(const Equation &equation,
                          const PlannerOptions &options);
  /// Where to look, the best first.
  llvm::SmallVector<Source, 2> sources() const;
  /// Where a plan belongs, if it is to be kept.
  std::optional<Source> sourceOf(const PlannedTree &plan) const;

  std::string key(Source source) const { return withSource(givenKey, source); }
  std::string canonicalKey(Source source) {
    canonicalise();
    return withSource(foundKey, source);
  }
  ArrayRef<unsigned> canonicalOrder() {
    canonicalise();
    return found.order;
  }
  unsigned numOperands() const { return equation.numOperands(); }
  PlannedTree planFrom(const StoredPlan &stored) const;

private:
  void canonicalise() {
    if (!foundKey.empty())
      return;
    found = description.canonicalOrder();
    foundKey = description.key(found.order);
  }
  std::string withSource(const std::string &key, Source source) const;

  std::chrono::steady_clock::time_point start =
      std::chrono::steady_clock::now();
  const Equation &equation;
  const PlannerOptions &options;
  NetworkDescription description;
  llvm::SmallVector<unsigned, 16> given;
  std::string givenKey;
  CanonicalOrder found;
  std::string foundKey;
};

bool PlanCache::Query::isCacheable(const Equation &equation,
                                   const PlannerOptions &options) {
  switch (options.planner) {
  case PlannerKind::Auto:
  case PlannerKind::Exact:
  case PlannerKind::Anneal:
    break;
  case PlannerKind::Greedy:
  case PlannerKind::Left:
  case PlannerKind::Rebuild:
    return false;
  }
  return equation.numOperands() > 2 && equation.hasStaticShapes() &&
         verifyGoal(equation, options.goal, [](const Fault &) {});
}

llvm::SmallVector<Source, 2> PlanCache::Query::sources() const {
  if (options.planner == PlannerKind::Exact)
    return {Source::Optimum};
  if (options.planner == PlannerKind::Anneal)
    return {Source::Search};
  return {Source::Optimum, Source::Search};
}

std::optional<Source>
PlanCache::Query::sourceOf(const PlannedTree &plan) const {
  bool isStopped = options.stop && options.stop->load();
  switch (plan.proof) {
  case Proof::Optimal:
    return options.planner == PlannerKind::Anneal ? Source::Search
                                                  : Source::Optimum;
  case Proof::OptimalConnected:
    if (isStopped)
      return std::nullopt;
    return Source::Search;
  case Proof::BestFound:
    if (isStopped || options.budget.seconds)
      return std::nullopt;
    return Source::Search;
  case Proof::Pinned:
  case Proof::Greedy:
  case Proof::Left:
  case Proof::Rebuild:
    break;
  }
  return std::nullopt;
}

/// The optimum is a matter of the network; what a search finds depends on the
/// planner and its budget too.
std::string PlanCache::Query::withSource(const std::string &key,
                                         Source source) const {
  std::string text = key;
  text += char(source);
  if (source == Source::Optimum)
    return text;
  text += char(options.planner);
  auto append = [&](auto number) {
    text += number ? '\1' : '\0';
    if (number)
      for (unsigned byte = 0; byte < 8; ++byte)
        text += char(llvm::bit_cast<uint64_t>(*number) >> 8 * byte);
  };
  append(options.budget.moves);
  append(options.budget.seconds);
  return text;
}

PlannedTree PlanCache::Query::planFrom(const StoredPlan &stored) const {
  PlannedTree plan;
  plan.tree = stored.tree;
  plan.proof = stored.proof;
  plan.goal = options.goal;
  plan.value = stored.value;
  plan.lowerBound = stored.lowerBound;
  plan.moves = stored.moves;
  std::chrono::duration<double> elapsed =
      std::chrono::steady_clock::now() - start;
  plan.planningSeconds = elapsed.count();
  return plan;
}

//===----------------------------------------------------------------------===//
// Cache
//===----------------------------------------------------------------------===//

PlanCache::PlanCache(PlanCacheOptions options)
    : impl(std::make_unique<Impl>(std::move(options))) {}
PlanCache::~PlanCache() = default;

PlanCache::Statistics PlanCache::statistics() const {
  return {impl->memoryHits, impl->diskHits, impl->misses, impl->memory.size()};
}

/// The same plan over the operands of a query, or over positions.
static std::shared_ptr<const StoredPlan> withTree(const StoredPlan &plan,
                                                  ContractionTree tree) {
  StoredPlan mapped = plan;
  mapped.tree = std::move(tree);
  return std::make_shared<StoredPlan>(std::move(mapped));
}

std::optional<PlannedTree> PlanCache::lookup(Query &query) {
  for (Source source : query.sources()) {
    if (auto stored = impl->memory.lookup(query.key(source))) {
      ++impl->memoryHits;
      return query.planFrom(*stored);
    }
  }
  for (Source source : query.sources()) {
    std::string key = query.canonicalKey(source);
    auto stored = impl->memory.lookup(key);
    bool isInMemory = stored != nullptr;
    if (!stored)
      stored = impl->directory.lookup(key, query.numOperands());
    if (!stored)
      continue;
    ++(isInMemory ? impl->memoryHits : impl->diskHits);
    if (!isInMemory)
      impl->memory.insert(key, stored);
    stored =
        withTree(*stored, fromPositions(stored->tree, query.canonicalOrder()));
    impl->memory.insert(query.key(source), stored);
    return query.planFrom(*stored);
  }
  ++impl->misses;
  return std::nullopt;
}

void PlanCache::insert(Query &query, const PlannedTree &plan) {
  std::optional<Source> source = query.sourceOf(plan);
  if (!source)
    return;
  auto given = std::make_shared<StoredPlan>(StoredPlan{
      plan.tree, plan.proof, plan.value, plan.lowerBound, plan.moves});
  auto canonical =
      withTree(*given, toPositions(plan.tree, query.canonicalOrder()));
  std::string key = query.canonicalKey(*source);
  impl->memory.insert(key, canonical);
  // Second, in case that the operands are in canonical order: then both keys
  // are one, and the tree stays as it was found.
  impl->memory.insert(query.key(*source), given);
  if (std::error_code error = impl->directory.insert(key, *canonical))
    impl->warn(error);
}

std::optional<PlannedTree> PlanCache::lookup(const Equation &equation,
                                             const PlannerOptions &options) {
  if (!Query::isCacheable(equation, options))
    return std::nullopt;
  Query query(equation, options);
  return lookup(query);
}

void PlanCache::insert(const Equation &equation, const PlannerOptions &options,
                       const PlannedTree &plan) {
  if (!Query::isCacheable(equation, options))
    return;
  Query query(equation, options);
  insert(query, plan);
}

std::optional<PlannedTree> conveinsum::planCached(PlanCache &cache,
                                                  const Equation &equation,
                                                  const PlannerOptions &options,
                                                  ErrorFn onError, bool *hit) {
  if (hit)
    *hit = false;
  if (!PlanCache::Query::isCacheable(equation, options))
    return plan(equation, options, onError);
  PlanCache::Query query(equation, options);
  if (std::optional<PlannedTree> known = cache.lookup(query)) {
    if (hit)
      *hit = true;
    return known;
  }
  std::optional<PlannedTree> found = plan(equation, options, onError);
  if (found)
    cache.insert(query, *found);
  return found;
}
