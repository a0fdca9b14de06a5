//===- RegionTest.cpp - Branches, loops and arithmetic on tensors ---------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Functions that are not a straight line of linalg ops: what they compute, and
// that their loops take the workspace that is theirs.
//
//===----------------------------------------------------------------------===//

#include "JitFunction.h"
#include <gtest/gtest.h>
#include <vector>

using namespace conveinsum;
using namespace conveinsum::test;

/// Calls `f` of `source` on vectors of four floats; scalar code and tiles must
/// agree. The last input is a flag if `flag` is not null.
static std::vector<float> run(const std::string &source,
                              const std::vector<std::vector<float>> &inputs,
                              const bool *flag = nullptr) {
  std::vector<float> results[2];
  for (bool vectorize : {false, true}) {
    CpuOptions options;
    options.minVectorWork = vectorize ? 0 : INT64_MAX;
    auto compiled = JitFunction::compile(source, options);
    if (!compiled)
      return {};
    std::vector<std::vector<float>> copies = inputs;
    std::vector<const void *> pointers;
    for (const std::vector<float> &input : copies)
      pointers.push_back(input.data());
    if (flag)
      pointers.push_back(flag);
    results[vectorize].assign(4, -1);
    (*compiled)(pointers, results[vectorize].data());
    EXPECT_EQ(copies, inputs) << "an input was written";
  }
  EXPECT_EQ(results[0], results[1]);
  return results[0];
}

static const char *bounds = R"(
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c3 = arith.constant 3 : index
)";

TEST(Region, BranchesComputeTheirResult) {
  std::string source = R"(
    func.func @f(%a: tensor<4xf32>, %b: tensor<4xf32>, %c: tensor<i1>) -> tensor<4xf32> {
      %i = tensor.extract %c[] : tensor<i1>
      %r = scf.if %i -> tensor<4xf32> {
        %s = arith.addf %a, %b : tensor<4xf32>
        scf.yield %s : tensor<4xf32>
      } else {
        scf.yield %b : tensor<4xf32>
      }
      return %r : tensor<4xf32>
    })";
  std::vector<float> a = {1, 2, 3, 4}, b = {10, 20, 30, 40};
  bool taken = true, other = false;
  EXPECT_EQ(run(source, {a, b}, &taken), (std::vector<float>{11, 22, 33, 44}));
  EXPECT_EQ(run(source, {a, b}, &other), b);
}

TEST(Region, BranchesInBranchesShareOnePlace) {
  std::string source = R"(
    func.func @f(%a: tensor<4xf32>, %b: tensor<4xf32>, %c: tensor<i1>) -> tensor<4xf32> {
      %i = tensor.extract %c[] : tensor<i1>
      %r:2 = scf.if %i -> (tensor<4xf32>, tensor<4xf32>) {
        %n = scf.if %i -> tensor<4xf32> {
          scf.yield %a : tensor<4xf32>
        } else {
          scf.yield %b : tensor<4xf32>
        }
        scf.yield %n, %b : tensor<4xf32>, tensor<4xf32>
      } else {
        scf.yield %b, %a : tensor<4xf32>, tensor<4xf32>
      }
      %s = arith.subf %r#0, %r#1 : tensor<4xf32>
      return %s : tensor<4xf32>
    })";
  std::vector<float> a = {1, 2, 3, 4}, b = {10, 20, 30, 40};
  bool taken = true, other = false;
  EXPECT_EQ(run(source, {a, b}, &taken),
            (std::vector<float>{-9, -18, -27, -36}));
  EXPECT_EQ(run(source, {a, b}, &other), (std::vector<float>{9, 18, 27, 36}));
}

TEST(Region, LoopsCarryTensors) {
  std::string source = std::string(R"(
    func.func @f(%a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xf32> {)") +
                       bounds + R"(
      %r = scf.for %k = %c0 to %c3 step %c1 iter_args(%t = %a) -> tensor<4xf32> {
        %s = arith.addf %t, %b : tensor<4xf32>
        %d = arith.mulf %s, %s : tensor<4xf32>
        %e = arith.subf %d, %s : tensor<4xf32>
        scf.yield %e : tensor<4xf32>
      }
      return %r : tensor<4xf32>
    })";
  auto step = [](float t) { return (t + 1) * (t + 1) - (t + 1); };
  std::vector<float> expected;
  for (float t : {0.f, 1.f, 2.f, 3.f})
    expected.push_back(step(step(step(t))));
  EXPECT_EQ(run(source, {{0, 1, 2, 3}, {1, 1, 1, 1}}), expected);
}

TEST(Region, LoopsSwapWhatTheyCarry) {
  // Fibonacci numbers times the vectors, by exchange.
  std::string source = std::string(R"(
    func.func @f(%a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xf32> {)") +
                       bounds + R"(
      %r:2 = scf.for %k = %c0 to %c3 step %c1
          iter_args(%u = %a, %v = %b) -> (tensor<4xf32>, tensor<4xf32>) {
        %s = arith.addf %u, %v : tensor<4xf32>
        scf.yield %v, %s : tensor<4xf32>, tensor<4xf32>
      }
      %q:2 = scf.for %k = %c0 to %c3 step %c1
          iter_args(%u = %r#0, %v = %r#1) -> (tensor<4xf32>, tensor<4xf32>) {
        scf.yield %v, %u : tensor<4xf32>, tensor<4xf32>
      }
      return %q#0 : tensor<4xf32>
    })";
  // (a, b) -> (b, a+b) -> (a+b, a+2b) -> (a+2b, 2a+3b); three swaps are one.
  EXPECT_EQ(run(source, {{1, 2, 3, 4}, {10, 20, 30, 40}}),
            (std::vector<float>{32, 64, 96, 128}));
}

TEST(Region, LoopsRotateThreeAndKeepTheirStart) {
  std::string source = std::string(R"(
    func.func @f(%a: tensor<4xf32>, %b: tensor<4xf32>, %c: tensor<4xf32>) -> tensor<4xf32> {)") +
                       bounds + R"(
      %two = arith.constant 2 : index
      %r:3 = scf.for %k = %c0 to %two step %c1
          iter_args(%u = %a, %v = %b, %w = %c)
          -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
        scf.yield %v, %w, %u : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
      }
      %ten = arith.constant dense<10.0> : tensor<4xf32>
      %x = arith.mulf %r#0, %ten : tensor<4xf32>
      %y = arith.addf %x, %r#1 : tensor<4xf32>
      %z = arith.subf %y, %a : tensor<4xf32>
      return %z : tensor<4xf32>
    })";
  // Two turns: (c, a, b).
  EXPECT_EQ(run(source, {{1, 1, 1, 1}, {2, 2, 2, 2}, {3, 4, 5, 6}}),
            (std::vector<float>{30, 40, 50, 60}));
}

TEST(Region, LoopsCallFunctions) {
  std::string source = std::string(R"(
    func.func private @g(%a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xf32> {
      %s = arith.addf %a, %b : tensor<4xf32>
      %m = arith.mulf %s, %b : tensor<4xf32>
      return %m : tensor<4xf32>
    }
    func.func @f(%a: tensor<4xf32>, %b: tensor<4xf32>, %c: tensor<i1>) -> tensor<4xf32> {)") +
                       bounds + R"(
      %i = tensor.extract %c[] : tensor<i1>
      %r = scf.for %k = %c0 to %c3 step %c1 iter_args(%t = %a) -> tensor<4xf32> {
        %n = scf.for %l = %c0 to %c3 step %c1 iter_args(%w = %t) -> tensor<4xf32> {
          %q = scf.if %i -> tensor<4xf32> {
            %x = func.call @g(%w, %b) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
            scf.yield %x : tensor<4xf32>
          } else {
            scf.yield %b : tensor<4xf32>
          }
          scf.yield %q : tensor<4xf32>
        }
        scf.yield %n : tensor<4xf32>
      }
      return %r : tensor<4xf32>
    })";
  bool taken = true, other = false;
  std::vector<float> a = {0, 1, 2, 3}, b = {1, 1, 1, 2};
  std::vector<float> expected = a;
  for (unsigned i = 0; i != 4; ++i)
    for (unsigned k = 0; k != 9; ++k)
      expected[i] = (expected[i] + b[i]) * b[i];
  EXPECT_EQ(run(source, {a, b}, &taken), expected);
  EXPECT_EQ(run(source, {a, b}, &other), b);
}

TEST(Region, EinsumsInLoopsAndBranches) {
  std::string source = std::string(R"(
    func.func @f(%a: tensor<2x2xf32>, %b: tensor<2x2xf32>, %c: tensor<i1>) -> tensor<2x2xf32> {)") +
                       bounds + R"(
      %i = tensor.extract %c[] : tensor<i1>
      %r = scf.for %k = %c0 to %c3 step %c1 iter_args(%t = %a) -> tensor<2x2xf32> {
        %q = scf.if %i -> tensor<2x2xf32> {
          %x = conveinsum.einsum "ij,jk->ik" ins(%t, %b : tensor<2x2xf32>, tensor<2x2xf32>) : tensor<2x2xf32>
          scf.yield %x : tensor<2x2xf32>
        } else {
          %x = conveinsum.einsum "ij,jk,kl->li" ins(%t, %b, %a : tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>) : tensor<2x2xf32>
          scf.yield %x : tensor<2x2xf32>
        }
        scf.yield %q : tensor<2x2xf32>
      }
      return %r : tensor<2x2xf32>
    })";
  using Matrix = std::vector<float>;
  auto product = [](const Matrix &x, const Matrix &y) {
    return Matrix{x[0] * y[0] + x[1] * y[2], x[0] * y[1] + x[1] * y[3],
                  x[2] * y[0] + x[3] * y[2], x[2] * y[1] + x[3] * y[3]};
  };
  Matrix a = {1, 2, -1, 1}, b = {0, 1, 1, 1}, powers = a, turned = a;
  for (unsigned k = 0; k != 3; ++k) {
    powers = product(powers, b);
    turned = product(product(turned, b), a);
    std::swap(turned[1], turned[2]);
  }
  bool taken = true, other = false;
  EXPECT_EQ(run(source, {a, b}, &taken), powers);
  EXPECT_EQ(run(source, {a, b}, &other), turned);
}

TEST(Region, ElementsAreChosenAndCompared) {
  std::string source = R"(
    func.func @f(%a: tensor<4xf32>, %b: tensor<4xf32>, %c: tensor<i1>) -> tensor<4xf32> {
      %i = tensor.extract %c[] : tensor<i1>
      %less = arith.cmpf olt, %a, %b : tensor<4xf32>
      %min = arith.select %less, %a, %b : tensor<4xi1>, tensor<4xf32>
      %r = arith.select %i, %min, %b : tensor<4xf32>
      %e = math.absf %r : tensor<4xf32>
      return %e : tensor<4xf32>
    })";
  bool taken = true, other = false;
  std::vector<float> a = {-1, 2, 3, 40}, b = {1, -2, 30, 4};
  EXPECT_EQ(run(source, {a, b}, &taken), (std::vector<float>{1, 2, 3, 4}));
  EXPECT_EQ(run(source, {a, b}, &other), (std::vector<float>{1, 2, 30, 4}));
}
