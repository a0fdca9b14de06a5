//===- ByteSizeTest.cpp - Sizes in bytes as text --------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Units of both kinds, fractions, and what is no size.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Request/ByteSize.h"
#include "gtest/gtest.h"

using namespace conveinsum;

TEST(ByteSize, Units) {
  EXPECT_EQ(parseByteSize("0"), 0u);
  EXPECT_EQ(parseByteSize("4096"), 4096u);
  EXPECT_EQ(parseByteSize("12B"), 12u);
  EXPECT_EQ(parseByteSize("2K"), 2048u);
  EXPECT_EQ(parseByteSize("2KiB"), 2048u);
  EXPECT_EQ(parseByteSize("2kB"), 2000u);
  EXPECT_EQ(parseByteSize("512 MiB"), uint64_t(512) << 20);
  EXPECT_EQ(parseByteSize("3GB"), 3'000'000'000u);
  EXPECT_EQ(parseByteSize("1T"), uint64_t(1) << 40);
}

TEST(ByteSize, Fractions) {
  EXPECT_EQ(parseByteSize("1.5GB"), 1'500'000'000u);
  EXPECT_EQ(parseByteSize("0.5KiB"), 512u);
  EXPECT_EQ(parseByteSize("1.9B"), 1u);
}

TEST(ByteSize, Refusals) {
  for (llvm::StringRef text :
       {"", "B", "GiB", "-1", "1e3", "much", "1.2.3", "2GiBs", "nan", "inf",
        "18446744073709551616", "18446744073709551615K", "9999999.5T"})
    EXPECT_EQ(parseByteSize(text), std::nullopt) << text.str();
  EXPECT_EQ(parseByteSize("18446744073709551615"), ~uint64_t(0));
}
