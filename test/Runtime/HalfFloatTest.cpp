//===- HalfFloatTest.cpp - Conversions of the 16-bit floats ---------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Both types are small enough to test every value and every tie.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Runtime/HalfFloat.h"
#include "gtest/gtest.h"
#include <cmath>
#include <limits>

using namespace conveinsum;

namespace {
struct Format {
  const char *name;
  uint16_t (*encode)(double);
  float (*decode)(uint16_t);
  uint16_t infinity;
  double smallest, largest;
};

class HalfFloatTest : public testing::TestWithParam<Format> {};
} // namespace

static const Format formats[] = {
    {"f16", encodeHalf, decodeHalf, 0x7c00, std::ldexp(1.0, -24), 65504.0},
    {"bf16", encodeBFloat, decodeBFloat, 0x7f80, std::ldexp(1.0, -133),
     std::ldexp(255.0, 120)}};

TEST_P(HalfFloatTest, EveryValueRoundTrips) {
  const Format &format = GetParam();
  for (unsigned bits = 0; bits < 0x10000; ++bits) {
    double value = format.decode(uint16_t(bits));
    if (std::isnan(value))
      EXPECT_TRUE(std::isnan(format.decode(format.encode(value)))) << bits;
    else
      EXPECT_EQ(format.encode(value), bits);
  }
}

TEST_P(HalfFloatTest, EveryTieGoesToTheEvenNeighbour) {
  const Format &format = GetParam();
  for (unsigned bits = 0; bits + 1 < format.infinity; ++bits) {
    double low = format.decode(uint16_t(bits));
    double high = format.decode(uint16_t(bits + 1));
    double tie = (low + high) / 2;
    unsigned even = bits % 2 == 0 ? bits : bits + 1;
    EXPECT_EQ(format.encode(tie), even);
    EXPECT_EQ(format.encode(-tie), even | 0x8000);
    EXPECT_EQ(format.encode(std::nextafter(tie, 0)), bits);
    EXPECT_EQ(format.encode(std::nextafter(tie, HUGE_VAL)), bits + 1);
  }
}

TEST_P(HalfFloatTest, EndsOfTheRange) {
  const Format &format = GetParam();
  EXPECT_EQ(format.decode(1), format.smallest);
  EXPECT_EQ(format.decode(uint16_t(format.infinity - 1)), format.largest);
  EXPECT_EQ(format.encode(HUGE_VAL), format.infinity);
  EXPECT_EQ(format.encode(-HUGE_VAL), format.infinity | 0x8000);
  // Half a unit above the largest value rounds to infinity, less does not.
  double below = format.decode(uint16_t(format.infinity - 2));
  double limit = format.largest + (format.largest - below) / 2;
  EXPECT_EQ(format.encode(limit), format.infinity);
  EXPECT_EQ(format.encode(std::nextafter(limit, 0)), format.infinity - 1);
  EXPECT_EQ(format.encode(std::numeric_limits<double>::max()), format.infinity);
  EXPECT_EQ(format.encode(std::numeric_limits<double>::denorm_min()), 0);
  EXPECT_EQ(format.encode(-0.0), 0x8000);
  double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(std::isnan(format.decode(format.encode(nan))));
}

INSTANTIATE_TEST_SUITE_P(Formats, HalfFloatTest, testing::ValuesIn(formats),
                         [](const auto &info) {
                           return std::string(info.param.name);
                         });
