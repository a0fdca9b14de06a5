//===- WorkerPoolTest.cpp - Ends of jobs, and guarded memory --------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the random tests rely on to see a fault at all.
//
//===----------------------------------------------------------------------===//

#include "WorkerPool.h"
#include "GuardedBuffer.h"
#include "gtest/gtest.h"
#include <cstdlib>
#include <sys/mman.h>
#include <unistd.h>

using namespace conveinsum::test;

/// Runs one job alone.
static WorkerPool::End runJob(unsigned seconds,
                              llvm::function_ref<void(std::FILE *)> body) {
  WorkerPool::Limits limits;
  limits.memoryBytes = uint64_t(4) << 30;
  WorkerPool pool(limits);
  pool.start(7, seconds, body);
  while (true)
    if (std::vector<WorkerPool::End> ends = pool.wait(); !ends.empty())
      return ends.front();
}

TEST(WorkerPool, ReturnsWhatAJobPrints) {
  std::string longText(100000, 'x');
  WorkerPool::End end = runJob(60, [&](std::FILE *stream) {
    std::fprintf(stream, "%s", longText.c_str());
  });
  EXPECT_EQ(end.job, 7u);
  EXPECT_EQ(end.text, longText);
  EXPECT_EQ(end.failure, "");
}

TEST(WorkerPool, ReportsACrash) {
  EXPECT_EQ(runJob(60, [](std::FILE *) { std::abort(); }).failure, "signal 6");
  EXPECT_EQ(runJob(60, [](std::FILE *) { _exit(3); }).failure, "exit code 3");
}

TEST(WorkerPool, StopsWhatHangs) {
  WorkerPool::End end = runJob(1, [](std::FILE *) {
    while (true)
      pause();
  });
  EXPECT_EQ(end.failure, "timeout");
}

TEST(WorkerPool, BoundsMemory) {
  // Sanitizers take addresses without limit, so that none is set.
  if (std::getenv("CONVEINSUM_UNLIMITED_ADDRESSES"))
    GTEST_SKIP();
  WorkerPool::End end = runJob(60, [](std::FILE *stream) {
    void *much = mmap(nullptr, size_t(5) << 30, PROT_NONE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    std::fprintf(stream, much == MAP_FAILED ? "refused" : "granted");
  });
  EXPECT_EQ(end.text, "refused");
}

TEST(GuardedBuffer, StopsAccessesOutside) {
  using Side = GuardedBuffer::Side;
  EXPECT_EQ(runJob(60,
                   [](std::FILE *) {
                     GuardedBuffer buffer(40, 8, Side::Above, 0);
                     volatile unsigned char *end =
                         buffer.data() + buffer.size();
                     (void)*end;
                   })
                .failure,
            "signal 11");
  EXPECT_EQ(runJob(60,
                   [](std::FILE *) {
                     GuardedBuffer buffer(40, 8, Side::Below, 0);
                     volatile unsigned char *begin = buffer.data();
                     (void)*(begin - 1);
                   })
                .failure,
            "signal 11");
}

TEST(GuardedBuffer, SeesWritesNearby) {
  GuardedBuffer above(40, 64, GuardedBuffer::Side::Above, 0);
  EXPECT_TRUE(above.isIntact());
  above.data()[39] = 1;
  EXPECT_TRUE(above.isIntact());
  above.data()[40] = 1;
  EXPECT_FALSE(above.isIntact());

  GuardedBuffer below(40, 64, GuardedBuffer::Side::Below, 0);
  EXPECT_TRUE(below.isIntact());
  below.data()[40] = 1;
  EXPECT_FALSE(below.isIntact());

  GuardedBuffer empty(0, 64, GuardedBuffer::Side::Above, 0);
  EXPECT_TRUE(empty.isIntact());
}
