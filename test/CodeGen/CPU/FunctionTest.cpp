//===- FunctionTest.cpp - The convention of compiled functions ------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What functions return, how they call each other, what they need as workspace,
// and what the pipeline refuses.
//
//===----------------------------------------------------------------------===//

#include "JitFunction.h"
#include <gtest/gtest.h>
#include <numeric>
#include <vector>

using namespace conveinsum;
using namespace conveinsum::test;

static std::vector<float> run(llvm::StringRef source, int64_t resultElements,
                              unsigned inputs, int64_t *bytes = nullptr) {
  CpuPipelineOptions options;
  options.minVectorWork = 0;
  auto compiled = JitFunction::compile(source, options);
  if (!compiled)
    return {};
  std::vector<float> data(256), result(resultElements, -1);
  std::iota(data.begin(), data.end(), 0.0f);
  std::vector<const void *> pointers(inputs, data.data());
  (*compiled)(pointers, result.data());
  EXPECT_EQ(data[0], 0) << "an input was written";
  EXPECT_EQ(data[7], 7) << "an input was written";
  if (bytes)
    *bytes = compiled->workspaceBytes();
  return result;
}

TEST(Function, ReturnsItsArgument) {
  auto result = run(R"(
    func.func @f(%a: tensor<3xf32>) -> tensor<3xf32> {
      return %a : tensor<3xf32>
    })",
                    3, 1);
  EXPECT_EQ(result, (std::vector<float>{0, 1, 2}));
}

TEST(Function, ReturnsASliceAndAReshape) {
  auto result = run(R"(
    func.func @f(%a: tensor<4x5xf32>) -> tensor<4xf32> {
      %s = tensor.extract_slice %a[1, 2] [2, 2] [2, 1]
        : tensor<4x5xf32> to tensor<2x2xf32>
      %r = tensor.collapse_shape %s [[0, 1]] : tensor<2x2xf32> into tensor<4xf32>
      return %r : tensor<4xf32>
    })",
                    4, 1);
  EXPECT_EQ(result, (std::vector<float>{7, 8, 17, 18}));
}

TEST(Function, ComputesAReshapeInThePlaceOfTheResult) {
  int64_t bytes;
  auto result = run(R"(
    func.func @f(%a: tensor<2x3xf32>) -> tensor<6xf32> {
      %e = tensor.empty() : tensor<2x3xf32>
      %c = linalg.add ins(%a, %a : tensor<2x3xf32>, tensor<2x3xf32>)
        outs(%e : tensor<2x3xf32>) -> tensor<2x3xf32>
      %r = tensor.collapse_shape %c [[0, 1]] : tensor<2x3xf32> into tensor<6xf32>
      return %r : tensor<6xf32>
    })",
                    6, 1, &bytes);
  EXPECT_EQ(result, (std::vector<float>{0, 2, 4, 6, 8, 10}));
  EXPECT_EQ(bytes, 0);
}

TEST(Function, ReturnsAConstant) {
  auto result = run(R"(
    func.func @f() -> tensor<2xf32> {
      %c = arith.constant dense<[4.0, 5.0]> : tensor<2xf32>
      return %c : tensor<2xf32>
    })",
                    2, 0);
  EXPECT_EQ(result, (std::vector<float>{4, 5}));
}

TEST(Function, GathersFromAnIntermediate) {
  auto result = run(R"(
    #id = affine_map<(i, j) -> (i, j)>
    #at = affine_map<(i, j) -> (j)>
    func.func @f(%a: tensor<2x5xf32>) -> tensor<2x7xf32> {
      %e = tensor.empty() : tensor<2x5xf32>
      %twice = linalg.add ins(%a, %a : tensor<2x5xf32>, tensor<2x5xf32>)
        outs(%e : tensor<2x5xf32>) -> tensor<2x5xf32>
      %p = tensor.empty() : tensor<7xi64>
      %positions = linalg.generic {
          indexing_maps = [affine_map<(j) -> (j)>], iterator_types = ["parallel"]}
          outs(%p : tensor<7xi64>) {
      ^bb0(%out: i64):
        %j = linalg.index 0 : index
        %c3 = arith.constant 3 : index
        %c5 = arith.constant 5 : index
        %m = arith.muli %j, %c3 : index
        %r = arith.remui %m, %c5 : index
        %i = arith.index_cast %r : index to i64
        linalg.yield %i : i64
      } -> tensor<7xi64>
      %g = tensor.empty() : tensor<2x7xf32>
      %y = linalg.generic {indexing_maps = [#at, #id],
          iterator_types = ["parallel", "parallel"]}
          ins(%positions : tensor<7xi64>) outs(%g : tensor<2x7xf32>) {
      ^bb0(%in: i64, %out: f32):
        %row = linalg.index 0 : index
        %column = arith.index_cast %in : i64 to index
        %x = tensor.extract %twice[%row, %column] : tensor<2x5xf32>
        linalg.yield %x : f32
      } -> tensor<2x7xf32>
      return %y : tensor<2x7xf32>
    })",
                    14, 1);
  EXPECT_EQ(result, (std::vector<float>{0, 6, 2, 8, 4, 0, 6, //
                                        10, 16, 12, 18, 14, 10, 16}));
}

TEST(Function, NeverWritesItsInputs) {
  auto result = run(R"(
    func.func @f(%a: tensor<8xf32>) -> tensor<8xf32> {
      %one = arith.constant 1.0 : f32
      %r = linalg.fill ins(%one : f32) outs(%a : tensor<8xf32>) -> tensor<8xf32>
      return %r : tensor<8xf32>
    })",
                    8, 1);
  EXPECT_EQ(result, std::vector<float>(8, 1));
}

static const char *twice = R"(
  func.func private @twice(%a: tensor<20xf32>) -> tensor<20xf32> {
    %e = tensor.empty() : tensor<20xf32>
    %e2 = tensor.empty() : tensor<20xf32>
    %s = linalg.add ins(%a, %a : tensor<20xf32>, tensor<20xf32>)
      outs(%e : tensor<20xf32>) -> tensor<20xf32>
    %m = linalg.mul ins(%s, %s : tensor<20xf32>, tensor<20xf32>)
      outs(%e2 : tensor<20xf32>) -> tensor<20xf32>
    return %m : tensor<20xf32>
  }
  func.func @f(%a: tensor<20xf32>) -> tensor<20xf32> {
    %b = call @twice(%a) : (tensor<20xf32>) -> tensor<20xf32>
    %c = call @twice(%b) : (tensor<20xf32>) -> tensor<20xf32>
    return %c : tensor<20xf32>
  })";

TEST(Function, CallsPrivateFunctions) {
  int64_t bytes;
  auto result = run(twice, 20, 1, &bytes);
  ASSERT_EQ(result.size(), 20u);
  EXPECT_EQ(result[2], 4 * 16 * 16);
  // One value of 80 bytes between the calls, and one inside the callee.
  EXPECT_EQ(bytes, 256);
}

TEST(Function, BuffersWithoutElementsCross) {
  auto result = run(R"(
    func.func private @g(%a: tensor<4x0xf32>) -> tensor<4xf32> {
      %zero = arith.constant 3.0 : f32
      %e = tensor.empty() : tensor<4xf32>
      %r = linalg.fill ins(%zero : f32) outs(%e : tensor<4xf32>) -> tensor<4xf32>
      return %r : tensor<4xf32>
    }
    func.func @f(%a: tensor<0x4xf32>) -> tensor<4xf32> {
      %e = tensor.empty() : tensor<4x0xf32>
      %t = linalg.transpose ins(%a : tensor<0x4xf32>)
        outs(%e : tensor<4x0xf32>) permutation = [1, 0]
      %r = call @g(%t) : (tensor<4x0xf32>) -> tensor<4xf32>
      return %r : tensor<4xf32>
    })",
                    4, 1);
  EXPECT_EQ(result, std::vector<float>(4, 3));
}

TEST(Function, ReusesTheWorkspace) {
  int64_t bytes;
  auto result = run(R"(
    func.func @f(%a: tensor<64xf32>) -> tensor<64xf32> {
      %e0 = tensor.empty() : tensor<64xf32>
      %t0 = linalg.add ins(%a, %a : tensor<64xf32>, tensor<64xf32>)
        outs(%e0 : tensor<64xf32>) -> tensor<64xf32>
      %e1 = tensor.empty() : tensor<64xf32>
      %t1 = linalg.add ins(%t0, %a : tensor<64xf32>, tensor<64xf32>)
        outs(%e1 : tensor<64xf32>) -> tensor<64xf32>
      %e2 = tensor.empty() : tensor<64xf32>
      %t2 = linalg.add ins(%t1, %a : tensor<64xf32>, tensor<64xf32>)
        outs(%e2 : tensor<64xf32>) -> tensor<64xf32>
      %e3 = tensor.empty() : tensor<64xf32>
      %t3 = linalg.add ins(%t2, %a : tensor<64xf32>, tensor<64xf32>)
        outs(%e3 : tensor<64xf32>) -> tensor<64xf32>
      return %t3 : tensor<64xf32>
    })",
                    64, 1, &bytes);
  EXPECT_EQ(result[10], 50);
  EXPECT_EQ(bytes, 2 * 256);
}

TEST(Function, RoundsTo16Bits) {
  for (const char *type : {"bf16", "f16"}) {
    CpuPipelineOptions options;
    options.minVectorWork = 0;
    std::string source = R"(
      func.func @f(%a: tensor<19xf32>) -> tensor<19xTYPE> {
        %e = tensor.empty() : tensor<19xTYPE>
        %r = linalg.generic {
            indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>],
            iterator_types = ["parallel"]}
            ins(%a : tensor<19xf32>) outs(%e : tensor<19xTYPE>) {
          ^bb0(%x: f32, %y: TYPE):
            %t = arith.truncf %x : f32 to TYPE
            linalg.yield %t : TYPE
        } -> tensor<19xTYPE>
        return %r : tensor<19xTYPE>
      })";
    for (size_t at; (at = source.find("TYPE")) != std::string::npos;)
      source.replace(at, 4, type);
    auto compiled = JitFunction::compile(source, options);
    ASSERT_TRUE(compiled);
    // 1 + 2^-9 rounds to 1 in bfloat16 and is exact in binary16.
    std::vector<float> in(19, 1.0f + 1.0f / 512);
    std::vector<uint16_t> out(19);
    (*compiled)({in.data()}, out.data());
    for (uint16_t bits : out)
      EXPECT_EQ(bits, type[0] == 'b' ? 0x3F80 : 0x3C02) << type;
  }
}

static std::string refusal(llvm::StringRef source) {
  std::string errors;
  auto module = runPipeline(
      source,
      [](mlir::OpPassManager &pm) {
        buildLinalgToLLVMPipeline(pm, CpuPipelineOptions());
      },
      errors);
  EXPECT_FALSE(module);
  return errors;
}

TEST(Function, RefusesDynamicShapes) {
  EXPECT_NE(refusal(R"(func.func @f(%a: tensor<?xf32>) -> tensor<?xf32> {
                         return %a : tensor<?xf32> })")
                .find("expected argument 0 to be a tensor of static shape, got "
                      "'tensor<?xf32>'"),
            std::string::npos);
}

TEST(Function, RefusesRecursion) {
  EXPECT_NE(refusal(R"(func.func @f(%a: tensor<2xf32>) -> tensor<2xf32> {
                         %r = call @f(%a) : (tensor<2xf32>) -> tensor<2xf32>
                         return %r : tensor<2xf32> })")
                .find("recursi"),
            std::string::npos);
}

TEST(Function, RefusesDeclarations) {
  EXPECT_NE(refusal("func.func private @f(tensor<2xf32>) -> tensor<2xf32>")
                .find("expected a body"),
            std::string::npos);
}
