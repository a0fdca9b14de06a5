//===- CacheTrafficTest.cpp - Lines that loops bring into caches ----------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Footprints against an enumeration of all addresses, traffic against a cache
// that is simulated access by access.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Target/CacheTraffic.h"
#include "llvm/ADT/STLExtras.h"
#include "gtest/gtest.h"
#include <list>
#include <random>
#include <set>

using namespace conveinsum;

namespace {

/// A cache of 8 ways that drops the line that was not asked for the longest.
class Cache {
public:
  explicit Cache(uint64_t bytes) : sets(bytes / 8 / kLineBytes) {}

  void ask(int64_t address) {
    int64_t line = address / kLineBytes;
    std::list<int64_t> &ways = sets[size_t(line) % sets.size()];
    auto found = std::find(ways.begin(), ways.end(), line);
    if (found != ways.end()) {
      ways.splice(ways.begin(), ways, found);
      return;
    }
    ++missed;
    ways.push_front(line);
    if (ways.size() > 8)
      ways.pop_back();
  }

  double missed = 0;

private:
  std::vector<std::list<int64_t>> sets;
};

/// Calls `visit` with the element of every operand in every iteration; `loops`
/// stand from inside out.
template <typename Visit>
void run(llvm::ArrayRef<TrafficLoop> loops, std::vector<int64_t> at,
         Visit &&visit) {
  if (loops.empty())
    return visit(at);
  for (int64_t trip = 0; trip != loops.back().trips; ++trip) {
    std::vector<int64_t> next = at;
    for (auto [element, stride] : llvm::zip_equal(next, loops.back().strides))
      element += trip * stride;
    run(loops.drop_back(), next, visit);
  }
}

double linesOf(llvm::ArrayRef<std::pair<int64_t, int64_t>> loops,
               unsigned elementBytes) {
  Footprint print(elementBytes);
  for (auto [stride, extent] : loops)
    print.add(stride, extent);
  return print.lines();
}

TEST(Footprint, CountsLines) {
  EXPECT_EQ(linesOf({}, 4), 1);
  EXPECT_EQ(linesOf({{1, 16}}, 4), 1);
  EXPECT_EQ(linesOf({{1, 17}}, 4), 2);
  EXPECT_EQ(linesOf({{16, 10}}, 4), 10);
  EXPECT_EQ(linesOf({{2, 16}}, 4), 2);
  EXPECT_EQ(linesOf({{-1, 16}, {0, 100}}, 4), 1);
  // Three taps beside 14 rows of a line each touch 16 rows.
  EXPECT_EQ(linesOf({{1, 16}, {32, 3}, {32, 14}}, 4), 16);
  EXPECT_EQ(linesOf({{1, 16}, {32, 3}, {32, 14}}, 8), 32);
  // What is not in memory touches nothing.
  EXPECT_EQ(linesOf({{1, 16}}, 0), 0);
}

TEST(Footprint, RowsAWayApartNeedItsWays) {
  const uint64_t way = 4096;
  Footprint rows(4);
  rows.add(1024, 8);
  EXPECT_EQ(rows.room(way), 7 * 4096);
  rows.add(1024, 9); // 16 rows in all
  EXPECT_EQ(rows.room(way), 15 * 4096);
  Footprint spread(4);
  spread.add(1024 + 16, 8);
  EXPECT_EQ(spread.room(way), 8 * 64);
}

TEST(Footprint, IsNearTheEnumeration) {
  std::mt19937 random(3);
  for (int round = 0; round != 2000; ++round) {
    Footprint print(4);
    llvm::SmallVector<TrafficLoop> loops;
    int64_t stride = 1 + random() % 3;
    for (int k = 0, e = 1 + random() % 4; k != e; ++k) {
      int64_t extent = 1 + random() % 9;
      print.add(stride, extent);
      loops.push_back({{stride}, extent});
      // Sometimes a second loop of the same index, a window's taps.
      stride *= random() % 3 ? extent + random() % 20 : 1;
    }
    std::set<int64_t> lines;
    run(loops, {0}, [&](const std::vector<int64_t> &at) {
      lines.insert(at[0] * 4 / kLineBytes);
    });
    // Runs of less than a line may lie across two, and share them.
    EXPECT_LE(print.lines(), 3.0 * double(lines.size())) << round;
    EXPECT_GE(print.lines(), double(lines.size()) / 3.0) << round;
  }
}

/// The traffic of all operands against simulated caches; the result is asked
/// for with every iteration of the loops beyond `inner`.
void compare(llvm::ArrayRef<TrafficLoop> loops, unsigned inner, double most) {
  const uint64_t caches[] = {4096, 65536};
  const unsigned bytes[] = {4, 4, 4};
  auto traffic = cacheTraffic(loops, inner, bytes, caches);
  for (auto [level, size] : llvm::enumerate(caches)) {
    Cache cache(size);
    run(loops, {0, 1 << 20, 1 << 22}, [&](const std::vector<int64_t> &at) {
      for (int64_t element : at)
        cache.ask(4 * element);
    });
    double missed = 0;
    for (const OperandTraffic &operand : traffic)
      missed += operand.missed[level];
    // Nothing that the last cache holds as a whole is missed.
    if (level == 1 && missed == 0) {
      EXPECT_LT(cache.missed * kLineBytes, 65536);
      continue;
    }
    EXPECT_LE(missed, most * cache.missed) << "cache " << level;
    EXPECT_GE(missed, cache.missed / most) << "cache " << level;
  }
}

TEST(CacheTraffic, IsNearSimulatedCaches) {
  // Products of matrices, tiles of 4 x 16: of 64 columns, with rows that share
  // no set, and with rows that all share one.
  for (int64_t pitch : {64, 272, 1024}) {
    SCOPED_TRACE(pitch);
    compare({{{0, 1, 1}, 16},
             {{pitch, 0, pitch}, 4},
             {{1, pitch, 0}, 64},
             {{4 * pitch, 0, 4 * pitch}, 16},
             {{0, 16, 16}, 4}},
            3, 2.5);
    compare({{{0, 1, 1}, 16},
             {{pitch, 0, pitch}, 4},
             {{1, pitch, 0}, 64},
             {{0, 16, 16}, 4},
             {{4 * pitch, 0, 4 * pitch}, 16}},
            3, 2.5);
  }
  // A convolution of 8 channels, rows of 18, three taps each way.
  compare({{{1, 0, 1}, 16},
           {{1, 1, 0}, 3},
           {{18, 3, 0}, 3},
           {{324, 9, 0}, 8},
           {{0, 72, 256}, 8},
           {{18, 0, 16}, 16}},
          4, 2.5);
}

TEST(CacheTraffic, ShortRunsAreFetchedOneByOne) {
  const uint64_t caches[] = {4096};
  const unsigned bytes[] = {4, 4, 4};
  auto part = [&](int64_t columns) {
    return cacheTraffic({{{0, 1, 1}, columns}, {{1, 512, 0}, 64}}, 2, bytes,
                        caches)[1]
        .singlePart;
  };
  EXPECT_EQ(part(16), 1);
  EXPECT_EQ(part(32), 1);
  EXPECT_EQ(part(48), 0.5);
  EXPECT_EQ(part(64), 0);
}

} // namespace
