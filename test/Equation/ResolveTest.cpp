//===- ResolveTest.cpp - Geometry, ellipses and implicit results ----------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which relation every geometry gives, what an ellipsis and a missing result
// stand for, and the result shapes of all data files.
//
//===----------------------------------------------------------------------===//

#include "TestSupport.h"
#include "llvm/ADT/STLExtras.h"

using namespace conveinsum;

static std::optional<Equation> create(llvm::StringRef text,
                                      llvm::ArrayRef<Shape> shapes,
                                      const GeometryMap &geometry = {}) {
  Caught caught;
  auto equation = Equation::create(text, geometry, shapes, std::ref(caught));
  EXPECT_TRUE(equation) << text.str() << ": " << caught.text();
  EXPECT_EQ(caught.count, 0u);
  return equation;
}

/// The relation of `x,k->x|x`-like equations with one conv mode.
static LinearRelation relationOf(llvm::StringRef text,
                                 llvm::ArrayRef<Shape> shapes,
                                 const Geometry &geometry) {
  auto equation = create(text, shapes, {{"h", geometry}});
  if (!equation || equation->relations().size() != 1) {
    ADD_FAILURE() << text.str();
    return {};
  }
  return equation->relations()[0];
}

/// `s E b M` and the coefficients, to compare at a glance.
static std::string show(const LinearRelation &relation) {
  std::string text = "s=" + std::to_string(relation.resultCoefficient) +
                     " E=" + std::to_string(relation.resultExtent) +
                     " b=" + std::to_string(relation.offset) +
                     " M=" + std::to_string(relation.modulus) + " c=";
  for (const LinearRelation::Term &term : relation.terms)
    text += std::to_string(term.coefficient) +
            (&term == &relation.terms.back() ? "" : ",");
  return text;
}

static Padding explicitly(int64_t low, int64_t high) {
  return {PaddingMode::Explicit, low, high};
}

//===----------------------------------------------------------------------===//
// Geometry
//===----------------------------------------------------------------------===//

TEST(Resolve, DefaultGeometry) {
  LinearRelation relation = relationOf("bh,th->bth|h", {{2, 7}, {4, 3}}, {});
  EXPECT_EQ(show(relation), "s=1 E=7 b=1 M=0 c=1,-1");
  EXPECT_EQ(relation.feature, std::optional<unsigned>(0));
  EXPECT_EQ(relation.terms[0].extent, 7);
  EXPECT_EQ(relation.terms[1].extent, 3);
}

TEST(Resolve, EvenKernelPadsMoreAtTheHighEnd) {
  EXPECT_EQ(show(relationOf("h,h->h|h", {{7}, {4}}, {})),
            "s=1 E=7 b=1 M=0 c=1,-1");
  Geometry flipped;
  flipped.flip = true;
  EXPECT_EQ(show(relationOf("h,h->h|h", {{7}, {4}}, flipped)),
            "s=1 E=7 b=-2 M=0 c=1,1");
}

TEST(Resolve, PaddingWords) {
  Geometry geometry;
  geometry.padding.mode = PaddingMode::Valid;
  EXPECT_EQ(show(relationOf("h,h->h|h", {{7}, {3}}, geometry)),
            "s=1 E=5 b=0 M=0 c=1,-1");
  geometry.padding.mode = PaddingMode::Full;
  EXPECT_EQ(show(relationOf("h,h->h|h", {{7}, {3}}, geometry)),
            "s=1 E=9 b=2 M=0 c=1,-1");
  geometry.flip = true;
  EXPECT_EQ(show(relationOf("h,h->h|h", {{7}, {3}}, geometry)),
            "s=1 E=9 b=0 M=0 c=1,1");
}

TEST(Resolve, StrideDilationAndExplicitPadding) {
  Geometry geometry;
  geometry.stride = 2;
  geometry.dilation = int64_t(3);
  geometry.padding = explicitly(2, 1);
  // ext = 7, X + lo + hi = 12.
  EXPECT_EQ(show(relationOf("h,h->h|h", {{9}, {3}}, geometry)),
            "s=2 E=3 b=2 M=0 c=1,-3");
}

TEST(Resolve, NegativePaddingCrops) {
  Geometry geometry;
  geometry.padding = explicitly(-2, 3);
  EXPECT_EQ(show(relationOf("h,h->h|h", {{9}, {3}}, geometry)),
            "s=1 E=8 b=-2 M=0 c=1,-1");
}

TEST(Resolve, DilationPerKernel) {
  Geometry geometry;
  geometry.padding.mode = PaddingMode::Valid;
  geometry.feature = 1;
  geometry.dilation = std::vector<int64_t>{2, 3};
  std::string wanted = "s=1 E=3 b=0 M=0 c=-2,1,-3";
  EXPECT_EQ(show(relationOf("h,h,h->h|h", {{3}, {9}, {2}}, geometry)),
            "s=1 E=2 b=0 M=0 c=-2,1,-3");
  EXPECT_EQ(show(relationOf("h,h,h->h|h", {{3}, {10}, {2}}, geometry)), wanted);
  geometry.dilation = std::map<unsigned, int64_t>{{0, 2}, {2, 3}};
  EXPECT_EQ(show(relationOf("h,h,h->h|h", {{3}, {10}, {2}}, geometry)), wanted);
}

TEST(Resolve, SeveralKernelsPadOnce) {
  // ext = 1 + 2 + 4 = 7, so lo = 3.
  EXPECT_EQ(show(relationOf("h,h,h->h|h", {{9}, {3}, {5}}, {})),
            "s=1 E=9 b=3 M=0 c=1,-1,-1");
}

TEST(Resolve, OneParticipant) {
  Geometry geometry;
  geometry.stride = 3;
  geometry.padding = explicitly(1, 2);
  EXPECT_EQ(show(relationOf("h->h|h", {{7}}, geometry)), "s=3 E=4 b=1 M=0 c=1");
  geometry.dilation = std::map<unsigned, int64_t>{};
  EXPECT_EQ(show(relationOf("h->h|h", {{7}}, geometry)), "s=3 E=4 b=1 M=0 c=1");
}

TEST(Resolve, KernelLongerThanFeature) {
  EXPECT_EQ(show(relationOf("h,h->h|h", {{3}, {8}}, {})),
            "s=1 E=3 b=3 M=0 c=1,-1");
}

TEST(Resolve, Circular) {
  Geometry geometry;
  geometry.padding.mode = PaddingMode::Circular;
  geometry.stride = 2;
  EXPECT_EQ(show(relationOf("h,h->h|h", {{7}, {4}}, geometry)),
            "s=2 E=4 b=1 M=7 c=1,-1");
  geometry.flip = true;
  EXPECT_EQ(show(relationOf("h,h->h|h", {{7}, {4}}, geometry)),
            "s=2 E=4 b=-2 M=7 c=1,1");
  // A kernel longer than the period.
  EXPECT_EQ(show(relationOf("h,h->h|h", {{3}, {5}}, geometry)),
            "s=2 E=2 b=-2 M=3 c=1,1");
}

TEST(Resolve, CircularKindWithAnyPaddingThatAddsUp) {
  Geometry geometry;
  geometry.kind = RelationKind::Circular;
  EXPECT_EQ(show(relationOf("h,h->h|h", {{7}, {4}}, geometry)),
            "s=1 E=7 b=1 M=7 c=1,-1");
  geometry.padding = explicitly(3, 0);
  EXPECT_EQ(show(relationOf("h,h->h|h", {{7}, {4}}, geometry)),
            "s=1 E=7 b=3 M=7 c=1,-1");
  geometry.padding = explicitly(-1, 4);
  EXPECT_EQ(show(relationOf("h,h->h|h", {{7}, {4}}, geometry)),
            "s=1 E=7 b=-1 M=7 c=1,-1");
  // Of a kernel of extent 1, valid and full add up too.
  for (PaddingMode mode : {PaddingMode::Valid, PaddingMode::Full}) {
    geometry.padding = {mode};
    EXPECT_EQ(show(relationOf("h,h->h|h", {{7}, {1}}, geometry)),
              "s=1 E=7 b=0 M=7 c=1,-1");
  }
}

TEST(Resolve, LargestNumbers) {
  int64_t max = std::numeric_limits<int64_t>::max();
  Geometry geometry;
  geometry.padding = explicitly(0, max - 7);
  EXPECT_EQ(relationOf("h,h->h|h", {{7}, {1}}, geometry).resultExtent, max);
  geometry.padding = explicitly(0, 0);
  geometry.stride = max;
  EXPECT_EQ(relationOf("h,h->h|h", {{7}, {3}}, geometry).resultExtent, 1);
}

TEST(Resolve, FeatureIsTheFirstParticipantUnlessGiven) {
  EXPECT_EQ(relationOf("t,th,bh->tbh|h", {{4}, {4, 3}, {2, 7}}, {}).feature,
            std::optional<unsigned>(1));
  Geometry geometry;
  geometry.feature = 2;
  EXPECT_EQ(
      relationOf("t,th,bh->tbh|h", {{4}, {4, 3}, {2, 7}}, geometry).feature,
      std::optional<unsigned>(2));
}

TEST(Resolve, DynamicExtents) {
  Geometry geometry;
  geometry.stride = 2;
  auto equation = create("bsh,tsh->bth|h", {{kDynamic, 3, kDynamic}, {4, 3, 3}},
                         {{"h", geometry}});
  ASSERT_TRUE(equation);
  EXPECT_EQ(equation->relations()[0].resultExtent, kDynamic);
  EXPECT_EQ(equation->relations()[0].offset, 1);
  EXPECT_EQ(equation->resultShape(), (Shape{kDynamic, 4, kDynamic}));
  EXPECT_FALSE(equation->hasStaticShapes());
}

TEST(Resolve, DynamicSizeMeetsStaticSize) {
  auto equation = create("bs,ts->bt", {{2, kDynamic}, {4, 3}});
  ASSERT_TRUE(equation);
  EXPECT_EQ(equation->resultShape(), (Shape{2, 4}));
}

//===----------------------------------------------------------------------===//
// Ellipsis and implicit result
//===----------------------------------------------------------------------===//

TEST(Resolve, EllipsisIsAlignedAtTheRight) {
  auto equation = create("...sh,t...sh->...th|h", {{5, 2, 3, 7}, {4, 2, 3, 3}});
  ASSERT_TRUE(equation);
  EXPECT_EQ(equation->resultShape(), (Shape{5, 2, 4, 7}));
  // The last mode of the longer ellipsis is that of the shorter one.
  EXPECT_EQ(equation->operandModes(0)[1], equation->operandModes(1)[1]);
  EXPECT_EQ(equation->text(), "(_0)(_1)sh,t(_1)sh->(_0)(_1)th|h");
}

TEST(Resolve, EllipsisNamesAvoidThoseOfTheUser) {
  auto equation = create("...(_0),(_2)...->...", {{5, 6, 3}, {2, 6}});
  ASSERT_TRUE(equation);
  EXPECT_EQ(equation->text(), "_1 _3 _0, _2 _3 -> _1 _3");
}

TEST(Resolve, EllipsisOfNoModes) {
  EXPECT_EQ(create("...ij->ji", {{2, 3}})->resultShape(), (Shape{3, 2}));
  EXPECT_EQ(create("...ij->...ji", {{2, 3}})->resultShape(), (Shape{3, 2}));
  EXPECT_EQ(create("...->...", {{}})->resultShape(), Shape());
}

TEST(Resolve, ImplicitResult) {
  EXPECT_EQ(create("zsh,ash|h", {{2, 3, 7}, {4, 3, 3}})->text(),
            "zsh,ash->azh|h");
  EXPECT_EQ(create("βaZs,λs", {{2, 3, 4, 5}, {6, 5}})->text(), "βaZs,λs->Zaβλ");
  EXPECT_EQ(create("c...b,bd|d", {{2, 7, 8, 3}, {3, 4}})->text(),
            "c(_0)(_1)b,bd->(_0)(_1)cd|d");
  // A diagonal occurs twice.
  EXPECT_EQ(create("iij", {{2, 2, 3}})->text(), "iij->j");
  EXPECT_EQ(create("hw,wh|wh", {{5, 6}, {3, 3}})->text(), "hw,wh->wh|wh");
}

TEST(Resolve, SizeZeroAndOne) {
  EXPECT_EQ(create("is,sh->ih|h", {{2, 0}, {0, 5}})->resultShape(),
            (Shape{2, 5}));
  EXPECT_EQ(create("bs,ts->bt", {{1, 1}, {1, 1}})->resultShape(),
            (Shape{1, 1}));
}

//===----------------------------------------------------------------------===//
// Data files
//===----------------------------------------------------------------------===//

/// Every case of `list` resolves to its `out_shape`, and to its `in_size` and
/// `out_size` where these are given.
static void expectResultShapes(const char *file, const char *list,
                               size_t numCases) {
  llvm::json::Value data = readDataFile(file);
  ASSERT_TRUE(data.getAsObject());
  const llvm::json::Array *cases = data.getAsObject()->getArray(list);
  ASSERT_TRUE(cases);
  EXPECT_EQ(cases->size(), numCases);
  for (const llvm::json::Value &value : *cases) {
    Caught caught;
    auto aCase = Case::fromJSON(*value.getAsObject(), std::ref(caught));
    ASSERT_TRUE(aCase) << caught.text();
    EXPECT_TRUE(aCase->expectedResultShape) << *aCase->name;
    auto equation = aCase->resolve(std::ref(caught));
    EXPECT_TRUE(equation) << *aCase->name << ": " << caught.text();
    if (!equation)
      continue;
    EXPECT_EQ(equation->resultShape(), *aCase->expectedResultShape);
    EXPECT_TRUE(equation->verify(std::ref(caught)))
        << *aCase->name << ": " << caught.text();
  }
}

TEST(ResolveData, Golden) { expectResultShapes("golden.json", "cases", 66); }
TEST(ResolveData, Exact) { expectResultShapes("exact.json", "networks", 120); }
TEST(ResolveData, Corpus) { expectResultShapes("corpus.json", "entries", 233); }

/// What resolves also verifies, up to the ends of signed 64 bit.
TEST(Resolve, ExtremesVerifyOrAreRefused) {
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max(),
                    kMin = std::numeric_limits<int64_t>::min();
  const int64_t numbers[] = {kMin, kMin + 1, kMin / 2,     -9,       -1,  0, 1,
                             8,    kMax / 2, kMax / 2 + 1, kMax - 1, kMax};
  unsigned numResolved = 0, numRefused = 0;
  for (int64_t low : numbers)
    for (int64_t high : numbers)
      for (int64_t stride : numbers)
        for (int64_t dilation : numbers)
          for (bool flip : {false, true}) {
            Geometry geometry;
            geometry.padding = explicitly(low, high);
            geometry.stride = stride;
            geometry.dilation = dilation;
            geometry.flip = flip;
            Caught caught;
            auto equation = Equation::create("h,h,h->h|h", {{"h", geometry}},
                                             {{9}, {2}, {3}}, std::ref(caught));
            ASSERT_EQ(caught.count, equation ? 0u : 1u);
            ++(equation ? numResolved : numRefused);
            if (equation)
              ASSERT_TRUE(equation->verify(std::ref(caught))) << caught.text();
          }
  EXPECT_GT(numResolved, 100u);
  EXPECT_GT(numRefused, 1000u);
}

/// The file names no result shapes, but says how long the result of every conv
/// mode is.
TEST(ResolveData, Networks) {
  llvm::json::Value data = readDataFile("networks.json");
  ASSERT_TRUE(data.getAsObject());
  for (const llvm::json::Value &value :
       *data.getAsObject()->getArray("networks")) {
    Caught caught;
    auto aCase = Case::fromJSON(*value.getAsObject(), std::ref(caught));
    ASSERT_TRUE(aCase) << caught.text();
    auto equation = aCase->resolve(std::ref(caught));
    ASSERT_TRUE(equation) << *aCase->name << ": " << caught.text();
    llvm::StringRef word = *value.getAsObject()->getString("conv");
    for (const LinearRelation &relation : equation->relations()) {
      int64_t feature = relation.term(*relation.feature)->extent, kernels = 0;
      for (const LinearRelation::Term &term : relation.terms)
        kernels += term.extent - 1;
      kernels -= feature - 1;
      int64_t wanted = word == "full"    ? feature + kernels
                       : word == "valid" ? feature - kernels
                                         : feature;
      EXPECT_EQ(relation.resultExtent, wanted) << *aCase->name;
    }
  }
}
