//===- TableWidthTest.cpp - Tables that fit the screen --------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lines keep within the width, rows and points within their numbers, and what
// is left out is counted.
//
//===----------------------------------------------------------------------===//

#include "ReportTestSupport.h"
#include "conveinsum/Report/TrainingReport.h"
#include "gtest/gtest.h"

using namespace conveinsum;
using llvm::StringRef;

static void expectWithin(StringRef table, unsigned width) {
  llvm::SmallVector<StringRef> lines;
  table.split(lines, '\n');
  for (StringRef line : lines) {
    EXPECT_LE(columns(line), width) << line.str() << "\n" << table.str();
    EXPECT_EQ(line, line.rtrim()) << "blanks at the end";
  }
}

TEST(TableWidth, RandomTablesFit) {
  unsigned width = TableOptions::kLeastWidth;
  forRandomGoals([&](const Equation &equation, const ContractionTree &first,
                     const ContractionTree &second, const PlanGoal &goal) {
    width = width < 180 ? width + 7 : TableOptions::kLeastWidth;
    PlanReport report = pinnedReport(equation.text(), equation, first, goal);
    report.comparison =
        compareTrees(report, pinnedReport("", equation, second, goal).plan);
    expectWithin(tableOf(report, /*color=*/false, width), width);
  });
}

/// A chain of `operands` matrices, of which the one in the middle is costly.
static Equation longChain(unsigned operands, std::string &text) {
  std::vector<Shape> shapes;
  for (unsigned k = 0; k < operands; ++k) {
    text += (k ? ",(mode" : "(mode") + std::to_string(k) + ")(mode" +
            std::to_string(k + 1) + ")";
    shapes.push_back(
        {k == operands / 2 ? 64 : 2, k + 1 == operands / 2 ? 64 : 2});
  }
  text += "->(mode0)(mode" + std::to_string(operands) + ")";
  return makeEquation(text, shapes);
}

TEST(TableWidth, ALongNetworkIsThinned) {
  std::string text;
  Equation equation = longChain(1000, text);
  PlanReport report = pinnedReport(
      text, equation, ContractionTree::leftToRight(1000), PlanGoal());
  std::string table = tableOf(report, /*color=*/false, 80);
  expectWithin(table, 80);
  EXPECT_LT(StringRef(table).count('\n'), 80u);
  EXPECT_TRUE(contains(table, "\nand 967 cheaper steps, ")) << table;
  EXPECT_TRUE(contains(table, "% of all; --rows=N shows more, --json all\n"));
  // Operands 499 and 500 share the long mode: the step that sums it is there.
  EXPECT_TRUE(contains(table, "\n1498,500->1499 ")) << table;
  EXPECT_TRUE(contains(table, "..."));
  EXPECT_FALSE(contains(table, "(mod...")) << "no name is cut in two";
}

/// A front of `count` points with a knee.
static TrainingReport frontOf(unsigned count) {
  TrainingReport report;
  report.text = "bsh,rs,rh->brh|h";
  report.equation = layer();
  for (unsigned k = 0; k < count; ++k) {
    TrainingPoint &point = report.front.points.emplace_back();
    point.kept = 10 * k;
    point.macs = 1000 + (k < count / 4 ? 30 * (count / 4 - k) : 0) + count - k;
    point.tree = ContractionTree::leftToRight(3);
  }
  return report;
}

TEST(TableWidth, FrontsKeepTheirShape) {
  TrainingReport report = frontOf(100);
  EXPECT_EQ(report.pointsOfShape(2), (std::vector<unsigned>{0, 99}));
  EXPECT_EQ(report.pointsOfShape(3), (std::vector<unsigned>{0, 25, 99}))
      << "both ends and the knee";
  report.picked = 60;
  report.limit = 4096;
  EXPECT_EQ(report.pointsOfShape(4), (std::vector<unsigned>{0, 25, 60, 99}));
  EXPECT_EQ(report.pointsOfShape(1000).size(), 100u);

  TableOptions options;
  options.rows = 12;
  options.width = 70;
  std::string table;
  llvm::raw_string_ostream os(table);
  printTable(report, os, options);
  expectWithin(table, 70);
  EXPECT_TRUE(contains(table, "\nand 88 points between them; --points=N shows "
                              "more, --json all\n"))
      << table;

  llvm::json::Object all = toJSON(report), some = toJSON(report, 4);
  EXPECT_EQ(all.getArray("front")->size(), 100u);
  EXPECT_EQ(all.get("left_out"), nullptr);
  EXPECT_EQ(some.getArray("front")->size(), 4u);
  EXPECT_EQ(some.getInteger("left_out"), 96);
}

TEST(TableWidth, AFrontOfOnePoint) {
  EXPECT_EQ(frontOf(1).pointsOfShape(24), std::vector<unsigned>{0});
}
