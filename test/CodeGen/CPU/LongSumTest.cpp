//===- LongSumTest.cpp - Sums that are cut into blocks --------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compiled sums of more numbers than one accumulator takes. On small integers
// they are exact, whatever the order, so that a number that is lost or added
// twice shows; on equal fractions, whose roundings all go in one direction, the
// error shows the longest chain of additions.
//
//===----------------------------------------------------------------------===//

#include "JitFunction.h"
#include "RandomNest.h"
#include <cmath>
#include <gtest/gtest.h>

using namespace conveinsum;
using namespace conveinsum::test;

/// Register files of the CPUs, then scalar code.
static std::vector<CpuOptions> allOptions() {
  std::vector<CpuOptions> all;
  for (unsigned bits : {512, 256, 128, 512}) {
    CpuOptions &options = all.emplace_back();
    options.vectorBits = bits;
    options.vectorRegisters = bits == 512 ? 32 : 16;
    options.minVectorWork = 0;
  }
  all.back().minVectorWork = INT64_MAX;
  return all;
}

static Buffer call(const Nest &nest, const CpuOptions &options,
                   llvm::ArrayRef<Buffer> inputs) {
  Buffer result(nest.resultType, nest.shape(nest.result));
  std::unique_ptr<JitFunction> compiled =
      JitFunction::compile(nest.text(), options);
  if (!compiled)
    return result;
  std::vector<const void *> pointers;
  for (const Buffer &input : inputs)
    pointers.push_back(input.bytes.data());
  (*compiled)(pointers, result.bytes.data());
  return result;
}

/// Nothing is lost, and nothing is added twice.
static void expectExact(const Nest &nest) {
  std::mt19937 random(1);
  std::vector<Buffer> inputs = nest.randomInputs(random);
  Buffer expected = nest.evaluate(inputs);
  for (const CpuOptions &options : allOptions()) {
    Buffer result = call(nest, options, inputs);
    for (int64_t i = 0; i != result.size(); ++i)
      ASSERT_EQ(result.get(i), expected.get(i))
          << "element " << i << " for " << options.vectorBits << " bits in\n"
          << nest.text();
  }
}

/// Sums of n equal products or numbers are wrong by as many roundings as the
/// chain of docs/CpuCodegen.md is long, at most.
static void expectShortChain(const Nest &nest) {
  std::vector<Buffer> inputs;
  for (const auto &dimensions : nest.inputs) {
    Buffer &input = inputs.emplace_back(nest.inputType, nest.shape(dimensions));
    for (int64_t i = 0; i != input.size(); ++i)
      input.set(i, {1.0 / 3, 0});
  }
  double terms = 1, product = 1;
  for (auto [extent, kind] : llvm::zip_equal(nest.extents, nest.kinds))
    terms *= kind == 'r' ? double(extent) : 1;
  for (const Buffer &input : inputs)
    product *= input.get(0).real();
  double additions = nest.inputs.size() > 1 ? 256 + std::log2(terms)
                                            : 64 + 3 * std::log2(terms);
  double roundoff =
      llvm::StringRef(nest.resultType).contains("64") ? 0x1p-53 : 0x1p-24;
  // One more rounding is that of the product.
  double bound = (additions + 1) * roundoff * terms * product;
  for (const CpuOptions &options : allOptions()) {
    Buffer result = call(nest, options, inputs);
    for (int64_t i = 0; i != result.size(); ++i) {
      // The sum of equal numbers, in more digits than any of them has.
      long double exact =
          static_cast<long double>(terms) * static_cast<long double>(product);
      double error = std::abs(double(result.get(i).real() - exact));
      ASSERT_LE(error, bound)
          << "element " << i << " for " << options.vectorBits << " bits in\n"
          << nest.text();
    }
  }
}

/// A product with b[n, k], for which the lanes are a reduction.
static Nest productOfRows(int64_t m, int64_t n, int64_t k) {
  Nest nest = Nest::matmul(m, n, k);
  std::swap(nest.inputs[1][0], nest.inputs[1][1]);
  return nest;
}

/// sum over j, k of a[j, n, k], one operand alone
static Nest sum(int64_t n, int64_t j, int64_t k) {
  Nest nest;
  nest.extents = {n, j, k};
  nest.kinds = "prr";
  nest.inputs = {{nest.plain(1), nest.plain(0), nest.plain(2)}};
  nest.result = {nest.plain(0)};
  return nest;
}

/// sum over c, h, w of x[c, y + h, w] k[c, h, w]
static Nest windows(int64_t y, int64_t c, int64_t h, int64_t w) {
  Nest nest;
  nest.extents = {y, c, h, w};
  nest.kinds = "prrr";
  Dimension rows = nest.plain(0);
  rows[2] = 1;
  nest.inputs = {{nest.plain(1), rows, nest.plain(3)},
                 {nest.plain(1), nest.plain(2), nest.plain(3)}};
  nest.result = {nest.plain(0)};
  return nest;
}

TEST(LongSum, NothingIsLost) {
  for (int64_t k : {256, 257, 1000, 5003}) {
    expectExact(Nest::matmul(3, 18, k));
    expectExact(productOfRows(3, 2, k));
    expectExact(sum(5, 1, k));
    expectExact(sum(1, 1, k));
  }
  expectExact(sum(3, 67, 45));
  expectExact(sum(33, 700, 1));
  expectExact(windows(5, 30, 3, 37));
  expectExact(windows(2, 301, 5, 3));
  expectExact(windows(1, 3, 2, 2000));
}

TEST(LongSum, NothingIsLostWhereResultsAreUpdated) {
  for (Nest nest : {Nest::matmul(3, 18, 777), productOfRows(3, 2, 5003),
                    sum(5, 40, 33), windows(3, 40, 3, 9)}) {
    nest.accumulates = true;
    expectExact(nest);
  }
}

TEST(LongSum, NothingIsLostOfAnyType) {
  for (auto [input, result] : {std::pair("f64", "f64"), std::pair("f16", "f32"),
                               std::pair("bf16", "f32"), std::pair("i8", "i32"),
                               std::pair("complex<f32>", "complex<f32>"),
                               std::pair("complex<f64>", "complex<f64>")})
    for (Nest nest : {Nest::matmul(3, 18, 700), productOfRows(3, 2, 1003),
                      sum(5, 20, 33), windows(3, 40, 3, 9)}) {
      nest.inputType = input;
      nest.resultType = result;
      expectExact(nest);
    }
}

class ChainLength
    : public testing::TestWithParam<std::pair<const char *, const char *>> {};

TEST_P(ChainLength, IsThatOfTheDocumentation) {
  for (Nest nest : {Nest::matmul(2, 17, 40000), productOfRows(2, 2, 300001),
                    sum(1, 1, 1000003), sum(19, 3000, 3), sum(2, 300, 301),
                    windows(3, 3000, 3, 3), windows(2, 3, 30, 1000)}) {
    nest.inputType = GetParam().first;
    nest.resultType = GetParam().second;
    expectShortChain(nest);
    if (HasFatalFailure())
      return;
  }
}

INSTANTIATE_TEST_SUITE_P(
    LongSum, ChainLength,
    testing::Values(std::pair("f32", "f32"), std::pair("f64", "f64"),
                    std::pair("f16", "f32"), std::pair("bf16", "f32"),
                    std::pair("complex<f32>", "complex<f32>"),
                    std::pair("complex<f64>", "complex<f64>")));
