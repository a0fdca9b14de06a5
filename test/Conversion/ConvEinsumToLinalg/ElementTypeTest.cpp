//===- ElementTypeTest.cpp - Types of operands, sums and results ----------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each element type, wider results and operands of several widths, by hand.
//
//===----------------------------------------------------------------------===//

#include "LoweredFunctions.h"
#include "gtest/gtest.h"

using namespace conveinsum;
using namespace conveinsum::test;

static Equation create(const std::string &text,
                       const std::vector<Shape> &shapes) {
  auto equation =
      Equation::create(text, {}, shapes, [](const Fault &diagnostic) {
        ADD_FAILURE() << diagnostic.message;
      });
  return *equation;
}

/// A contraction, a convolution with a private mode, a product, a copy.
static void expectRight(const std::vector<ElementType> &operands,
                        ElementType result) {
  std::vector<TypedEquation> equations;
  equations.emplace_back(create("ij,jk->ik", {{5, 70}, {70, 3}}), operands,
                         result);
  equations.emplace_back(create("bsh,tshp->bth|h", {{2, 3, 9}, {2, 3, 3, 5}}),
                         operands, result);
  equations.emplace_back(create("ij,j->ij", {{3, 4}, {4}}), operands, result);
  equations.emplace_back(create("ij->ji", {{3, 4}}),
                         std::vector<ElementType>{operands[0]}, result);
  equations.emplace_back(create("ij->i", {{3, 40}}),
                         std::vector<ElementType>{operands[0]}, result);
  for (const std::string &line : mismatches(equations, 5))
    ADD_FAILURE() << line;
}

TEST(ElementTypes, ResultOfTheOperandsType) {
  for (ElementType type :
       {ElementType::F64, ElementType::F32, ElementType::F16, ElementType::BF16,
        ElementType::C64, ElementType::C128, ElementType::I8, ElementType::I16,
        ElementType::I32, ElementType::I64})
    expectRight({type, type}, type);
}

TEST(ElementTypes, WiderResults) {
  expectRight({ElementType::F16, ElementType::F16}, ElementType::F32);
  expectRight({ElementType::BF16, ElementType::BF16}, ElementType::F32);
  expectRight({ElementType::F32, ElementType::F32}, ElementType::F64);
  expectRight({ElementType::C64, ElementType::C64}, ElementType::C128);
  expectRight({ElementType::I8, ElementType::I8}, ElementType::I32);
  expectRight({ElementType::I32, ElementType::I32}, ElementType::I64);
}

TEST(ElementTypes, OperandsOfTheAccumulatorType) {
  // Intermediates of integer networks are stored in the accumulator type.
  expectRight({ElementType::I32, ElementType::I8}, ElementType::I8);
  expectRight({ElementType::I16, ElementType::I32}, ElementType::I32);
  expectRight({ElementType::I64, ElementType::I16}, ElementType::I64);
}
