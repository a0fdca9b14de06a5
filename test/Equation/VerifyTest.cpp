//===- VerifyTest.cpp - Checks on any equation ----------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One broken equation per constraint, C60 to C78, each named by its number.
//
//===----------------------------------------------------------------------===//

#include "EquationTestSupport.h"

using namespace conveinsum;

namespace {
/// The parts of "bsh,ksh->bkh|h", to be broken one at a time.
struct Parts : EquationParts {
  Parts() {
    labels = {"b", "s", "h", "k"};
    operands = {{0, 1, 2}, {3, 1, 2}};
    result = {0, 3, 2};
    shapes = {{2, 3, 9}, {4, 3, 3}};
    LinearRelation h;
    h.mode = 2;
    h.terms = {{0, 1, 0}, {1, -1, 0}};
    h.offset = 1;
    h.resultExtent = 9;
    h.feature = 0;
    relations.push_back(h);
  }
  LinearRelation &h() { return relations[0]; }
  Equation build() const { return Equation::fromParts(*this); }
};
} // namespace

/// What `verify` says of the parts; each fault is reported once.
static std::string fault(const Parts &parts) {
  Caught caught;
  bool holds = parts.build().verify(caught);
  EXPECT_EQ(holds, !caught.diagnostic.has_value());
  EXPECT_LE(caught.count, 1u);
  return caught.text();
}

TEST(VerifyTest, TheUnbrokenPartsHold) {
  EXPECT_EQ(fault(Parts()), "nothing reported");
}

TEST(VerifyTest, C60Labels) {
  Parts malformed, twice;
  malformed.labels[0] = "1b";
  EXPECT_EQ(fault(malformed), "C60: malformed label '1b'");
  twice.labels[0] = "s";
  EXPECT_EQ(fault(twice), "C60: two modes have the label 's'");
}

TEST(VerifyTest, C61ResultModesAreHeld) {
  Parts parts;
  parts.labels.push_back("n");
  parts.result.push_back(4);
  EXPECT_EQ(fault(parts), "C61: mode 'n' of the result is held by no operand");
  // A conv mode may stand in the result alone.
  LinearRelation lonely;
  lonely.mode = 4;
  lonely.resultExtent = 3;
  parts.relations.push_back(lonely);
  EXPECT_EQ(fault(parts), "nothing reported");
}

TEST(VerifyTest, C62ResultModesDiffer) {
  Parts parts;
  parts.result = {0, 3, 0};
  EXPECT_EQ(fault(parts), "C62: mode 'b' stands twice in the result");
}

TEST(VerifyTest, C63ConvModesDoNotRepeat) {
  Parts parts;
  parts.operands[0] = {0, 2, 2};
  parts.operands[1] = {3, 2, 1};
  EXPECT_EQ(fault(parts), "C63: conv mode 'h' repeats inside operand 0");
}

TEST(VerifyTest, C64OneRelation) {
  Parts parts;
  parts.relations.push_back(parts.relations[0]);
  EXPECT_EQ(fault(parts), "C64: conv mode 'h': expected one relation, got "
                          "several");
}

TEST(VerifyTest, C65OneTermPerHolder) {
  Parts missing, foreign, order;
  missing.h().terms.pop_back();
  EXPECT_EQ(fault(missing),
            "C65: conv mode 'h': operand 1 holds the mode but has no term");
  foreign.operands[1].pop_back();
  foreign.shapes[1].pop_back();
  EXPECT_EQ(fault(foreign),
            "C65: conv mode 'h': operand 1 has a term but does not hold the "
            "mode");
  std::swap(order.h().terms[0], order.h().terms[1]);
  EXPECT_EQ(fault(order),
            "C65: conv mode 'h': expected one term for each operand that holds "
            "the mode, in operand order, got one for operand 0");
  Parts beyond;
  beyond.h().terms[1].operand = 7;
  EXPECT_EQ(fault(beyond).substr(0, 4), "C65:");
}

TEST(VerifyTest, C66Coefficients) {
  Parts parts;
  parts.h().terms[1].coefficient = 0;
  EXPECT_EQ(fault(parts), "C66: conv mode 'h': expected a coefficient other "
                          "than 0 for operand 1, got 0");
}

TEST(VerifyTest, C67Stride) {
  Parts parts;
  parts.h().resultCoefficient = 0;
  EXPECT_EQ(fault(parts),
            "C67: conv mode 'h': expected a stride of at least 1, got 0");
}

TEST(VerifyTest, C68ResultExtent) {
  Parts negative, dynamic;
  negative.h().resultExtent = -1;
  EXPECT_EQ(
      fault(negative),
      "C68: conv mode 'h': expected a result extent of at least 0, got -1");
  dynamic.h().resultExtent = kDynamic;
  EXPECT_EQ(fault(dynamic), "nothing reported");
  dynamic.result.pop_back();
  EXPECT_EQ(fault(dynamic),
            "C68: conv mode 'h': expected a static extent, as the result does "
            "not hold the mode, got ?");
}

TEST(VerifyTest, C69Modulus) {
  Parts parts;
  parts.h().modulus = -8;
  EXPECT_EQ(fault(parts),
            "C69: conv mode 'h': expected a modulus of at least 0, got -8");
}

TEST(VerifyTest, C70ConvExtents) {
  Parts parts;
  parts.shapes[1][2] = -3;
  EXPECT_EQ(fault(parts),
            "C70: mode 'h' of operand 1: expected an extent of at "
            "least 0, got -3");
}

TEST(VerifyTest, C71PlainSizes) {
  Parts negative, differ, diagonal;
  negative.shapes[0][0] = -2;
  EXPECT_EQ(fault(negative),
            "C71: mode 'b' of operand 0: expected an extent of "
            "at least 0, got -2");
  differ.shapes[1][1] = 1;
  EXPECT_EQ(fault(differ),
            "C71: mode 's' of operand 1: expected size 3 as elsewhere, got 1");
  diagonal.operands[0][0] = 1;
  diagonal.result[0] = 1;
  diagonal.labels.erase(diagonal.labels.begin());
  for (auto *modes :
       {&diagonal.operands[0], &diagonal.operands[1], &diagonal.result})
    for (ModeId &mode : *modes)
      --mode;
  --diagonal.h().mode;
  EXPECT_EQ(fault(diagonal),
            "C71: mode 's' of operand 0: expected size 2 as elsewhere, got 3");
}

TEST(VerifyTest, C72Feature) {
  Parts parts;
  parts.h().feature = 5;
  EXPECT_EQ(fault(parts),
            "C72: conv mode 'h': the feature operand 5 does not hold the mode");
}

TEST(VerifyTest, C73Ranks) {
  Parts parts;
  parts.shapes[1].pop_back();
  EXPECT_EQ(fault(parts), "C73: operand 1: expected rank 3, got rank 2");
}

TEST(VerifyTest, C74EverythingFits64Bit) {
  const int64_t big = std::numeric_limits<int64_t>::max();
  auto isRefused = [&](auto breakIt) {
    Parts parts;
    breakIt(parts.h(), parts.shapes);
    return fault(parts).substr(0, 4) == "C74:";
  };
  EXPECT_TRUE(isRefused([&](LinearRelation &h, auto &) { h.offset = big; }));
  EXPECT_TRUE(isRefused([&](LinearRelation &h, auto &) { h.offset = -big; }));
  EXPECT_TRUE(isRefused(
      [&](LinearRelation &h, auto &) { h.terms[0].coefficient = big / 4; }));
  EXPECT_TRUE(isRefused(
      [&](LinearRelation &h, auto &) { h.terms[1].coefficient = -big; }));
  EXPECT_TRUE(
      isRefused([&](LinearRelation &h, auto &) { h.resultCoefficient = big; }));
  EXPECT_TRUE(isRefused([&](LinearRelation &h, auto &) {
    h.resultExtent = big;
    h.offset = -9;
  }));
  EXPECT_TRUE(isRefused([&](LinearRelation &h, std::vector<Shape> &shapes) {
    h.terms[0].coefficient = big;
    shapes[0][2] = big;
  }));
  EXPECT_FALSE(isRefused(
      [&](LinearRelation &h, auto &) { h.terms[0].coefficient = big / 16; }));
  // What is added to an open extent before it is divided.
  auto openTo = [&](int64_t offset) {
    return isRefused([&](LinearRelation &h, std::vector<Shape> &shapes) {
      h.feature = 0;
      h.terms[0].extent = h.resultExtent = shapes[0][2] = kDynamic;
      h.extentOffset = offset;
    });
  };
  EXPECT_TRUE(openTo(big));
  EXPECT_FALSE(openTo(big - 2));
}

TEST(VerifyTest, C76AnOperand) {
  Parts parts;
  parts.operands.clear();
  parts.shapes.clear();
  parts.result.clear();
  parts.relations.clear();
  EXPECT_EQ(fault(parts), "C76: expected at least one operand, got none");
}

TEST(VerifyTest, C77ModesAreInTheTableAndUsed) {
  Parts beyond, unused, lonely;
  beyond.operands[0][1] = 9;
  EXPECT_EQ(fault(beyond), "C77: a mode is not in the table of labels");
  unused.labels.push_back("n");
  EXPECT_EQ(fault(unused),
            "C77: mode 'n' is held by no operand and not by the result");
  lonely.relations.push_back(lonely.relations[0]);
  lonely.relations[1].mode = 12;
  EXPECT_EQ(fault(lonely), "C77: a mode is not in the table of labels");
}

TEST(VerifyTest, C78AShapePerOperand) {
  Parts parts;
  parts.shapes.pop_back();
  EXPECT_EQ(fault(parts), "C78: expected 2 shapes, got 1");
}
