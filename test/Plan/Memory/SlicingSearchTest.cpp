//===- SlicingSearchTest.cpp - Which modes are sliced ---------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Slicings that are found fit, cost what they say, and are not worse than any
// slicing of one mode with any tree.
//
//===----------------------------------------------------------------------===//

#include "Equation/EquationTestSupport.h"
#include "Plan/PlanTestSupport.h"
#include "conveinsum/Plan/Memory/Slicing.h"

using namespace conveinsum;

/// Bytes of the operands and the result in f32.
static Count bytesOfWhole(const Equation &equation) {
  Count bytes = 4 * equation.elements(equation.fullSet());
  for (unsigned k = 0; k < equation.numOperands(); ++k)
    bytes += 4 * elementCount(equation.operandShape(k));
  return bytes;
}

static std::optional<SlicedPlan> slicedPlan(const Equation &equation,
                                            Count limit, Caught &caught,
                                            const PlanGoal &goal = {}) {
  return planSliced(equation, {PlannerKind::Auto, goal}, limit, caught);
}

TEST(SlicingSearch, FitsAndIsWhatItSays) {
  unsigned sliced = 0;
  for (uint64_t seed = 0; seed < 250; ++seed) {
    RandomEquation drawn = randomEquation(seed);
    Equation equation = makeEquation(drawn.text, drawn.shapes, drawn.geometry);
    if (equation.numOperands() < 3)
      continue;
    SCOPED_TRACE(std::to_string(seed) + " " + describe(equation));
    FeasibleLimit least = smallestFeasibleLimit(equation, {});
    Count base = bytesOfWhole(equation);
    if (least.bytes <= base)
      continue;
    Caught caught;
    Count limit = base + (least.bytes - 1 - base) / 2;
    auto found = slicedPlan(equation, limit, caught);
    if (!found) {
      EXPECT_EQ(caught.count, 1u);
      continue;
    }
    ++sliced;
    EXPECT_FALSE(found->slicing.empty());
    ASSERT_TRUE(verifySlicing(equation, found->slicing, caught));
    SlicedCost cost =
        evaluateSliced(equation, found->tree, found->slicing, found->goal);
    EXPECT_TRUE(cost.value == found->cost.value);
    EXPECT_TRUE(cost.peak == found->cost.peak);
    EXPECT_LE(cost.peak, limit);
    EXPECT_TRUE(found->unslicedValue == planOf(equation).value);
    Count slices = 1;
    for (const SlicedMode &mode : found->modes) {
      EXPECT_EQ(mode.label, equation.label(mode.cut.mode));
      slices *= Count(mode.chunks);
    }
    EXPECT_TRUE(slices == cost.slices);
  }
  EXPECT_GE(sliced, 60u);
}

/// All trees over slicings into one mode with 2, 4, ... or all chunks.
static Count bestOfOneMode(const Equation &equation, Count limit) {
  Count best = Count::infinity();
  for (ModeId mode = 0; mode < equation.numModes(); ++mode) {
    int64_t extent = equation.size(mode);
    for (int64_t pieces = 2; pieces < 2 * extent; pieces *= 2) {
      int64_t chunk = (extent - 1) / std::min(pieces, extent) + 1;
      Slicing slicing{{mode, chunk, std::nullopt}};
      for (const auto &tree : spreadTrees(equation.numOperands(), 1000)) {
        SlicedCost cost = evaluateSliced(equation, tree, slicing, {});
        if (cost.peak <= limit)
          best = std::min(best, cost.value);
      }
    }
  }
  return best;
}

TEST(SlicingSearch, IsNotWorseThanAnySlicingOfOneModeWithAnyTree) {
  unsigned compared = 0;
  for (uint64_t seed = 0; seed < 25; ++seed) {
    SplitMix64 random(seed);
    auto size = [&] { return random.between(4, 20); };
    int64_t a = size(), b = size(), c = size(), d = size(), e = size();
    Equation equation = makeEquation("ab,bcd,ce,dea->b",
                                     {{a, b}, {b, c, d}, {c, e}, {d, e, a}});
    FeasibleLimit least = smallestFeasibleLimit(equation, {});
    Count base = bytesOfWhole(equation);
    for (unsigned part : {2, 5, 9}) {
      Count limit = base + (least.bytes - base) * part / 10;
      Count oneMode = bestOfOneMode(equation, limit);
      Caught caught;
      auto found = slicedPlan(equation, limit, caught);
      if (oneMode == Count::infinity())
        continue;
      ASSERT_TRUE(found) << seed << " " << caught.text();
      EXPECT_LE(found->cost.value, oneMode) << seed;
      ++compared;
    }
  }
  EXPECT_GE(compared, 40u);
}

TEST(SlicingSearch, ABatchIsSlicedForFree) {
  // A CP layer. Without slicing the r-channel features are there whole.
  Equation equation =
      makeEquation("bshw,rs,rh,rw,rt->bthw|hw",
                   {{8, 32, 12, 12}, {8, 32}, {8, 3}, {8, 3}, {8, 32}});
  PlannedTree free = planOf(equation);
  Count whole = bytesOfWhole(equation);
  Caught caught;
  auto found = slicedPlan(equation, whole + 20000, caught);
  ASSERT_TRUE(found) << caught.text();
  EXPECT_EQ(toString(found->cost.value), toString(free.value));
  EXPECT_EQ(found->overhead(), 1.0);
  ASSERT_EQ(found->modes.size(), 1u);
  EXPECT_EQ(found->modes[0].label, "b");
  EXPECT_EQ(found->modes[0].halo, 0);
}

TEST(SlicingSearch, TilesOfAConvModePayTheirHalo) {
  Equation equation = makeEquation("sh,rs,rh,rt->th|h",
                                   {{32, 4096}, {16, 32}, {16, 9}, {16, 32}});
  Caught caught;
  auto found = slicedPlan(equation, bytesOfWhole(equation) + 100000, caught);
  ASSERT_TRUE(found) << caught.text();
  ASSERT_FALSE(found->modes.empty());
  EXPECT_EQ(found->modes[0].label, "h");
  EXPECT_EQ(found->modes[0].cut.operand, 0u);
  EXPECT_EQ(found->modes[0].halo, 8);
  EXPECT_GT(found->overhead(), 1.0);
  EXPECT_LT(found->overhead(), 1.2);
}

TEST(SlicingSearch, WhatFitsIsNotSliced) {
  Equation equation = makeEquation("ab,bc,cd->ad", {{3, 4}, {4, 5}, {5, 6}});
  Caught caught;
  auto found = slicedPlan(equation, 100000, caught);
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->slicing.empty());
  EXPECT_EQ(found->overhead(), 1.0);
}

TEST(SlicingSearch, LargeNetworksAreSlicedGreedily) {
  // A closed chain of twelve matrices with a batch.
  std::string text;
  std::vector<Shape> shapes;
  for (unsigned k = 0; k < 12; ++k) {
    text += std::string(k == 0 ? "" : ",") + "z" + char('a' + k) +
            char('a' + (k + 1) % 12);
    shapes.push_back({16, 8, 8});
  }
  Equation equation = makeEquation(text + "->z", shapes);
  Caught caught;
  Count limit = bytesOfWhole(equation) + 2000;
  ASSERT_GT(smallestFeasibleLimit(equation, {}).bytes, limit);
  auto found = slicedPlan(equation, limit, caught);
  ASSERT_TRUE(found) << caught.text();
  EXPECT_LE(found->cost.peak, limit);
  EXPECT_FALSE(found->slicing.empty());
}

TEST(SlicingSearch, Refusals) {
  Equation equation =
      makeEquation("ab,bc,cd->ad", {{4, 64}, {64, 64}, {64, 4}});
  Caught caught;
  EXPECT_FALSE(slicedPlan(equation, 18495, caught));
  EXPECT_EQ(caught.count, 1u);
  EXPECT_EQ(caught.diagnostic->message,
            "expected a memory limit of at least 18496 bytes, what the "
            "operands and the result take, got 18495 bytes");
  EXPECT_FALSE(slicedPlan(equation, 18496, caught));
  EXPECT_NE(caught.diagnostic->message.find(
                "bytes, the smallest peak of the slicings that were tried, got "
                "18496 bytes"),
            std::string::npos)
      << caught.diagnostic->message;
  PlanGoal goal;
  goal.gradients = {3};
  EXPECT_FALSE(slicedPlan(equation, 18496, caught, goal));
  EXPECT_EQ(caught.diagnostic->message,
            "expected an operand below 3 in gradients, got 3");
}
