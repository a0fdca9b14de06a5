//===- WindowTest.cpp - What the value of a set keeps ---------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Windows by example, and against plain enumeration of all indices.
//
//===----------------------------------------------------------------------===//

#include "EquationTestSupport.h"
#include "llvm/ADT/STLExtras.h"
#include <numeric>
#include <set>

using namespace conveinsum;
using State = Window::State;

static void expectWindow(const Window &window, State state, int64_t coefficient,
                         int64_t shift, int64_t extent, int64_t modulus = 0) {
  EXPECT_EQ(window.state, state);
  EXPECT_EQ(window.coefficient, coefficient);
  EXPECT_EQ(window.shift, shift);
  EXPECT_EQ(window.extent, extent);
  EXPECT_EQ(window.modulus, modulus);
}

//===----------------------------------------------------------------------===//
// Examples
//===----------------------------------------------------------------------===//

TEST(WindowTest, OneParticipantKeepsItsOwnIndex) {
  Geometry geometry;
  geometry.dilation = int64_t(2);
  Equation equation =
      resolved("bh,rh,h->bh|h", {{2, 9}, {3, 3}, {2}}, {{"h", geometry}});
  ModeId h = equation.relations()[0].mode;
  expectWindow(equation.window(h, setOf(equation, {0})), State::Single, 1, 0,
               9);
  expectWindow(equation.window(h, setOf(equation, {1})), State::Single, -2, 0,
               3);
  EXPECT_EQ(equation.window(h, equation.emptySet()).state, State::Absent);
}

TEST(WindowTest, AllParticipantsKeepTheResult) {
  Geometry geometry;
  geometry.stride = 2;
  Equation equation =
      resolved("bh,rh,rs->bsh|h", {{2, 9}, {3, 3}, {3, 4}}, {{"h", geometry}});
  ModeId h = equation.relations()[0].mode;
  Window window = equation.window(h, setOf(equation, {0, 1}));
  EXPECT_EQ(window.state, State::Complete);
  EXPECT_EQ(window.extent, 5);
  EXPECT_TRUE(
      equation.isComplete(equation.relations()[0], setOf(equation, {0, 1})));
}

TEST(WindowTest, ASingleParticipantIsCompleteFromTheStart) {
  Geometry geometry;
  geometry.stride = 3;
  geometry.padding = {PaddingMode::Explicit, -1, 0};
  Equation kept = resolved("sh,s->h|h", {{2, 9}, {2}}, {{"h", geometry}});
  ModeId h = kept.relations()[0].mode;
  EXPECT_EQ(kept.window(h, setOf(kept, {0})).state, State::Complete);
  EXPECT_EQ(kept.extent(h, setOf(kept, {0})), 3);
  EXPECT_EQ(toString(kept.elements(setOf(kept, {0}))), "6");
  Equation summed = resolved("sh,s->|h", {{2, 9}, {2}}, {{"h", geometry}});
  EXPECT_EQ(toString(summed.elements(setOf(summed, {0}))), "2");
}

TEST(WindowTest, KernelsAreFullConvolutionsOnTheirLattice) {
  Geometry geometry;
  geometry.dilation = std::vector<int64_t>{2, 4};
  Equation equation =
      resolved("h,h,h->h|h", {{40}, {3}, {5}}, {{"h", geometry}});
  // -2 i - 4 j: multiples of 2 from -20 to 0.
  expectWindow(equation.window(0, setOf(equation, {1, 2})), State::Partial, 2,
               -10, 11);
}

TEST(WindowTest, CroppedToWhatTheRestCanMeet) {
  Geometry geometry;
  geometry.padding = {PaddingMode::Valid, 0, 0};
  Equation equation =
      resolved("h,h,h->h|h", {{4}, {3}, {2}}, {{"h", geometry}});
  // x - i - j = o, only o = 0: x - i = j runs over 0 .. 1.
  expectWindow(equation.window(0, setOf(equation, {0, 1})), State::Partial, 1,
               0, 2);
}

TEST(WindowTest, CircularIsNeverCroppedAndWrapsAtThePeriod) {
  Geometry geometry;
  geometry.padding.mode = PaddingMode::Circular;
  Equation equation =
      resolved("h,h,h->h|h", {{8}, {3}, {3}}, {{"h", geometry}});
  expectWindow(equation.window(0, setOf(equation, {1, 2})), State::Partial, 1,
               -4, 5);
  expectWindow(equation.window(0, setOf(equation, {0, 1})), State::Partial, 1,
               0, 8, 8);
}

TEST(WindowTest, ThePeriodOnALattice) {
  Geometry geometry;
  geometry.padding.mode = PaddingMode::Circular;
  geometry.dilation = std::vector<int64_t>{4, 6};
  Equation equation =
      resolved("h,h,h->h|h", {{8}, {3}, {4}}, {{"h", geometry}});
  // g = 2: multiples from -26 to 0 are 14, more than M' = 8 / 2.
  expectWindow(equation.window(0, setOf(equation, {1, 2})), State::Partial, 2,
               0, 4, 4);
}

TEST(WindowTest, ExtentOneTellsNothingAboutTheLattice) {
  Geometry geometry;
  geometry.dilation = std::vector<int64_t>{3, 2};
  Equation equation =
      resolved("h,h,h->h|h", {{9}, {3}, {1}}, {{"h", geometry}});
  expectWindow(equation.window(0, setOf(equation, {1, 2})), State::Partial, 3,
               -2, 3);
  Equation ones = resolved("h,h,h->h|h", {{9}, {1}, {1}}, {{"h", geometry}});
  expectWindow(ones.window(0, setOf(ones, {1, 2})), State::Partial, 1, 0, 1);
}

TEST(WindowTest, KeptModes) {
  // a is a diagonal, c is private, d is common, e is in the result.
  Equation equation =
      resolved("aacd,de,dh,h->ah|h", {{2, 2, 3, 4}, {4, 5}, {4, 7}, {3}});
  auto keptText = [&](std::initializer_list<unsigned> operands) {
    std::string text;
    for (ModeId mode : equation.kept(setOf(equation, operands)))
      text += equation.label(mode).str();
    return text;
  };
  EXPECT_EQ(keptText({0}), "ad");
  EXPECT_EQ(keptText({1}), "d");
  EXPECT_EQ(keptText({0, 1}), "ad");
  EXPECT_EQ(keptText({0, 1, 2}), "ah");
  EXPECT_EQ(keptText({2, 3}), "dh");
  EXPECT_EQ(keptText({0, 1, 2, 3}), "ah");
  EXPECT_EQ(toString(equation.elements(setOf(equation, {0, 1}))), "8");
}

//===----------------------------------------------------------------------===//
// Against enumeration
//===----------------------------------------------------------------------===//

/// Calls `visit` with sum c_k i_k for all indices of the terms that are given.
static void visitValues(llvm::ArrayRef<LinearRelation::Term> terms, int64_t sum,
                        llvm::function_ref<void(int64_t)> visit) {
  if (terms.empty())
    return visit(sum);
  for (int64_t i = 0; i < terms[0].extent; ++i)
    visitValues(terms.drop_front(), sum + terms[0].coefficient * i, visit);
}

/// Section 4 of a linear mode, word by word.
static void checkLinear(const LinearRelation &relation, const OperandSet &set,
                        const Window &window) {
  llvm::SmallVector<LinearRelation::Term> inside, outside;
  int64_t g = 0;
  for (const LinearRelation::Term &term : relation.terms) {
    (set.test(term.operand) ? inside : outside).push_back(term);
    if (set.test(term.operand) && term.extent > 1)
      g = std::gcd(g, term.coefficient);
  }
  g = g == 0 ? 1 : g;
  std::set<int64_t> values, needed;
  visitValues(inside, 0, [&](int64_t value) { values.insert(value); });
  visitValues(outside, 0, [&](int64_t value) {
    for (int64_t o = 0; o < relation.resultExtent; ++o)
      needed.insert(relation.resultCoefficient * o - relation.offset - value);
  });
  int64_t low = std::max(*values.begin(), *needed.begin());
  int64_t high = std::min(*values.rbegin(), *needed.rbegin());
  std::vector<int64_t> kept, got;
  for (int64_t value = low; value <= high; ++value)
    if (value % g == 0)
      kept.push_back(value);
  for (int64_t z = 0; z < window.extent; ++z)
    got.push_back(window.coefficient * (z + window.shift));
  EXPECT_EQ(got, kept);
  EXPECT_EQ(window.coefficient, g);
}

TEST(WindowTest, LinearWindowsAreThoseOfTheText) {
  unsigned checked = 0;
  for (uint64_t seed = 0; seed < 2000; ++seed) {
    Equation equation = resolved(randomEquation(seed));
    SplitMix64 random(seed);
    OperandSet set = equation.emptySet();
    for (unsigned k = 0; k < equation.numOperands(); ++k)
      if (random.oneIn(2))
        set.set(k);
    for (const LinearRelation &relation : equation.relations()) {
      Window window = equation.window(relation.mode, set);
      if (window.state != State::Partial || relation.modulus)
        continue;
      checkLinear(relation, set, window);
      ASSERT_FALSE(HasFailure())
          << "seed " << seed << " " << describe(equation);
      ++checked;
    }
  }
  EXPECT_GT(checked, 100u);
}

TEST(WindowTest, KeptModesOfManyOperandsAreThoseOfTheText) {
  // 90 operands in a ring, a mode that every third one and the result have,
  // and a conv mode of three of them.
  std::string text;
  std::vector<Shape> shapes;
  for (unsigned k = 0; k < 90; ++k) {
    text += (k ? ",(r" : "(r") + std::to_string(k) + ")(r" +
            std::to_string((k + 1) % 90) + ")";
    shapes.push_back({2, 2});
    if (k % 3 == 0) {
      text += "b";
      shapes.back().push_back(3);
    }
    if (k % 40 == 1) {
      text += "h";
      shapes.back().push_back(4);
    }
  }
  Equation equation = resolved(text + "->b(r7)|h", shapes);
  SplitMix64 random(1);
  for (unsigned round = 0; round < 200; ++round) {
    OperandSet set = equation.emptySet();
    // From nearly empty to nearly full.
    for (unsigned k = 0; k < 90; ++k)
      if (random.between(0, 199) < int64_t(round))
        set.set(k);
    llvm::SmallVector<ModeId, 6> expected;
    for (ModeId mode = 0; mode < equation.numModes(); ++mode) {
      bool inside = false, outside = equation.inResult(mode);
      for (unsigned k = 0; k < 90; ++k)
        if (llvm::is_contained(equation.holders(mode), k))
          (set.test(k) ? inside : outside) = true;
      if (inside && outside)
        expected.push_back(mode);
    }
    EXPECT_EQ(equation.kept(set), expected);
  }
}
