//===- PlanCacheTest.cpp - Plans that were found before -------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Hits are held against the checker; files are damaged in every way; threads
// and processes share a cache.
//
//===----------------------------------------------------------------------===//

#include "Disguise.h"
#include "conveinsum/Plan/PlanCache.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace conveinsum;
namespace fs = llvm::sys::fs;

namespace {
/// A directory that is gone when the test is over.
class TemporaryDirectory {
public:
  TemporaryDirectory() {
    EXPECT_FALSE(fs::createUniqueDirectory("conveinsum-cache", directory));
  }
  ~TemporaryDirectory() { fs::remove_directories(directory); }

  std::string path() const { return directory.str().str(); }
  std::vector<std::string> files() const {
    std::vector<std::string> files;
    std::error_code error;
    for (fs::directory_iterator at(directory, error), end; at != end && !error;
         at.increment(error))
      files.push_back(at->path());
    return files;
  }

private:
  llvm::SmallString<128> directory;
};
} // namespace

static PlanCacheOptions inDirectory(std::string directory) {
  PlanCacheOptions options;
  options.directory = std::move(directory);
  return options;
}

static std::string contents(const std::string &file) {
  auto buffer = llvm::MemoryBuffer::getFile(file);
  EXPECT_TRUE(bool(buffer)) << file;
  return buffer ? (*buffer)->getBuffer().str() : "";
}

static void overwrite(const std::string &file, llvm::StringRef bytes) {
  std::error_code error;
  llvm::raw_fd_ostream(file, error) << bytes;
  EXPECT_FALSE(error) << file;
}

/// A layer whose network depends on `size`.
static Equation layer(int64_t size) {
  return makeEquation("bshw,rt,rs,rh,rw->bthw|hw",
                      {{2, size, 8, 8}, {3, 5}, {3, size}, {3, 3}, {3, 3}});
}

static Plan planThrough(PlanCache &cache, const Equation &equation,
                        const PlannerOptions &options, bool expectHit) {
  Caught caught;
  bool hit = !expectHit;
  auto plan = planCached(cache, equation, options, caught, &hit);
  EXPECT_TRUE(plan) << caught.text();
  EXPECT_EQ(hit, expectHit) << equation.text();
  if (!plan)
    return Plan();
  EXPECT_TRUE(plan->tree.verify(caught)) << caught.text();
  EXPECT_EQ(toString(plan->value),
            toString(evaluateGoal(equation, plan->tree, plan->goal).value));
  return *plan;
}

//===----------------------------------------------------------------------===//
// Hits and misses
//===----------------------------------------------------------------------===//

TEST(PlanCache, TheSameQueryGivesTheSamePlan) {
  PlanCache cache;
  for (int64_t size : {4, 5, 6}) {
    Plan first = planThrough(cache, layer(size), {}, false);
    Plan again = planThrough(cache, layer(size), {}, true);
    EXPECT_EQ(first.tree, again.tree);
    EXPECT_EQ(first.proof, again.proof);
    EXPECT_EQ(first.moves, again.moves);
    EXPECT_EQ(first.lowerBound, again.lowerBound);
  }
  PlanCache::Statistics statistics = cache.statistics();
  EXPECT_EQ(statistics.memoryHits, 3u);
  EXPECT_EQ(statistics.misses, 3u);
  EXPECT_EQ(statistics.diskHits, 0u);
}

TEST(PlanCache, DisguisedNetworksHitWithTheSameValue) {
  SplitMix64 random(6);
  PlanCache cache;
  unsigned tested = 0;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    RandomEquation drawn = randomEquation(seed);
    Network network{makeEquation(drawn.text, drawn.shapes, drawn.geometry), {}};
    if (network.equation.numOperands() <= 2)
      continue;
    PlannerOptions options;
    Plan first = planThrough(cache, network.equation, options,
                             bool(cache.lookup(network.equation, options)));
    for (unsigned disguises = 0; disguises < 2; ++disguises) {
      Network other = disguise(network, random);
      Plan second = planThrough(cache, other.equation, options, true);
      EXPECT_EQ(toString(first.value), toString(second.value));
      ++tested;
    }
  }
  EXPECT_GT(tested, 200u);
}

TEST(PlanCache, OtherGoalsMiss) {
  PlanCache cache;
  planThrough(cache, layer(4), {}, false);
  planThrough(cache, layer(4), {PlannerKind::Auto, MacCount::Dense}, false);
  PlannerOptions trained;
  trained.goal.gradients = {1};
  planThrough(cache, layer(4), trained, false);
  planThrough(cache, layer(4), trained, true);
}

TEST(PlanCache, PlannersShareOptimaOnly) {
  PlanCache cache;
  Equation equation = layer(4);
  planThrough(cache, equation, PlannerKind::Exact, false);
  planThrough(cache, equation, PlannerKind::Auto, true);
  planThrough(cache, equation, PlannerKind::Exact, true);
  PlannerOptions timed;
  timed.budget.seconds = 1;
  planThrough(cache, equation, timed, true);
  EXPECT_FALSE(cache.lookup(equation, PlannerKind::Anneal));
  for (PlannerKind kind :
       {PlannerKind::Left, PlannerKind::Rebuild, PlannerKind::Greedy}) {
    planThrough(cache, equation, kind, false);
    planThrough(cache, equation, kind, false);
  }
}

TEST(PlanCache, KeepsWhatDoesNotDependOnTheClock) {
  Equation equation = layer(4);
  std::atomic<bool> stop{true};
  enum Budget { None, Moves, Seconds, Stopped };
  auto isKept = [&](Proof proof, Budget budget) {
    PlannerOptions options;
    if (budget == Moves)
      options.budget.moves = 1000;
    if (budget == Seconds)
      options.budget.seconds = 0.5;
    if (budget == Stopped)
      options.stop = &stop;
    Plan plan = planOf(equation);
    plan.proof = proof;
    PlanCache cache;
    cache.insert(equation, options, plan);
    auto known = cache.lookup(equation, options);
    EXPECT_TRUE(!known || known->proof == proof);
    // Another budget is another search, but an optimum is one for all.
    options.budget.moves = 7;
    EXPECT_EQ(bool(cache.lookup(equation, options)), proof == Proof::Optimal);
    return bool(known);
  };
  for (Budget budget : {None, Moves, Seconds, Stopped}) {
    EXPECT_TRUE(isKept(Proof::Optimal, budget));
    EXPECT_EQ(isKept(Proof::OptimalConnected, budget), budget != Stopped);
    EXPECT_EQ(isKept(Proof::BestFound, budget),
              budget == None || budget == Moves);
    for (Proof proof :
         {Proof::Greedy, Proof::Left, Proof::Rebuild, Proof::Pinned})
      EXPECT_FALSE(isKept(proof, budget));
  }
}

TEST(PlanCache, WhatNeedsNoPlanGoesPast) {
  PlanCache cache;
  Equation pair = makeEquation("ab,bc->ac", {{2, 3}, {3, 4}});
  planThrough(cache, pair, {}, false);
  planThrough(cache, pair, {}, false);
  Caught caught;
  Equation dynamic = makeEquation("ab,bc,cd->ad", {{kDynamic, 3}, {3, 4}, {4, 5}});
  EXPECT_TRUE(planCached(cache, dynamic, PlannerKind::Left, caught));
  EXPECT_EQ(caught.count, 0u);
  EXPECT_FALSE(planCached(cache, dynamic, {}, caught));
  EXPECT_EQ(caught.count, 1u);
  EXPECT_EQ(cache.statistics().entries, 0u);
}

TEST(PlanCache, GoalsThatDoNotVerifyNeverReachTheCache) {
  PlanCache cache;
  PlannerOptions options;
  options.goal.gradients = {1, 99};
  EXPECT_FALSE(cache.lookup(layer(4), options));
  cache.insert(layer(4), options, planOf(layer(4)));
  EXPECT_EQ(cache.statistics().entries, 0u);
}

TEST(PlanCache, TheLeastRecentlyUsedLeaves) {
  PlanCacheOptions options;
  options.memoryBytes = 4096;
  PlanCache cache(options);
  for (int64_t size = 1; size <= 200; ++size) {
    planThrough(cache, layer(size), {}, false);
    // Used all the time, so it stays.
    planThrough(cache, layer(1), {}, true);
  }
  EXPECT_LT(cache.statistics().entries, 30u);
  EXPECT_GT(cache.statistics().entries, 2u);
  planThrough(cache, layer(200), {}, true);
  planThrough(cache, layer(2), {}, false);
  options.memoryBytes = 0;
  PlanCache none(options);
  planThrough(none, layer(1), {}, false);
  planThrough(none, layer(1), {}, false);
  EXPECT_EQ(none.statistics().entries, 0u);
}

TEST(PlanCache, ThreadsShareACache) {
  PlanCacheOptions options;
  options.memoryBytes = 16384; // too little for all, so that plans leave too
  PlanCache cache(options);
  std::vector<Equation> layers;
  std::vector<std::string> values;
  for (int64_t size = 1; size <= 40; ++size) {
    layers.push_back(layer(size));
    values.push_back(toString(planOf(layers.back()).value));
  }
  std::atomic<unsigned> wrong{0};
  std::vector<std::thread> threads;
  for (unsigned seed = 0; seed < 4; ++seed)
    threads.emplace_back([&, seed] {
      SplitMix64 random(seed);
      for (unsigned round = 0; round < 300; ++round) {
        unsigned index = random.between(0, layers.size() - 1);
        auto plan = planCached(cache, layers[index], {}, [](const Diagnostic &) {});
        wrong += !plan || toString(plan->value) != values[index] ||
                 toString(evaluateGoal(layers[index], plan->tree, {}).value) !=
                     values[index];
      }
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(wrong, 0u);
  PlanCache::Statistics statistics = cache.statistics();
  EXPECT_EQ(statistics.memoryHits + statistics.misses, 1200u);
  EXPECT_GT(statistics.memoryHits, 100u);
}

//===----------------------------------------------------------------------===//
// Directories
//===----------------------------------------------------------------------===//

TEST(PlanCache, ADirectoryOutlivesTheCache) {
  TemporaryDirectory directory;
  SplitMix64 random(7);
  PlannerOptions connected;
  connected.budget.moves = 10;
  Plan found;
  {
    PlanCache cache(inDirectory(directory.path()));
    found = planThrough(cache, layer(4), {}, false);
    Plan proven = planOf(layer(5));
    proven.proof = Proof::OptimalConnected;
    proven.lowerBound = proven.value + 1;
    proven.moves = 12345678901234;
    cache.insert(layer(5), connected, proven);
  }
  EXPECT_EQ(directory.files().size(), 2u);
  PlanCache cache(inDirectory(directory.path()));
  EXPECT_EQ(planThrough(cache, layer(4), {}, true).tree, found.tree);
  Plan proven = planThrough(cache, layer(5), connected, true);
  EXPECT_EQ(proven.proof, Proof::OptimalConnected);
  EXPECT_TRUE(proven.lowerBound == proven.value + 1);
  EXPECT_EQ(proven.moves, 12345678901234u);
  PlanCache another(inDirectory(directory.path()));
  planThrough(another, disguise({layer(4), {}}, random).equation, {}, true);
  planThrough(another, disguise({layer(4), {}}, random).equation, {}, true);
  EXPECT_EQ(another.statistics().diskHits, 1u);
  EXPECT_EQ(another.statistics().memoryHits, 1u);
}

/// Whether a new cache knows layer(4).
static bool isKnown(const std::string &directory) {
  return bool(PlanCache(inDirectory(directory)).lookup(layer(4), {}));
}

TEST(PlanCache, DamagedFilesAreMissesAndAreReplaced) {
  TemporaryDirectory directory;
  auto put = [&](bool expectHit) {
    PlanCache cache(inDirectory(directory.path()));
    planThrough(cache, layer(4), {}, expectHit);
  };
  put(false);
  ASSERT_EQ(directory.files().size(), 1u);
  std::string file = directory.files()[0], intact = contents(file);
  for (size_t length = 0; length < intact.size(); ++length) {
    overwrite(file, llvm::StringRef(intact).take_front(length));
    ASSERT_FALSE(isKnown(directory.path())) << length;
  }
  for (size_t byte = 0; byte < intact.size(); ++byte) {
    std::string damaged = intact;
    damaged[byte] ^= char(1 << byte % 8);
    overwrite(file, damaged);
    ASSERT_FALSE(isKnown(directory.path())) << byte;
  }
  overwrite(file, intact + '\0');
  EXPECT_FALSE(isKnown(directory.path()));
  put(false);
  EXPECT_EQ(contents(file), intact);
  put(true);
}

TEST(PlanCache, FilesOfOtherNetworksAreMisses) {
  // As if the hashes of two keys were equal.
  TemporaryDirectory directory;
  PlanCache cache(inDirectory(directory.path()));
  planThrough(cache, layer(4), {}, false);
  std::string mine = directory.files()[0];
  planThrough(cache, layer(5), {}, false);
  ASSERT_EQ(directory.files().size(), 2u);
  std::string other = directory.files()[directory.files()[0] == mine];
  overwrite(mine, contents(other));
  EXPECT_FALSE(isKnown(directory.path()));
}

TEST(PlanCache, WhatIsNoFileIsLeftAlone) {
  TemporaryDirectory directory;
  std::string file;
  {
    PlanCache cache(inDirectory(directory.path()));
    planThrough(cache, layer(4), {}, false);
    file = directory.files()[0];
  }
  // A pipe, which would block whoever opens it, then a directory with content.
  fs::remove(file);
  ASSERT_EQ(mkfifo(file.c_str(), 0600), 0);
  EXPECT_FALSE(isKnown(directory.path()));
  ASSERT_EQ(unlink(file.c_str()), 0);
  ASSERT_FALSE(fs::create_directory(file));
  overwrite(file + "/mine", "text");
  Caught caught;
  PlanCacheOptions options = inDirectory(directory.path());
  options.onWarning = std::ref(caught);
  PlanCache cache(options);
  planThrough(cache, layer(4), {}, false);
  EXPECT_EQ(caught.count, 1u);
  EXPECT_EQ(contents(file + "/mine"), "text");
  // Nothing temporary stays behind.
  EXPECT_EQ(directory.files().size(), 1u);
}

TEST(PlanCache, ADirectoryThatCannotBeWrittenIsReportedOnce) {
  TemporaryDirectory directory;
  for (const char *missing : {"/missing", "/missing/more", "/file"}) {
    overwrite(directory.path() + "/file", "text");
    Caught caught;
    PlanCacheOptions options = inDirectory(directory.path() + missing);
    options.onWarning = std::ref(caught);
    PlanCache cache(options);
    planThrough(cache, layer(4), {}, false);
    ASSERT_TRUE(caught.diagnostic);
    EXPECT_EQ(llvm::StringRef(caught.diagnostic->message)
                  .take_until([](char c) { return c == ':'; }),
              "cannot write to the plan cache '" + options.directory + "'");
    planThrough(cache, layer(5), {}, false);
    planThrough(cache, layer(4), {}, true);
    EXPECT_EQ(caught.count, 1u);
  }
  EXPECT_EQ(directory.files().size(), 1u);
}

TEST(PlanCache, ProcessesShareADirectory) {
  TemporaryDirectory directory;
  std::vector<pid_t> children;
  for (unsigned child = 0; child < 3; ++child) {
    pid_t pid = fork();
    ASSERT_GE(pid, 0);
    if (pid == 0) {
      // Exit code 1: a plan from the directory is wrong.
      for (unsigned round = 0; round < 60; ++round) {
        PlanCache cache(inDirectory(directory.path()));
        Equation equation = layer(1 + round % 4);
        auto known = cache.lookup(equation, {});
        if (known && evaluateGoal(equation, known->tree, {}).value != known->value)
          _exit(1);
        cache.insert(equation, {}, planOf(equation));
      }
      _exit(0);
    }
    children.push_back(pid);
  }
  for (pid_t pid : children) {
    int status = -1;
    EXPECT_EQ(waitpid(pid, &status, 0), pid);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(directory.files().size(), 4u);
  PlanCache cache(inDirectory(directory.path()));
  for (int64_t size : {1, 2, 3, 4})
    planThrough(cache, layer(size), {}, true);
}
