//===- DriverTest.cpp - From equations to functions -----------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Functions in this process compared with the evaluator, for options and types;
// equal steps; workspace; modules that are refused.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Driver/Driver.h"
#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsum.h"
#include "conveinsum/Equation/Evaluator.h"
#include "conveinsum/Plan/Search/Planner.h"
#include "conveinsum/Runtime/Tensor.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"
#include "gtest/gtest.h"

using namespace conveinsum;

/// An error callback that must not be called.
static void unexpected(const Diagnostic &diagnostic) {
  ADD_FAILURE() << diagnostic.message;
}

static FunctionSpec makeSpec(llvm::StringRef text, std::vector<Shape> shapes,
                             ElementType type = ElementType::F64,
                             std::string name = "f") {
  std::optional<Equation> equation =
      Equation::create(text, {}, shapes, unexpected);
  EXPECT_TRUE(equation.has_value());
  std::optional<PlannedTree> plan = conveinsum::plan(*equation, {}, unexpected);
  EXPECT_TRUE(plan.has_value());
  FunctionSpec spec{std::move(name), *equation, {}, type, plan->tree};
  spec.operandTypes.assign(shapes.size(), type);
  return spec;
}

/// Compiles and runs `spec` on the fill of the data files; compares with the
/// evaluator up to `tolerance`.
static void expectDefinition(const FunctionSpec &spec, DriverOptions options,
                             double tolerance) {
  Driver driver(std::move(options));
  auto module = driver.buildModule({spec}, /*withPlans=*/true, unexpected);
  ASSERT_TRUE(module);
  std::unique_ptr<CompiledModule> code = driver.compile(*module, unexpected);
  ASSERT_TRUE(code);
  EXPECT_GT(code->codeBytes(), 0u);
  const CompiledFunction *function = code->find(spec.name);
  ASSERT_TRUE(function);
  EXPECT_EQ(code->find("absent"), nullptr);

  std::vector<Tensor> tensors;
  std::vector<std::vector<double>> values;
  for (unsigned k = 0; k < spec.equation.numOperands(); ++k) {
    Fallible<Tensor> tensor = Tensor::allocate(
        spec.operandTypes[k], spec.equation.operandShape(k).vec());
    ASSERT_TRUE(bool(tensor));
    for (uint64_t i = 0; i < tensor->elements(); ++i)
      tensor->setFloating(i, goldenFill(k, i));
    values.push_back(tensor->toDoubles());
    tensors.push_back(std::move(*tensor));
  }
  Shape shape = spec.equation.resultShape();
  Fallible<Tensor> result = Tensor::allocate(
      spec.resultType, std::vector<int64_t>(shape.begin(), shape.end()));
  Fallible<AlignedBuffer> workspace =
      allocateAligned(function->workspaceBytes());
  ASSERT_TRUE(result && workspace);
  std::vector<const void *> inputs;
  for (const Tensor &tensor : tensors)
    inputs.push_back(tensor.data());
  function->invoke(inputs, result->data(), workspace->get());

  std::vector<llvm::ArrayRef<double>> views(values.begin(), values.end());
  Evaluation<double> expected = evaluate<double>(spec.equation, views);
  std::vector<double> got = result->toDoubles();
  ASSERT_EQ(got.size(), expected.value.size());
  for (size_t i = 0; i < got.size(); ++i)
    EXPECT_NEAR(got[i], expected.value[i], tolerance * expected.magnitude[i]);
}

TEST(DriverTest, EveryOptLevel) {
  FunctionSpec spec = makeSpec("bsh,rs,rh->brh|h", {{2, 4, 8}, {3, 4}, {3, 3}});
  for (OptLevel level : {OptLevel::O0, OptLevel::O1, OptLevel::O2})
    for (bool vectorize : {false, true}) {
      DriverOptions options;
      options.optLevel = level;
      options.vectorize = vectorize;
      expectDefinition(spec, options, 1e-14);
    }
}

TEST(DriverTest, PortableCpu) {
  DriverOptions options;
  std::optional<CpuTarget> target = CpuTarget::get("x86-64");
  if (!target)
    GTEST_SKIP() << "another architecture";
  options.target = *target;
  for (ElementType type : {ElementType::F32, ElementType::F16, ElementType::BF16})
    expectDefinition(makeSpec("ij,jk,kl->il", {{5, 40}, {40, 6}, {6, 70}}, type),
                     options, 0.02);
}

TEST(DriverTest, Threads) {
  DriverOptions options;
  options.threads = 3;
  setThreads(3);
  expectDefinition(makeSpec("ij,jk->ik", {{192, 128}, {128, 96}}), options, 1e-13);
}

TEST(DriverTest, OneOperandAndScalars) {
  expectDefinition(makeSpec("iij->j", {{3, 3, 4}}), {}, 1e-15);
  expectDefinition(makeSpec("i,i->", {{7}, {7}}), {}, 1e-14);
  expectDefinition(makeSpec(",->", {{}, {}}), {}, 1e-15);
  expectDefinition(makeSpec("ij,jk->ik", {{0, 3}, {3, 2}}), {}, 0);
}

TEST(DriverTest, ManyFunctionsInOneModule) {
  Driver driver;
  FunctionSpec first = makeSpec("ij,jk->ik", {{4, 4}, {4, 4}}, ElementType::F32, "a");
  FunctionSpec second = makeSpec("xy,yz->xz", {{4, 4}, {4, 4}}, ElementType::F32, "b");
  auto module = driver.buildModule({first, second}, true, unexpected);
  ASSERT_TRUE(module);
  std::unique_ptr<CompiledModule> code = driver.compile(*module, unexpected);
  ASSERT_TRUE(code);
  EXPECT_TRUE(code->find("a"));
  EXPECT_TRUE(code->find("b"));
}

TEST(DriverTest, EqualStepsShareAFunction) {
  Driver driver;
  FunctionSpec spec =
      makeSpec("ab,bc,cd,de->ae", {{4, 4}, {4, 4}, {4, 4}, {4, 4}});
  auto module = driver.buildModule({spec}, true, unexpected);
  ASSERT_TRUE(module);
  ASSERT_TRUE(driver.runTo(*module, EmitStage::Linalg, unexpected));
  unsigned steps = 0, calls = 0;
  module->walk([&](mlir::func::FuncOp function) { steps += function.isPrivate(); });
  module->walk([&](mlir::func::CallOp) { ++calls; });
  EXPECT_EQ(steps, 1u);
  EXPECT_EQ(calls, 3u);
}

TEST(DriverTest, StagesKeepTheirContracts) {
  FunctionSpec spec = makeSpec("ij,jk,kl->il", {{2, 3}, {3, 4}, {4, 5}});
  Driver driver;
  for (EmitStage stage : {EmitStage::Imported, EmitStage::Planned,
                          EmitStage::Steps, EmitStage::Linalg}) {
    auto module =
        driver.buildModule({spec}, stage != EmitStage::Imported, unexpected);
    ASSERT_TRUE(module);
    ASSERT_TRUE(driver.runTo(*module, stage, unexpected));
    unsigned einsums = 0, plans = 0;
    module->walk([&](EinsumOp op) {
      ++einsums;
      plans += bool(op.getPlanAttr());
    });
    EXPECT_EQ(einsums, stage == EmitStage::Linalg  ? 0u
                       : stage == EmitStage::Steps ? 2u
                                                   : 1u);
    EXPECT_EQ(plans, stage == EmitStage::Planned ? 1u : 0u);
  }
}

TEST(DriverTest, CompilesModulesFromText) {
  Driver driver;
  auto module = mlir::parseSourceString<mlir::ModuleOp>(R"mlir(
    func.func @g(%x: tensor<2x3xf32>, %y: tensor<3x4xf32>) -> tensor<2x4xf32> {
      %z = conveinsum.einsum "ij,jk->ik" ins(%x, %y : tensor<2x3xf32>, tensor<3x4xf32>)
        : tensor<2x4xf32>
      return %z : tensor<2x4xf32>
    })mlir",
                                                        &driver.context());
  ASSERT_TRUE(module);
  std::unique_ptr<CompiledModule> code = driver.compile(*module, unexpected);
  ASSERT_TRUE(code);
  EXPECT_TRUE(code->find("g"));
}

TEST(DriverTest, DynamicSizesAreRefused) {
  Driver driver;
  auto module = mlir::parseSourceString<mlir::ModuleOp>(R"mlir(
    func.func @g(%x: tensor<?x3xf32>, %y: tensor<3x4xf32>) -> tensor<?x4xf32> {
      %z = conveinsum.einsum "ij,jk->ik" ins(%x, %y : tensor<?x3xf32>, tensor<3x4xf32>)
        : tensor<?x4xf32>
      return %z : tensor<?x4xf32>
    })mlir",
                                                        &driver.context());
  ASSERT_TRUE(module);
  std::string message;
  EXPECT_FALSE(driver.compile(*module, [&](const Diagnostic &diagnostic) {
    message = diagnostic.message;
  }));
  EXPECT_NE(message.find("static"), std::string::npos) << message;
}

TEST(DriverTest, HeaderDocumentsTheFunction) {
  DriverOptions options;
  std::string header = libraryHeader(makeSpec("i,j->ij", {{2}, {3}}),
                                     "i,j->ij", 128, options);
  EXPECT_NE(header.find("void f(const double *in0, const double *in1, double *out, "
                        "void *workspace);"),
            std::string::npos);
  EXPECT_NE(header.find("#define F_WORKSPACE_BYTES 128"), std::string::npos);
  EXPECT_EQ(sanitizeIdentifier("a b-c"), "a_b_c");
  EXPECT_EQ(sanitizeIdentifier("1x"), "_1x");
  EXPECT_EQ(sanitizeIdentifier(""), "_");
}
