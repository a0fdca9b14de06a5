//===- ChoiceTest.cpp - Fronts of choices against all choices -------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Fronts against all subsets of small graphs, against a branch and bound on
// larger ones, and the ends of fronts.
//
//===----------------------------------------------------------------------===//

#include "ChoiceTestSupport.h"

using namespace conveinsum;

static CheckpointValue valueOf(int64_t bytes, int64_t macs, int64_t written,
                               llvm::ArrayRef<unsigned> inputs, bool isNeeded) {
  CheckpointValue value;
  value.bytes = bytes;
  value.macs = macs;
  value.written = written;
  value.inputs.assign(inputs.begin(), inputs.end());
  value.isNeeded = isNeeded;
  return value;
}

TEST(CheckpointChoice, TheWorkedExample) {
  CheckpointProblem problem{valueOf(100, 50, 50, {}, true),
                            valueOf(100, 0, 25, {0}, true)};
  CheckpointFront front(problem);
  expectPoints(front, {{0, {50, 75}}, {100, {0, 25}}, {200, {0, 0}}});
  EXPECT_TRUE(front.isExact());
  EXPECT_EQ(front.choice(1).kept, std::vector<unsigned>{0});
  EXPECT_EQ(front.choice(1).recomputed, std::vector<unsigned>{1});
  EXPECT_EQ(front.minBytes(), Count(0));
  EXPECT_EQ(front.maxBytes(), Count(200));
  EXPECT_EQ(front.pick(199), size_t(1));
  EXPECT_EQ(front.pick(Count::infinity()), size_t(2));
}

TEST(CheckpointChoice, NothingIsKeptWhereNothingIsNeeded) {
  for (const CheckpointProblem &problem :
       {CheckpointProblem(), CheckpointProblem{valueOf(8, 8, 8, {}, false)}}) {
    CheckpointFront front(problem);
    ASSERT_EQ(front.points().size(), 1u);
    EXPECT_TRUE(front.choice(0).kept.empty());
    EXPECT_TRUE(front.choice(0).recomputed.empty());
  }
}

TEST(CheckpointChoice, PinsBoundBudgetsFromBelow) {
  CheckpointProblem problem{valueOf(100, 50, 50, {}, false),
                            valueOf(10, 7, 10, {0}, true),
                            valueOf(30, 7, 30, {1}, true)};
  problem[0].pin = CheckpointPin::Keep;
  CheckpointFront front(problem);
  // Dropping value 1 would take value 0, which is larger.
  EXPECT_EQ(front.minBytes(), Count(10));
  EXPECT_FALSE(front.pick(9));
  problem[1].pin = CheckpointPin::Recompute;
  EXPECT_EQ(CheckpointFront(problem).minBytes(), Count(100));
}

TEST(CheckpointChoice, UnneededValuesAreKeptWhereThatIsCheaper) {
  // Two large needed values come from a small one that nothing else reads.
  CheckpointProblem problem{valueOf(1, 1000, 1, {}, false),
                            valueOf(100, 1, 1, {0}, true),
                            valueOf(100, 1, 1, {0}, true)};
  CheckpointFront front(problem);
  std::optional<size_t> picked = front.pick(1);
  ASSERT_TRUE(picked);
  EXPECT_EQ(front.choice(*picked).kept, std::vector<unsigned>{0});
  EXPECT_EQ(front.points()[*picked].macs, Count(2));
  // Recomputed once for both.
  EXPECT_EQ(front.points().front().macs, Count(1002));
}

TEST(CheckpointChoice, FrontsMeetAllSubsets) {
  SplitMix64 random(11);
  uint64_t points = 0;
  for (unsigned round = 0; round < 4000; ++round) {
    RandomProblemOptions options;
    options.values = random.between(1, 10);
    options.neededOneIn = random.between(1, 4);
    options.pinnedOneIn = random.oneIn(2) ? 4 : 1000000;
    CheckpointProblem problem = randomProblem(random, options);
    CheckpointFront front(problem);
    EXPECT_TRUE(front.isExact());
    expectPoints(front, bestBySubsets(problem));
    expectConsistent(problem, front);
    points += front.points().size();
    if (HasFailure())
      FAIL() << "round " << round;
  }
  EXPECT_GT(points, 12000u);
}

namespace {
/// The least work within a budget, value by value from the last one.
class BranchAndBound {
public:
  BranchAndBound(const CheckpointProblem &problem, Count budget)
      : problem(problem), budget(budget) {
    llvm::BitVector read(problem.size());
    branch(problem.size(), read, 0, {0, 0});
  }

  std::optional<Work> best;

private:
  void branch(unsigned end, llvm::BitVector read, Count bytes, Work work) {
    if (bytes > budget || (best && work >= *best))
      return;
    while (end > 0 && (problem[end - 1].isFree ||
                       !(problem[end - 1].isNeeded || read.test(end - 1))))
      --end;
    if (end == 0) {
      best = work;
      return;
    }
    const CheckpointValue &value = problem[end - 1];
    if (value.pin != CheckpointPin::Recompute)
      branch(end - 1, read, bytes + value.bytes, work);
    if (value.pin == CheckpointPin::Keep)
      return;
    for (unsigned input : value.inputs)
      read.set(input);
    branch(end - 1, read, bytes,
           {work.first + value.macs, work.second + value.written});
  }

  const CheckpointProblem &problem;
  Count budget;
};
} // namespace

TEST(CheckpointChoice, PicksMeetBranchAndBound) {
  SplitMix64 random(12);
  for (unsigned round = 0; round < 60; ++round) {
    RandomProblemOptions options;
    options.values = random.between(18, 30);
    options.neededOneIn = 3;
    options.most = 1000;
    CheckpointProblem problem = randomProblem(random, options);
    CheckpointFront front(problem);
    ASSERT_TRUE(front.isExact());
    for (unsigned budget = 0; budget <= 8; ++budget) {
      Count bytes = front.maxBytes() * Count(budget) / Count(8);
      std::optional<Work> best = BranchAndBound(problem, bytes).best;
      std::optional<size_t> picked = front.pick(bytes);
      ASSERT_EQ(best.has_value(), picked.has_value());
      if (!picked)
        continue;
      EXPECT_EQ(front.points()[*picked].macs, best->first);
      EXPECT_EQ(front.points()[*picked].written, best->second);
    }
  }
}

TEST(CheckpointChoice, MoreBytesNeverCostMore) {
  SplitMix64 random(13);
  RandomProblemOptions options;
  options.values = 60;
  options.pinnedOneIn = 1000000;
  options.most = 100000;
  CheckpointProblem problem = randomProblem(random, options);
  CheckpointFront front(problem);
  std::optional<CheckpointFront::Point> last;
  for (unsigned step = 0; step <= 50; ++step) {
    Count budget = front.maxBytes() * Count(step) / Count(50);
    std::optional<size_t> picked = front.pick(budget);
    ASSERT_TRUE(picked);
    const CheckpointFront::Point &point = front.points()[*picked];
    EXPECT_LE(point.keptBytes, budget);
    if (last) {
      EXPECT_GE(point.keptBytes, last->keptBytes);
      EXPECT_LE(point.macs, last->macs);
    }
    last = point;
  }
  EXPECT_EQ(last->macs, Count(0));
  EXPECT_EQ(last->written, Count(0));
}
