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
#include "Check/GuardedCall.h"
#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsum.h"
#include "conveinsum/Plan/Search/Planner.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "gtest/gtest.h"

using namespace conveinsum;

/// An error callback that must not be called.
static void unexpected(const Fault &diagnostic) {
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
  FunctionSpec spec{std::move(name), *equation, {}, type, Plan(plan->tree)};
  spec.operandTypes.assign(shapes.size(), type);
  return spec;
}

/// Compiles and runs `spec`; compares the result with the definition.
static void expectDefinition(const FunctionSpec &spec,
                             DriverOptions options = {}) {
  Driver driver(std::move(options));
  auto module = driver.buildModule({spec}, unexpected);
  ASSERT_TRUE(module);
  std::unique_ptr<CompiledModule> code = driver.compile(*module, unexpected);
  ASSERT_TRUE(code);
  EXPECT_GT(code->codeBytes(), 0u);
  const CompiledFunction *function = code->find(spec.name);
  ASSERT_TRUE(function);
  EXPECT_EQ(code->find("absent"), nullptr);

  EXPECT_EQ(test::checkDefinition(spec, *function), "");
}

TEST(DriverTest, EveryOptLevel) {
  FunctionSpec spec = makeSpec("bsh,rs,rh->brh|h", {{2, 4, 8}, {3, 4}, {3, 3}});
  for (OptLevel level : {OptLevel::O0, OptLevel::O1, OptLevel::O2})
    for (bool vectorize : {false, true}) {
      DriverOptions options;
      options.optLevel = level;
      options.vectorize = vectorize;
      expectDefinition(spec, options);
    }
}

TEST(DriverTest, PortableCpu) {
  DriverOptions options;
  std::optional<Machine> target = Machine::get("x86-64");
  if (!target)
    GTEST_SKIP() << "another architecture";
  options.target = *target;
  for (ElementType type :
       {ElementType::F32, ElementType::F16, ElementType::BF16})
    expectDefinition(
        makeSpec("ij,jk,kl->il", {{5, 40}, {40, 6}, {6, 70}}, type), options);
}

TEST(DriverTest, Threads) {
  DriverOptions options;
  options.threads = 3;
  setThreads(3);
  expectDefinition(makeSpec("ij,jk->ik", {{192, 128}, {128, 96}}), options);
}

TEST(DriverTest, OneOperandAndScalars) {
  expectDefinition(makeSpec("iij->j", {{3, 3, 4}}));
  expectDefinition(makeSpec("i,i->", {{7}, {7}}));
  expectDefinition(makeSpec(",->", {{}, {}}));
  expectDefinition(makeSpec("ij,jk->ik", {{0, 3}, {3, 2}}));
}

TEST(DriverTest, ManyFunctionsInOneModule) {
  Driver driver;
  FunctionSpec first =
      makeSpec("ij,jk->ik", {{4, 4}, {4, 4}}, ElementType::F32, "a");
  FunctionSpec second =
      makeSpec("xy,yz->xz", {{4, 4}, {4, 4}}, ElementType::F32, "b");
  auto module = driver.buildModule({first, second}, unexpected);
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
  auto module = driver.buildModule({spec}, unexpected);
  ASSERT_TRUE(module);
  ASSERT_TRUE(driver.runTo(*module, EmitStage::Linalg, unexpected));
  unsigned steps = 0, calls = 0;
  module->walk(
      [&](mlir::func::FuncOp function) { steps += function.isPrivate(); });
  module->walk([&](mlir::func::CallOp) { ++calls; });
  EXPECT_EQ(steps, 1u);
  EXPECT_EQ(calls, 3u);
}

TEST(DriverTest, StagesKeepTheirContracts) {
  FunctionSpec spec = makeSpec("ij,jk,kl->il", {{2, 3}, {3, 4}, {4, 5}});
  Driver driver;
  for (EmitStage stage : {EmitStage::Imported, EmitStage::Planned,
                          EmitStage::Steps, EmitStage::Linalg}) {
    FunctionSpec given = spec;
    if (stage == EmitStage::Imported)
      given.plan.reset();
    auto module = driver.buildModule({given}, unexpected);
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
  EXPECT_FALSE(driver.compile(
      *module, [&](const Fault &diagnostic) { message = diagnostic.message; }));
  EXPECT_NE(message.find("static"), std::string::npos) << message;
}

TEST(DriverTest, ConstantsArePreparedOnce) {
  FunctionSpec spec =
      makeSpec("ai,ij,jk->ak", {{1, 6}, {6, 5}, {5, 4}}, ElementType::F64);
  spec.plan = Plan(ContractionTree(3, {{1, 2}, {0, 3}}));
  spec.constants = {1, 2};
  Driver driver;
  auto module = driver.buildModule({spec}, unexpected);
  ASSERT_TRUE(module);
  std::optional<ObjectCode> object = driver.lower(*module, unexpected);
  ASSERT_TRUE(object);
  EXPECT_TRUE(object->bytes.empty());
  ASSERT_EQ(object->functions.size(), 2u);
  const FunctionInfo *prepare =
      findFunction(object->functions, FunctionRole::Prepare);
  const FunctionInfo *run = findFunction(object->functions, FunctionRole::Run);
  ASSERT_TRUE(prepare && run);
  EXPECT_EQ(prepare->name, "f_prepare");
  EXPECT_EQ(prepare->macs, std::optional<Count>(6 * 5 * 4));
  EXPECT_EQ(run->macs, std::optional<Count>(6 * 4));
  // 24 entries of 8 bytes are three times 64.
  EXPECT_EQ(prepare->bytesOf(ArgumentRole::Prepared), 192u);
  EXPECT_EQ(run->bytesOf(ArgumentRole::Prepared), 192u);
  EXPECT_EQ(bytesAtOnce(object->functions),
            8u * (6 + 30 + 20 + 4) + 192 +
                std::max(prepare->workspaceBytes(), run->workspaceBytes()));

  ASSERT_TRUE(
      driver.finish(*module, *object, /*withEntries=*/true, unexpected));
  std::unique_ptr<CompiledModule> code =
      driver.load(std::move(*object), unexpected);
  ASSERT_TRUE(code);
  std::vector<double> x(6, 1), a(30, 2), b(20, 3);
  alignas(64) double out[8] = {}, prepared[24], workspace[64];
  ASSERT_LE(code->find("f")->workspaceBytes(), sizeof(workspace));
  ASSERT_LE(code->find("f_prepare")->workspaceBytes(), sizeof(workspace));
  CallBuffers buffers;
  buffers.operands = {nullptr, a.data(), b.data()};
  buffers.prepared = prepared;
  buffers.workspace = workspace;
  code->find("f_prepare")->invoke(buffers);
  buffers.operands = {x.data(), nullptr, nullptr};
  buffers.out = out;
  code->find("f")->invoke(buffers);
  EXPECT_EQ(out[0], 6 * 5 * 6.0);
  EXPECT_EQ(out[3], 6 * 5 * 6.0);
}

TEST(DriverTest, PassManagersAreShown) {
  DriverOptions options;
  unsigned managers = 0;
  options.onPassManager = [&](mlir::PassManager &) { ++managers; };
  Driver driver(options);
  auto module =
      driver.buildModule({makeSpec("ij,jk->ik", {{2, 3}, {3, 4}})}, unexpected);
  ASSERT_TRUE(module);
  ASSERT_TRUE(driver.emitObject(*module, false, unexpected));
  EXPECT_EQ(managers, 3u);
}

TEST(DriverTest, OnePipelineOnACallersPassManager) {
  FunctionSpec spec = makeSpec("ij,jk,kl->il", {{2, 3}, {3, 4}, {4, 5}});
  spec.constants = {2};
  Driver driver;
  auto expected = driver.buildModule({spec}, unexpected);
  auto module = driver.buildModule({spec}, unexpected);
  ASSERT_TRUE(expected && module);
  ASSERT_TRUE(driver.runTo(*expected, EmitStage::LLVM, unexpected));
  mlir::PassManager pm(&driver.context());
  buildDriverPipeline(pm, driver.options(), EmitStage::LLVM);
  ASSERT_TRUE(mlir::succeeded(pm.run(*module)));
  std::string texts[2];
  llvm::raw_string_ostream first(texts[0]), second(texts[1]);
  expected->print(first);
  module->print(second);
  EXPECT_EQ(texts[0], texts[1]);
}

TEST(DriverTest, HeaderDocumentsTheFunctions) {
  DriverOptions options;
  FunctionSpec spec = makeSpec("i,j->ij", {{2}, {3}});
  spec.constants = {1};
  FunctionInfo prepare{
      "f_prepare",
      FunctionRole::Prepare,
      0,
      {{"in1", ArgumentRole::Operand, 1, {3}, ElementType::F64, 24, true},
       {"prepared", ArgumentRole::Prepared, {}, {64}, {}, 64, false},
       {"workspace", ArgumentRole::Workspace, {}, {0}, {}, 0, false}}};
  FunctionInfo run{
      "f",
      FunctionRole::Run,
      6,
      {{"in0", ArgumentRole::Operand, 0, {2}, ElementType::F64, 16, true},
       {"out", ArgumentRole::Out, {}, {2, 3}, ElementType::F64, 48, false},
       {"prepared", ArgumentRole::Prepared, {}, {64}, {}, 64, true},
       {"workspace", ArgumentRole::Workspace, {}, {128}, {}, 128, false}}};
  std::string header =
      cHeader(spec, "i,j->ij", {prepare, run}, options, "Link with care.");
  for (llvm::StringRef line :
       {"void f_prepare(const double *in1, void *prepared, void *workspace);",
        "void f(const double *in0, double *out, const void *prepared, "
        "void *workspace);",
        "#define F_PREPARED_BYTES 64", "#define F_PREPARE_WORKSPACE_BYTES 0",
        "#define F_WORKSPACE_BYTES 128", "extern const char f_info[];",
        " * Link with care.", "#ifndef F_H"})
    EXPECT_NE(header.find(line), std::string::npos) << line.str() << header;
  EXPECT_TRUE(llvm::StringRef(header).starts_with(kHeaderBanner));
  EXPECT_EQ(sanitizeIdentifier("a b-c"), "a_b_c");
  EXPECT_EQ(sanitizeIdentifier("1x"), "_1x");
  EXPECT_EQ(sanitizeIdentifier(""), "_");
}
