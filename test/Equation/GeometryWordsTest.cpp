//===- GeometryWordsTest.cpp - Words of geometry against plain loops ------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `same-upper`, `same-lower`, `causal` and `transposed` of random geometry
// against loops that follow the formulas of TensorFlow, Keras and PyTorch, and
// what these words refuse (C26 to C29).
//
//===----------------------------------------------------------------------===//

#include "EquationTestSupport.h"
#include <random>

using namespace conveinsum;

using Numbers = std::vector<double>;

namespace {
/// One feature and two kernels on one mode.
struct Drawn {
  Numbers x, k1, k2;
  int64_t stride, dilation1, dilation2;
  bool flip;

  explicit Drawn(uint64_t seed) {
    std::mt19937_64 random(seed);
    auto draw = [&](int64_t low, int64_t high) {
      return low + int64_t(random() % uint64_t(high - low + 1));
    };
    auto fill = [&](int64_t size) {
      Numbers numbers(size);
      for (double &number : numbers)
        number = double(draw(-4, 4));
      return numbers;
    };
    x = fill(draw(1, 13));
    k1 = fill(draw(1, 5));
    k2 = fill(draw(1, 3));
    stride = draw(1, 4);
    dilation1 = draw(1, 3);
    dilation2 = draw(1, 2);
    flip = draw(0, 1);
  }

  Geometry geometry(PaddingMode padding) const {
    Geometry geometry;
    geometry.stride = stride;
    geometry.dilation = std::vector<int64_t>{dilation1, dilation2};
    geometry.flip = flip;
    geometry.padding.mode = padding;
    return geometry;
  }

  /// The taps of both kernels as one.
  Numbers taps() const {
    Numbers a = k1, b = k2;
    if (flip) {
      std::reverse(a.begin(), a.end());
      std::reverse(b.begin(), b.end());
    }
    Numbers taps((a.size() - 1) * dilation1 + (b.size() - 1) * dilation2 + 1);
    for (size_t i = 0; i < a.size(); ++i)
      for (size_t j = 0; j < b.size(); ++j)
        taps[i * dilation1 + j * dilation2] += a[i] * b[j];
    return taps;
  }

  std::string text() const {
    return "x " + std::to_string(x.size()) + ", k " +
           std::to_string(k1.size()) + " * " + std::to_string(dilation1) +
           ", " + std::to_string(k2.size()) + " * " +
           std::to_string(dilation2) + ", stride " + std::to_string(stride) +
           (flip ? ", flip" : "");
  }
};
} // namespace

static Numbers evaluated(const Drawn &drawn, const Geometry &geometry) {
  Caught caught;
  std::optional<Equation> equation = Equation::create(
      "h,h,h->h|h", {{"h", geometry}},
      {Shape{int64_t(drawn.x.size())}, Shape{int64_t(drawn.k1.size())},
       Shape{int64_t(drawn.k2.size())}},
      std::ref(caught));
  if (!equation) {
    EXPECT_EQ(caught.diagnostic->constraint, "C29") << caught.text();
    return {};
  }
  EXPECT_TRUE(equation->verify(std::ref(caught))) << caught.text();
  return evaluateAll<double>(*equation, {drawn.x, drawn.k1, drawn.k2}).value;
}

/// y[o] = sum x[s o - before + j] taps[j].
static Numbers convolved(const Drawn &drawn, int64_t before, int64_t count) {
  Numbers taps = drawn.taps(), y(count);
  for (int64_t o = 0; o < count; ++o)
    for (int64_t j = 0; j < int64_t(taps.size()); ++j) {
      int64_t i = o * drawn.stride - before + j;
      if (i >= 0 && i < int64_t(drawn.x.size()))
        y[o] += drawn.x[i] * taps[j];
    }
  return y;
}

/// y[s i + j - before] += x[i] taps[j].
static Numbers spread(const Drawn &drawn, int64_t before, int64_t count) {
  Numbers taps = drawn.taps(), y(std::max<int64_t>(count, 0));
  for (int64_t i = 0; i < int64_t(drawn.x.size()); ++i)
    for (int64_t j = 0; j < int64_t(taps.size()); ++j) {
      int64_t o = i * drawn.stride + j - before;
      if (o >= 0 && o < count)
        y[o] += drawn.x[i] * taps[j];
    }
  return y;
}

static constexpr uint64_t kSeeds = 3000;

//===----------------------------------------------------------------------===//
// Paddings
//===----------------------------------------------------------------------===//

/// TensorFlow: ceil(in / stride) results, and the padding that these need.
TEST(GeometryWords, SameUpperAndLower) {
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    Drawn drawn(seed);
    SCOPED_TRACE(drawn.text());
    int64_t in = drawn.x.size(), taps = drawn.taps().size();
    int64_t out = (in + drawn.stride - 1) / drawn.stride;
    int64_t total = std::max<int64_t>((out - 1) * drawn.stride + taps - in, 0);
    EXPECT_EQ(evaluated(drawn, drawn.geometry(PaddingMode::SameUpper)),
              convolved(drawn, total / 2, out));
    EXPECT_EQ(evaluated(drawn, drawn.geometry(PaddingMode::SameLower)),
              convolved(drawn, total - total / 2, out));
  }
}

/// Without a stride it is `same`; with one, `same` pads as if there were none.
TEST(GeometryWords, SameUpperAndSame) {
  unsigned differences = 0;
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    Drawn drawn(seed);
    Numbers upper = evaluated(drawn, drawn.geometry(PaddingMode::SameUpper));
    Numbers same = evaluated(drawn, drawn.geometry(PaddingMode::Same));
    EXPECT_EQ(upper.size(), same.size()) << drawn.text();
    differences += upper != same;
    if (drawn.stride == 1)
      EXPECT_EQ(upper, same) << drawn.text();
  }
  EXPECT_GT(differences, kSeeds / 4);
}

/// Keras: a result sees what stands before it.
TEST(GeometryWords, Causal) {
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    Drawn drawn(seed);
    int64_t in = drawn.x.size(), taps = drawn.taps().size();
    EXPECT_EQ(evaluated(drawn, drawn.geometry(PaddingMode::Causal)),
              convolved(drawn, taps - 1, (in - 1) / drawn.stride + 1))
        << drawn.text();
  }
}

//===----------------------------------------------------------------------===//
// Transposed
//===----------------------------------------------------------------------===//

/// PyTorch: (in - 1) stride - low - high + taps + output_padding results.
TEST(GeometryWords, Transposed) {
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    Drawn drawn(seed);
    SCOPED_TRACE(drawn.text());
    std::mt19937_64 random(seed);
    int64_t in = drawn.x.size(), taps = drawn.taps().size();
    Geometry geometry = drawn.geometry(PaddingMode::Explicit);
    geometry.transposed = true;
    geometry.padding.low = int64_t(random() % 6) - 2;
    geometry.padding.high = int64_t(random() % 6) - 2;
    geometry.outputPadding = random() % uint64_t(drawn.stride);
    int64_t out = (in - 1) * drawn.stride - geometry.padding.low -
                  geometry.padding.high + taps + geometry.outputPadding;
    EXPECT_EQ(evaluated(drawn, geometry),
              spread(drawn, geometry.padding.low, out));
  }
}

/// The words are those of the convolution whose transpose it is: with the same
/// words, that one leads back to the extent of the feature, and the scalar
/// products of both agree.
TEST(GeometryWords, TransposedIsTheAdjoint) {
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    Drawn drawn(seed);
    SCOPED_TRACE(drawn.text());
    for (PaddingMode padding :
         {PaddingMode::Same, PaddingMode::SameUpper, PaddingMode::SameLower,
          PaddingMode::Valid, PaddingMode::Full}) {
      Geometry geometry = drawn.geometry(padding);
      Geometry transposed = geometry;
      transposed.transposed = true;
      if (padding == PaddingMode::Same || padding == PaddingMode::Valid)
        transposed.outputPadding = seed % uint64_t(drawn.stride);
      Numbers y = evaluated(drawn, transposed);
      if (y.empty())
        continue;
      Drawn forward = drawn;
      forward.x.resize(y.size());
      double there = 0, back = 0;
      for (size_t i = 0; i < y.size(); ++i) {
        forward.x[i] = double(i * i % 7) - 3;
        there += y[i] * forward.x[i];
      }
      Numbers z = evaluated(forward, geometry);
      ASSERT_EQ(z.size(), drawn.x.size());
      for (size_t i = 0; i < z.size(); ++i)
        back += z[i] * drawn.x[i];
      EXPECT_EQ(there, back);
    }
  }
}

TEST(GeometryWords, TransposedSameUpperMultiplies) {
  Drawn drawn(1);
  Geometry geometry = drawn.geometry(PaddingMode::SameUpper);
  geometry.transposed = true;
  int64_t in = drawn.x.size(), taps = drawn.taps().size();
  for (geometry.stride = 1; geometry.stride < 9; ++geometry.stride) {
    drawn.stride = geometry.stride;
    int64_t total = std::max<int64_t>(taps - drawn.stride, 0);
    EXPECT_EQ(evaluated(drawn, geometry),
              spread(drawn, total / 2, in * drawn.stride));
  }
}

//===----------------------------------------------------------------------===//
// Refusals
//===----------------------------------------------------------------------===//

/// What is reported for `h,h->h|h` with a feature of 5 and a kernel of 3.
static std::string fault(const Geometry &geometry, int64_t feature = 5) {
  Caught caught;
  EXPECT_FALSE(Equation::create("h,h->h|h", {{"h", geometry}},
                                {Shape{feature}, Shape{3}}, std::ref(caught)));
  EXPECT_EQ(caught.count, 1u);
  return caught.text();
}

static Geometry words(PaddingMode padding, int64_t stride, bool transposed) {
  Geometry geometry;
  geometry.padding.mode = padding;
  geometry.stride = stride;
  geometry.transposed = transposed;
  return geometry;
}

TEST(GeometryWords, C26DynamicExtents) {
  EXPECT_EQ(fault(words(PaddingMode::SameUpper, 2, false), kDynamic),
            "C26: padding of mode 'h': expected a static extent of the "
            "feature, which the padding depends on with a stride of 2, got a "
            "dynamic one");
  EXPECT_EQ(fault(words(PaddingMode::Valid, 2, true), kDynamic),
            "C26: extent of the feature of transposed mode 'h': expected a "
            "static one, got a dynamic one");
  Caught caught;
  auto equation = Equation::create(
      "h,h->h|h", {{"h", words(PaddingMode::SameLower, 1, false)}},
      {Shape{kDynamic}, Shape{4}}, std::ref(caught));
  ASSERT_TRUE(equation) << caught.text();
  EXPECT_EQ(equation->relations().front().offset, 2);
}

TEST(GeometryWords, C27WhatTransposesNot) {
  EXPECT_EQ(fault(words(PaddingMode::Causal, 1, true)),
            "C27: transposed mode 'h': expected a linear mode with numbers, "
            "same, same-upper, same-lower, valid or full as its padding, got "
            "causal");
  EXPECT_EQ(fault(words(PaddingMode::Circular, 1, true)),
            "C27: transposed mode 'h': expected a linear mode with numbers, "
            "same, same-upper, same-lower, valid or full as its padding, got a "
            "circular mode");
}

TEST(GeometryWords, C28OutputPadding) {
  Geometry geometry = words(PaddingMode::Valid, 2, false);
  geometry.outputPadding = 1;
  EXPECT_EQ(fault(geometry), "C28: output padding of mode 'h': expected a "
                             "transposed mode, got one that is not");
  geometry.transposed = true;
  geometry.outputPadding = 2;
  EXPECT_EQ(fault(geometry),
            "C28: output padding of mode 'h': expected at least 0 and less "
            "than the stride or a dilation, 2, got 2");
  geometry.outputPadding = -1;
  EXPECT_EQ(fault(geometry),
            "C28: output padding of mode 'h': expected at least 0 and less "
            "than the stride or a dilation, 2, got -1");
  geometry.padding.mode = PaddingMode::SameUpper;
  geometry.outputPadding = 1;
  EXPECT_EQ(fault(geometry),
            "C28: output padding of mode 'h': expected none beside same-upper "
            "and same-lower, whose extent is the feature's times the stride, "
            "got 1");
}

TEST(GeometryWords, C29NothingIsLeft) {
  EXPECT_EQ(fault(words(PaddingMode::Full, 1, true), 2),
            "C29: result extent of transposed mode 'h': expected at least 1, "
            "got 0");
}

TEST(GeometryWords, C39Overflow) {
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  EXPECT_EQ(fault(words(PaddingMode::SameUpper, kMax, true)),
            "C39: overflow: the result extent of mode 'h' does not fit signed "
            "64 bit");
  Geometry geometry = words(PaddingMode::Explicit, 1, true);
  geometry.padding.low = std::numeric_limits<int64_t>::min();
  EXPECT_EQ(fault(geometry),
            "C39: overflow: the offset of mode 'h' does not fit signed 64 bit");
}
