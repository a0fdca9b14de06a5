//===- GradientReferenceTest.cpp - What gradients are held against --------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// True gradients pass and others do not; the convention for complex numbers is
// that of a real loss.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Check/GradientReference.h"
#include "gtest/gtest.h"

using namespace conveinsum;
using Number = std::complex<double>;

static Tensor tensor(ElementType type, std::vector<int64_t> shape,
                     const std::vector<Number> &values) {
  Tensor tensor = std::move(*Tensor::allocate(type, std::move(shape)));
  for (size_t i = 0; i < values.size(); ++i)
    tensor.setFloating(i, values[i]);
  return tensor;
}

static Equation equation(llvm::StringRef text, std::vector<Shape> shapes) {
  return *Equation::create(text, {}, shapes, [](const Fault &fault) {
    ADD_FAILURE() << fault.message;
  });
}

TEST(GradientReferenceTest, OneRoundingTooManyFails) {
  Equation product = equation("i,i->i", {{2}, {2}});
  for (ElementType type : {ElementType::F64, ElementType::F32, ElementType::F16,
                           ElementType::BF16}) {
    std::vector<Tensor> operands;
    operands.push_back(tensor(type, {2}, {3, 5}));
    operands.push_back(tensor(type, {2}, {0.5, 2}));
    Tensor cotangent = tensor(type, {2}, {1, -4});
    GradientReference reference(product, operands, cotangent, {type, type});
    EXPECT_TRUE(reference.compare(0, tensor(type, {2}, {0.5, -8})).passed);
    EXPECT_TRUE(reference.compare(1, tensor(type, {2}, {3, -20})).passed);
    // One step in this type: 3 (u_store + u_accumulate).
    double u = unitRoundoff(type),
           bound = 3 * (u + unitRoundoff(accumulatorType(type, type)));
    Comparison near =
        reference.compare(0, tensor(type, {2}, {0.5, -8 * (1 + 2 * u)}));
    EXPECT_TRUE(near.passed);
    EXPECT_DOUBLE_EQ(near.maxError, 2 * u);
    EXPECT_DOUBLE_EQ(near.bound, bound);
    EXPECT_FALSE(
        reference.compare(0, tensor(type, {2}, {0.5, -8 * (1 + 8 * u)}))
            .passed);
    EXPECT_FALSE(reference.compare(0, tensor(type, {2}, {0.5, 8})).passed);
  }
}

TEST(GradientReferenceTest, EntriesThatNothingReadsAreExactlyZero) {
  Equation diagonal = equation("ii->i", {{2, 2}});
  std::vector<Tensor> operands;
  operands.push_back(tensor(ElementType::F64, {2, 2}, {1, 2, 3, 4}));
  Tensor cotangent = tensor(ElementType::F64, {2}, {5, 6});
  GradientReference reference(diagonal, operands, cotangent,
                              {ElementType::F64, ElementType::F64});
  auto compare = [&](const std::vector<Number> &values) {
    return reference.compare(0, tensor(ElementType::F64, {2, 2}, values));
  };
  EXPECT_TRUE(compare({5, 0, 0, 6}).passed);
  Comparison wrong = compare({5, 1e-300, 0, 6});
  EXPECT_FALSE(wrong.passed);
  EXPECT_EQ(wrong.maxError, 1e-300);
  EXPECT_FALSE(compare({5, 0, 0, std::nan("")}).passed);
}

/// L = re(conj(g) y), whose cotangent is g.
static double loss(const Equation &network,
                   llvm::ArrayRef<std::vector<Number>> operands, Number g) {
  std::vector<llvm::ArrayRef<Number>> views(operands.begin(), operands.end());
  return (std::conj(g) * evaluate<Number>(network, views).value[0]).real();
}

TEST(GradientReferenceTest, ComplexIsThatOfARealLoss) {
  Equation network = equation("i,i,i->", {{1}, {1}, {1}});
  const Number g(0.5, -2);
  std::vector<std::vector<Number>> values{{{1, 2}}, {{-3, 0.25}}, {{2, 1}}};
  std::vector<Tensor> operands;
  for (const auto &value : values)
    operands.push_back(tensor(ElementType::C128, {1}, value));
  GradientReference reference(network, operands,
                              tensor(ElementType::C128, {}, {g}),
                              {ElementType::C128, ElementType::C128});
  for (unsigned k = 0; k < 3; ++k) {
    auto slope = [&](Number direction) {
      auto above = values, below = values;
      above[k][0] += direction;
      below[k][0] -= direction;
      return (loss(network, above, g) - loss(network, below, g)) / 2;
    };
    Number gradient(slope(1), slope(Number(0, 1)));
    EXPECT_TRUE(
        reference.compare(k, tensor(ElementType::C128, {1}, {gradient})).passed)
        << k;
    EXPECT_FALSE(
        reference
            .compare(k, tensor(ElementType::C128, {1}, {std::conj(gradient)}))
            .passed)
        << k;
  }
}

TEST(GradientReferenceTest, WiderResultsHaveGradientsOfTheOperandsType) {
  Equation product = equation("i,i->i", {{1}, {1}});
  std::vector<Tensor> operands;
  operands.push_back(tensor(ElementType::BF16, {1}, {3}));
  operands.push_back(tensor(ElementType::BF16, {1}, {1}));
  Tensor cotangent = tensor(ElementType::F32, {1}, {1 + 0x1p-9});
  GradientReference reference(product, operands, cotangent,
                              {ElementType::BF16, ElementType::F32});
  EXPECT_TRUE(reference.compare(0, tensor(ElementType::BF16, {1}, {1})).passed);
}

TEST(GradientReferenceTest, WhatTakesTooLongIsRefused) {
  Equation large = equation("ij,jk->ik", {{1000, 1000}, {1000, 1500}});
  std::string message;
  auto keep = [&](const Fault &fault) { message = fault.message; };
  EXPECT_TRUE(GradientReference::isAffordable(large, 2, keep));
  EXPECT_FALSE(GradientReference::isAffordable(large, 3, keep));
  EXPECT_EQ(message, "too large to compare with the definition: expected at "
                     "most 4000000000 products, got 4500000000");
  // Both operands and the cotangent, and what belongs to the larger gradient.
  EXPECT_EQ(GradientReference::bytesNeeded(large, ElementType::F32, {0, 1}),
            8u * (1000000 + 1500000 + 1500000) + 48u * 1500000);
}
