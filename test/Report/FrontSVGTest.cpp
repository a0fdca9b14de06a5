//===- FrontSVGTest.cpp - Drawings of fronts ------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Drawings are read back: every point and label is there, within the drawing,
// and labels hide neither points nor each other.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Report/FrontSVG.h"
#include "Plan/Training/TrainingTestSupport.h"
#include "Report/Drawing/LabelPlacer.h"
#include "Report/Drawing/SVGText.h"
#include "Report/Drawing/Scales.h"
#include "Report/Text/Numbers.h"
#include "SVGTestSupport.h"
#include <limits>
#include <regex>

using namespace conveinsum;
using llvm::StringRef;

static std::string svgOf(llvm::ArrayRef<TrainingPoint> front,
                         const FrontLabels &labels = {}) {
  std::string text;
  llvm::raw_string_ostream os(text);
  printFrontSVG(front, labels, os);
  return text;
}

/// A front of two trees over three operands; every point keeps more.
static std::vector<TrainingPoint>
madeFront(const std::vector<std::pair<Count, Count>> &points) {
  std::vector<TrainingPoint> front;
  for (auto [kept, macs] : points) {
    TrainingPoint point;
    point.kept = kept;
    point.macs = macs;
    unsigned last = front.size() % 2 ? 1 : 2;
    point.tree = ContractionTree(3, {{0, 3 - last}, {3, last}});
    bool isLast = front.size() + 1 == points.size();
    (isLast ? point.keptValues : point.recomputedValues) = {3};
    front.push_back(std::move(point));
  }
  return front;
}

/// Falls ever slower, like most fronts.
static std::vector<TrainingPoint> longFront(unsigned size) {
  std::vector<std::pair<Count, Count>> points;
  for (unsigned index = 0; index < size; ++index)
    points.push_back({Count(index) * index * 1000,
                      1'000'000'000 + 200'000'000 / (index + 1)});
  return madeFront(points);
}

namespace {
struct DrawnLabel {
  PixelBox box;
  std::string text;
};
struct Drawing {
  std::vector<DrawnLabel> labels;
  std::vector<std::pair<double, double>> dots;
};
} // namespace

/// Labels, and dots with a tooltip.
static Drawing readDrawing(const std::string &svg) {
  static const std::regex label("<text x=\"([-.0-9]+)\" y=\"([-.0-9]+)\" "
                                "class=\"label( end)?( strong)?\">([^<]*)<");
  static const std::regex dot("<circle class=\"dot [a-z]+\" cx=\"([-.0-9]+)\" "
                              "cy=\"([-.0-9]+)\" r=\"[.0-9]+\"><title>");
  Drawing drawing;
  std::sregex_iterator end;
  for (std::sregex_iterator at(svg.begin(), svg.end(), label); at != end;
       ++at) {
    std::string text = (*at)[5];
    double x = std::stod((*at)[1]), y = std::stod((*at)[2]);
    double width = 7 * columns(text), left = (*at)[3].matched ? x - width : x;
    drawing.labels.push_back({{left, y - 10, left + width, y + 2}, text});
  }
  for (std::sregex_iterator at(svg.begin(), svg.end(), dot); at != end; ++at)
    drawing.dots.push_back({std::stod((*at)[1]), std::stod((*at)[2])});
  return drawing;
}

static void expectReadable(llvm::ArrayRef<TrainingPoint> front,
                           const FrontLabels &labels = {}) {
  std::string svg = svgOf(front, labels);
  EXPECT_TRUE(elementsOf(svg).has_value()) << svg;
  EXPECT_EQ(svg, svgOf(front, labels));
  EXPECT_FALSE(StringRef(svg).contains("nan"));
  EXPECT_FALSE(StringRef(svg).contains("inf\""));
  Drawing drawing = readDrawing(svg);
  ASSERT_EQ(drawing.dots.size(), front.size());
  for (auto [x, y] : drawing.dots) {
    EXPECT_TRUE(x >= 84 && x <= 880 - 104) << x;
    EXPECT_TRUE(y >= 0 && y <= 600) << y;
  }
  for (const DrawnLabel &label : drawing.labels) {
    EXPECT_GE(label.box.left, 84) << label.text;
    EXPECT_LE(label.box.right, 880 - 104) << label.text;
    for (auto [x, y] : drawing.dots)
      EXPECT_FALSE(label.box.overlaps({x - 2, y - 2, x + 2, y + 2}))
          << label.text;
    for (const DrawnLabel &other : drawing.labels)
      EXPECT_TRUE(&label == &other || !label.box.overlaps(other.box))
          << label.text << " and " << other.text;
  }
}

static bool hasLabel(const std::string &svg, StringRef text) {
  return llvm::any_of(readDrawing(svg).labels, [&](const DrawnLabel &label) {
    return label.text == text;
  });
}

//===----------------------------------------------------------------------===//
// Fronts
//===----------------------------------------------------------------------===//

TEST(FrontReport, LabelsTheEndsTheKneeAndThePickedPoint) {
  auto front = madeFront(
      {{0, 1180}, {256, 1100}, {512, 1010}, {1024, 1005}, {4096, 1000}});
  front.back().recomputedValues.clear();
  std::string svg = svgOf(front);
  EXPECT_TRUE(hasLabel(svg, "keep nothing: 1.180x")) << svg;
  EXPECT_TRUE(hasLabel(svg, "recompute nothing: 16 KiB, 1x")) << svg;
  EXPECT_TRUE(hasLabel(svg, "knee: 2 KiB, 1.010x")) << svg;
  EXPECT_EQ(readDrawing(svg).labels.size(), 3u);

  FrontLabels labels;
  labels.picked = 3;
  svg = svgOf(front, labels);
  EXPECT_TRUE(hasLabel(svg, "picked: 4 KiB, 1.005x")) << svg;
  labels.picked = 0;
  labels.dtype = ElementType::F64;
  svg = svgOf(front, labels);
  EXPECT_TRUE(hasLabel(svg, "picked, keep nothing: 1.180x")) << svg;
  EXPECT_TRUE(hasLabel(svg, "recompute nothing: 32 KiB, 1x")) << svg;
  EXPECT_EQ(StringRef(svg).count("class=\"pick\""), 1u);
  labels.picked = front.size();
  EXPECT_EQ(StringRef(svgOf(front, labels)).count("class=\"pick\""), 0u);
}

TEST(FrontReport, ShowsBytesRatiosAndMacsOnTheAxes) {
  std::string svg = svgOf(madeFront({{0, 1'180'000}, {1 << 20, 1'000'000}}));
  for (StringRef tick : {">0<", ">1 MiB<", ">4 MiB<", ">1.05x<", ">1.000 M<",
                         ">1.150 M<", ">2 points, 2 trees<"})
    EXPECT_TRUE(StringRef(svg).contains(tick)) << tick.str() << svg;
  // Ratios have as many digits as tell the points apart.
  svg = svgOf(madeFront({{0, 10'000'300}, {7, 10'000'000}}));
  EXPECT_TRUE(StringRef(svg).contains(">1.000010x<")) << svg;
  EXPECT_TRUE(hasLabel(svg, "keep nothing: 1.0000300x")) << svg;
}

TEST(FrontReport, TooltipsTellWhatIsKept) {
  auto front = madeFront({{0, 1180}, {256, 1000}});
  front[1].forwardPeak = 2048;
  front[1].backwardPeak = 3072;
  std::string svg = svgOf(front);
  EXPECT_TRUE(StringRef(svg).contains(
      "<title>kept 1.000 KiB, 256 elements: {0,2}&#10;1000 (1.000 k) MACs, "
      "1x&#10;recomputed: nothing&#10;tree ((0,2),1)&#10;peak forward "
      "2.000 KiB, backward 3.000 KiB</title>"))
      << svg;
  EXPECT_TRUE(StringRef(svg).contains("recomputed: {0,1}&#10;")) << svg;
}

TEST(FrontReport, FewAndManyPointsAreReadable) {
  expectReadable({});
  for (unsigned size : {1u, 2u, 3u, 7u, 48u, 500u}) {
    SCOPED_TRACE(size);
    auto front = longFront(size);
    expectReadable(front);
    for (size_t picked : {0u, size / 3, size / 2, size - 1}) {
      FrontLabels labels;
      labels.picked = picked;
      expectReadable(front, labels);
    }
  }
  std::string one = svgOf(madeFront({{0, 12}}));
  EXPECT_TRUE(hasLabel(one, "keep nothing, recompute nothing: 1x") ||
              hasLabel(one, "keep nothing: 1x"))
      << one;
}

TEST(FrontReport, ExtremeNumbersAreReadable) {
  Count huge = Count::powerOfTwo(128) - 1, beyond = Count::powerOfTwo(2000);
  expectReadable(madeFront({{0, 0}}));
  expectReadable(madeFront({{0, beyond}, {beyond, beyond - 1}}));
  expectReadable(madeFront({{0, beyond}, {beyond, 1}}));
  expectReadable(madeFront({{5, 7}}));
  expectReadable(madeFront({{0, huge}, {huge, huge - 1}}));
  expectReadable(madeFront({{0, huge}, {1, huge / 3}, {2, 1}}));
  expectReadable(madeFront({{0, 3}, {1, 2}, {huge, 0}}));
}

TEST(FrontReport, FrontsOfRandomNetworksAreReadable) {
  SplitMix64 random(11);
  for (uint64_t seed = 0; seed < 60; ++seed) {
    Equation equation = randomNetwork(seed, 6);
    PlanGoal goal = randomTrainingGoal(random, equation.numOperands());
    TrainingFront front = jointFrontOf(equation, goal);
    FrontLabels labels{"random", equation.text(), goal.dtype, std::nullopt};
    if (random.oneIn(2))
      labels.picked = random.between(0, int64_t(front.points.size()) - 1);
    expectReadable(front.points, labels);
  }
}

TEST(FrontReport, CutsAndEscapesText) {
  FrontLabels labels;
  labels.title = "<&\"\x01\xff" + std::string(300, 'x');
  labels.subtitle = std::string(400, '<') + "end";
  std::string svg = svgOf(longFront(3), labels);
  EXPECT_TRUE(elementsOf(svg).has_value()) << svg;
  EXPECT_TRUE(
      StringRef(svg).contains("&lt;&amp;&quot;\xef\xbf\xbd\xef\xbf\xbd"));
  EXPECT_TRUE(StringRef(svg).contains("&lt;\xe2\x80\xa6</text>"));
  EXPECT_FALSE(StringRef(svg).contains("end</text>"));
}

//===----------------------------------------------------------------------===//
// Parts
//===----------------------------------------------------------------------===//

TEST(SVGText, EscapesWhatXmlForbids) {
  EXPECT_EQ(escapeXML("a<b> & \"c\"\n\t\x01"),
            "a&lt;b&gt; &amp; &quot;c&quot;&#10; \xef\xbf\xbd");
  // No UTF-8: a lone byte, a surrogate, a character cut off.
  EXPECT_EQ(escapeXML("\xff"), "\xef\xbf\xbd");
  EXPECT_FALSE(StringRef(escapeXML("\xed\xa0\x80")).contains("\xed"));
  EXPECT_EQ(escapeXML("\xc3"), "\xef\xbf\xbd");
  EXPECT_EQ(escapeXML("\xc3\xa4"), "\xc3\xa4");
}

TEST(SVGText, ShortensByWholeCharacters) {
  EXPECT_EQ(shortened("abc", 3), "abc");
  EXPECT_EQ(shortened("abcd", 3), "ab\xe2\x80\xa6");
  EXPECT_EQ(shortened("\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f", 3),
            "\xc3\xa4\xc3\xb6\xe2\x80\xa6");
}

TEST(SVGText, WrapsBehindBlanksAndCommas) {
  using Lines = std::vector<std::string>;
  EXPECT_EQ(wrapped("", 10, 2), Lines());
  EXPECT_EQ(wrapped("ij,jk->ik", 10, 2), Lines{"ij,jk->ik"});
  EXPECT_EQ(wrapped("ijkl,jkl->il", 10, 2), (Lines{"ijkl,jkl->", "il"}));
  EXPECT_EQ(wrapped("abcdefg hijk", 10, 2), (Lines{"abcdefg", "hijk"}));
  EXPECT_EQ(wrapped("a,bcdefghijklm", 10, 2), (Lines{"a,bcdefghi", "jklm"}));
  EXPECT_EQ(wrapped("aaaaaa,bbbbbbbbbb,c", 10, 2),
            (Lines{"aaaaaa,", "bbbbbbbbb\xe2\x80\xa6"}));
}

TEST(FrontScales, BytesAreLinearUnlessPointsCrowdNearZero) {
  ByteScale linear({0, 1 << 20, 3 << 20, 5 << 20});
  EXPECT_FALSE(linear.isLogarithmic());
  EXPECT_EQ(linear.part(5 << 20), 1);
  EXPECT_EQ(linear.part(0), 0);
  EXPECT_EQ(linear.ticks().size(), 6u);
  EXPECT_TRUE(linear.ticks().back() == 5 << 20);

  ByteScale crowded({0, 100, 300, 1 << 20});
  EXPECT_TRUE(crowded.isLogarithmic());
  EXPECT_EQ(crowded.part(1 << 20), 1);
  EXPECT_EQ(crowded.part(0), 0);
  double before = 0;
  for (Count bytes = 64; bytes <= 1 << 20; bytes += 1) {
    double part = crowded.part(bytes);
    ASSERT_GT(part, before) << toString(bytes);
    before = part;
  }
  std::vector<Count> ticks = crowded.ticks();
  EXPECT_LE(ticks.size(), 8u);
  EXPECT_TRUE(ticks[0] == 0 && ticks[1] <= 100 && ticks.back() <= 1 << 20);
  for (Count power : llvm::drop_begin(ticks))
    EXPECT_EQ(power, Count::powerOfTwo(power.bitWidth() - 1));
}

TEST(FrontScales, RatiosHaveAFewRoundTicks) {
  for (double length = 1e-7; length < 1e5; length *= 1.7) {
    RatioTicks ticks(length);
    EXPECT_LE(length / ticks.step, 6.0001);
    EXPECT_GE(length / ticks.step, 2.3);
    // The text says it all.
    double shown = std::stod(ticks.text(ticks.step));
    EXPECT_NEAR(shown / ticks.step, 1, 1e-9) << ticks.text(ticks.step);
  }
}

TEST(FrontScales, ShortBytes) {
  EXPECT_EQ(shortBytes(0), "0");
  EXPECT_EQ(shortBytes(100), "100 B");
  EXPECT_EQ(shortBytes(16 << 10), "16 KiB");
  EXPECT_EQ(shortBytes(22478848), "21.44 MiB");
}

TEST(LabelPlacer, GoesAwayFromWhatIsThere) {
  LabelPlacer placer({0, 0, 200, 100});
  auto first = placer.place(50, 60, 60, /*prefersBelow=*/false);
  ASSERT_TRUE(first);
  EXPECT_FALSE(first->isBelow || first->needsLeader);
  EXPECT_GT(first->box.left, 50);
  EXPECT_LT(first->box.bottom, 60);
  // The same place is taken, below it there is no room to the left.
  auto second = placer.place(50, 60, 60, /*prefersBelow=*/true);
  ASSERT_TRUE(second);
  EXPECT_TRUE(second->needsLeader);
  EXPECT_FALSE(second->box.overlaps(first->box));
  // At the right there is room below only, and none for a long label.
  auto third = placer.place(190, 50, 60, /*prefersBelow=*/false);
  ASSERT_TRUE(third);
  EXPECT_TRUE(third->isBelow);
  EXPECT_FALSE(placer.place(190, 50, 300, false));
}
