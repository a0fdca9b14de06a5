//===- GradientTest.cpp - Gradients of equations are equations ------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The inner product of a cotangent with the result is that of the gradient with
// the operand, whatever the operand is. In the ring of 64 bits this holds bit
// for bit, so one random operand tells a wrong entry from a right one.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Equation/Gradient.h"
#include "EquationTestSupport.h"

using namespace conveinsum;

using Ring = std::vector<uint64_t>;

static Ring randomRing(size_t size, SplitMix64 &random) {
  Ring data(size);
  for (uint64_t &entry : data)
    entry = random.next();
  return data;
}

static uint64_t innerProduct(const Ring &left, const Ring &right) {
  EXPECT_EQ(left.size(), right.size());
  uint64_t sum = 0;
  for (size_t i = 0; i < left.size(); ++i)
    sum += left[i] * right[i];
  return sum;
}

/// Writes the result of the gradient's equation into the operand's shape.
static Ring inShape(const GradientEquation &gradient, const Ring &values,
                    llvm::ArrayRef<int64_t> shape) {
  Shape inner = gradient.equation.resultShape();
  Ring whole(elementCount(shape));
  for (size_t i = 0; i < whole.size(); ++i) {
    std::vector<int64_t> at(inner.size() + shape.size(), -1);
    bool isDiagonal = true;
    size_t rest = i;
    for (size_t d = shape.size(); d-- > 0;) {
      int64_t index = rest % shape[d];
      rest /= shape[d];
      int64_t &known = at[gradient.dims[d]];
      isDiagonal &= known == -1 || known == index;
      known = index;
    }
    size_t flat = 0;
    for (size_t d = 0; d < inner.size(); ++d)
      flat = flat * inner[d] + at[d];
    whole[i] = isDiagonal ? values[flat] : 0;
  }
  return whole;
}

/// The gradient towards `operand` by its equation.
static Ring gradientValue(const Equation &equation, unsigned operand,
                          const std::vector<Ring> &operands,
                          const Ring &cotangent) {
  GradientEquation gradient = gradientTowards(equation, operand);
  Caught caught;
  EXPECT_TRUE(gradient.equation.verify(caught))
      << describe(gradient.equation) << caught.text();
  std::vector<Ring> inputs = {cotangent};
  for (unsigned k = 0; k < operands.size(); ++k)
    if (k != operand)
      inputs.push_back(operands[k]);
  for (const Shape &shape : gradient.ones)
    inputs.push_back(Ring(elementCount(shape), 1));
  EXPECT_EQ(inputs.size(), gradient.equation.numOperands());
  return inShape(gradient, evaluateAll(gradient.equation, inputs).value,
                 equation.operandShape(operand));
}

static void checkGradients(const Equation &equation, SplitMix64 &random) {
  auto operands = makeOperands<uint64_t>(
      equation, [&](unsigned, size_t) { return random.next(); });
  Ring result = evaluateAll(equation, operands).value;
  Ring cotangent = randomRing(result.size(), random);
  for (unsigned k = 0; k < equation.numOperands(); ++k) {
    Ring gradient = gradientValue(equation, k, operands, cotangent);
    EXPECT_EQ(innerProduct(cotangent, result),
              innerProduct(gradient, operands[k]))
        << "operand " << k << " of " << describe(equation);
  }
}

TEST(GradientTest, TheAdjointIdentityHoldsToTheBit) {
  for (uint64_t seed = 0; seed < 600; ++seed) {
    SplitMix64 random(~seed);
    checkGradients(resolved(randomEquation(seed)), random);
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
}

TEST(GradientTest, GradientsHaveGradients) {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    SplitMix64 random(~seed);
    RandomEquationOptions small;
    small.maxOperands = 3;
    small.maxWork = 2000;
    Equation equation = resolved(randomEquation(seed, small));
    for (unsigned order = 0; order < 2; ++order) {
      unsigned towards = random.between(0, equation.numOperands() - 1);
      equation = gradientTowards(equation, towards).equation;
    }
    if (evaluationWork(equation) > Count(1000000))
      continue;
    checkGradients(equation, random);
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
}

TEST(GradientTest, TheRelationMovesOneParticipant) {
  Geometry geometry;
  geometry.stride = 2;
  Equation equation =
      resolved("bsh,tsh->bth|h", {{2, 4, 8}, {3, 4, 3}}, {{"h", geometry}});
  GradientEquation feature = gradientTowards(equation, 0);
  EXPECT_EQ(describe(feature.equation),
            "bth,tsh->bsh|h 2x3x4x,3x4x3x; h: 2 i0 + i1 - 1 = o, E=8");
  EXPECT_TRUE(feature.isWhole() && feature.ones.empty());
  GradientEquation kernel = gradientTowards(equation, 1);
  EXPECT_EQ(describe(kernel.equation),
            "bth,bsh->tsh|h 2x3x4x,2x4x8x; h: -2 i0 + i1 + 1 = o, E=3");
}

TEST(GradientTest, WhatAnOperandDoesNotHoldHasNoOtherSide) {
  Equation equation = resolved("bh,h,b->bh|h", {{2, 8}, {3}, {2}});
  GradientEquation gradient = gradientTowards(equation, 2);
  EXPECT_EQ(describe(gradient.equation),
            "bh,bh,h->b|h 2x8x,2x8x,3x; h: i0 - i1 + i2 - 1 = o, E=1");
}

TEST(GradientTest, AModeThatTheResultLacksIsHeldByOnes) {
  Equation equation = resolved("h,h->|h", {{8}, {3}});
  GradientEquation gradient = gradientTowards(equation, 0);
  EXPECT_EQ(describe(gradient.equation),
            ",h,h->h|h ,3x,8x; h: i1 + i2 - 1 = o, E=8");
  EXPECT_EQ(gradient.ones, std::vector<Shape>{{8}});
}

TEST(GradientTest, DiagonalsAndPrivateModesAreWrittenBack) {
  GradientEquation gradient =
      gradientTowards(resolved("iik,ij->j", {{3, 3, 2}, {3, 4}}), 0);
  EXPECT_EQ(gradient.equation.text(), "j,ij->i");
  EXPECT_EQ(llvm::ArrayRef<unsigned>(gradient.dims),
            llvm::ArrayRef<unsigned>({0, 0, 1}));
  EXPECT_FALSE(gradient.isWhole());
}

/// A step and its gradients read and write the same pairs, so they cost the
/// same, whatever the geometry, where the result holds the conv modes and no
/// raw operand has work of its own.
TEST(GradientTest, AStepAndItsGradientsCostTheSame) {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    Equation equation = resolved(randomEquation(seed));
    if (equation.numOperands() < 3)
      continue;
    SetValue first = equation.join(equation.leaf(0), equation.leaf(1));
    SetValue second = equation.leaf(2);
    Equation step = equation.step(first, second);
    auto hasTwo = [&](const LinearRelation &relation) {
      return relation.terms.size() == 2 && step.inResult(relation.mode) &&
             relation.modulus == 0;
    };
    bool isPlain = llvm::all_of(step.relations(), hasTwo);
    for (ModeId mode = 0; mode < step.numModes(); ++mode)
      isPlain &= step.numHolders(mode) == 2 || step.inResult(mode);
    if (!isPlain)
      continue;
    Count macs = step.macs(setOf(step, {0}), setOf(step, {1}), MacCount::Exact);
    for (unsigned k = 0; k < 2; ++k) {
      Equation gradient = gradientTowards(step, k).equation;
      EXPECT_EQ(toString(gradient.macs(setOf(gradient, {0}),
                                       setOf(gradient, {1}), MacCount::Exact)),
                toString(macs))
          << describe(step);
    }
  }
}
