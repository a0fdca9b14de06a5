//===- BuilderTest.cpp - Einsums made by C++ ------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What lit cannot reach: builders, and the attributes as C++ values.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsum.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/IR/Verifier.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace conveinsum;

namespace {
class BuilderTest : public ::testing::Test {
protected:
  BuilderTest() : builder(&context) {
    context.loadDialect<ConvEinsumDialect>();
    module = ModuleOp::create(builder, builder.getUnknownLoc());
    builder.setInsertionPointToStart(module->getBody());
  }

  mlir::Value tensor(ArrayRef<int64_t> shape, Type elementType) {
    return tensor::EmptyOp::create(builder, builder.getUnknownLoc(), shape,
                                   elementType);
  }

  FailureOr<EinsumOp> einsum(StringRef text, const GeometryMap &geometry,
                             ValueRange inputs, Type resultElementType = {}) {
    return EinsumOp::create(
        builder, builder.getUnknownLoc(), text, geometry, inputs,
        [&](const conveinsum::Fault &diagnostic) { fault = diagnostic; },
        resultElementType);
  }

  MLIRContext context;
  OpBuilder builder;
  OwningOpRef<ModuleOp> module;
  conveinsum::Fault fault;
};

TEST_F(BuilderTest, ResolvesGeometryAndInfersTheResult) {
  Type f32 = builder.getF32Type();
  GeometryMap geometry;
  geometry["h"].stride = 2;
  FailureOr<EinsumOp> op = einsum(
      "bsh,tsh|h", geometry, {tensor({2, 4, 9}, f32), tensor({3, 4, 3}, f32)});
  ASSERT_TRUE(succeeded(op));
  EXPECT_EQ(op->getResultType(), RankedTensorType::get({2, 3, 5}, f32));
  FailureOr<Equation> equation = op->boundEquation();
  ASSERT_TRUE(succeeded(equation));
  EXPECT_EQ(equation->text(), "bsh,tsh->bth|h");
  EXPECT_EQ(equation->relationText(equation->relations().front()),
            "i0 - i1 + 1 = 2 o");
  EXPECT_TRUE(equation->hasStaticShapes());
  EXPECT_TRUE(succeeded(verify(*module)));
}

TEST_F(BuilderTest, TakesAWiderResultType) {
  FailureOr<EinsumOp> op = einsum(
      "i,i->", {},
      {tensor({4}, builder.getI8Type()), tensor({4}, builder.getI8Type())},
      builder.getI32Type());
  ASSERT_TRUE(succeeded(op));
  EXPECT_EQ(op->getResultType(),
            RankedTensorType::get({}, builder.getI32Type()));
  EXPECT_TRUE(succeeded(verify(*module)));
}

TEST_F(BuilderTest, ReportsAFaultAndCreatesNothing) {
  Type f32 = builder.getF32Type();
  mlir::Value lhs = tensor({2, 3}, f32), rhs = tensor({4, 5}, f32);
  size_t before = module->getBody()->getOperations().size();
  EXPECT_TRUE(failed(einsum("ij,jk->ik", {}, {lhs, rhs})));
  EXPECT_EQ(fault.constraint, "C23");
  EXPECT_EQ(module->getBody()->getOperations().size(), before);
}

TEST_F(BuilderTest, EqualTextsAreOneAttribute) {
  // The modes of a step are numbered as in the network, not as in its text.
  std::optional<Equation> network =
      Equation::create("ij,jk,kl->il", {}, {{2, 3}, {3, 4}, {4, 5}},
                       [&](const conveinsum::Fault &d) { fault = d; });
  ASSERT_TRUE(network);
  Equation step = network->step(network->leaf(2), network->leaf(1));
  std::optional<Equation> direct =
      Equation::create(step.text(), {}, {{4, 5}, {3, 4}},
                       [&](const conveinsum::Fault &d) { fault = d; });
  ASSERT_TRUE(direct);
  EXPECT_EQ(EquationAttr::get(&context, step),
            EquationAttr::get(&context, *direct));
}

/// Gradients may have a conv mode that no operand holds; the op's text cannot
/// say it.
TEST_F(BuilderTest, RefusesConvModesWithoutParticipants) {
  LinearRelation relation;
  relation.mode = 1;
  relation.resultExtent = 3;
  Equation equation = Equation::fromParts(
      {{"i", "h"}, {{0}}, {0, 1}, {{kDynamic}}, {relation}});
  ASSERT_TRUE(equation.verify([&](const conveinsum::Fault &diagnostic) {
    fault = diagnostic;
  })) << fault.message;
  std::string message;
  ScopedDiagnosticHandler handler(&context, [&](mlir::Diagnostic &diagnostic) {
    message = diagnostic.str();
    return success();
  });
  EXPECT_FALSE(EquationAttr::getChecked(
      [&] { return emitError(builder.getUnknownLoc()); }, &context, equation));
  EXPECT_EQ(message, "expected an operand that holds conv mode 'h' [C82]");
}

TEST_F(BuilderTest, EqualTreesAreOneAttribute) {
  ContractionTree one(4, {{0, 1}, {2, 3}, {4, 5}});
  ContractionTree other(4, {{2, 3}, {0, 1}, {5, 4}});
  EXPECT_FALSE(one == other);
  EXPECT_EQ(PlanAttr::get(&context, one), PlanAttr::get(&context, other));
  EXPECT_EQ(PlanAttr::get(&context, other).getTree().treeText(),
            "((0,1),(2,3))");
}

TEST_F(BuilderTest, MapsElementTypesBothWays) {
  for (ElementType type :
       {ElementType::F64, ElementType::F32, ElementType::F16, ElementType::BF16,
        ElementType::C64, ElementType::C128, ElementType::I8, ElementType::I16,
        ElementType::I32, ElementType::I64})
    EXPECT_EQ(toElementType(fromElementType(&context, type)), type);
  EXPECT_EQ(toElementType(builder.getIndexType()), std::nullopt);
  EXPECT_EQ(toElementType(builder.getIntegerType(8, /*isSigned=*/false)),
            std::nullopt);
}
} // namespace
