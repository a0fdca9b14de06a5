//===- MacsTest.cpp - Both counts of every step ---------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The data files fix the counts; closed forms are compared with plain loops.
//
//===----------------------------------------------------------------------===//

#include "Equation/Counting.h"
#include "EquationTestSupport.h"

using namespace conveinsum;

//===----------------------------------------------------------------------===//
// Data files
//===----------------------------------------------------------------------===//

static Equation resolvedCase(const llvm::json::Object &object) {
  Caught caught;
  auto read = Case::fromJSON(object, caught);
  EXPECT_TRUE(read.has_value()) << caught.text();
  auto equation = read ? read->resolve(caught) : std::nullopt;
  EXPECT_TRUE(equation.has_value()) << caught.text();
  return equation ? *equation : Equation::fromParts({{}, {{}}, {}, {{}}, {}});
}

/// Counts along a tree of nested pairs; returns the operands below it.
static OperandSet addTree(const Equation &equation,
                          const llvm::json::Value &tree, MacCount count,
                          Count &total) {
  if (auto operand = tree.getAsInteger())
    return equation.singleton(unsigned(*operand));
  const llvm::json::Array &pair = *tree.getAsArray();
  OperandSet left = addTree(equation, pair[0], count, total);
  OperandSet right = addTree(equation, pair[1], count, total);
  total += equation.macs(left, right, count);
  left |= right;
  return left;
}

static Count treeMacs(const Equation &equation, const llvm::json::Value &tree,
                      MacCount count) {
  Count total = 0;
  addTree(equation, tree, count, total);
  return total;
}

static llvm::json::Value leftToRight(unsigned numOperands) {
  llvm::json::Value tree = 0;
  for (unsigned k = 1; k < numOperands; ++k)
    tree = llvm::json::Array{std::move(tree), int64_t(k)};
  return tree;
}

static OperandSet readSet(const Equation &equation,
                          const llvm::json::Value &operands) {
  OperandSet set = equation.emptySet();
  for (const llvm::json::Value &operand : *operands.getAsArray())
    set.set(unsigned(*operand.getAsInteger()));
  return set;
}

/// One step of exact.json: extents of the result, and the counts given.
static void checkStep(const Equation &equation,
                      const llvm::json::Object &step) {
  const llvm::json::Array &sides = *step.getArray("operands");
  OperandSet left = readSet(equation, sides[0]);
  OperandSet right = readSet(equation, sides[1]);
  OperandSet both = left;
  both |= right;
  std::map<std::string, int64_t> expected, got;
  for (auto &[label, extent] : *step.getObject("result"))
    expected[label.str()] = *extent.getAsInteger();
  for (ModeId mode : equation.kept(both))
    got[equation.label(mode).str()] = equation.extent(mode, both);
  EXPECT_EQ(got, expected);
  for (auto &[word, macs] : *step.getObject("macs"))
    EXPECT_EQ(
        toString(equation.macs(
            left, right, word == "exact" ? MacCount::Exact : MacCount::Dense)),
        std::to_string(*macs.getAsInteger()));
}

TEST(MacsTest, ExactFile) {
  llvm::json::Value file = readDataFile("exact.json");
  const llvm::json::Array &networks = *file.getAsObject()->getArray("networks");
  EXPECT_EQ(networks.size(), 120u);
  for (const llvm::json::Value &network : networks) {
    const llvm::json::Object &object = *network.getAsObject();
    Equation equation = resolvedCase(object);
    SCOPED_TRACE(object.getString("name")->str() + " " + describe(equation));
    for (const llvm::json::Value &step : *object.getArray("steps"))
      checkStep(equation, *step.getAsObject());
    for (auto &[word, totals] : *object.getObject("macs")) {
      const llvm::json::Object &given = *totals.getAsObject();
      MacCount count = word == "exact" ? MacCount::Exact : MacCount::Dense;
      EXPECT_EQ(toString(treeMacs(equation, leftToRight(equation.numOperands()),
                                  count)),
                std::to_string(*given.getInteger("left_to_right")));
      if (count == MacCount::Exact)
        EXPECT_EQ(
            toString(treeMacs(equation, *object.get("optimal_tree"), count)),
            std::to_string(*given.getInteger("optimal")));
    }
  }
}

TEST(MacsTest, CorpusFileIsDense) {
  llvm::json::Value file = readDataFile("corpus.json");
  const llvm::json::Array &entries = *file.getAsObject()->getArray("entries");
  EXPECT_EQ(entries.size(), 233u);
  for (const llvm::json::Value &entry : entries) {
    const llvm::json::Object &object = *entry.getAsObject();
    Equation equation = resolvedCase(object);
    SCOPED_TRACE(object.getString("name")->str() + " " + describe(equation));
    const llvm::json::Object &given = *object.getObject("macs");
    EXPECT_EQ(toString(treeMacs(equation, leftToRight(equation.numOperands()),
                                MacCount::Dense)),
              std::to_string(*given.getInteger("left_to_right")));
    EXPECT_EQ(toString(treeMacs(equation, *object.get("optimal_tree"),
                                MacCount::Dense)),
              std::to_string(*given.getInteger("optimal")));
  }
}

//===----------------------------------------------------------------------===//
// Closed forms
//===----------------------------------------------------------------------===//

TEST(MacsTest, LinearCountsAreThoseOfLoops) {
  SplitMix64 random(1);
  for (unsigned round = 0; round < 20000; ++round) {
    Variable x{random.between(1, 9), random.between(0, 7)};
    Variable y{random.between(1, 9), random.between(1, 12)};
    if (random.oneIn(2))
      x.coefficient = -x.coefficient;
    if (random.oneIn(2))
      y.coefficient = -y.coefficient;
    Int offset = random.between(-40, 40), stride = random.between(1, 6);
    Int resultExtent = random.between(0, 9);
    uint64_t expected = 0;
    for (Int i = 0; i < x.extent; ++i)
      for (Int j = 0; j < y.extent; ++j)
        for (Int o = 0; o < resultExtent; ++o)
          expected +=
              x.coefficient * i + y.coefficient * j + offset == stride * o;
    ASSERT_EQ(toString(countLinear(x, y, offset, stride, resultExtent)),
              std::to_string(expected))
        << int64_t(x.coefficient) << " x " << int64_t(x.extent) << ", "
        << int64_t(y.coefficient) << " x " << int64_t(y.extent) << ", offset "
        << int64_t(offset) << ", stride " << int64_t(stride) << ", E "
        << int64_t(resultExtent);
  }
}

TEST(MacsTest, CircularCountsAreThoseOfLoops) {
  SplitMix64 random(2);
  for (unsigned round = 0; round < 20000; ++round) {
    Int modulus = random.between(1, 12), offset = random.between(-30, 30);
    llvm::SmallVector<Variable, 3> v;
    for (unsigned k = 0; k < 3; ++k)
      v.push_back({random.between(-9, 9), random.between(0, 9)});
    uint64_t expected = 0;
    for (Int i = 0; i < v[0].extent; ++i)
      for (Int j = 0; j < v[1].extent; ++j)
        for (Int o = 0; o < v[2].extent; ++o)
          expected += (v[0].coefficient * i + v[1].coefficient * j +
                       v[2].coefficient * o + offset) %
                          modulus ==
                      0;
    ASSERT_EQ(toString(countModular(v, offset, modulus)),
              std::to_string(expected))
        << "round " << round;
  }
}

TEST(MacsTest, AstronomicExtentsTakeNoTime) {
  // Every index of a full convolution: n * m pairs, 2^98 of them.
  Int n = Int(1) << 60, m = Int(1) << 38;
  EXPECT_EQ(toString(countLinear({1, n}, {1, m}, 0, 1, n + m - 1)),
            toString(Count(n) * Count(m)));
  // A valid convolution uses every tap at every position.
  EXPECT_EQ(toString(countLinear({1, n}, {-1, m}, 0, 1, n - m + 1)),
            toString(Count(n - m + 1) * Count(m)));
  EXPECT_EQ(toString(countModular({{1, n}, {-1, m}, {-1, n}}, 7, n)),
            toString(Count(n) * Count(m)));
}

TEST(MacsTest, AstronomicCoefficientsAreExact) {
  Int c = Int(1) << 61;
  // i c + j c = (2^62 - 1) o holds for i = j = 0 only.
  EXPECT_EQ(toString(countLinear({c, 2}, {c, 3}, 0, 2 * c - 1, 2)), "1");
  // i c + j c = 2 c o: (0,0), (1,1), (0,2).
  EXPECT_EQ(toString(countLinear({c, 2}, {c, 3}, 0, 2 * c, 2)), "3");
}

//===----------------------------------------------------------------------===//
// Worked examples
//===----------------------------------------------------------------------===//

TEST(MacsTest, PaddingTapsCountAsDenseOnly) {
  Geometry strided;
  strided.stride = 2;
  Equation cp = resolved("bsh,rt,rs,rh->bth|h",
                         {{1, 3, 9}, {4, 2}, {4, 3}, {4, 3}}, {{"h", strided}});
  OperandSet features = setOf(cp, {0, 2}), kernel = setOf(cp, {3});
  const LinearRelation &h = cp.relations()[0];
  EXPECT_EQ(toString(cp.convFactor(h, features, kernel, MacCount::Exact)),
            "13");
  EXPECT_EQ(toString(cp.convFactor(h, kernel, features, MacCount::Exact)),
            "13");
  EXPECT_EQ(toString(cp.convFactor(h, features, kernel, MacCount::Dense)),
            "15");
  EXPECT_EQ(toString(cp.macs(features, kernel, MacCount::Exact)), "52");
  EXPECT_EQ(toString(cp.macs(features, kernel, MacCount::Dense)), "60");
}

TEST(MacsTest, DenseIsPadOnceThenValid) {
  // E = 5 at stride 2; kernels of 3 (dilation 2) and 2: reach 4 and 1.
  Geometry geometry;
  geometry.stride = 2;
  geometry.dilation = std::vector<int64_t>{2, 1};
  Equation equation =
      resolved("h,h,h->h|h", {{9}, {3}, {2}}, {{"h", geometry}});
  const LinearRelation &h = equation.relations()[0];
  ASSERT_EQ(h.resultExtent, 5);
  EXPECT_EQ(equation.denseExtent(h, setOf(equation, {0})), 9);
  EXPECT_EQ(equation.denseExtent(h, setOf(equation, {0, 1})), 2 * 4 + 1 + 1);
  EXPECT_EQ(equation.denseExtent(h, setOf(equation, {0, 2})), 2 * 4 + 1 + 4);
  EXPECT_EQ(equation.denseExtent(h, setOf(equation, {1, 2})), 4 + 1 + 1);
  EXPECT_EQ(equation.denseExtent(h, equation.fullSet()), 5);
}

TEST(MacsTest, GradientsCountTriplesAndNeedNoFeature) {
  // o runs twice through the period: every pair meets two of them.
  LinearRelation relation;
  relation.terms = {{0, 1, 0}, {1, 1, 0}};
  relation.resultExtent = 8;
  relation.modulus = 4;
  Equation equation =
      Equation::fromParts({{"h"}, {{0}, {0}}, {0}, {{3}, {2}}, {relation}});
  OperandSet left = equation.singleton(0), right = equation.singleton(1);
  EXPECT_EQ(toString(equation.macs(left, right, MacCount::Exact)), "12");
  EXPECT_EQ(toString(equation.macs(left, right, MacCount::Dense)), "12");
}

TEST(MacsTest, HaveNoLargestValue) {
  int64_t big = int64_t(1) << 62;
  Equation outer = resolved("ab,cd->abcd", {{big, 2}, {big, big}});
  EXPECT_EQ(outer.macs(outer.singleton(0), outer.singleton(1), MacCount::Exact),
            Count::powerOfTwo(187));
}

TEST(MacsTest, KindsOfSteps) {
  struct {
    const char *text;
    std::vector<Shape> shapes;
    StepKind kind;
    const char *word;
  } cases[] = {
      {"bh,rh->brh|h", {{2, 9}, {3, 3}}, StepKind::Convolution, "convolution"},
      {"brh,rh->brh|h", {{2, 3, 9}, {3, 3}}, StepKind::Depthwise, "depthwise"},
      {"grh,gkrh->gkh|h",
       {{2, 3, 9}, {2, 4, 3, 3}},
       StepKind::Grouped,
       "grouped"},
      {"sh,ksh->kh|h",
       {{3, 9}, {4, 3, 3}},
       StepKind::Convolution,
       "convolution"},
      {"a,b->ab", {{2}, {3}}, StepKind::Outer, "outer"},
      {"ab,a->ab", {{2, 3}, {2}}, StepKind::Elementwise, "elementwise"},
      {"ab,bc->ac", {{2, 3}, {3, 4}}, StepKind::Contraction, "contraction"},
  };
  for (const auto &test : cases) {
    Equation equation = resolved(test.text, test.shapes);
    StepKind kind = equation.kind(equation.singleton(0), equation.singleton(1));
    EXPECT_EQ(kind, test.kind) << test.text;
    EXPECT_EQ(name(kind).str(), test.word);
  }
  Equation network = resolved("h,h,h->h|h", {{9}, {3}, {3}});
  EXPECT_EQ(network.kind(network.singleton(1), network.singleton(2)),
            StepKind::KernelMerge);
  EXPECT_EQ(name(StepKind::KernelMerge), "kernel-merge");
}
