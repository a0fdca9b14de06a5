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
  EXPECT_EQ(humanCount(Count::infinity()), "infinity");
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
  grid.print(os, Style(TableOptions()), rules);
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

TEST(ReportGrid, CutsAndLeavesOutWhatMattersLeast) {
  auto made = [] {
    Grid grid({{"key"},
               {"text", false, /*least=*/6, /*rank=*/2},
               {"n", true, 0, /*rank=*/1},
               {"stays", false, /*least=*/5}});
    grid.add({"k", "abcdefghij", "1", "(0,(1,2))"});
    grid.add({"k", "ab", "23", "0"});
    return grid;
  };
  Grid grid = made();
  EXPECT_EQ(grid.width(), 30u);
  grid.fit(30);
  EXPECT_EQ(gridText(grid), "key  text         n  stays\n"
                            "k    abcdefghij   1  (0,(1,2))\n"
                            "k    ab          23  0\n");
  grid.fit(28);
  EXPECT_EQ(gridText(grid), "key  text       n  stays\n"
                            "k    abcde...   1  (0,(1,2))\n"
                            "k    ab        23  0\n");
  grid.fit(25);
  EXPECT_EQ(grid.width(), 18u) << "without the text";
  grid.fit(14);
  EXPECT_EQ(gridText(grid), "key  stays\nk    (0,(1,2))\nk    0\n");
  grid.fit(12);
  EXPECT_EQ(gridText(grid), "key  stays\nk    (0,(...\nk    0\n");
  Grid narrow = made();
  narrow.fit(1);
  EXPECT_EQ(gridText(narrow), "key  stays\nk    (0...\nk    0\n");
}

//===----------------------------------------------------------------------===//
// Lines
//===----------------------------------------------------------------------===//

TEST(ReportLines, AreCutBetweenModesAndOperands) {
  EXPECT_EQ(cutText("bshw,rt,rs->bthw", 10), "bshw,rt...");
  EXPECT_EQ(cutText("(rank)(t),rs->t", 12), "(rank)(t)...");
  EXPECT_EQ(cutText("(t)(rank),rs->t", 8), "(t)...") << "no name is cut in two";
  EXPECT_EQ(cutText("(rank)(t),rs->t", 8), "(rank...")
      << "unless nothing else fits";
  EXPECT_EQ(cutText("batch s h, rank s", 13), "batch s h,...");
  EXPECT_EQ(cutText("((0,12),13)", 8), "((0,...");
  EXPECT_EQ(cutText("32x64x56", 7), "32x...");
  EXPECT_EQ(cutText("ab->c", 6), "ab->c");
  EXPECT_EQ(cutText("abc->d", 7), "abc->d");
  EXPECT_EQ(cutText("abcd->ef", 7), "abcd...") << "no arrow is cut in two";
}

TEST(ReportLines, NeverCutALetterInTwo) {
  EXPECT_EQ(cutText("\xce\xb1\xce\xb2\xce\xb3\xce\xb4\xce\xb5", 4),
            "\xce\xb1...");
  EXPECT_EQ(cutText("abc", 3), "abc");
  EXPECT_EQ(cutText("abcd", 3), "...");
}

/// What `printWrapped` makes of a text behind `label: `.
static std::string wrapped(llvm::StringRef text, unsigned width, unsigned lines,
                           bool color = false) {
  TableOptions options;
  options.width = width;
  options.color = color;
  std::string printed = "label: ";
  llvm::raw_string_ostream os(printed);
  printWrapped(os, Style(options), text, 7, lines);
  return printed;
}

TEST(ReportLines, AreWrapped) {
  EXPECT_EQ(wrapped("ab,cd", 12, 2), "label: ab,cd\n");
  EXPECT_EQ(wrapped("ab,cd,ef->gh", 14, 2), "label: ab,cd,\n       ef->gh\n");
  EXPECT_EQ(wrapped("ab,cd,ef,gh,ij", 14, 2),
            "label: ab,cd,\n       ef,g...\n");
  EXPECT_EQ(wrapped("one two three", 14, 9), "label: one two\n       three\n");
  EXPECT_EQ(wrapped("\033[1mab,cd\033[0m", 12, 1, true),
            "label: \033[1mab,cd\033[0m\n")
      << "escape sequences have no width";
  EXPECT_EQ(wrapped("\033[1mab,cdef\033[0m", 12, 1, true),
            "label: \033[1mab...\033[0m\n")
      << "what is cut ends its colour";
}

TEST(ReportNumbers, LargestValues) {
  EXPECT_EQ(largest({3, 1, 3, 2}, 2),
            (std::vector<bool>{true, false, true, false}));
  EXPECT_EQ(largest({1, 1, 1}, 2), (std::vector<bool>{true, true, false}));
  EXPECT_EQ(largest({5}, 9), (std::vector<bool>{true}));
}

TEST(ReportNumbers, TitlesOfObjectives) {
  EXPECT_EQ(title(Objective()), "MACs");
  EXPECT_EQ(title(Objective(MacCount::Dense)), "dense MACs");
  EXPECT_EQ(title(*Objective::parse("combo-64")), "combo-64");
  EXPECT_EQ(title(Objective(ObjectiveKind::Roof, 4, MacCount::Dense)),
            "roof-4 (dense MACs)");
  EXPECT_EQ(title(Objective(ObjectiveKind::Peak, 0, MacCount::Dense)), "peak");
}
