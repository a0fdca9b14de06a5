//===- SimplifyTest.cpp - Canonical patterns keep the meaning -------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Functions that were canonicalized and simplified at every stage, compiled and
// compared with the definition, in every element type. Some equations are drawn
// at random; the others are those that the patterns were made for.
//
//===----------------------------------------------------------------------===//

#include "Check/GuardedCall.h"
#include "Equation/RandomEquation.h"
#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsum.h"
#include "conveinsum/Dialect/ConvEinsum/Transforms/Passes.h"
#include "conveinsum/Driver/Driver.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "gtest/gtest.h"

using namespace conveinsum;
using namespace mlir;

/// An error callback that must not be called.
static void unexpected(const conveinsum::Fault &diagnostic) {
  ADD_FAILURE() << diagnostic.message;
}

static FunctionSpec makeSpec(std::string name, llvm::StringRef text,
                             const GeometryMap &geometry,
                             llvm::ArrayRef<Shape> shapes, ElementTypes types) {
  std::optional<Equation> equation =
      Equation::create(text, geometry, shapes, unexpected);
  EXPECT_TRUE(equation.has_value()) << text.str();
  FunctionSpec spec{std::move(name), *equation, {}, types.result, std::nullopt};
  spec.operandTypes.assign(shapes.size(), types.operand);
  return spec;
}

//===----------------------------------------------------------------------===//
// Simplified modules
//===----------------------------------------------------------------------===//

/// The passes that apply the patterns, around those that make steps.
static bool simplify(ModuleOp module, bool beforePlanning) {
  PassManager pm(module.getContext());
  if (beforePlanning) {
    pm.addPass(createCanonicalizerPass());
    pm.addPass(createSimplifyPass());
  }
  pm.addNestedPass<func::FuncOp>(createPlanPass());
  if (beforePlanning)
    pm.addPass(createSimplifyPass());
  pm.addNestedPass<func::FuncOp>(createDecomposePass());
  pm.addPass(createSimplifyPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  return succeeded(pm.run(module));
}

template <typename OpTy>
static unsigned count(ModuleOp module) {
  unsigned number = 0;
  module.walk([&](OpTy) { ++number; });
  return number;
}

/// Ops that the patterns leave behind.
namespace {
struct Traces {
  unsigned einsums, reshapes, transpositions, slices;

  explicit Traces(ModuleOp module)
      : einsums(count<EinsumOp>(module)),
        reshapes(count<tensor::CollapseShapeOp>(module)),
        transpositions(count<linalg::TransposeOp>(module)),
        slices(count<tensor::ExtractSliceOp>(module)) {}
};
} // namespace

//===----------------------------------------------------------------------===//
// Compiled modules
//===----------------------------------------------------------------------===//

/// Simplifies, compiles and runs all functions; returns what was left of them
/// before they were lowered.
static std::optional<Traces> check(llvm::ArrayRef<FunctionSpec> specs,
                                   bool beforePlanning) {
  DriverOptions options;
  options.optLevel = OptLevel::O0;
  options.vectorize = false;
  Driver driver(options);
  auto module = driver.buildModule(specs, unexpected);
  EXPECT_TRUE(module && simplify(*module, beforePlanning));
  if (::testing::Test::HasFailure())
    return std::nullopt;
  Traces traces(*module);
  std::unique_ptr<CompiledModule> code = driver.compile(*module, unexpected);
  EXPECT_TRUE(code);
  if (!code)
    return std::nullopt;
  for (const FunctionSpec &spec : specs) {
    SCOPED_TRACE(spec.name + ": " + spec.equation.text() + " of " +
                 std::string(name(spec.operandTypes.front())));
    const CompiledFunction *function = code->find(spec.name);
    EXPECT_TRUE(function);
    if (function)
      EXPECT_EQ(test::checkDefinition(spec, *function), "");
  }
  return traces;
}

/// Element types in turn.
static ElementTypes elementTypes(uint64_t seed) {
  const ElementTypes types[] = {{ElementType::F64, ElementType::F64},
                                {ElementType::F32, ElementType::F32},
                                {ElementType::I8, ElementType::I32},
                                {ElementType::BF16, ElementType::F32},
                                {ElementType::F64, ElementType::F64},
                                {ElementType::C64, ElementType::C64},
                                {ElementType::I16, ElementType::I16},
                                {ElementType::F32, ElementType::F32},
                                {ElementType::F16, ElementType::F16},
                                {ElementType::I64, ElementType::I64}};
  return types[seed % std::size(types)];
}

static std::vector<FunctionSpec> randomSpecs(uint64_t first, uint64_t last) {
  RandomEquationOptions options;
  options.maxWork = 20000;
  std::vector<FunctionSpec> specs;
  for (uint64_t seed = first; seed <= last; ++seed) {
    RandomEquation drawn = randomEquation(seed, options);
    specs.push_back(makeSpec("seed" + std::to_string(seed), drawn.text,
                             drawn.geometry, drawn.shapes, elementTypes(seed)));
  }
  return specs;
}

TEST(SimplifyTest, RandomNetworks) {
  std::optional<Traces> traces = check(randomSpecs(1, 300), true);
  ASSERT_TRUE(traces.has_value());
  // The draw reaches the patterns.
  EXPECT_GT(traces->reshapes, 50u);
  EXPECT_GT(traces->slices, 0u);
}

TEST(SimplifyTest, RandomSteps) {
  std::optional<Traces> traces = check(randomSpecs(151, 300), false);
  ASSERT_TRUE(traces.has_value());
  EXPECT_GT(traces->reshapes, 50u);
}

//===----------------------------------------------------------------------===//
// What the patterns were made for
//===----------------------------------------------------------------------===//

static Geometry slice(int64_t low, int64_t high, int64_t stride) {
  Geometry geometry;
  geometry.padding.mode = PaddingMode::Explicit;
  geometry.padding.low = low;
  geometry.padding.high = high;
  geometry.stride = stride;
  return geometry;
}

/// One function for each equation, and for each of some element types.
static std::vector<FunctionSpec> specsOf(llvm::ArrayRef<RandomEquation> drawn) {
  std::vector<FunctionSpec> specs;
  for (auto [i, one] : llvm::enumerate(drawn))
    for (unsigned type : {0, 2, 3, 5})
      specs.push_back(
          makeSpec(("f" + llvm::Twine(i) + "_" + llvm::Twine(type)).str(),
                   one.text, one.geometry, one.shapes, elementTypes(type)));
  return specs;
}

TEST(SimplifyTest, Views) {
  const std::vector<FunctionSpec> specs = specsOf({
      {"ij->ij", {}, {{2, 3}}},
      {"->", {}, {{}}},
      {"ij->ji", {}, {{2, 3}}},
      {"ij->ji", {}, {{0, 3}}},
      {"abc->cab", {}, {{2, 3, 4}}},
      {"abc->cb", {}, {{1, 3, 4}}},
      {"abc->bca", {}, {{1, 3, 1}}},
      {"abc->bca", {}, {{1, 1, 1}}},
      {"hb->bh|h", {{"h", slice(-1, -2, 1)}}, {{7, 2}}},
      {"h->h|h", {{"h", slice(-2, -1, 3)}}, {{9}}},
      {"hw->wh|hw", {{"h", slice(0, -1, 2)}, {"w", slice(-3, 0, 1)}}, {{8, 5}}},
      {"h->h|h", {{"h", slice(-8, 0, 1)}}, {{9}}},
  });
  std::optional<Traces> traces = check(specs, true);
  ASSERT_TRUE(traces.has_value());
  // Half of the functions widen the element type; those stay einsums.
  EXPECT_EQ(traces->slices, 2u * 4);
  EXPECT_EQ(traces->transpositions, 2u * 6);
  EXPECT_EQ(traces->einsums, specs.size() / 2);
}

TEST(SimplifyTest, NotViews) {
  // Slices that reach into the padding, and circular ones.
  Geometry shifted = slice(1, -1, 1), circular = slice(1, -1, 1);
  circular.kind = RelationKind::Circular;
  const std::vector<FunctionSpec> specs = specsOf({
      {"h->h|h", {{"h", shifted}}, {{6}}},
      {"h->h|h", {{"h", slice(-1, 2, 2)}}, {{6}}},
      {"h->h|h", {{"h", circular}}, {{6}}},
      {"h->|h", {{"h", slice(-1, -2, 1)}}, {{6}}},
      {"ii->i", {}, {{3, 3}}},
      {"hb->bh|h", {{"h", slice(-1, -2, 1)}}, {{7, 0}}},
  });
  std::optional<Traces> traces = check(specs, true);
  ASSERT_TRUE(traces.has_value());
  EXPECT_EQ(traces->einsums, specs.size());
}

TEST(SimplifyTest, UnitModesAndOperandsOnTheirOwn) {
  Geometry second;
  second.feature = 1;
  ASSERT_TRUE(
      check(specsOf({
                {"ij,jk->ik", {}, {{1, 3}, {3, 1}}},
                {"achKb,habc->bhKc|b", {}, {{2, 0, 3, 1, 4}, {3, 2, 2, 0}}},
                {"ij,jk->ki", {}, {{1, 1}, {1, 1}}},
                {"iij,jkl,lmm->ik", {}, {{3, 3, 2}, {2, 4, 5}, {5, 2, 2}}},
                {"ia,ib,ic->i", {}, {{2, 3}, {2, 4}, {2, 5}}},
                {"ab,cd,ef->", {}, {{2, 3}, {1, 4}, {5, 1}}},
                {"bh,rh,th->brth|h", {}, {{1, 7}, {3, 1}, {2, 1}}},
                {"bh,rh->brh|h", {{"h", second}}, {{3, 1}, {2, 5}}},
                {"bh,rh->brh|h", {{"h", second}}, {{3, 1}, {2, 1}}},
                {"bh,rh->br|h", {}, {{2, 4}, {2, 1}}},
                {"bah,rch->brh|h",
                 {{"h", slice(2, 3, 2)}},
                 {{2, 3, 4}, {2, 2, 1}}},
            }),
            true)
          .has_value());
}
