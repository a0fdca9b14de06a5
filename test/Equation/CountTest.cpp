//===- CountTest.cpp ------------------------------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Counts of any size. Where a count is in place and where it is on the heap,
// the laws of arithmetic are the same.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Equation/Count.h"
#include "conveinsum/Equation/CountProduct.h"
#include "gtest/gtest.h"
#include <cmath>
#include <random>

using namespace conveinsum;

namespace {

/// Numbers of every length up to 400 bits, and those at the ends of a word, of
/// two words and of doubles.
class Numbers {
public:
  Count next() {
    if (random() % 8 == 0)
      return Count::powerOfTwo(64 * (1 + random() % 3)) - random() % 2;
    Count number = 0;
    for (unsigned words = random() % 7; words > 0; --words)
      number = number * Count::powerOfTwo(64) + random();
    return number / Count::powerOfTwo(random() % 64);
  }

private:
  std::mt19937_64 random{7};
};

TEST(Count, Literals) {
  EXPECT_EQ(toString(Count()), "0");
  EXPECT_EQ(toString(~Count::Small(0)),
            "340282366920938463463374607431768211455");
  EXPECT_EQ(toString(Count(~Count::Small(0)) + 1),
            "340282366920938463463374607431768211456");
  EXPECT_EQ(toString(Count::powerOfTwo(200)),
            "1606938044258990275541962092341162602522202993782792835301376");
  EXPECT_EQ(toString(Count::infinity()), "infinity");
}

TEST(Count, IsARing) {
  Numbers numbers;
  for (unsigned trial = 0; trial < 5000; ++trial) {
    Count a = numbers.next(), b = numbers.next(), c = numbers.next();
    ASSERT_EQ(a + b, b + a);
    ASSERT_EQ(a + b + c, a + (b + c));
    ASSERT_EQ(a * b * c, a * (b * c));
    ASSERT_EQ(a * (b + c), a * b + a * c);
    ASSERT_EQ(a + b - b, a);
    ASSERT_EQ((a + b) * (a + b), a * a + 2 * a * b + b * b);
    ASSERT_TRUE(a + b >= a && (a + b == a) == (b == 0));
    ASSERT_EQ(a < b, !(b <= a));
    ASSERT_EQ(a < b, a + c < b + c);
    if (b != 0) {
      ASSERT_EQ(a / b * b + a % b, a);
      ASSERT_LT(a % b, b);
      ASSERT_EQ(a * b / b, a);
    }
    Count copy = a, moved = std::move(copy);
    ASSERT_EQ(moved, a);
    copy = b;
    copy = moved;
    ASSERT_EQ(copy, a);
  }
}

TEST(Count, AgreesWithLLVMsIntegers) {
  Numbers numbers;
  for (unsigned trial = 0; trial < 2000; ++trial) {
    Count a = numbers.next(), b = numbers.next();
    llvm::APInt x = a.integer().zext(1024), y = b.integer().zext(1024);
    ASSERT_EQ((a + b).integer().zext(1024), x + y);
    ASSERT_EQ((a * b).integer().zext(1024), x * y);
    ASSERT_EQ(a < b, x.ult(y));
    ASSERT_EQ(Count(x), a);
    ASSERT_EQ(a.bitWidth(), x.getActiveBits());
    ASSERT_EQ(a.fitsWord(), x.getActiveBits() <= 64);
  }
}

TEST(Count, NothingIsAboveInfinity) {
  const Count &infinity = Count::infinity();
  Count large = Count::powerOfTwo(500);
  EXPECT_TRUE(large < infinity && infinity == Count(infinity));
  EXPECT_TRUE((infinity + large).isInfinite() &&
              (large * infinity).isInfinite());
  EXPECT_TRUE((infinity - large).isInfinite() &&
              (infinity / large).isInfinite());
  EXPECT_EQ(infinity * 0, Count(0));
  EXPECT_EQ(large / infinity, Count(0));
  EXPECT_EQ(infinity.wordAtMost(5), 5u);
  EXPECT_TRUE(std::isinf(double(infinity)));
  EXPECT_TRUE(Count::fromDouble(HUGE_VAL).isInfinite());
}

TEST(Count, RealNumbers) {
  Numbers numbers;
  for (unsigned trial = 0; trial < 2000; ++trial) {
    Count a = numbers.next() + 1, b = numbers.next() + 1;
    double real = double(a);
    ASSERT_NEAR(real / std::stod(toString(a)), 1, 1e-15);
    ASSERT_NEAR(ratio(a, b) / (real / double(b)), 1, 1e-15);
    ASSERT_NEAR(a.log2(), std::log2(real), 1e-12);
    ASSERT_NEAR(ratio(Count::fromDouble(real), a), 1,
                real < 0x1p53 ? 0 : 2e-16);
  }
  EXPECT_EQ(Count::fromDouble(0x1p200), Count::powerOfTwo(200));
  EXPECT_EQ(Count::fromDouble(3.9), Count(3));
  EXPECT_EQ(Count::powerOfTwo(5000).log2(), 5000);
  EXPECT_TRUE(std::isinf(double(Count::powerOfTwo(5000))));
  EXPECT_EQ(ratio(Count::powerOfTwo(5003), Count::powerOfTwo(5000)), 8);
  EXPECT_TRUE(std::isinf(ratio(Count::powerOfTwo(5000), 1)));
  EXPECT_EQ(ratio(1, Count::powerOfTwo(5000)), 0);
}

TEST(Count, ProductsOfManyFactors) {
  EXPECT_EQ(Count(CountProduct()), Count(1));
  Numbers numbers;
  std::mt19937_64 random(3);
  for (unsigned trial = 0; trial < 300; ++trial) {
    CountProduct product;
    Count expected = 1;
    for (unsigned factors = random() % 100; factors > 0; --factors) {
      // Few are large, and few are zero.
      Count factor = random() % 16 == 0    ? numbers.next()
                     : random() % 512 == 0 ? Count(0)
                                           : Count(1 + random() % 9);
      product *= factor;
      expected *= factor;
      ASSERT_EQ(Count(product), expected);
    }
  }
}

} // namespace
