//===- ExtremesTest.cpp - Numbers at the end of 64 bits -------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Extents, strides and dilations around 2^62 and 2^63 - 1: what `verify` takes
// has windows, counts and steps that fit, for every set of operands and every
// step; what does not fit is refused (C39, C74).
//
//===----------------------------------------------------------------------===//

#include "EquationTestSupport.h"
#include "llvm/Support/MathExtras.h"
#include <random>

using namespace conveinsum;
using Int = __int128;

static constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
static constexpr int64_t kHalf = int64_t(1) << 62;
static const int64_t kNeighbours[] = {kHalf - 1, kHalf,    kHalf + 1,
                                      kMax - 2,  kMax - 1, kMax};

/// The one conv mode of all operands, named "h".
static Equation equationOf(const LinearRelation &relation) {
  std::vector<llvm::SmallVector<ModeId, 6>> operands(relation.terms.size(),
                                                     {0});
  std::vector<Shape> shapes;
  for (const LinearRelation::Term &term : relation.terms)
    shapes.push_back({term.extent});
  return Equation::fromParts({{"h"}, operands, {0}, shapes, {relation}});
}

/// Number of o with 0 <= s o + shift < n, 0 <= o < E, for s >= 1.
static Count countTaps(Int s, Int shift, Int n, Int E) {
  Int last = n - 1 - shift < 0 ? -1 : (n - 1 - shift) / s;
  Int first = shift >= 0 ? 0 : (-shift + s - 1) / s;
  last = std::min(last, E - 1);
  return last < first ? 0 : Count(last - first + 1);
}

//===----------------------------------------------------------------------===//
// User's words
//===----------------------------------------------------------------------===//

TEST(ExtremesTest, PlainModes) {
  for (int64_t n : kNeighbours) {
    Equation dot = resolved("i,i->", {{n}, {n}});
    EXPECT_EQ(dot.macs(setOf(dot, {0}), setOf(dot, {1}), MacCount::Exact),
              Count(n));
    Equation outer = resolved("i,j->ij", {{n}, {n}});
    EXPECT_EQ(outer.elements(outer.fullSet()), Count(n) * Count(n));
    Equation unit = resolved("ij->ji", {{n, 1}});
    EXPECT_EQ(unit.elements(unit.fullSet()), Count(n));
  }
}

/// Stride, dilation and padding of one kernel against counts per tap.
TEST(ExtremesTest, OneKernel) {
  unsigned numAccepted = 0;
  for (int64_t n : kNeighbours)
    for (int64_t stride : {int64_t(1), int64_t(2), kHalf - 1, kHalf, kMax})
      for (int64_t dilation : {int64_t(1), int64_t(3), kHalf - 1, kHalf, kMax})
        for (PaddingMode mode :
             {PaddingMode::Same, PaddingMode::Valid, PaddingMode::Full}) {
          GeometryMap geometry;
          geometry["h"].stride = stride;
          geometry["h"].dilation = dilation;
          geometry["h"].padding = {mode, 0, 0};
          Caught caught;
          std::optional<Equation> equation =
              Equation::create("h,h->h|h", geometry, {{n}, {3}}, caught);
          if (!equation) {
            std::string fault = caught.text().substr(0, 4);
            EXPECT_TRUE(fault == "C39:" || fault == "C36:") << caught.text();
            continue;
          }
          ++numAccepted;
          const LinearRelation &h = equation->relations()[0];
          EXPECT_GE(h.resultExtent, 1);
          Count expected = 0;
          for (int64_t tap = 0; tap < 3; ++tap)
            expected += countTaps(stride, Int(dilation) * tap - h.offset, n,
                                  h.resultExtent);
          EXPECT_TRUE(equation->macs(setOf(*equation, {0}),
                                     setOf(*equation, {1}),
                                     MacCount::Exact) == expected)
              << describe(*equation);
          EXPECT_EQ(equation->macs(setOf(*equation, {0}), setOf(*equation, {1}),
                                   MacCount::Dense),
                    3 * Count(h.resultExtent));
        }
  EXPECT_GT(numAccepted, 50u);
}

/// A stride beyond which the closed form of the count has no room in 128 bits.
TEST(ExtremesTest, FewResultsFarApart) {
  LinearRelation h;
  h.terms = {{0, 1, kHalf}, {1, 1, kHalf}};
  h.resultCoefficient = kHalf;
  h.resultExtent = 2;
  Equation equation = equationOf(h);
  Caught caught;
  ASSERT_TRUE(equation.verify(caught)) << caught.text();
  // i0 + i1 = 0 in one way, = 2^62 in 2^62 - 1 ways.
  EXPECT_EQ(equation.macs(setOf(equation, {0}), setOf(equation, {1}),
                          MacCount::Exact),
            Count(kHalf));
}

//===----------------------------------------------------------------------===//
// Any relation
//===----------------------------------------------------------------------===//

/// A window of 2^63 entries, and a dense extent beyond: every end of an
/// interval fits, but these do not.
TEST(ExtremesTest, C74WindowsOfThreeParticipants) {
  auto fault = [](const LinearRelation &relation) {
    Caught caught;
    equationOf(relation).verify(caught);
    return caught.text().substr(0, 4);
  };
  LinearRelation window;
  window.terms = {{0, 1, kMax}, {1, -1, 2}, {2, -1, 2}};
  window.offset = 1;
  window.resultExtent = kMax;
  EXPECT_EQ(fault(window), "C74:");
  window.terms.pop_back();
  EXPECT_EQ(fault(window), "noth") << "no window without a third participant";

  LinearRelation dense;
  dense.terms = {{0, 1, 9}, {1, -1, 2}, {2, -1, kHalf + 2}};
  dense.offset = kHalf;
  dense.resultExtent = kHalf;
  EXPECT_EQ(fault(dense), "noth") << "no feature, no dense extent";
  dense.feature = 0;
  EXPECT_EQ(fault(dense), "C74:");
}

/// Draws relations of numbers small and huge, with coefficients of any sign.
static LinearRelation drawRelation(std::mt19937_64 &random) {
  auto huge = [&] {
    const int64_t bases[] = {
        1,    int64_t(1) << 31, int64_t(1) << 40, kHalf / 2, kHalf,
        kMax, kMax / 3,         kMax / 7};
    Int number = Int(bases[random() % 8]) + int64_t(random() % 5) - 2;
    return int64_t(std::clamp<Int>(number, 1, kMax));
  };
  auto any = [&] { return random() % 2 ? huge() : int64_t(1 + random() % 4); };
  LinearRelation relation;
  unsigned numOperands = 1 + random() % 4;
  for (unsigned k = 0; k < numOperands; ++k) {
    int64_t extent = any();
    int64_t coefficient = extent > 4 && random() % 4 ? 1 : any();
    relation.terms.push_back(
        {k, random() % 2 ? coefficient : -coefficient, extent});
  }
  relation.offset = random() % 3 ? any() : 0;
  if (random() % 2)
    relation.offset = -relation.offset;
  relation.resultCoefficient = random() % 2 ? 1 : any();
  relation.resultExtent = any();
  if (random() % 4 == 0)
    relation.modulus = any();
  if (random() % 3)
    relation.feature = random() % numOperands;
  return relation;
}

static OperandSet setOfBits(const Equation &equation, unsigned bits) {
  OperandSet set = equation.emptySet();
  for (unsigned k = 0; k < equation.numOperands(); ++k)
    if (bits >> k & 1)
      set.set(k);
  return set;
}

TEST(ExtremesTest, WhatVerifiesHasStepsThatVerify) {
  std::mt19937_64 random(1);
  unsigned numAccepted = 0;
  for (unsigned i = 0; i < 40000; ++i) {
    Equation equation = equationOf(drawRelation(random));
    if (!equation.verify([](const Fault &) {}))
      continue;
    ++numAccepted;
    const LinearRelation &h = equation.relations()[0];
    unsigned numSets = 1u << equation.numOperands();
    auto valueOf = [&](unsigned bits) {
      OperandSet set = setOfBits(equation, bits);
      return set.count() == 1 ? equation.leaf(set.find_first())
                              : SetValue{set, equation.kept(set)};
    };
    for (unsigned left = 1; left < numSets; ++left) {
      OperandSet set = setOfBits(equation, left);
      ASSERT_GE(equation.window(0, set).extent, 0) << describe(equation);
      ASSERT_GE(equation.denseExtent(h, set), 0) << describe(equation);
      for (unsigned right = 1; right < numSets; ++right) {
        if (left & right)
          continue;
        Caught caught;
        Equation step = equation.step(valueOf(left), valueOf(right));
        ASSERT_TRUE(step.verify(caught))
            << describe(equation) << " sets " << left << ", " << right << ": "
            << caught.text();
      }
    }
  }
  EXPECT_GT(numAccepted, 10000u);
}
