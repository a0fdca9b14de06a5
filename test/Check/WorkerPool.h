//===- WorkerPool.h - Jobs in processes of their own ------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every job runs in a forked process with bounded memory and time, so that one
// that crashes, hangs or takes all memory ends alone and is reported. What a
// job prints to the stream it is given comes back as text.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TEST_CHECK_WORKERPOOL_H
#define CONVEINSUM_TEST_CHECK_WORKERPOOL_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

namespace conveinsum::test {

class WorkerPool {
public:
  struct Limits {
    unsigned workers = 2;
    uint64_t memoryBytes = uint64_t(8) << 30; ///< address space of a worker
  };
  /// What became of a job.
  struct End {
    uint64_t job;
    /// What it printed.
    std::string text;
    /// `signal 11`, `timeout`, `exit code 3`; empty if it ended well.
    std::string failure;
  };

  explicit WorkerPool(Limits limits) : limits(limits) {}
  ~WorkerPool();

  bool isFull() const { return running.size() >= limits.workers; }
  bool isIdle() const { return running.empty(); }
  /// Starts a job, which is stopped after `seconds`. The calling process must
  /// have no threads.
  void start(uint64_t job, unsigned seconds,
             llvm::function_ref<void(std::FILE *)> body);
  /// Waits until a job ends, or for a second; returns those that ended.
  std::vector<End> wait();

private:
  struct Worker {
    uint64_t job;
    int process, pipe;
    double deadline;
    std::string text;
    bool isLate = false;
  };

  /// Reads what is there; returns false at the end.
  static bool read(Worker &worker);
  static End finish(Worker &worker);

  Limits limits;
  std::vector<Worker> running;
};

} // namespace conveinsum::test

#endif // CONVEINSUM_TEST_CHECK_WORKERPOOL_H
