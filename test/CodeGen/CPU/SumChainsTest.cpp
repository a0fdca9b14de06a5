//===- SumChainsTest.cpp - How long sums are cut --------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The bound of docs/Semantics.md, section 6, stands on the length of chains:
// the test follows the additions through the cuts of all kinds of loops.
//
//===----------------------------------------------------------------------===//

#include "CodeGen/CPU/SumChains.h"
#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <random>

using namespace conveinsum;

namespace {
/// Follows a sum from its innermost loop outwards.
struct Chain {
  /// Additions to the accumulator that is carried now, by all iterations so
  /// far.
  int64_t open = 1;
  /// Additions of what is finished: the longest chain ends in it.
  int64_t closed = 0;
  /// The most additions that any accumulator takes.
  int64_t longest = 1;

  void cut() {
    closed += open;
    open = 1;
  }
  void repeat(int64_t count) {
    open *= std::max<int64_t>(count, 1);
    longest = std::max(longest, open);
  }
  int64_t length() const { return closed + open; }
};
} // namespace

static Chain follow(llvm::ArrayRef<SumLoop> loops, llvm::ArrayRef<Cuts> cuts) {
  Chain chain;
  for (size_t level = loops.size(); level-- > 0;) {
    int64_t span = 1, count = loops[level].iterations;
    for (int64_t cut : cuts[level]) {
      EXPECT_EQ(cut % span, 0) << "a group holds whole blocks";
      chain.repeat(std::min(cut / span, (count + span - 1) / span));
      chain.cut();
      span = cut;
    }
    chain.repeat((count + span - 1) / span + loops[level].hasRest);
  }
  return chain;
}

static double numbersOf(llvm::ArrayRef<SumLoop> loops) {
  double numbers = 1;
  for (const SumLoop &loop : loops)
    numbers *= double(loop.iterations + loop.hasRest);
  return numbers;
}

static void expectShortChain(llvm::ArrayRef<SumLoop> loops) {
  double log = std::log2(numbersOf(loops));
  std::string text;
  for (const SumLoop &loop : loops)
    text += " " + std::to_string(loop.iterations) + (loop.hasRest ? "+1" : "");
  Chain products = follow(loops, cutSum(loops, /*ofProducts=*/true));
  EXPECT_LE(products.longest, 256) << text;
  EXPECT_LE(double(products.length()), 256 + log) << text;
  Chain numbers = follow(loops, cutSum(loops, /*ofProducts=*/false));
  EXPECT_LE(numbers.longest, 64) << text;
  EXPECT_LE(double(numbers.length()), 64 + 3 * log) << text;
}

TEST(SumChains, Examples) {
  using Plan = llvm::SmallVector<Cuts>;
  EXPECT_EQ(cutSum({{256}}, true), Plan({{}}));
  EXPECT_EQ(cutSum({{257}}, true), Plan({{129}}));
  EXPECT_EQ(cutSum({{512}}, true), Plan({{256}}));
  EXPECT_EQ(cutSum({{64}}, false), Plan({{}}));
  EXPECT_EQ(cutSum({{65}}, false), Plan({{33}}));
  EXPECT_EQ(cutSum({{1000}, {9}}, true), Plan({{21, 168}, {}}));
  EXPECT_EQ(cutSum({{3}, {100, true}, {4}}, true), Plan({{2}, {50}, {}}));
  EXPECT_EQ(cutSum({}, true), Plan());
}

TEST(SumChains, EveryShortLoop) {
  for (int64_t extent = 1; extent < 20000; ++extent)
    expectShortChain({{extent}});
  for (int64_t outer = 1; outer < 200; ++outer)
    for (int64_t inner = 1; inner < 300; ++inner)
      expectShortChain({{outer}, {inner, inner % 2 == 0}});
}

TEST(SumChains, RandomNests) {
  std::mt19937_64 random(1);
  for (int trial = 0; trial < 100000; ++trial) {
    llvm::SmallVector<SumLoop> loops;
    double bits = 40;
    for (unsigned rank = 1 + random() % 6; rank > 0; --rank) {
      double part = std::generate_canonical<double, 53>(random) * bits;
      bits -= part;
      loops.push_back({int64_t(std::exp2(part)), random() % 4 == 0});
    }
    std::shuffle(loops.begin(), loops.end(), random);
    expectShortChain(loops);
    if (HasFailure())
      return;
  }
}
