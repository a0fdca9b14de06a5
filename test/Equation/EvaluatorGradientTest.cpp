//===- EvaluatorGradientTest.cpp - The definition of gradients ------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Gradients by the definition against central differences of the definition,
// and against the adjoint identity  <g, f(.., dx, ..)> = <gradient, dx>.
//
//===----------------------------------------------------------------------===//

#include "EquationTestSupport.h"
#include <numeric>

using namespace conveinsum;

template <typename T>
static Evaluation<T> gradientOf(const Equation &equation,
                                const std::vector<std::vector<T>> &operands,
                                const std::vector<T> &cotangent,
                                unsigned operand) {
  std::vector<llvm::ArrayRef<T>> views(operands.begin(), operands.end());
  return evaluateGradient<T>(equation, views, cotangent, operand);
}

/// The sum of products, without conjugation.
template <typename T>
static T product(const std::vector<T> &a, const std::vector<T> &b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), T(0));
}

template <typename T>
static std::vector<T> randomVector(size_t count, SplitMix64 &random) {
  std::vector<T> data(count);
  for (T &entry : data)
    if constexpr (std::is_same_v<T, double>)
      entry = randomEntry(random);
    else
      entry = T(randomEntry(random), randomEntry(random));
  return data;
}

template <typename T>
static std::vector<std::vector<T>> randomOperands(const Equation &equation,
                                                  SplitMix64 &random) {
  std::vector<std::vector<T>> operands;
  for (unsigned k = 0; k < equation.numOperands(); ++k)
    operands.push_back(
        randomVector<T>(elementCount(equation.operandShape(k)), random));
  return operands;
}

TEST(EvaluatorGradientTest, CentralDifferencesOnTheGoldenFile) {
  llvm::json::Value file = readDataFile("golden.json");
  unsigned entries = 0;
  for (const llvm::json::Value &value :
       *file.getAsObject()->getArray("cases")) {
    const llvm::json::Object &object = *value.getAsObject();
    SCOPED_TRACE(object.getString("name")->str());
    Caught caught;
    auto read = Case::fromJSON(object, caught);
    ASSERT_TRUE(read.has_value()) << caught.text();
    auto equation = read->resolve(caught);
    ASSERT_TRUE(equation.has_value()) << caught.text();
    auto operands = makeOperands<double>(*equation, goldenFill);
    SplitMix64 random(entries);
    auto cotangent =
        randomVector<double>(elementCount(equation->resultShape()), random);
    for (unsigned k = 0; k < operands.size(); ++k) {
      Evaluation<double> gradient =
          gradientOf(*equation, operands, cotangent, k);
      ASSERT_EQ(gradient.value.size(), operands[k].size());
      if (operands[k].empty())
        continue;
      for (unsigned draw = 0; draw < 3; ++draw, ++entries) {
        size_t i = random.between(0, int64_t(operands[k].size()) - 1);
        const double step = 0.5, there = operands[k][i];
        operands[k][i] = there + step;
        double above =
            product(cotangent, evaluateAll(*equation, operands).value);
        operands[k][i] = there - step;
        double below =
            product(cotangent, evaluateAll(*equation, operands).value);
        operands[k][i] = there;
        EXPECT_NEAR(gradient.value[i], (above - below) / (2 * step),
                    1e-11 * (1 + gradient.magnitude[i]))
            << "operand " << k << ", entry " << i;
      }
    }
  }
  EXPECT_GT(entries, 400u);
}

template <typename T>
static void expectAdjoint(uint64_t seed) {
  Equation equation = resolved(randomEquation(seed));
  SCOPED_TRACE(describe(equation));
  SplitMix64 random(seed);
  auto operands = randomOperands<T>(equation, random);
  auto cotangent =
      randomVector<T>(elementCount(equation.resultShape()), random);
  for (unsigned k = 0; k < operands.size(); ++k) {
    Evaluation<T> gradient = gradientOf(equation, operands, cotangent, k);
    // It does not depend on the operand, whose place a direction takes.
    auto moved = operands;
    moved[k] = randomVector<T>(operands[k].size(), random);
    Evaluation<T> forward = evaluateAll(equation, moved);
    double scale = 1;
    for (size_t i = 0; i < gradient.value.size(); ++i)
      scale += gradient.magnitude[i] * std::abs(moved[k][i]);
    EXPECT_LE(std::abs(product(gradient.value, moved[k]) -
                       product(cotangent, forward.value)),
              1e-13 * scale)
        << "operand " << k;
    EXPECT_EQ(std::accumulate(gradient.terms.begin(), gradient.terms.end(),
                              uint64_t(0)),
              std::accumulate(forward.terms.begin(), forward.terms.end(),
                              uint64_t(0)));
  }
}

TEST(EvaluatorGradientTest, AdjointIdentityOnRandomEquations) {
  for (uint64_t seed = 1; seed <= 200; ++seed)
    expectAdjoint<double>(seed);
  for (uint64_t seed = 201; seed <= 230; ++seed)
    expectAdjoint<std::complex<double>>(seed);
}

TEST(EvaluatorGradientTest, DiagonalsAndPrivateModes) {
  // y_j = sum of x_iij over i; entries beside the diagonal get nothing.
  Equation equation = resolved("iijk->j", {{2, 2, 2, 3}});
  Evaluation<double> gradient =
      gradientOf<double>(equation, {std::vector<double>(24, 7)}, {2, -3}, 0);
  for (unsigned i = 0; i < 24; ++i) {
    bool onDiagonal = i / 12 == i / 6 % 2;
    double cotangent = i / 3 % 2 ? -3 : 2;
    EXPECT_EQ(gradient.value[i], onDiagonal ? cotangent : 0) << i;
    EXPECT_EQ(gradient.terms[i], onDiagonal ? 1u : 0u) << i;
    EXPECT_EQ(gradient.magnitude[i], onDiagonal ? std::abs(cotangent) : 0) << i;
  }
}

TEST(EvaluatorGradientTest, EmptySumsAreZero) {
  Equation equation = resolved("ij,jk->ik", {{2, 0}, {0, 3}});
  std::vector<double> none;
  EXPECT_TRUE(
      gradientOf<double>(equation, {none, none}, std::vector<double>(6, 1), 0)
          .value.empty());
  Equation outer = resolved("i,jk->j", {{2}, {3, 0}});
  EXPECT_EQ(gradientOf<double>(outer, {{1, 1}, none}, {1, 1, 1}, 0).value,
            std::vector<double>(2, 0));
}
