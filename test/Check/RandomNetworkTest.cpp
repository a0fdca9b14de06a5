//===- RandomNetworkTest.cpp - Random equations end to end ----------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// conveinsum-stress does the same for as many equations as one likes.
//
//===----------------------------------------------------------------------===//

#include "NetworkChecker.h"
#include "gtest/gtest.h"
#include <atomic>
#include <mutex>
#include <thread>

using namespace conveinsum;
using namespace conveinsum::test;

/// Equations that are compiled together.
static constexpr size_t kBatch = 8;

/// Checks batches of requests on two threads, each with drivers of its own.
static CheckSummary checkOnThreads(llvm::ArrayRef<CheckRequest> requests,
                                   const DriverOptions &options) {
  std::atomic<size_t> next = 0;
  std::mutex mutex;
  CheckSummary summary;
  auto work = [&] {
    for (size_t first; (first = next.fetch_add(kBatch)) < requests.size();) {
      Driver driver(options);
      driver.context().disableMultithreading();
      CheckSummary part =
          checkNetworks(requests.drop_front(first).take_front(kBatch), driver);
      std::lock_guard<std::mutex> lock(mutex);
      summary += part;
    }
  };
  std::thread other(work);
  work();
  other.join();
  return summary;
}

/// Checks equations and reports what is wrong with them.
static void expectNoFaults(llvm::ArrayRef<CheckRequest> requests,
                           DriverOptions options = {}) {
  CheckSummary summary = checkOnThreads(requests, options);
  for (const std::string &fault : summary.faults)
    ADD_FAILURE() << fault;
  EXPECT_EQ(summary.equations, requests.size());
  std::printf("%zu equations, %zu splits, %zu steps compiled, %zu trees run\n",
              summary.equations, summary.splits, summary.steps, summary.trees);
}

static DriverOptions optionsFor(OptLevel level) {
  DriverOptions options;
  options.optLevel = level;
  return options;
}

TEST(RandomNetwork, EverySplitAndFiveTrees) {
  std::vector<CheckRequest> requests;
  for (uint64_t seed = 1; seed <= 300; ++seed)
    requests.push_back(
        {seed, ElementType::F64, ElementType::F64, /*splits=*/true, 5});
  expectNoFaults(requests, optionsFor(OptLevel::O0));
}

TEST(RandomNetwork, EveryElementType) {
  std::vector<CheckRequest> requests;
  for (uint64_t seed = 1001; requests.size() < 150; seed += 2) {
    auto [type, resultType] = typesInTurn(seed);
    requests.push_back({seed, type, resultType, /*splits=*/seed % 4 == 1, 2});
  }
  expectNoFaults(requests, optionsFor(OptLevel::O0));
}

TEST(RandomNetwork, Optimized) {
  std::vector<CheckRequest> requests;
  for (uint64_t seed = 2001; requests.size() < 30; ++seed) {
    auto [type, resultType] = typesInTurn(seed);
    requests.push_back({seed, type, resultType, /*splits=*/false, 2});
  }
  expectNoFaults(requests, optionsFor(OptLevel::O2));
}

TEST(RandomNetwork, EverythingTiled) {
  std::vector<CheckRequest> requests;
  for (uint64_t seed = 3001; requests.size() < 60; ++seed) {
    auto [type, resultType] = typesInTurn(seed);
    requests.push_back({seed, type, resultType, /*splits=*/seed % 2 == 1, 2});
  }
  DriverOptions options = optionsFor(OptLevel::O0);
  options.minVectorWork = 0;
  expectNoFaults(requests, options);
}

TEST(RandomNetwork, OnThreads) {
  std::vector<CheckRequest> requests;
  for (uint64_t seed = 4001; requests.size() < 30; ++seed) {
    auto [type, resultType] = typesInTurn(seed);
    requests.push_back({seed, type, resultType, /*splits=*/false, 2});
  }
  DriverOptions options = optionsFor(OptLevel::O0);
  options.threads = 2;
  options.parallelWork = 1;
  setThreads(2);
  expectNoFaults(requests, options);
}
