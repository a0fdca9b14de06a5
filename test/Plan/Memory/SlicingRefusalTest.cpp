//===- SlicingRefusalTest.cpp - What slicing refuses ----------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every check of a slicing, with its message.
//
//===----------------------------------------------------------------------===//

#include "Plan/PlanTestSupport.h"
#include "conveinsum/Plan/Memory/Slicing.h"

using namespace conveinsum;

static std::string faultOf(const Equation &equation, const Slicing &slicing) {
  Caught caught;
  EXPECT_FALSE(verifySlicing(equation, slicing, caught));
  EXPECT_EQ(caught.count, 1u);
  return caught.diagnostic ? caught.diagnostic->message : "";
}

static ModeId modeOf(const Equation &equation, llvm::StringRef label) {
  for (ModeId mode = 0; mode < equation.numModes(); ++mode)
    if (equation.label(mode) == label)
      return mode;
  ADD_FAILURE() << label.str();
  return 0;
}

TEST(Slicing, Refusals) {
  GeometryMap geometry;
  geometry["w"].padding = {PaddingMode::Circular, 0, 0};
  Equation equation =
      makeEquation("bhw,hw->bhw|hw", {{2, 200000, 8}, {3, 3}}, geometry);
  ModeId b = modeOf(equation, "b"), h = modeOf(equation, "h"),
         w = modeOf(equation, "w");
  EXPECT_EQ(faultOf(equation, {{9, 1, std::nullopt}}),
            "expected a sliced mode below 3, got 9");
  EXPECT_EQ(faultOf(equation, {{b, 1, std::nullopt}, {b, 1, std::nullopt}}),
            "slicing mode b: expected every mode once, got it twice");
  EXPECT_EQ(faultOf(equation, {{w, 2, std::nullopt}}),
            "slicing mode w: expected a mode that is not circular, as tiles of "
            "it need both ends of the feature");
  EXPECT_EQ(faultOf(equation, {{b, 3, std::nullopt}}),
            "slicing mode b: expected chunks of 1 to 2 entries, got 3");
  EXPECT_EQ(faultOf(equation, {{b, 0, std::nullopt}}),
            "slicing mode b: expected chunks of 1 to 2 entries, got 0");
  EXPECT_EQ(faultOf(equation, {{h, 2, std::nullopt}}),
            "slicing mode h: expected at most 65536 chunks, got 100000");
  EXPECT_EQ(faultOf(equation, {{b, 1, 0}}),
            "slicing mode b: expected no operand to cut, as the mode is plain, "
            "got operand 0");
  EXPECT_EQ(faultOf(equation, {{h, 100000, 2}}),
            "slicing mode h: expected an operand that holds the mode, got "
            "operand 2");
  Equation dynamic = makeEquation("ij,jk->ik", {{2, kDynamic}, {kDynamic, 3}});
  EXPECT_EQ(faultOf(dynamic, {}),
            "expected static extents to count bytes, got a dynamic extent of "
            "mode j in operand 0");
}

TEST(Slicing, RefusesAModeThatNoOperandHolds) {
  // The gradient towards an operand that does not hold h: o is virtual.
  LinearRelation relation;
  relation.mode = 1;
  relation.resultExtent = 4;
  Equation equation =
      Equation::fromParts({{"a", "h"}, {{0}}, {0, 1}, {{3}}, {relation}});
  EXPECT_EQ(faultOf(equation, {{1, 2, std::nullopt}}),
            "slicing mode h: expected a mode that an operand holds");
}

TEST(Slicing, RefusesTooManyShapes) {
  // With kernels as long as the feature, every tile meets the padding.
  GeometryMap geometry;
  for (const char *mode : {"x", "y", "z"})
    geometry[mode].padding = {PaddingMode::Full, 0, 0};
  Equation equation =
      makeEquation("xyz,xyz->xyz|xyz", {{40, 40, 40}, {40, 40, 40}}, geometry);
  Slicing slicing;
  for (const char *mode : {"x", "y", "z"})
    slicing.push_back({modeOf(equation, mode), 1, std::nullopt});
  EXPECT_EQ(faultOf(equation, slicing),
            "expected slices of at most 4096 different shapes, got more");
}
