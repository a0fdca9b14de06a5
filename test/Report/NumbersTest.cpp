//===- NumbersTest.cpp - Figures, units and columns -----------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What people read: four figures, the unit of the objective, aligned cells.
//
//===----------------------------------------------------------------------===//

#include "Report/Text/Numbers.h"
#include "Plan/PlanTestSupport.h"
#include "Report/Text/Grid.h"

using namespace conveinsum;
using llvm::StringRef;

TEST(ReportText, Figures) {
  EXPECT_EQ(humanCount(0), "0");
  EXPECT_EQ(humanCount(999), "999");
  EXPECT_EQ(humanCount(1000), "1.000 k");
  EXPECT_EQ(humanCount(174813184), "174.8 M");
  EXPECT_EQ(humanCount(1427592192), "1.428 G");
  EXPECT_EQ(humanCount(999950), "1.000 M");
  EXPECT_EQ(humanCount(Count::powerOfTwo(128) - 1), "3.403e+38");
  EXPECT_EQ(humanCount(Count::powerOfTwo(1000)), "1.072e+301");
  EXPECT_EQ(humanCount(Count::powerOfTwo(5000)), "1.412e+1505");
  EXPECT_EQ(humanBytes(Count::powerOfTwo(5000)), "1.412e+1505 B");
  EXPECT_EQ(humanPicoseconds(Count::powerOfTwo(5000)), "1.41e+1493 s");
  EXPECT_EQ(humanPicoseconds(Count::infinity()), "never");
  EXPECT_EQ(exactly(Count::powerOfTwo(5000)), "1.412e+1505");
  EXPECT_EQ(ratioText(Count::powerOfTwo(5000), 1), "2^5000x");
  EXPECT_EQ(ratioText(Count::powerOfTwo(5000), Count::powerOfTwo(4999)),
            "2.00x");
  EXPECT_EQ(humanBytes(192), "192 B");
  EXPECT_EQ(humanBytes(1024), "1.000 KiB");
  EXPECT_EQ(humanBytes(Count(98 << 20)), "98.00 MiB");
  EXPECT_EQ(humanSeconds(12.34e-6), "12.3 us");
  EXPECT_EQ(humanSeconds(0.0456), "45.60 ms");
  EXPECT_EQ(humanSeconds(1.5), "1.50 s");
  EXPECT_EQ(humanSeconds(1.5e8), "1.50e+08 s");
  EXPECT_EQ(humanPicoseconds(12'340'000), "12.3 us");
  EXPECT_EQ(exactly(999), "999");
  EXPECT_EQ(exactly(1428), "1428 (1.428 k)");
  EXPECT_EQ(shareText(1, 4), "25.0 %");
  EXPECT_EQ(shareText(0, 0), "");
  EXPECT_EQ(ratioText(3, 2), "1.50x");
  EXPECT_EQ(ratioText(300, 2), "150x");
  EXPECT_EQ(ratioText(1, 0), "");
  EXPECT_EQ(columns("\xce\xb1\xce\xb2"), 2u);
}

TEST(ReportText, ValuesHaveTheUnitOfTheirObjective) {
  auto text = [](StringRef objective, Count value) {
    return valueText(*Objective::parse(objective), value);
  };
  EXPECT_EQ(text("flops", 12), "12 MACs");
  EXPECT_EQ(text("write", 2000), "2000 (2.000 k) elements");
  EXPECT_EQ(text("size", 12), "12 elements");
  EXPECT_EQ(text("combo-64", 2000), "2000 (2.000 k)");
  EXPECT_EQ(text("roof-20", 20), "20");
  EXPECT_EQ(text("time", 5'130'000'000), "5.13 ms");
  EXPECT_EQ(text("peak", 4096), "4096 bytes, 4.000 KiB");
  EXPECT_EQ(humanValue(ObjectiveKind::Peak, 4096), "4.000 KiB");
  EXPECT_EQ(humanValue(ObjectiveKind::Time, 1'000'000), "1.0 us");
  EXPECT_EQ(humanValue(ObjectiveKind::Flops, 2000), "2.000 k");
}

//===----------------------------------------------------------------------===//
// Grid
//===----------------------------------------------------------------------===//

static std::string gridText(const Grid &grid, bool rules = false) {
  std::string text;
  llvm::raw_string_ostream os(text);
  grid.print(os, Style{false}, rules);
  return text;
}

TEST(ReportGrid, AlignsByColumnsOfTheScreen) {
  Grid grid({{"a"}, {"number", true}, {"b"}});
  grid.add({"\xce\xb1\xce\xb2\xce\xb3", "1", "x"});
  grid.add({"", "22", ""});
  EXPECT_EQ(gridText(grid), "a    number  b\n"
                            "\xce\xb1\xce\xb2\xce\xb3       1  x\n"
                            "         22\n");
  EXPECT_EQ(grid.width(), 14u);
  EXPECT_TRUE(StringRef(gridText(grid, /*rules=*/true))
                  .starts_with("--------------\na "));
}

TEST(ReportGrid, CutsTheLastColumn) {
  Grid grid({{"key"}, {"text"}});
  grid.add({"k", "0123456789"});
  grid.add({"k", "01"});
  grid.cutLast(13, 3);
  EXPECT_EQ(gridText(grid), "key  text\nk    01234...\nk    01\n");
  EXPECT_EQ(grid.width(), 13u);
  grid.cutLast(2, 6);
  EXPECT_EQ(gridText(grid), "key  text\nk    012...\nk    01\n");
}

TEST(ReportGrid, NeverCutsALetterInTwo) {
  EXPECT_EQ(cutText("\xce\xb1\xce\xb2\xce\xb3\xce\xb4\xce\xb5", 4),
            "\xce\xb1...");
  EXPECT_EQ(cutText("abc", 3), "abc");
  EXPECT_EQ(cutText("abcd", 3), "...");
}
