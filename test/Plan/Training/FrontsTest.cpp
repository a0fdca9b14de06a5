//===- FrontsTest.cpp - Sums of Pareto fronts -----------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Merged fronts against all sums, compared pair by pair.
//
//===----------------------------------------------------------------------===//

#include "Plan/Training/Fronts.h"
#include "Equation/RandomEquation.h"
#include "Plan/PlanTestSupport.h"

using namespace conveinsum;

static bool beats(const FrontPoint &a, const FrontPoint &b) {
  return a.kept <= b.kept && a.macs <= b.macs &&
         (a.kept < b.kept || a.macs < b.macs);
}

/// The points that none beats, ascending; of equal ones the one with the fewest
/// elements written.
static Front naiveFront(const Front &points) {
  std::map<std::pair<Count, Count>, FrontPoint> best;
  for (const FrontPoint &point : points) {
    bool isBeaten = llvm::any_of(
        points, [&](const FrontPoint &other) { return beats(other, point); });
    if (isBeaten)
      continue;
    auto [at, isNew] = best.try_emplace({point.kept, point.macs}, point);
    if (!isNew && point.written < at->second.written)
      at->second = point;
  }
  Front front;
  for (const auto &[numbers, point] : best)
    front.push_back(point);
  return front;
}

static Front randomFront(SplitMix64 &random, int64_t most) {
  Front points(size_t(random.between(1, 12)));
  for (FrontPoint &point : points) {
    point.kept = Count(random.between(0, most));
    point.macs = Count(random.between(0, most));
    point.written = Count(random.between(0, 5));
  }
  return naiveFront(points);
}

static void expectEqual(const Front &front, const Front &expected) {
  ASSERT_EQ(front.size(), expected.size());
  for (size_t index = 0; index < front.size(); ++index) {
    EXPECT_TRUE(front[index].kept == expected[index].kept);
    EXPECT_TRUE(front[index].macs == expected[index].macs);
    EXPECT_TRUE(front[index].written == expected[index].written);
  }
}

static FrontPoint sumOf(const FrontSum &sum, uint32_t left, uint32_t right) {
  const FrontPoint &a = (*sum.left)[left], &b = (*sum.right)[right];
  return {a.kept + b.kept + sum.kept,
          a.macs + b.macs + sum.macs,
          a.written + b.written + sum.written,
          sum.name,
          left,
          right};
}

TEST(Fronts, MergedSumsAreTheFrontOfAllSums) {
  SplitMix64 random(1);
  for (unsigned round = 0; round < 400; ++round) {
    int64_t most = random.oneIn(2) ? 6 : 60;
    std::vector<Front> fronts;
    for (unsigned index = 0; index < 6; ++index)
      fronts.push_back(randomFront(random, most));
    std::vector<FrontSum> sums;
    Front all;
    for (uint32_t index = 0; index < 3; ++index) {
      sums.push_back({&fronts[2 * index], &fronts[2 * index + 1],
                      Count(random.between(0, 3)), Count(random.between(0, 3)),
                      Count(random.between(0, 3)), 10 + index});
      for (uint32_t left = 0; left < fronts[2 * index].size(); ++left)
        for (uint32_t right = 0; right < fronts[2 * index + 1].size(); ++right)
          all.push_back(sumOf(sums.back(), left, right));
    }
    Front merged = mergeSums(sums), expected = naiveFront(all);
    expectEqual(merged, expected);
    // The record of how a point came about leads to it.
    for (const FrontPoint &point : merged)
      expectEqual({sumOf(sums[point.sum - 10], point.left, point.right)},
                  {point});

    // A limit leaves out what a known point beats, and nothing else.
    Front known = randomFront(random, 2 * most);
    Count rest = Count(random.between(0, most));
    Front wanted;
    for (FrontPoint point : expected) {
      FrontPoint whole = point;
      whole.macs += rest;
      if (llvm::none_of(known, [&](const FrontPoint &other) {
            return beats(other, whole);
          }))
        wanted.push_back(point);
    }
    expectEqual(mergeSums(sums, FrontLimit(known, rest)), wanted);

    Front both = fronts[0];
    both.insert(both.end(), fronts[1].begin(), fronts[1].end());
    expectEqual(mergeFronts(fronts[0], fronts[1]), naiveFront(both));
  }
}

TEST(Fronts, SumsBeyond128BitsAreExact) {
  FrontPoint large;
  large.macs = Count::powerOfTwo(128) - 1;
  Front front{large};
  Front merged = mergeSums(FrontSum{&front, &front, 3, 0, 0, 0});
  ASSERT_EQ(merged.size(), 1u);
  EXPECT_EQ(merged[0].macs, Count::powerOfTwo(129) - 2);
  EXPECT_TRUE(merged[0].kept == 3);
  // A known point that keeps more does not beat it, however cheap it is.
  FrontPoint known;
  known.kept = 5;
  known.macs = Count::powerOfTwo(100);
  Front knownFront{known};
  EXPECT_EQ(
      mergeSums(FrontSum{&front, &front, 3, 0, 0, 0}, FrontLimit(knownFront, 7))
          .size(),
      1u);
}

TEST(Fronts, ThinningStaysWithinItsErrorAndKeepsTheEnds) {
  SplitMix64 random(2);
  for (unsigned round = 0; round < 200; ++round) {
    Front points(80);
    for (FrontPoint &point : points) {
      point.kept = Count(random.between(0, 1000));
      point.macs = Count(1001) - point.kept + Count(random.between(0, 9));
    }
    Front full = naiveFront(points), front = full;
    unsigned most = unsigned(random.between(2, 30));
    Count error = thinOut(front, most);
    EXPECT_EQ(front.size() < full.size(), error > 0);
    EXPECT_LE(front.size(), std::max<size_t>(most, 2));
    EXPECT_TRUE(front.front().kept == full.front().kept);
    EXPECT_TRUE(front.back().macs == full.back().macs);
    for (const FrontPoint &point : full)
      EXPECT_TRUE(llvm::any_of(front, [&](const FrontPoint &other) {
        return other.kept <= point.kept && other.macs <= point.macs + error;
      }));
  }
}
