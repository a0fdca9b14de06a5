//===- RandomNest.h - Multiply-add nests and their meaning ------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A multiply-add over loops, with every operand dimension a sum of multiples of
// loops, written as MLIR text and computed by plain loops. Values are small
// integers, which every element type sums exactly: results must be equal.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TEST_CODEGEN_CPU_RANDOMNEST_H
#define CONVEINSUM_TEST_CODEGEN_CPU_RANDOMNEST_H

#include <complex>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace conveinsum::test {

using Number = std::complex<double>;

/// `type` is a type of MLIR: f16, bf16, f32, f64, i8 .. i64, complex of floats.
struct Buffer {
  std::string type;
  std::vector<int64_t> shape;
  std::vector<char> bytes;

  Buffer(std::string type, std::vector<int64_t> shape);
  int64_t size() const;
  Number get(int64_t index) const;
  void set(int64_t index, Number value);
};

/// One dimension of an operand: the coefficient of each loop. A negative one
/// reads the loop backwards; the constant that keeps indices at 0 or above is
/// implied.
using Dimension = std::vector<int64_t>;

struct Nest {
  std::vector<int64_t> extents;
  /// 'p' or 'r' for each loop.
  std::string kinds;
  std::vector<std::vector<Dimension>> inputs;
  std::vector<Dimension> result;
  std::string inputType = "f32", resultType = "f32";
  /// Adds to a third input instead of to zero.
  bool accumulates = false;

  /// A dimension that is loop `loop` itself.
  Dimension plain(unsigned loop) const;
  std::vector<int64_t> shape(const std::vector<Dimension> &dimensions) const;
  /// Function @f.
  std::string text() const;
  std::vector<Buffer> randomInputs(std::mt19937 &random) const;
  Buffer evaluate(const std::vector<Buffer> &inputs) const;

  /// A nest of up to five loops.
  static Nest make(std::mt19937 &random);
  /// a[m, k] * b[k, n] -> [m, n]
  static Nest matmul(int64_t m, int64_t n, int64_t k);
};

} // namespace conveinsum::test

#endif // CONVEINSUM_TEST_CODEGEN_CPU_RANDOMNEST_H
