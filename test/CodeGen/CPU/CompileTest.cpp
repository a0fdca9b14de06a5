//===- CompileTest.cpp - Compiled nests against plain loops ---------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs nests of every class through the whole pipeline and compares the bits of
// the result: shapes of layers, ends that do not fill a vector, strides, all
// element types, and random ones, for several sizes of vector registers.
//
//===----------------------------------------------------------------------===//

#include "JitFunction.h"
#include "RandomNest.h"
#include <gtest/gtest.h>

using namespace conveinsum;
using namespace conveinsum::test;

static CpuOptions options(unsigned bits, unsigned registers,
                          int64_t minVectorWork = 0) {
  CpuOptions options;
  options.vectorBits = bits;
  options.vectorRegisters = registers;
  options.minVectorWork = minVectorWork;
  return options;
}

static void check(const Nest &nest, const CpuOptions &options,
                  unsigned seed = 1) {
  std::mt19937 random(seed);
  std::vector<Buffer> inputs = nest.randomInputs(random);
  Buffer expected = nest.evaluate(inputs);
  Buffer result(nest.resultType, expected.shape);
  auto compiled = JitFunction::compile(nest.text(), options);
  ASSERT_TRUE(compiled);
  std::vector<const void *> pointers;
  for (const Buffer &input : inputs)
    pointers.push_back(input.bytes.data());
  (*compiled)(pointers, result.bytes.data());
  // The guard bytes behind the result are part of the comparison. Zeros may
  // differ in sign, so elements are compared first.
  unsigned wrong = 0;
  for (int64_t i = 0, e = result.size(); i != e && wrong < 5; ++i)
    if (result.get(i) != expected.get(i)) {
      ++wrong;
      ADD_FAILURE() << "element " << i << ": expected " << expected.get(i)
                    << ", got " << result.get(i) << " for "
                    << options.vectorBits << " bits in\n"
                    << nest.text();
    }
  EXPECT_TRUE(std::equal(result.bytes.end() - 256, result.bytes.end(),
                         expected.bytes.end() - 256))
      << "store beyond the result in\n"
      << nest.text();
}

/// All register files, and scalar code.
static void checkAll(const Nest &nest, unsigned seed = 1) {
  check(nest, options(512, 32), seed);
  check(nest, options(256, 16), seed);
  check(nest, options(128, 16), seed);
  check(nest, options(512, 32, INT64_MAX), seed);
}

/// x[n, c, sh*h + dh*kh, sw*w + dw*kw] * k[o, c, kh, kw] -> [n, o, h, w]
static Nest convolution(int64_t n, int64_t o, int64_t h, int64_t w, int64_t c,
                        int64_t k, int64_t stride = 1, int64_t dilation = 1) {
  Nest nest;
  nest.extents = {n, o, h, w, c, k, k};
  nest.kinds = "pppprrr";
  Dimension rows = nest.plain(2), columns = nest.plain(3);
  rows[2] = columns[3] = stride;
  rows[5] = columns[6] = dilation;
  nest.inputs = {{nest.plain(0), nest.plain(4), rows, columns},
                 {nest.plain(1), nest.plain(4), nest.plain(5), nest.plain(6)}};
  nest.result = {nest.plain(0), nest.plain(1), nest.plain(2), nest.plain(3)};
  return nest;
}

TEST(Compile, Matmul) {
  checkAll(Nest::matmul(16, 32, 8));
  checkAll(Nest::matmul(13, 37, 11));
  checkAll(Nest::matmul(1, 1, 5));
  checkAll(Nest::matmul(7, 1, 1));
}

TEST(Compile, TransposedMatmul) {
  Nest nest = Nest::matmul(19, 21, 35);
  std::swap(nest.inputs[1][0], nest.inputs[1][1]);
  checkAll(nest);
  nest = Nest::matmul(19, 21, 35);
  std::swap(nest.inputs[0][0], nest.inputs[0][1]);
  std::swap(nest.result[0], nest.result[1]);
  checkAll(nest);
}

TEST(Compile, Convolution) {
  checkAll(convolution(2, 5, 6, 20, 3, 3));
  checkAll(convolution(1, 9, 7, 7, 4, 3));
  checkAll(convolution(1, 4, 5, 18, 2, 3, 2, 2));
  checkAll(convolution(1, 3, 4, 17, 2, 2, 3, 1));
  checkAll(convolution(1, 3, 4, 19, 2, 2, 5, 2));
}

TEST(Compile, Depthwise) {
  Nest nest;
  nest.extents = {2, 3, 5, 18, 3};
  nest.kinds = "ppppr";
  Dimension rows = nest.plain(2);
  rows[4] = 1;
  nest.inputs = {{nest.plain(0), nest.plain(1), rows, nest.plain(3)},
                 {nest.plain(1), nest.plain(4)}};
  nest.result = {nest.plain(0), nest.plain(1), nest.plain(2), nest.plain(3)};
  checkAll(nest);
}

/// dy[n, o, h, w] * x[n, c, h + kh, w + kw] -> [o, c, kh, kw]
TEST(Compile, WeightGradient) {
  Nest nest;
  nest.extents = {5, 4, 3, 3, 2, 6, 21};
  nest.kinds = "pppprrr";
  Dimension rows = nest.plain(5), columns = nest.plain(6);
  rows[2] = columns[3] = 1;
  nest.inputs = {{nest.plain(4), nest.plain(0), nest.plain(5), nest.plain(6)},
                 {nest.plain(4), nest.plain(1), rows, columns}};
  nest.result = {nest.plain(0), nest.plain(1), nest.plain(2), nest.plain(3)};
  checkAll(nest);
}

/// Lanes that lie backwards, by one element and by more.
TEST(Compile, Flip) {
  for (int64_t step : {-1, -2, -5}) {
    Nest nest;
    nest.extents = {3, 37};
    nest.kinds = "pp";
    Dimension columns = nest.plain(1);
    columns[1] = step;
    nest.inputs = {{nest.plain(0), columns}, {nest.plain(0)}};
    nest.result = {nest.plain(0), nest.plain(1)};
    checkAll(nest);
    Nest flipped = convolution(1, 3, 4, 18, 2, 3);
    flipped.inputs[0][3][3] = step;
    checkAll(flipped);
    Nest taps = convolution(1, 3, 4, 18, 2, 3);
    taps.inputs[0][3][6] = step;
    checkAll(taps);
  }
}

TEST(Compile, NoReduction) {
  Nest nest;
  nest.extents = {5, 33};
  nest.kinds = "pp";
  nest.inputs = {{nest.plain(0)}, {nest.plain(1)}};
  nest.result = {nest.plain(0), nest.plain(1)};
  checkAll(nest);
  nest.accumulates = true;
  checkAll(nest);
}

TEST(Compile, RankZero) {
  Nest nest;
  nest.extents = {3, 41};
  nest.kinds = "rr";
  nest.inputs = {{nest.plain(0), nest.plain(1)}, {nest.plain(1)}};
  checkAll(nest);
  nest.extents = {};
  nest.kinds = "";
  nest.inputs = {{}, {}};
  checkAll(nest);
}

TEST(Compile, ExtentZero) {
  Nest nest = Nest::matmul(4, 5, 0);
  checkAll(nest);
  nest.accumulates = true;
  checkAll(nest);
  checkAll(Nest::matmul(0, 5, 3));
}

TEST(Compile, Accumulates) {
  Nest nest = convolution(1, 5, 6, 21, 3, 3);
  nest.accumulates = true;
  checkAll(nest);
}

class ElementTypes
    : public testing::TestWithParam<std::pair<const char *, const char *>> {};

TEST_P(ElementTypes, ConvolutionAndMatmul) {
  for (Nest nest : {convolution(1, 5, 4, 19, 3, 3), Nest::matmul(9, 70, 13),
                    convolution(1, 3, 4, 18, 2, 2, 2, 1)}) {
    nest.inputType = GetParam().first;
    nest.resultType = GetParam().second;
    checkAll(nest);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Compile, ElementTypes,
    testing::Values(std::pair("f32", "f32"), std::pair("f64", "f64"),
                    std::pair("f16", "f32"), std::pair("bf16", "f32"),
                    std::pair("i8", "i32"), std::pair("i16", "i64"),
                    std::pair("i8", "i8"), std::pair("i32", "i32"),
                    std::pair("i64", "i64"),
                    std::pair("complex<f32>", "complex<f32>"),
                    std::pair("complex<f64>", "complex<f64>")));

TEST(Compile, RandomNests) {
  std::mt19937 random(20240607);
  const unsigned bits[] = {512, 256, 128};
  for (unsigned i = 0; i != 150; ++i) {
    Nest nest = Nest::make(random);
    check(nest, options(bits[i % 3], i % 3 == 0 ? 32 : 16), i);
    if (HasFailure())
      break;
  }
}

#ifdef CONVEINSUM_OPENMP_LIBRARY
static void checkThreads(const Nest &nest, unsigned seed = 1) {
  CpuOptions threads = options(256, 16);
  threads.threads = true;
  threads.parallelWork = 1;
  check(nest, threads, seed);
}

TEST(Threads, Shapes) {
  checkThreads(Nest::matmul(16, 64, 8));
  checkThreads(Nest::matmul(13, 37, 11));
  checkThreads(convolution(2, 5, 6, 20, 3, 3));
  checkThreads(convolution(1, 4, 5, 18, 2, 3, 2, 2));
  Nest accumulates = Nest::matmul(13, 67, 5);
  accumulates.accumulates = true;
  checkThreads(accumulates);
}

TEST(Threads, RandomNests) {
  std::mt19937 random(7);
  for (unsigned i = 0; i != 40 && !HasFailure(); ++i)
    checkThreads(Nest::make(random), i);
}
#endif
