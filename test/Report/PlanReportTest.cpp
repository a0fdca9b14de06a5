//===- PlanReportTest.cpp - Table, JSON, DOT and SVG ----------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The JSON is compared with the example of docs/Cli.md, the drawings are
// checked to be well formed and complete, the table to carry the figures.
//
//===----------------------------------------------------------------------===//

#include "ReportTestSupport.h"
#include "SVGTestSupport.h"
#include "conveinsum/Equation/JsonObject.h"
#include "llvm/ADT/StringExtras.h"

using namespace conveinsum;
using llvm::StringRef;
namespace json = llvm::json;

static PlanReport reportOf(StringRef text, const std::vector<Shape> &shapes,
                           PlannerKind planner = PlannerKind::Exact) {
  Equation equation = makeEquation(text, shapes);
  return reportOf(text, equation, planOf(equation, planner));
}

/// A CP layer of ResNet size.
static PlanReport layerReport() {
  return reportOf("bshw,rt,rs,rh,rw->bthw|hw",
                  {{32, 64, 56, 56}, {13, 64}, {13, 64}, {13, 3}, {13, 3}});
}

//===----------------------------------------------------------------------===//
// JSON
//===----------------------------------------------------------------------===//

/// Whether `actual` has all that `expected` has; objects may have more keys.
static bool covers(const json::Value &actual, const json::Value &expected) {
  if (const json::Object *object = expected.getAsObject())
    return actual.getAsObject() && llvm::all_of(*object, [&](auto &entry) {
             const json::Value *value = actual.getAsObject()->get(entry.first);
             return value && covers(*value, entry.second);
           });
  const json::Array *array = expected.getAsArray();
  if (!array)
    return actual == expected;
  const json::Array *values = actual.getAsArray();
  return values && values->size() == array->size() &&
         llvm::all_of(llvm::zip_equal(*values, *array), [](auto pair) {
           return covers(std::get<0>(pair), std::get<1>(pair));
         });
}

TEST(ReportJSON, ExampleOfTheCommandLineManual) {
  auto expected = json::parse(R"json({
    "name": null, "equation": "bsh,rs,rh->brh|h",
    "shapes": [[2,4,8],[3,4],[3,3]], "result_shape": [2,3,8],
    "path": [[0,1],[0,1]], "ssa_path": [[0,1],[3,2]], "tree": [[0,1],2],
    "macs": {"exact": 324, "dense": 336}, "largest_intermediate": 48,
    "written": 96, "proof": "optimal",
    "steps": [
      {"inputs": [0,1], "result": 3, "equation": "bsh,rs->brh",
       "kind": "contraction", "macs": {"exact": 192, "dense": 192},
       "shape": [2,3,8]},
      {"inputs": [3,2], "result": 4, "equation": "brh,rh->brh|h",
       "kind": "depthwise", "macs": {"exact": 132, "dense": 144},
       "shape": [2,3,8]}]})json");
  ASSERT_TRUE(bool(expected));
  json::Object object =
      toJSON(reportOf("bsh,rs,rh->brh|h", {{2, 4, 8}, {3, 4}, {3, 3}}));
  auto seconds = object.getNumber("planning_seconds");
  ASSERT_TRUE(seconds.has_value());
  EXPECT_GE(*seconds, 0.0);
  for (const auto &[key, value] : *expected->getAsObject()) {
    const json::Value *actual = object.get(key);
    ASSERT_TRUE(actual) << key.str();
    std::string text;
    llvm::raw_string_ostream(text) << key << ": " << *actual;
    EXPECT_TRUE(covers(*actual, value)) << text;
  }
}

TEST(ReportJSON, OneOperandHasNoSteps) {
  json::Object object = toJSON(reportOf("iij->j", {{3, 3, 4}}));
  json::Value empty = json::Array{};
  for (StringRef key : {"path", "ssa_path", "steps"})
    EXPECT_TRUE(*object.get(key) == empty) << key.str();
  EXPECT_EQ(object.getInteger("tree"), 0);
  for (StringRef key : {"largest_intermediate", "written"})
    EXPECT_EQ(object.getInteger(key), 0) << key.str();
  EXPECT_EQ(object.getObject("macs")->getInteger("exact"), 0);
  EXPECT_EQ(object.getObject("macs")->getInteger("dense"), 0);
}

TEST(ReportJSON, ShapesFollowTheStepsEquation) {
  PlanReport report = layerReport();
  json::Object object = toJSON(report);
  const json::Array &steps = *object.getArray("steps");
  ASSERT_EQ(steps.size(), 4u);
  for (auto [index, value] : llvm::enumerate(steps)) {
    const json::Object &step = *value.getAsObject();
    std::string text = step.getString("equation")->str();
    StringRef result = StringRef(text).split("->").second.split('|').first;
    const json::Array &shape = *step.getArray("shape");
    ASSERT_EQ(shape.size(), result.size());
    const PlannedStep &planned = report.cost.steps[index];
    for (unsigned at = 0; at < shape.size(); ++at) {
      ModeId mode = planned.modes[at];
      EXPECT_EQ(report.equation.label(mode), result.substr(at, 1));
      EXPECT_EQ(*shape[at].getAsInteger(), planned.shape[at]);
    }
  }
}

TEST(ReportJSON, KeepsTheTextAndTheName) {
  PlanReport report = reportOf(" ij , jk -> ik", {{2, 3}, {3, 4}});
  report.name = "two";
  json::Object object = toJSON(report);
  EXPECT_EQ(object.getString("equation"), " ij , jk -> ik");
  EXPECT_EQ(object.getString("name"), "two");
}

TEST(ReportJSON, LargeCountsAreStrings) {
  Count limit = Count::powerOfTwo(53);
  EXPECT_TRUE(toJSON(limit) == json::Value(int64_t(9007199254740992)));
  EXPECT_TRUE(toJSON(limit + 1) == json::Value("9007199254740993"));
  EXPECT_TRUE(toJSON(Count::powerOfTwo(128) - 1) ==
              json::Value("340282366920938463463374607431768211455"));
  EXPECT_TRUE(toJSON(Count(0)) == json::Value(0));
  EXPECT_TRUE(toJSON(Count::powerOfTwo(4096)) == json::Value(nullptr));
  EXPECT_TRUE(exactJSON(Count::powerOfTwo(4096)) ==
              json::Value(toString(Count::powerOfTwo(4096))));
}

TEST(ReportJSON, TreeIsNestedAsThePlanIs) {
  PlanReport report =
      reportOf("ij,jk,kl,lm->im", {{2, 9}, {9, 3}, {3, 9}, {9, 2}});
  std::string text;
  llvm::raw_string_ostream(text) << *toJSON(report).get("tree");
  EXPECT_EQ(text, "[[0,1],[2,3]]");
}

//===----------------------------------------------------------------------===//
// Table
//===----------------------------------------------------------------------===//

TEST(ReportTable, CarriesTheFigures) {
  PlanReport report = layerReport();
  std::string table = tableOf(report);
  // corpus.json, r34i_l1_cp_cr005: dense counts of the plan, and what is lost.
  EXPECT_EQ(toString(report.cost.denseMacs), "174813184");
  for (StringRef part :
       {"Complete contraction:  bshw,rt,rs,rh,rw->bthw|hw",
        "32x64x56x56, 13x64, 13x64, 13x3, 13x3 -> 32x64x56x56 (f32)",
        "Dense MAC count:  174813184 (174.8 M)",
        "Naive, left to right:", "Rebuild, then convolve:", "x the plan",
        "Largest intermediate:", "optimal, planned in", "Tree:", "depthwise",
        "contraction", "MACs/B", "dense MACs", "remaining",
        "Minimised:  MACs = 174720000 (174.7 M)\n", "Peak memory:",
        "Predicted time:", "in cache on the target 'cpu', bound by", "moved"})
    EXPECT_TRUE(contains(table, part)) << part.str() << "\n" << table;
  EXPECT_TRUE(contains(table, toString(report.cost.exactMacs)));
  for (const PlannedStep &step : report.cost.steps)
    EXPECT_TRUE(contains(table, step.equation.text())) << table;
  // The last step leaves the result alone.
  EXPECT_TRUE(contains(table, "  bthw->bthw\n")) << table;
  llvm::SmallVector<StringRef> lines;
  StringRef(table).split(lines, '\n');
  for (StringRef line : lines) {
    EXPECT_LE(columns(line), 200u) << line.str();
    EXPECT_EQ(line, line.rtrim()) << "blanks at the end";
  }
}

TEST(ReportTable, RemainingEquationsKeepOpenConvModes) {
  std::string table =
      tableOf(reportOf("bsh,rs,rh->brh|h", {{2, 4, 8}, {3, 4}, {3, 3}}));
  EXPECT_TRUE(contains(table, "rh,brh->brh|h\n")) << table;
  EXPECT_TRUE(contains(table, "brh->brh\n")) << table;
}

TEST(ReportTable, ScalingCountsLoops) {
  // Step 0 runs over b, s, h, r; step 1 over b, r and the h of both sides; the
  // definition over b, s, r and both h.
  std::string table =
      tableOf(reportOf("bsh,rs,rh->brh|h", {{2, 4, 8}, {3, 4}, {3, 3}}));
  EXPECT_TRUE(contains(table, "Naive scaling:  5\n")) << table;
  EXPECT_TRUE(contains(table, "Optimized scaling:  4\n")) << table;
}

TEST(ReportTable, ColorsOnlyIfAsked) {
  PlanReport report = layerReport();
  EXPECT_FALSE(contains(tableOf(report), "\033"));
  std::string colored = tableOf(report, /*color=*/true);
  EXPECT_TRUE(contains(colored, "\033[1m"));
  // Without the escapes it is the same table.
  std::string plain;
  for (size_t at = 0; at < colored.size(); ++at) {
    if (colored[at] == '\033')
      at = colored.find('m', at);
    else
      plain += colored[at];
  }
  EXPECT_EQ(plain, tableOf(report));
}

TEST(ReportTable, OneOperandAndUnplannedComparisons) {
  std::string table = tableOf(reportOf("iij->j", {{3, 3, 4}}));
  EXPECT_TRUE(contains(table, "Exact MAC count:  0\n")) << table;
  EXPECT_FALSE(contains(table, "step")) << table;
  EXPECT_FALSE(contains(table, "kind")) << table;
  PlanReport report = layerReport();
  report.rebuild.reset();
  EXPECT_FALSE(contains(tableOf(report), "Rebuild"));
}

//===----------------------------------------------------------------------===//
// Drawings
//===----------------------------------------------------------------------===//

static std::string svgOf(const PlanReport &report) {
  std::string text;
  llvm::raw_string_ostream os(text);
  printSVG(report, os);
  return text;
}

TEST(ReportSVG, TheCheckFindsFaults) {
  EXPECT_EQ(elementsOf("<a><b x=\"1\"/>t &lt; u</a>"), 2u);
  for (StringRef bad : {"<a>", "<a></b>", "<a/><b/>", "<a>&b</a>", "<a x=\"/>",
                        "</a>", "<a<b/></a>"})
    EXPECT_EQ(elementsOf(bad), std::nullopt) << bad.str();
}

TEST(ReportSVG, IsWellFormedAndComplete) {
  PlanReport report = layerReport();
  std::string svg = svgOf(report);
  EXPECT_TRUE(
      StringRef(svg).starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
  // svg, title, style, background, head, note; 5 operands of a group, a
  // tooltip, a box and three texts; 4 steps with two bars besides; 8 lines.
  EXPECT_EQ(elementsOf(svg), 6u + 5 * 6 + 4 * 8 + 8);
  EXPECT_TRUE(contains(svg, "32x64x56x56"));
  EXPECT_TRUE(contains(svg, "operand 4"));
  EXPECT_EQ(StringRef(svg).count(" MACs per byte</title>"), 4u);
  EXPECT_EQ(StringRef(svg).count("<g><title>operand "), 5u);
  for (const PlannedStep &step : report.cost.steps) {
    EXPECT_TRUE(contains(svg, name(step.kind)));
    std::string text = step.equation.text();
    EXPECT_TRUE(contains(svg, StringRef(text).split("->").first)) << text;
  }
}

TEST(ReportSVG, EscapesTextAndDropsWhatXmlForbids) {
  PlanReport report = reportOf("ij,i->j", {{2, 3}, {2}});
  report.name = "a<b> & \"c\"\x01\xef\xbf\xbe";
  std::string svg = svgOf(report);
  EXPECT_TRUE(elementsOf(svg).has_value()) << svg;
  EXPECT_TRUE(contains(svg, "a&lt;b&gt; &amp; &quot;c&quot;\xef\xbf\xbd"));
  EXPECT_FALSE(contains(svg, "\xef\xbf\xbe"));
  EXPECT_TRUE(contains(svg, "-&gt;"));
}

TEST(ReportSVG, OneOperand) {
  EXPECT_EQ(elementsOf(svgOf(reportOf("iij->j", {{3, 3, 4}}))), 6u + 6);
}

TEST(ReportDOT, NamesEveryValueAndEdge) {
  PlanReport report = layerReport();
  report.text = "say \"x\" \\";
  std::string dot;
  llvm::raw_string_ostream os(dot);
  printDOT(report, os);
  EXPECT_TRUE(contains(dot, "label=\"say \\\"x\\\" \\\\\\n"));
  EXPECT_EQ(StringRef(dot).count(" -> v"), 8u);
  for (unsigned value = 0; value < 9; ++value)
    EXPECT_TRUE(contains(dot, "  v" + std::to_string(value) + " [label=\""));
  EXPECT_EQ(StringRef(dot).count('{'), StringRef(dot).count('}'));
  EXPECT_TRUE(contains(dot, "\\nMACs = 174.7 M, predicted "));
  EXPECT_EQ(StringRef(dot).count(" MACs per byte\"];"), 4u);
}
