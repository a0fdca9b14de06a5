//===- NetworkGradientTest.cpp - Gradients of whole functions -------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compositions of einsums with other ops, and random equations of all features:
// against differences, against each other, and by the adjoint identity, which
// an equation, linear in each operand, meets to the last places.
//
//===----------------------------------------------------------------------===//

#include "GradientCheck.h"
#include "conveinsum/AutoDiff/Differentiate.h"
#include "conveinsum/Dialect/ConvEinsum/IR/AttributeNames.h"
#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsum.h"
#include "conveinsum/Equation/Evaluator.h"
#include "gtest/gtest.h"
#include <cmath>
#include <cstdlib>

using namespace conveinsum;
using namespace conveinsum::test;

/// More of them by CONVEINSUM_RANDOM_GRADIENTS.
static uint64_t numEquations() {
  const char *wish = std::getenv("CONVEINSUM_RANDOM_GRADIENTS");
  return wish ? std::strtoull(wish, nullptr, 10) : 60;
}

static void unexpected(const Fault &fault) { ADD_FAILURE() << fault.message; }

static std::optional<FunctionSpec> randomSpec(uint64_t seed, std::string name,
                                              ElementType type) {
  RandomEquationOptions options;
  options.maxOperands = 5;
  options.maxWork = 20000;
  RandomEquation drawn = randomEquation(seed, options);
  std::optional<Equation> equation =
      Equation::create(drawn.text, drawn.geometry, drawn.shapes, unexpected);
  if (!equation)
    return std::nullopt;
  FunctionSpec spec{std::move(name), *equation, {}, type, {}};
  spec.operandTypes.assign(equation->numOperands(), type);
  return spec;
}

/// <u, f(.., v, ..)> = <gradient, v> for every operand.
static std::string adjointFault(const Functions &functions,
                                const std::string &name) {
  SplitMix64 random(7);
  Fill fill;
  fill.low = -1;
  fill.high = 1;
  auto arguments =
      draw(functions.sizes(name, ArgumentRole::Operand), fill, random);
  auto cotangents =
      draw(functions.sizes(name, ArgumentRole::Out), fill, random);
  auto all = arguments;
  all.insert(all.end(), cotangents.begin(), cotangents.end());
  auto gradients = functions.call(name + "_gradient", all);
  for (size_t k = 0; k < arguments.size(); ++k) {
    auto varied = arguments, sizes = arguments;
    varied[k] = draw({arguments[k].size()}, fill, random).front();
    double left = innerProduct(functions.call(name, varied)[0], cotangents[0]);
    double right = innerProduct(gradients[k], varied[k]);
    double scale = 1e-300;
    for (size_t i = 0; i < varied[k].size(); ++i)
      scale += std::fabs(gradients[k][i] * varied[k][i]);
    if (!(std::fabs(left - right) <= 1e-11 * scale + 1e-13))
      return "operand " + std::to_string(k) + ": " + std::to_string(left) +
             " and " + std::to_string(right);
  }
  return "";
}

TEST(NetworkGradientTest, RandomEquationsMeetTheAdjointIdentity) {
  const unsigned chunk = 20;
  for (uint64_t first = 0; first < numEquations(); first += chunk) {
    Driver driver;
    std::vector<FunctionSpec> specs;
    for (uint64_t seed = first; seed < first + chunk; ++seed)
      if (auto spec =
              randomSpec(seed, "f" + std::to_string(seed),
                         seed % 4 == 3 ? ElementType::C128 : ElementType::F64))
        specs.push_back(*spec);
    auto module = driver.buildModule(specs, unexpected);
    ASSERT_TRUE(module);
    for (const FunctionSpec &spec : specs)
      ASSERT_TRUE(addGradient(*module, spec.name)) << spec.equation.text();
    Functions functions(driver, *module);
    ASSERT_EQ(functions.fault(), "");
    for (const FunctionSpec &spec : specs) {
      if (spec.resultType == ElementType::F64)
        EXPECT_EQ(adjointFault(functions, spec.name), "")
            << spec.name << " " << spec.equation.text();
      EXPECT_EQ(compareWithDifferences(functions, spec.name, Fill()), "")
          << spec.equation.text();
    }
  }
}

TEST(NetworkGradientTest, RandomEquationsHaveSecondDerivatives) {
  for (uint64_t seed = 0; seed < numEquations() / 6; ++seed) {
    Driver driver;
    auto spec = randomSpec(seed + 1000, "f", ElementType::F64);
    ASSERT_TRUE(spec);
    auto module = driver.buildModule({*spec}, unexpected);
    ASSERT_TRUE(module && addGradient(*module, "f") &&
                addGradient(*module, "f_gradient"));
    Functions functions(driver, *module);
    ASSERT_EQ(functions.fault(), "");
    EXPECT_EQ(compareWithDifferences(functions, "f", Fill()), "");
    EXPECT_EQ(compareWithDifferences(functions, "f_gradient", Fill()), "")
        << spec->equation.text();
  }
}

//===----------------------------------------------------------------------===//
// Compositions
//===----------------------------------------------------------------------===//

TEST(NetworkGradientTest, LayersWithActivations) {
  Fill fill;
  fill.low = -1;
  fill.high = 1;
  EXPECT_EQ(checkGradients(R"(
    func.func @f(%x: tensor<2x3x8xf64>, %a: tensor<4x3x3xf64>, %bias: tensor<4xf64>,
                 %b: tensor<2x4xf64>, %c: tensor<2x3xf64>) -> tensor<2x4xf64> {
      %h = conveinsum.einsum "bsh,tsh->bth|h" where [h: stride = 2]
             ins(%x, %a : tensor<2x3x8xf64>, tensor<4x3x3xf64>) : tensor<2x4x4xf64>
      %e = tensor.empty() : tensor<2x4x4xf64>
      %z = linalg.generic {indexing_maps = [affine_map<(i, j, k) -> (i, j, k)>, affine_map<(i, j, k) -> (j)>,
                                            affine_map<(i, j, k) -> (i, j, k)>],
                           iterator_types = ["parallel", "parallel", "parallel"]}
             ins(%h, %bias : tensor<2x4x4xf64>, tensor<4xf64>) outs(%e : tensor<2x4x4xf64>) {
        ^bb0(%p: f64, %q: f64, %o: f64):
          %s = arith.addf %p, %q : f64
          %t = math.tanh %s : f64
          linalg.yield %t : f64
      } -> tensor<2x4x4xf64>
      %y = conveinsum.einsum "bth,rt,rh->bh|h" where [h: padding = circular]
             ins(%z, %b, %c : tensor<2x4x4xf64>, tensor<2x4xf64>, tensor<2x3xf64>) : tensor<2x4xf64>
      return %y : tensor<2x4xf64>
    })",
                           fill, 2),
            "");
}

TEST(NetworkGradientTest, ASoftmaxWithItsLoss) {
  EXPECT_EQ(checkGradients(R"(
    #id = affine_map<(i, j) -> (i, j)>
    #row = affine_map<(i, j) -> (i)>
    func.func @f(%x: tensor<3x5xf64>, %w: tensor<5x4xf64>, %t: tensor<3x4xf64>) -> tensor<f64> {
      %l = conveinsum.einsum "ij,jk->ik" ins(%x, %w : tensor<3x5xf64>, tensor<5x4xf64>) : tensor<3x4xf64>
      %e = math.exp %l : tensor<3x4xf64>
      %zero = arith.constant 0.0 : f64
      %i = tensor.empty() : tensor<3xf64>
      %z = linalg.fill ins(%zero : f64) outs(%i : tensor<3xf64>) -> tensor<3xf64>
      %s = linalg.reduce { arith.addf } ins(%e : tensor<3x4xf64>) outs(%z : tensor<3xf64>) dimensions = [1]
      %o = tensor.empty() : tensor<3x4xf64>
      %p = linalg.generic {indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel"]}
             ins(%e, %s : tensor<3x4xf64>, tensor<3xf64>) outs(%o : tensor<3x4xf64>) {
        ^bb0(%a: f64, %b: f64, %c: f64):
          %q = arith.divf %a, %b : f64
          %r = math.log %q : f64
          linalg.yield %r : f64
      } -> tensor<3x4xf64>
      %y = conveinsum.einsum "ij,ij->" ins(%p, %t : tensor<3x4xf64>, tensor<3x4xf64>) : tensor<f64>
      return %y : tensor<f64>
    })",
                           {}, 2),
            "");
}

TEST(NetworkGradientTest, ViewsAndParts) {
  EXPECT_EQ(checkGradients(R"(
    func.func @f(%x: tensor<4x6xf64>, %y: tensor<2x3xf64>) -> (tensor<6x6xf64>, tensor<2x5xf64>, tensor<24xf64>) {
      %zero = arith.constant 0.0 : f64
      %s = tensor.extract_slice %x[1, 0] [2, 3] [1, 2] : tensor<4x6xf64> to tensor<2x3xf64>
      %m = arith.mulf %s, %y : tensor<2x3xf64>
      %i = tensor.insert_slice %m into %x[2, 1] [2, 3] [1, 1] : tensor<2x3xf64> into tensor<4x6xf64>
      %p = tensor.pad %i low[1, 0] high[1, 0] {
        ^bb0(%a: index, %b: index):
          tensor.yield %zero : f64
      } : tensor<4x6xf64> to tensor<6x6xf64>
      %q = arith.mulf %p, %p : tensor<6x6xf64>
      %t = tensor.empty() : tensor<3x2xf64>
      %u = linalg.transpose ins(%y : tensor<2x3xf64>) outs(%t : tensor<3x2xf64>) permutation = [1, 0]
      %v = tensor.extract_slice %u[0, 0] [2, 2] [1, 1] : tensor<3x2xf64> to tensor<2x2xf64>
      %c = tensor.concat dim(1) %m, %v : (tensor<2x3xf64>, tensor<2x2xf64>) -> tensor<2x5xf64>
      %d = tensor.cast %i : tensor<4x6xf64> to tensor<4x6xf64>
      %e = tensor.collapse_shape %d [[0, 1]] : tensor<4x6xf64> into tensor<24xf64>
      %g = math.exp %e : tensor<24xf64>
      %h = tensor.expand_shape %g [[0, 1]] output_shape [4, 6] : tensor<24xf64> into tensor<4x6xf64>
      %k = arith.mulf %h, %x : tensor<4x6xf64>
      %l = tensor.collapse_shape %k [[0, 1]] : tensor<4x6xf64> into tensor<24xf64>
      return %q, %c, %l : tensor<6x6xf64>, tensor<2x5xf64>, tensor<24xf64>
    })",
                           {}, 2),
            "");
}

TEST(NetworkGradientTest, NamedOpsOfLinalg) {
  EXPECT_EQ(checkGradients(R"(
    func.func @f(%x: tensor<4x6xf64>, %y: tensor<6x3xf64>, %z: tensor<3xf64>) -> (tensor<4x3xf64>, tensor<4xf64>) {
      %zero = arith.constant 0.0 : f64
      %e = tensor.empty() : tensor<4x3xf64>
      %i = linalg.fill ins(%zero : f64) outs(%e : tensor<4x3xf64>) -> tensor<4x3xf64>
      %m = linalg.matmul ins(%x, %y : tensor<4x6xf64>, tensor<6x3xf64>) outs(%i : tensor<4x3xf64>) -> tensor<4x3xf64>
      %b = linalg.broadcast ins(%z : tensor<3xf64>) outs(%e : tensor<4x3xf64>) dimensions = [0]
      %a = linalg.add ins(%m, %b : tensor<4x3xf64>, tensor<4x3xf64>) outs(%e : tensor<4x3xf64>) -> tensor<4x3xf64>
      %q = linalg.square ins(%a : tensor<4x3xf64>) outs(%e : tensor<4x3xf64>) -> tensor<4x3xf64>
      %r = linalg.map { math.exp } ins(%m : tensor<4x3xf64>) outs(%e : tensor<4x3xf64>)
      %p = linalg.mul ins(%q, %r : tensor<4x3xf64>, tensor<4x3xf64>) outs(%e : tensor<4x3xf64>) -> tensor<4x3xf64>
      %f = tensor.empty() : tensor<4xf64>
      %g = linalg.fill ins(%zero : f64) outs(%f : tensor<4xf64>) -> tensor<4xf64>
      %v = linalg.matvec ins(%p, %z : tensor<4x3xf64>, tensor<3xf64>) outs(%g : tensor<4xf64>) -> tensor<4xf64>
      return %p, %v : tensor<4x3xf64>, tensor<4xf64>
    })"),
            "");
}

TEST(NetworkGradientTest, OneOperandInTwoPlacesAndUnusedOnes) {
  EXPECT_EQ(checkGradients(R"(
    func.func @f(%x: tensor<4x4xf64>, %y: tensor<4xf64>, %unused: tensor<2xf64>) -> (tensor<4xf64>, tensor<4xf64>) {
      %z = conveinsum.einsum "ij,jk,i->k" ins(%x, %x, %y : tensor<4x4xf64>, tensor<4x4xf64>, tensor<4xf64>) : tensor<4xf64>
      return %z, %y : tensor<4xf64>, tensor<4xf64>
    })",
                           {}, 2),
            "");
}

/// Forward and backward functions give what the joint one gives, bit for bit.
TEST(NetworkGradientTest, TwoFunctionsGiveWhatOneGives) {
  const std::string text = R"(
    func.func @f(%x: tensor<2x3x8xf64>, %s: tensor<4x3xf64>, %h: tensor<4x3xf64>) -> tensor<2x4x8xf64> {
      %y = conveinsum.einsum "bsh,rs,rh->brh|h" ins(%x, %s, %h : tensor<2x3x8xf64>, tensor<4x3xf64>, tensor<4x3xf64>)
             : tensor<2x4x8xf64>
      %z = math.exp %y : tensor<2x4x8xf64>
      return %z : tensor<2x4x8xf64>
    })";
  Driver driver;
  auto module = parse(driver, text);
  auto other = parse(driver, text);
  ASSERT_TRUE(module && other && addGradient(*module, "f"));
  auto function = other->lookupSymbol<mlir::func::FuncOp>("f");
  for (unsigned k = 0; k < 3; ++k)
    function.setArgAttr(k, kGradientAttr,
                        mlir::UnitAttr::get(&driver.context()));
  auto made = differentiate(function);
  ASSERT_TRUE(succeeded(made));
  EXPECT_EQ(made->kept, 2u);
  for (mlir::func::FuncOp each : {made->forward, made->backward}) {
    for (llvm::StringRef name : {kPacksAttr, kForwardAttr, kBackwardAttr})
      each->removeAttr(name);
    for (unsigned k = 0; k < each.getNumArguments(); ++k)
      each.setArgAttrs(k, llvm::ArrayRef<mlir::NamedAttribute>());
    each.removeResAttrsAttr();
  }
  Functions joint(driver, *module), two(driver, *other);
  ASSERT_EQ(joint.fault(), "");
  ASSERT_EQ(two.fault(), "");
  SplitMix64 random(3);
  auto arguments = draw(joint.sizes("f", ArgumentRole::Operand), {}, random);
  auto forward = two.call("f_forward", arguments);
  auto cotangent = draw({forward[0].size()}, {}, random).front();
  auto all = arguments;
  all.push_back(cotangent);
  auto expected = joint.call("f_gradient", all);
  all.insert(all.end(), forward.begin() + 1, forward.end());
  EXPECT_EQ(two.call("f_backward", all), expected);
  EXPECT_EQ(forward[0], joint.call("f", arguments)[0]);
}
