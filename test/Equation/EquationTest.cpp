//===- EquationTest.cpp - Parts, text, keys, shapes -----------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The value type: access to its parts, comparison, text, and taking it apart
// into what an attribute and what types carry.
//
//===----------------------------------------------------------------------===//

#include "EquationTestSupport.h"
#include "llvm/ADT/STLExtras.h"

using namespace conveinsum;

static GeometryMap strided(const std::string &mode, int64_t stride) {
  Geometry geometry;
  geometry.stride = stride;
  return {{mode, geometry}};
}

static Equation stridedLayer() {
  return resolved("bsh,rt,rs,rh->bth|h", {{1, 3, 9}, {4, 2}, {4, 3}, {4, 3}},
                  strided("h", 2));
}

TEST(EquationTest, Parts) {
  Equation equation = stridedLayer();
  EXPECT_EQ(equation.numOperands(), 4u);
  EXPECT_EQ(equation.numModes(), 5u);
  EXPECT_EQ(equation.resultShape(), (Shape{1, 2, 5}));
  ASSERT_EQ(equation.relations().size(), 1u);
  const LinearRelation &h = equation.relations()[0];
  EXPECT_EQ(equation.label(h.mode), "h");
  EXPECT_EQ(equation.relation(h.mode), &h);
  EXPECT_EQ(equation.holders(h.mode), llvm::ArrayRef<unsigned>({0, 3}));
  EXPECT_EQ(h.term(3)->extent, 3);
  EXPECT_EQ(h.term(1), nullptr);
  ModeId s = equation.operandModes(0)[1];
  EXPECT_EQ(equation.relation(s), nullptr);
  EXPECT_EQ(equation.size(s), 3);
  EXPECT_FALSE(equation.inResult(s));
  EXPECT_TRUE(equation.inResult(h.mode));
  EXPECT_TRUE(equation.hasStaticShapes());
  EXPECT_FALSE(resolved("bh,h->bh|h", {{kDynamic, 9}, {3}}).hasStaticShapes());
}

TEST(EquationTest, SizesAreTakenFromWhoeverKnowsThem) {
  Equation equation = resolved("ab,bc->ac", {{2, kDynamic}, {3, 4}});
  EXPECT_EQ(equation.size(equation.operandModes(0)[1]), 3);
}

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

TEST(EquationTest, TextSpellsAllLabels) {
  EXPECT_EQ(stridedLayer().text(), "bsh,rt,rs,rh->bth|h");
  EXPECT_EQ(resolved("(t1)a,(t1)b,->b", {{2, 3}, {2, 4}, {}}).text(),
            "(t1)a,(t1)b,->b");
  EXPECT_EQ(resolved("ab,bc", {{2, 3}, {3, 4}}).text(), "ab,bc->ac");
}

TEST(EquationTest, TextIsSpelledAsItWasWritten) {
  auto textOf = [](const std::string &text, const std::vector<Shape> &shapes) {
    return resolved(text, shapes).text();
  };
  std::vector<Shape> matrices{{2, 3}, {3, 4}};
  // Words stay words, letters letters, and names in parentheses beside letters
  // stay there.
  EXPECT_EQ(textOf("batch b , b rank->batch rank", matrices),
            "batch b, b rank -> batch rank");
  EXPECT_EQ(textOf("a b, b c -> a c", matrices), "ab,bc->ac");
  EXPECT_EQ(textOf("a(b1),(b1)c->ac", matrices), "a(b1),(b1)c->ac");
  // Names only: in words, as long as there is a blank to tell by.
  EXPECT_EQ(textOf("(m0)(m1),(m1)(m2)->(m0)(m2)", matrices),
            "m0 m1, m1 m2 -> m0 m2");
  EXPECT_EQ(textOf("(m0),(m1)->", {{2}, {3}}), "(m0),(m1)->");
  EXPECT_EQ(textOf("(m0)(m1),->", {{2, 3}, {}}), "m0 m1, ->");
  EXPECT_EQ(textOf(",_a b2 x9->b2 x9|x9,b2", {{}, {2, 3, 4}}),
            ", _a b2 x9 -> b2 x9 | x9 b2");
}

TEST(EquationTest, StepsAreSpelledLikeTheNetwork) {
  Equation equation = resolved("batch s h, rank s, rank h -> batch rank h | h",
                               {{2, 3, 9}, {4, 3}, {4, 3}});
  Equation step = equation.step(equation.leaf(0), equation.leaf(1));
  EXPECT_EQ(step.text(), "batch s h, rank s -> batch rank h");
  EXPECT_EQ(equation.withoutShapes().text(), equation.text());
}

/// Random labels of letters and names, in either spelling.
TEST(EquationTest, TextsOfAnyLabelsReadAsTheSame) {
  const char *letters[] = {"a", "Z", "\u00e9", "\u03b1", "\u4e2d", "_"};
  const char *others[] = {"a", "7", "_", "\u03b1", "Q"};
  for (uint64_t seed = 0; seed < 3000; ++seed) {
    SplitMix64 random(seed);
    std::vector<std::string> labels;
    while (labels.size() < 5) {
      std::string label = letters[random.between(0, 5)];
      for (int64_t rest = random.between(0, 2) + (label == "_"); rest > 0;
           --rest)
        label += others[random.between(0, 4)];
      if (!llvm::is_contained(labels, label))
        labels.push_back(label);
    }
    std::vector<llvm::SmallVector<ModeId, 6>> operands(1 +
                                                       random.between(0, 2));
    std::vector<Shape> shapes(operands.size());
    llvm::SmallVector<ModeId, 6> result;
    for (ModeId mode = 0; mode < labels.size(); ++mode) {
      unsigned k = random.between(0, int64_t(operands.size()) - 1);
      operands[k].push_back(mode);
      shapes[k].push_back(2 + mode);
      if (random.between(0, 1))
        result.push_back(mode);
    }
    Equation equation = Equation::fromParts(
        {labels, operands, result, shapes, {}, random.between(0, 1) == 1});
    Equation again = resolved(equation.text(), shapes);
    EXPECT_EQ(again.text(), equation.text());
    EXPECT_EQ(again.canonicalKey(), equation.canonicalKey());
    EXPECT_EQ(again.isSpelledInWords(), equation.isSpelledInWords());
    for (unsigned k = 0; k < equation.numOperands(); ++k)
      for (auto [mode, read] :
           llvm::zip_equal(equation.operandModes(k), again.operandModes(k)))
        EXPECT_EQ(again.label(read), equation.label(mode)) << equation.text();
  }
}

TEST(EquationTest, TextOfAnEllipsisResolvesToTheSame) {
  Equation equation = resolved("...sh,sh->...h|h", {{4, 2, 3, 9}, {3, 3}});
  std::vector<Shape> shapes{Shape{4, 2, 3, 9}, Shape{3, 3}};
  Equation again = resolved(equation.text(), shapes);
  EXPECT_EQ(again.text(), equation.text());
  EXPECT_EQ(again.canonicalKey(), equation.canonicalKey());
}

static std::string
relationText(llvm::SmallVector<LinearRelation::Term, 3> terms, int64_t offset,
             int64_t stride, int64_t modulus) {
  LinearRelation relation;
  relation.terms = terms;
  relation.offset = offset;
  relation.resultCoefficient = stride;
  relation.modulus = modulus;
  return stridedLayer().relationText(relation);
}

TEST(EquationTest, RelationsReadLikeTheMaths) {
  Equation equation = stridedLayer();
  EXPECT_EQ(equation.relationText(equation.relations()[0]),
            "i0 - i3 + 1 = 2 o");
  EXPECT_EQ(relationText({{0, -1, 3}, {2, 2, 3}}, 0, 1, 0), "-i0 + 2 i2 = o");
  EXPECT_EQ(relationText({{0, -3, 3}}, -4, 2, 8), "-3 i0 - 4 = 2 o (mod 8)");
  EXPECT_EQ(relationText({}, 0, 1, 0), "0 = o");
  EXPECT_EQ(relationText({}, -2, 3, 0), "-2 = 3 o");
  EXPECT_EQ(relationText({{0, kDynamic, 3}}, 0, 1, 0),
            "-9223372036854775808 i0 = o");
}

//===----------------------------------------------------------------------===//
// Comparison
//===----------------------------------------------------------------------===//

TEST(EquationTest, EqualityAndHash) {
  Equation equation = stridedLayer();
  EXPECT_EQ(equation, stridedLayer());
  EXPECT_EQ(hash_value(equation), hash_value(stridedLayer()));
  Equation other =
      resolved("bsh,rt,rs,rh->bth|h", {{1, 3, 9}, {4, 2}, {4, 3}, {4, 3}});
  EXPECT_NE(equation, other);
  Equation renamed =
      resolved("bsx,rt,rs,rx->btx|x", {{1, 3, 9}, {4, 2}, {4, 3}, {4, 3}},
               strided("x", 2));
  EXPECT_NE(equation, renamed);
}

TEST(EquationTest, KeysForgetLabelsAndNothingElse) {
  auto key = [](const std::string &text, std::vector<Shape> shapes,
                const GeometryMap &geometry = {}) {
    return resolved(text, shapes, geometry).canonicalKey();
  };
  std::string base = key("bhw,rhw->brhw|hw", {{2, 9, 9}, {4, 3, 3}});
  EXPECT_EQ(base, key("zxy,kxy->zkxy|xy", {{2, 9, 9}, {4, 3, 3}}));
  EXPECT_EQ(base, key("bhw,rhw->brhw|wh", {{2, 9, 9}, {4, 3, 3}}));
  EXPECT_NE(base, key("bhw,rhw->rbhw|hw", {{2, 9, 9}, {4, 3, 3}}));
  EXPECT_NE(base, key("bhw,rhw->brhw|hw", {{2, 9, 9}, {4, 3, 5}}));
  EXPECT_NE(base,
            key("bhw,rhw->brhw|hw", {{2, 9, 9}, {4, 3, 3}}, strided("w", 2)));
  EXPECT_NE(base, key("bhw,rhw->brh|hw", {{2, 9, 9}, {4, 3, 3}}));
  EXPECT_NE(key("aab->b", {{2, 2, 2}}), key("aba->b", {{2, 2, 2}}));
}

//===----------------------------------------------------------------------===//
// Structure and shapes
//===----------------------------------------------------------------------===//

static std::vector<Shape> shapesOf(const Equation &equation) {
  std::vector<Shape> shapes;
  for (unsigned k = 0; k < equation.numOperands(); ++k)
    shapes.emplace_back(equation.operandShape(k));
  return shapes;
}

TEST(EquationTest, ShapesComeOffAndOn) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    Equation equation = resolved(randomEquation(seed));
    Equation structure = equation.withoutShapes();
    Caught caught;
    EXPECT_TRUE(structure.verify(caught)) << caught.text();
    EXPECT_EQ(structure, structure.withoutShapes());
    auto again = structure.withShapes(shapesOf(equation),
                                      equation.resultShape(), caught);
    ASSERT_TRUE(again.has_value()) << describe(equation) << caught.text();
    EXPECT_EQ(*again, equation) << describe(equation);
  }
}

TEST(EquationTest, AStructureHidesWhatTypesCarry) {
  Equation structure = stridedLayer().withoutShapes();
  EXPECT_EQ(structure.operandShape(0),
            llvm::ArrayRef<int64_t>({kDynamic, kDynamic, kDynamic}));
  EXPECT_EQ(structure.relations()[0].resultExtent, kDynamic);
  EXPECT_EQ(structure.relations()[0].terms[1].extent, kDynamic);
  // What the result lacks is in no type.
  Equation summed = resolved("bh,h->b|h", {{2, 9}, {3}}).withoutShapes();
  EXPECT_EQ(summed.relations()[0].resultExtent, 9);
}

static std::string failureOfShapes(const std::vector<Shape> &shapes,
                                   const Shape &resultShape) {
  Caught caught;
  auto bound =
      stridedLayer().withoutShapes().withShapes(shapes, resultShape, caught);
  EXPECT_FALSE(bound.has_value());
  EXPECT_EQ(caught.count, 1u);
  return caught.text();
}

TEST(EquationTest, ShapesThatDoNotFitAreRefused) {
  std::vector<Shape> good{{1, 3, 9}, {4, 2}, {4, 3}, {4, 3}};
  EXPECT_EQ(failureOfShapes({{1, 3, 9}}, {1, 2, 5}),
            "C78: expected 4 operands, got 1");
  EXPECT_EQ(failureOfShapes(good, {1, 2}),
            "C73: expected a result of rank 3, got rank 2");
  EXPECT_EQ(failureOfShapes({{1, 3}, {4, 2}, {4, 3}, {4, 3}}, {1, 2, 5}),
            "C73: operand 0: expected rank 3, got rank 2");
  EXPECT_EQ(failureOfShapes(good, {1, 7, 5}),
            "C79: mode 't' of the result: expected extent 2, got 7");
  EXPECT_EQ(failureOfShapes({{1, 3, 9}, {4, 2}, {5, 3}, {4, 3}}, {1, 2, 5}),
            "C71: mode 'r' of operand 2: expected size 4 as elsewhere, got 5");
  EXPECT_EQ(
      failureOfShapes({{1, 3, 9}, {4, 2}, {4, 3}, {4, kDynamic}}, {1, 2, 5}),
      "C75: conv mode 'h' of operand 3: expected a static extent, got ?, as "
      "the operand is not the feature");
}

TEST(EquationTest, DynamicShapesBind) {
  Caught caught;
  auto bound = stridedLayer().withoutShapes().withShapes(
      {{kDynamic, 3, kDynamic}, {4, 2}, {4, 3}, {4, 3}},
      {kDynamic, 2, kDynamic}, caught);
  ASSERT_TRUE(bound.has_value()) << caught.text();
  EXPECT_EQ(bound->resultShape(), (Shape{kDynamic, 2, kDynamic}));
}

TEST(EquationTest, ASeedGivesOneEquationForEver) {
  EXPECT_EQ(randomEquation(0).text, "bcw,bb(t1)->(t1)wb");
  EXPECT_EQ(randomEquation(2).text, "hyx(s_2),h,h,xy(s_2),h(s_2)x->hy|yh");
}

TEST(EquationTest, AssumesExtentsThatAreNotKnown) {
  Equation plain = resolved("ij,jk->ik", {{kDynamic, 9}, {9, 2}});
  std::optional<Equation> assumed = plain.withAssumedExtents(64);
  ASSERT_TRUE(assumed);
  EXPECT_EQ(assumed->resultShape(), (Shape{64, 2}));
  // A feature that is shorter than its kernel would be refused.
  Equation conv = resolved("h,h->h|h", {{kDynamic}, {5}});
  for (int64_t extent : {1, 64}) {
    assumed = conv.withAssumedExtents(extent);
    ASSERT_TRUE(assumed);
    EXPECT_TRUE(assumed->hasStaticShapes());
    EXPECT_EQ(assumed->resultShape(), assumed->operandShape(0));
  }
  Equation known = resolved("ij,jk->ik", {{3, 9}, {9, 2}});
  EXPECT_TRUE(known.withAssumedExtents(64) == known);
}
