//===- PlanDirectoryTest.cpp - Plans that outlive the process -------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Files are damaged in every way and shared by processes; directories are
// missing, full of other things, or no directories.
//
//===----------------------------------------------------------------------===//

#include "PlanCacheTestSupport.h"
#include "llvm/Support/FileSystem.h"
#include <sys/stat.h>
#include <sys/wait.h>
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
  /// All but the time of the last pruning.
  std::vector<std::string> files() const {
    std::vector<std::string> files;
    std::error_code error;
    for (fs::directory_iterator at(directory, error), end; at != end && !error;
         at.increment(error))
      if (!llvm::StringRef(at->path()).ends_with("/llvmcache.timestamp"))
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
  // Some file systems flush what is truncated and written again.
  unlink(file.c_str());
  std::error_code error;
  llvm::raw_fd_ostream(file, error) << bytes;
  EXPECT_FALSE(error) << file;
}

TEST(PlanDirectory, ADirectoryOutlivesTheCache) {
  TemporaryDirectory directory;
  SplitMix64 random(7);
  PlannerOptions connected;
  connected.budget.moves = 10;
  PlannedTree found;
  {
    PlanCache cache(inDirectory(directory.path()));
    found = planThrough(cache, layer(4), {}, false);
    PlannedTree proven = planOf(layer(5));
    proven.proof = Proof::OptimalConnected;
    proven.lowerBound = proven.value + 1;
    proven.moves = 12345678901234;
    cache.insert(layer(5), connected, proven);
  }
  EXPECT_EQ(directory.files().size(), 2u);
  PlanCache cache(inDirectory(directory.path()));
  EXPECT_EQ(planThrough(cache, layer(4), {}, true).tree, found.tree);
  PlannedTree proven = planThrough(cache, layer(5), connected, true);
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

TEST(PlanDirectory, DamagedFilesAreMissesAndAreReplaced) {
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

TEST(PlanDirectory, FilesOfOtherNetworksAreMisses) {
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

/// A cache that keeps the plans of layer(first) .. layer(last).
static void putLayers(PlanCacheOptions options, int64_t first, int64_t last) {
  PlanCache cache(std::move(options));
  for (int64_t size = first; size <= last; ++size)
    planThrough(cache, layer(size), {}, false);
}

static PlanCacheOptions unbounded(std::string directory) {
  PlanCacheOptions options = inDirectory(std::move(directory));
  options.directoryBytes = 0;
  options.directoryAge = {};
  return options;
}

TEST(PlanDirectory, BytesAreBounded) {
  TemporaryDirectory directory;
  putLayers(unbounded(directory.path()), 2, 9);
  ASSERT_EQ(directory.files().size(), 8u);
  uint64_t size = contents(directory.files()[0]).size();
  overwrite(directory.path() + "/notes.txt", "mine");
  PlanCacheOptions bounded = unbounded(directory.path());
  bounded.directoryBytes = 4 * size;
  putLayers(bounded, 10, 10);
  EXPECT_EQ(contents(directory.path() + "/notes.txt"), "mine");
  size_t left = directory.files().size() - 1;
  EXPECT_TRUE(left == 3 || left == 4) << left;
  // Not again so soon.
  putLayers(bounded, 11, 14);
  EXPECT_EQ(directory.files().size() - 1, left + 4);
}

TEST(PlanDirectory, PlansThatNobodyReadsAreRemoved) {
  TemporaryDirectory directory;
  putLayers(unbounded(directory.path()), 2, 5);
  std::vector<std::string> old = directory.files();
  ASSERT_EQ(old.size(), 4u);
  auto hoursAgo = [](int hours) {
    return std::chrono::system_clock::now() - std::chrono::hours(hours);
  };
  for (auto [index, file] : llvm::enumerate(old)) {
    int descriptor = -1;
    ASSERT_FALSE(fs::openFileForReadWrite(file, descriptor, fs::CD_OpenExisting,
                                          fs::OF_None));
    EXPECT_FALSE(fs::setLastAccessAndModificationTime(
        descriptor, hoursAgo(index < 3 ? 24 * 31 : 24 * 29)));
    close(descriptor);
  }
  putLayers(inDirectory(directory.path()), 6, 6);
  EXPECT_EQ(directory.files().size(), 2u);
  for (auto [index, file] : llvm::enumerate(old))
    EXPECT_EQ(fs::exists(file), index == 3) << index;
}

TEST(PlanDirectory, CachesOfOthersAreNotPruned) {
  for (llvm::StringRef name : {"llvmcache-0123", "Thin-1234.tmp.o"}) {
    TemporaryDirectory directory;
    putLayers(unbounded(directory.path()), 2, 5);
    overwrite(directory.path() + "/" + name.str(), "not ours");
    PlanCacheOptions bounded = unbounded(directory.path());
    bounded.directoryBytes = 1;
    putLayers(bounded, 6, 6);
    EXPECT_EQ(directory.files().size(), 6u);
    EXPECT_EQ(contents(directory.path() + "/" + name.str()), "not ours");
  }
}

TEST(PlanDirectory, WhatIsNoFileIsLeftAlone) {
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

TEST(PlanDirectory, ADirectoryThatCannotBeWrittenIsReportedOnce) {
  TemporaryDirectory directory;
  for (const char *missing : {"/missing", "/missing/more", "/file"}) {
    overwrite(directory.path() + "/file", "text");
    Caught caught;
    PlanCacheOptions options = inDirectory(directory.path() + missing);
    options.onWarning = std::ref(caught);
    PlanCache cache(options);
    planThrough(cache, layer(4), {}, false);
    ASSERT_TRUE(caught.diagnostic);
    EXPECT_EQ(
        llvm::StringRef(caught.diagnostic->message).take_until([](char c) {
          return c == ':';
        }),
        "cannot write to the plan cache '" + options.directory + "'");
    planThrough(cache, layer(5), {}, false);
    planThrough(cache, layer(4), {}, true);
    EXPECT_EQ(caught.count, 1u);
  }
  EXPECT_EQ(directory.files().size(), 1u);
}

TEST(PlanDirectory, ProcessesShareADirectory) {
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
        if (known &&
            evaluateGoal(equation, known->tree, {}).value != known->value)
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
