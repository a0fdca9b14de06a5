//===- FillTest.cpp - Operands of every kind ------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What each fill is there for, and that no fill takes an intermediate of any
// set of operands out of the normal range.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Check/Fill.h"
#include "Equation/RandomEquation.h"
#include "conveinsum/Equation/Evaluator.h"
#include "llvm/ADT/STLExtras.h"
#include <cmath>
#include <gtest/gtest.h>

using namespace conveinsum;

static Equation makeEquation(llvm::StringRef text,
                             llvm::ArrayRef<Shape> shapes) {
  std::optional<Equation> equation = Equation::create(
      text, {}, shapes, [](const Fault &fault) { FAIL() << fault.message; });
  EXPECT_TRUE(equation.has_value()) << text.str();
  return *equation;
}

static Tensor fillOf(const Equation &equation, unsigned operand,
                     ElementType type, const Fill &fill) {
  Fallible<Tensor> tensor =
      Tensor::allocate(type, equation.operandShape(operand).vec());
  fill.apply(*tensor, operand);
  return std::move(*tensor);
}

/// i,i,...,i->i
static Equation productOf(unsigned operands) {
  std::string text = "i";
  for (unsigned k = 1; k < operands; ++k)
    text += ",i";
  return makeEquation(text + "->i", std::vector<Shape>(operands, {3}));
}

static const Fill *find(llvm::ArrayRef<Fill> fills, FillKind kind) {
  const Fill *found = llvm::find_if(
      fills, [&](const Fill &fill) { return fill.kind() == kind; });
  return found == fills.end() ? nullptr : found;
}

TEST(Fill, Kinds) {
  Equation equation = makeEquation("i,i->", {{1000}, {1000}});
  auto names = [&](ElementType type) {
    std::string text;
    for (const Fill &fill : Fill::all(equation, type))
      text += (text.empty() ? "" : ", ") + std::string(name(fill.kind()));
    return text;
  };
  const std::string all =
      "mixed signs, one sign, ascending, descending, largest, smallest";
  for (ElementType type : {ElementType::F64, ElementType::F32, ElementType::F16,
                           ElementType::BF16, ElementType::C64})
    EXPECT_EQ(names(type), all);
  EXPECT_EQ(names(ElementType::I16), "mixed signs");
  // Products of 20 operands have no room in f16 for sorted ones.
  equation = productOf(20);
  EXPECT_EQ(names(ElementType::F16), "mixed signs, one sign, largest");
  EXPECT_EQ(names(ElementType::F32), all);
}

/// With magnitudes of 0.5 to 1, products of many would vanish.
TEST(Fill, ProductsOfManyOperandsStayInRange) {
  for (unsigned operands : {1, 13, 14, 15, 80, 200, 1000}) {
    Equation equation = productOf(operands);
    for (ElementType type : {ElementType::F16, ElementType::F32,
                             ElementType::F64, ElementType::C64})
      for (const Fill &fill : Fill::all(equation, type)) {
        std::complex<double> product[3] = {1, 1, 1};
        for (unsigned k = 0; k < operands; ++k) {
          std::vector<std::complex<double>> values =
              fillOf(equation, k, type, fill).toComplex();
          for (unsigned i = 0; i < 3; ++i)
            product[i] *= values[i];
        }
        for (std::complex<double> value : product) {
          bool isF16 = type == ElementType::F16;
          double smallest = isF16                      ? 0x1p-14
                            : type == ElementType::F64 ? 0x1p-1022
                                                       : 0x1p-126;
          EXPECT_GE(std::abs(value), smallest)
              << operands << " operands, " << name(fill.kind());
          double largest = isF16                      ? 65504
                           : type == ElementType::F64 ? 0x1p1023
                                                      : 0x1p127;
          EXPECT_LE(std::abs(value), largest)
              << operands << " operands, " << name(fill.kind());
        }
      }
  }
}

TEST(Fill, SignsAndOrder) {
  Equation equation = makeEquation("i,i->", {{1000}, {1000}});
  std::vector<Fill> fills = Fill::all(equation, ElementType::F32);
  auto values = [&](FillKind kind) {
    return fillOf(equation, 1, ElementType::F32, *find(fills, kind))
        .toDoubles();
  };
  auto negatives = [](const std::vector<double> &values) {
    return llvm::count_if(values, [](double value) { return value < 0; });
  };
  EXPECT_NEAR(double(negatives(values(FillKind::MixedSigns))), 500, 60);
  for (FillKind kind :
       {FillKind::OneSign, FillKind::Ascending, FillKind::Descending,
        FillKind::Largest, FillKind::Smallest})
    EXPECT_EQ(negatives(values(kind)), 0) << name(kind);
  std::vector<double> sorted = values(FillKind::Descending);
  for (size_t i = 0; i < sorted.size(); ++i)
    EXPECT_NEAR(sorted[i] * double(i + 1), 1, 0.07);
  sorted = values(FillKind::Ascending);
  for (size_t i = 0; i < sorted.size(); ++i)
    EXPECT_NEAR(sorted[i] * double(1000 - i), 1, 0.07);
}

TEST(Fill, ResultsNearTheEnds) {
  Equation equation = makeEquation("i,i->", {{1000}, {1000}});
  auto result = [&](ElementType type, FillKind kind) {
    std::vector<Fill> fills = Fill::all(equation, type);
    std::vector<double> a =
        fillOf(equation, 0, type, *find(fills, kind)).toDoubles();
    std::vector<double> b =
        fillOf(equation, 1, type, *find(fills, kind)).toDoubles();
    return evaluate<double>(equation, {a, b}).value[0];
  };
  auto expectBetween = [](double value, double low, double high) {
    EXPECT_GE(value, low);
    EXPECT_LE(value, high);
  };
  expectBetween(result(ElementType::F32, FillKind::Largest), 0x1p124, 0x1p127);
  expectBetween(result(ElementType::BF16, FillKind::Largest), 0x1p124, 0x1p127);
  expectBetween(result(ElementType::F16, FillKind::Largest), 0x1p12, 0x1p15);
  expectBetween(result(ElementType::F64, FillKind::Largest), 0x1p1019,
                0x1p1023);
  // A thousand products of the smallest.
  expectBetween(result(ElementType::F32, FillKind::Smallest), 0x1p-117,
                0x1p-114);
  expectBetween(result(ElementType::F64, FillKind::Smallest), 0x1p-1013,
                0x1p-1010);
}

/// The largest and the smallest magnitude of nonzero entries of every value
/// that some tree joins, computed on magnitudes.
static void expectNormal(const Equation &equation, ElementType type,
                         const Fill &fill, uint64_t seed) {
  double smallest = type == ElementType::F16 ? 0x1p-14 : 0x1p-126;
  double largest = type == ElementType::F16 ? 65504 : 0x1.fffffep127;
  const unsigned n = equation.numOperands();
  std::vector<SetValue> values(1u << n);
  std::vector<std::vector<double>> tensors(1u << n);
  for (unsigned set = 1; set < 1u << n; ++set) {
    if (unsigned first = llvm::countr_zero(set); set == 1u << first) {
      values[set] = equation.leaf(first);
      for (std::complex<double> value :
           fillOf(equation, first, type, fill).toComplex())
        tensors[set].push_back(std::abs(value));
      continue;
    }
    unsigned left = set & (set - 1), right = set ^ left;
    values[set] = equation.join(values[left], values[right]);
    Equation step = equation.step(values[left], values[right]);
    tensors[set] =
        evaluate<double>(step, {tensors[left], tensors[right]}).value;
    for (double value : tensors[set]) {
      ASSERT_LE(value, largest)
          << name(fill.kind()) << ", seed " << seed << ": " << equation.text();
      ASSERT_TRUE(value == 0 || value >= smallest)
          << value << ", " << name(fill.kind()) << ", seed " << seed << ": "
          << equation.text();
    }
  }
}

TEST(Fill, NoIntermediateLeavesTheNormalRange) {
  for (uint64_t seed = 1; seed <= 150; ++seed) {
    RandomEquation drawn = randomEquation(seed);
    std::optional<Equation> equation =
        Equation::create(drawn.text, drawn.geometry, drawn.shapes,
                         [](const Fault &fault) { FAIL() << fault.message; });
    ASSERT_TRUE(equation.has_value());
    for (ElementType type :
         {ElementType::F16, ElementType::F32, ElementType::C64})
      for (const Fill &fill : Fill::all(*equation, type)) {
        if (fill.kind() == FillKind::MixedSigns)
          continue;
        expectNormal(*equation, type, fill, seed);
        if (HasFailure())
          return;
      }
  }
  // Long sums in f16.
  Equation equation =
      makeEquation("ab,bc,cd->", {{3, 7000}, {7000, 9}, {9, 5}});
  for (const Fill &fill : Fill::all(equation, ElementType::F16))
    if (fill.kind() != FillKind::MixedSigns)
      expectNormal(equation, ElementType::F16, fill, 0);
}
