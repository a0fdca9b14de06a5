//===- RandomEquation.h - Equations from seeds ------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Draws equations from the whole class: 1 to 6 operands, 0 to 3 conv modes, of
// several participants too, strides, dilations, every padding word, asymmetric
// and negative padding, circular modes, flips, diagonals, conv modes that the
// result lacks, ellipses, names and implicit results. Extents are small.
//
// The same seed gives the same equation on every platform and compiler: the
// generator is our own and no library distribution is used.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TEST_EQUATION_RANDOMEQUATION_H
#define CONVEINSUM_TEST_EQUATION_RANDOMEQUATION_H

#include "conveinsum/Equation/Equation.h"
#include "conveinsum/Runtime/SplitMix.h"

namespace conveinsum {

/// A generator with the distributions that tests need.
class SplitMix64 {
public:
  explicit SplitMix64(uint64_t seed) : state(seed) {}

  uint64_t next() { return nextSplitMix(state); }
  /// Uniform in low .. high, both included.
  int64_t between(int64_t low, int64_t high);
  /// True once in `times` draws.
  bool oneIn(int64_t times) { return between(1, times) == 1; }
  template <typename Range>
  void shuffle(Range &range) {
    for (size_t i = range.size(); i > 1; --i)
      std::swap(range[i - 1], range[size_t(between(0, int64_t(i) - 1))]);
  }

private:
  uint64_t state;
};

struct RandomEquationOptions {
  unsigned maxOperands = 6;
  unsigned maxConvModes = 3;
  /// Most assignments that the evaluator may have to visit.
  Count maxWork = 100000;
};

/// What a user would write; it resolves.
struct RandomEquation {
  std::string text;
  GeometryMap geometry;
  std::vector<Shape> shapes;
};

RandomEquation randomEquation(uint64_t seed,
                              const RandomEquationOptions &options = {});

/// A value between -8 and 8 in steps of 1/4: exact in every floating type, and
/// an integer after multiplication by 4.
double randomEntry(SplitMix64 &random);

} // namespace conveinsum

#endif // CONVEINSUM_TEST_EQUATION_RANDOMEQUATION_H
