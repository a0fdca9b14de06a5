//===- FunctionTableTest.cpp - Many functions compiled together -----------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which functions share a number, which are refused, and what calls return.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Check/FunctionTable.h"
#include "conveinsum/Check/Fill.h"
#include "conveinsum/Check/Reference.h"
#include "gtest/gtest.h"

using namespace conveinsum;

/// An error callback that must not be called.
static void unexpected(const Fault &fault) { ADD_FAILURE() << fault.message; }

static bool unexpectedRefusal(unsigned function, const Fault &fault) {
  ADD_FAILURE() << function << ": " << fault.message;
  return true;
}

static Equation makeEquation(llvm::StringRef text,
                             llvm::ArrayRef<Shape> shapes) {
  std::optional<Equation> equation =
      Equation::create(text, {}, shapes, unexpected);
  EXPECT_TRUE(equation.has_value()) << text.str();
  return *equation;
}

static DriverOptions quickOptions() {
  DriverOptions options;
  options.optLevel = OptLevel::O0;
  return options;
}

/// Calls a function of f64 on filled operands and compares it with the
/// definition.
static void expectDefinition(FunctionTable &table, unsigned function) {
  const Equation &equation = table.spec(function).equation;
  std::vector<Tensor> operands;
  for (unsigned k = 0; k < equation.numOperands(); ++k) {
    Fallible<Tensor> tensor =
        Tensor::allocate(ElementType::F64, equation.operandShape(k).vec());
    ASSERT_TRUE(bool(tensor));
    Fill::mixedSigns().apply(*tensor, k);
    operands.push_back(std::move(*tensor));
  }
  std::optional<Tensor> result =
      table.call(function, llvm::to_vector(llvm::make_pointer_range(operands)),
                 unexpected);
  ASSERT_TRUE(result.has_value());
  Reference reference(equation, operands, {ElementType::F64, ElementType::F64});
  EXPECT_TRUE(reference.compare(*result).passed) << equation.text();
}

TEST(FunctionTableTest, EqualStepsAreOneFunction) {
  constexpr ElementType f64 = ElementType::F64, f32 = ElementType::F32;
  FunctionTable table;
  Equation step = makeEquation("ij,jk->ik", {{2, 3}, {3, 4}});
  unsigned first = table.addStep(step, {f64, f64}, f64);
  EXPECT_EQ(table.addStep(makeEquation("ab,bc->ac", {{2, 3}, {3, 4}}),
                          {f64, f64}, f64),
            first);
  EXPECT_NE(table.addStep(makeEquation("ij,jk->ik", {{2, 3}, {3, 5}}),
                          {f64, f64}, f64),
            first);
  EXPECT_NE(table.addStep(makeEquation("ij,jk->ki", {{2, 3}, {3, 4}}),
                          {f64, f64}, f64),
            first);
  EXPECT_NE(table.addStep(step, {f32, f32}, f64), first);
  EXPECT_EQ(table.numSteps(), 4u);
  // Networks have numbers of their own and are no steps.
  EXPECT_NE(
      table.addNetwork(step, {f64, f64}, f64, ContractionTree(2, {{0, 1}})),
      first);
  EXPECT_EQ(table.numSteps(), 4u);
}

TEST(FunctionTableTest, CompilesWhatWasAddedSince) {
  constexpr ElementType f64 = ElementType::F64;
  Driver driver(quickOptions());
  FunctionTable table;
  unsigned small =
      table.addStep(makeEquation("i,i->", {{7}, {7}}), {f64, f64}, f64);
  EXPECT_EQ(table.find(small), nullptr);
  ASSERT_TRUE(table.compile(driver, unexpectedRefusal));
  const CompiledFunction *code = table.find(small);
  ASSERT_NE(code, nullptr);

  // More than one module, and a workspace larger than the first.
  unsigned large = table.addNetwork(
      makeEquation("ij,jk,kl->il", {{9, 8}, {8, 7}, {7, 6}}), {f64, f64, f64},
      f64, ContractionTree(3, {{0, 1}, {3, 2}}));
  std::vector<unsigned> steps;
  for (int64_t extent = 1; extent <= 140; ++extent)
    steps.push_back(table.addStep(makeEquation("i,i->i", {{extent}, {extent}}),
                                  {f64, f64}, f64));
  EXPECT_EQ(table.find(large), nullptr);
  ASSERT_TRUE(table.compile(driver, unexpectedRefusal));
  EXPECT_EQ(table.find(small), code);
  expectDefinition(table, small);
  expectDefinition(table, large);
  for (unsigned step : steps)
    expectDefinition(table, step);
}

TEST(FunctionTableTest, RefusedFunctionsAreNamed) {
  constexpr ElementType f64 = ElementType::F64, f32 = ElementType::F32;
  Equation step = makeEquation("i,i->", {{7}, {7}});
  FunctionTable table;
  unsigned first = table.addStep(step, {f64, f32}, f64);
  unsigned good = table.addStep(step, {f64, f64}, f64);
  unsigned second = table.addStep(step, {f32, f64}, f64);

  Driver driver(quickOptions());
  std::vector<unsigned> refused;
  EXPECT_FALSE(table.compile(driver, [&](unsigned function, const Fault &why) {
    refused.push_back(function);
    EXPECT_FALSE(why.message.empty());
    return true;
  }));
  EXPECT_EQ(refused, (std::vector<unsigned>{first, second}));
  EXPECT_EQ(table.find(first), nullptr);
  EXPECT_EQ(table.find(second), nullptr);
  expectDefinition(table, good);
}

TEST(FunctionTableTest, StopsAtTheFirstRefusalIfTold) {
  constexpr ElementType f64 = ElementType::F64, f32 = ElementType::F32;
  Equation step = makeEquation("i,i->", {{7}, {7}});
  FunctionTable table;
  table.addStep(step, {f64, f32}, f64);
  table.addStep(step, {f32, f64}, f64);
  Driver driver(quickOptions());
  unsigned refusals = 0;
  EXPECT_FALSE(table.compile(driver, [&](unsigned, const Fault &) {
    ++refusals;
    return false;
  }));
  EXPECT_EQ(refusals, 1u);
}
