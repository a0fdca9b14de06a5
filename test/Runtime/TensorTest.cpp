//===- TensorTest.cpp - Storage, sizes and conversions --------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sizes that overflow, alignment, and which values a conversion refuses.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Runtime/Tensor.h"
#include "TestSupport.h"
#include <limits>

using namespace conveinsum;

static constexpr int64_t kHuge = std::numeric_limits<int64_t>::max();

static Tensor makeFloats(ElementType type, std::vector<double> values) {
  Fallible<Tensor> tensor = Tensor::allocate(type, {int64_t(values.size())});
  EXPECT_TRUE(bool(tensor));
  for (size_t i = 0; i < values.size(); ++i)
    tensor->setFloating(i, values[i]);
  return std::move(*tensor);
}

static Tensor makeIntegers(ElementType type, std::vector<int64_t> values) {
  Fallible<Tensor> tensor = Tensor::allocate(type, {int64_t(values.size())});
  EXPECT_TRUE(bool(tensor));
  for (size_t i = 0; i < values.size(); ++i)
    tensor->setInteger(i, uint64_t(values[i]));
  return std::move(*tensor);
}

TEST(TensorTest, CountsElements) {
  EXPECT_EQ(elementCount({}), 1u);
  EXPECT_EQ(elementCount({2, 3, 4}), 24u);
  EXPECT_EQ(elementCount({kHuge}), uint64_t(kHuge));
  EXPECT_EQ(elementCount({int64_t(1) << 32, int64_t(1) << 31}), std::nullopt);
  EXPECT_EQ(elementCount({int64_t(1) << 32, int64_t(1) << 32}), std::nullopt);
  EXPECT_EQ(elementCount({kHuge, kHuge, 0}), 0u);
  EXPECT_EQ(elementCount({0, -1}), std::nullopt);
  EXPECT_EQ(byteCount(ElementType::F64, {kHuge / 8 + 1}), std::nullopt);
  EXPECT_EQ(byteCount(ElementType::C128, {3}), 48u);
  EXPECT_EQ(byteCount(ElementType::I8, {int64_t(1) << 62}), kMaxTensorBytes);
  EXPECT_EQ(byteCount(ElementType::I8, {(int64_t(1) << 62) + 1}), std::nullopt);
  EXPECT_EQ(byteCount(ElementType::C128, {int64_t(1) << 58}), kMaxTensorBytes);
  EXPECT_EQ(byteCount(ElementType::C128, {(int64_t(1) << 58) + 1}),
            std::nullopt);
  // Strides of a tensor without entries are products too.
  EXPECT_EQ(byteCount(ElementType::F32, {int64_t(1) << 60, 0}), 0u);
  EXPECT_EQ(byteCount(ElementType::F32, {int64_t(1) << 61, 0}), std::nullopt);
  EXPECT_EQ(byteCount(ElementType::F32, {0, kHuge, kHuge}), std::nullopt);
  EXPECT_EQ(byteCount(ElementType::F32, {0, -1}), std::nullopt);
}

TEST(TensorTest, IsAlignedAndZero) {
  for (int64_t size : {0, 1, 63, 1000}) {
    Fallible<Tensor> tensor = Tensor::allocate(ElementType::I8, {size});
    ASSERT_TRUE(bool(tensor));
    EXPECT_EQ(reinterpret_cast<uintptr_t>(tensor->data()) % kTensorAlignment,
              0u);
    for (uint64_t entry : tensor->toRing())
      EXPECT_EQ(entry, 0u);
  }
}

TEST(TensorTest, FailedAllocationIsAnError) {
  Fallible<Tensor> tensor =
      Tensor::allocate(ElementType::F64, {int64_t(1) << 31, int64_t(1) << 28});
  ASSERT_FALSE(bool(tensor));
  EXPECT_TRUE(contains(tensor.message(), "cannot allocate"));
  Fallible<Tensor> overflowing = Tensor::allocate(ElementType::F64, {kHuge, 2});
  ASSERT_FALSE(bool(overflowing));
  EXPECT_EQ(overflowing.message(), "a tensor of 9223372036854775807x2 has too "
                                   "many bytes: expected at most 2^62");
  Fallible<Tensor> empty = Tensor::allocate(ElementType::F64, {kHuge, 0});
  ASSERT_FALSE(bool(empty));
  EXPECT_TRUE(
      contains(empty.message(), "2^62, where an extent of 0 counts as 1"));
}

TEST(TensorTest, ConvertsFloats) {
  Tensor wide = makeFloats(ElementType::F32, {1.0, -2.5, 3.14159274, 0.0});
  Fallible<Tensor> narrow = wide.convert(ElementType::BF16);
  ASSERT_TRUE(bool(narrow));
  EXPECT_EQ(narrow->bytes(), 8u);
  EXPECT_EQ(narrow->toDoubles(),
            (std::vector<double>{1.0, -2.5, 3.140625, 0.0}));
  EXPECT_FALSE(
      bool(makeFloats(ElementType::F32, {70000.0}).convert(ElementType::F16)));
  Fallible<Tensor> infinite =
      makeFloats(ElementType::F32, {HUGE_VAL}).convert(ElementType::F16);
  ASSERT_TRUE(bool(infinite));
  EXPECT_EQ(infinite->toDoubles(), (std::vector<double>{HUGE_VAL}));
}

TEST(TensorTest, ConvertsIntegers) {
  Tensor small = makeIntegers(ElementType::I64, {-128, 127});
  Fallible<Tensor> bytes = small.convert(ElementType::I8);
  ASSERT_TRUE(bool(bytes));
  EXPECT_EQ(bytes->toRing(), (std::vector<uint64_t>{uint64_t(-128), 127u}));
  Fallible<Tensor> unfit =
      makeIntegers(ElementType::I64, {0, 128}).convert(ElementType::I8);
  ASSERT_FALSE(bool(unfit));
  EXPECT_TRUE(contains(unfit.message(), "entry 1 "));
}

TEST(TensorTest, RoundsLargeIntegersOnce) {
  // One above a tie of bf16 and of f32; through f64 both would be ties.
  int64_t aboveBFloatTie = (int64_t(1) << 62) + (int64_t(1) << 54) + 1;
  int64_t aboveFloatTie = (int64_t(1) << 62) + (int64_t(1) << 38) + 1;
  Tensor tensor =
      makeIntegers(ElementType::I64, {aboveBFloatTie, -aboveBFloatTie});
  Fallible<Tensor> bfloats = tensor.convert(ElementType::BF16);
  ASSERT_TRUE(bool(bfloats));
  double expected = std::ldexp(129.0, 55);
  EXPECT_EQ(bfloats->toDoubles(), (std::vector<double>{expected, -expected}));
  Fallible<Tensor> floats =
      makeIntegers(ElementType::I64, {aboveFloatTie}).convert(ElementType::F32);
  ASSERT_TRUE(bool(floats));
  EXPECT_EQ(floats->toDoubles(),
            (std::vector<double>{double(float(aboveFloatTie))}));
}

TEST(TensorTest, ConvertsBetweenKinds) {
  Fallible<Tensor> integers =
      makeFloats(ElementType::F64, {-3.0, 127.0}).convert(ElementType::I8);
  ASSERT_TRUE(bool(integers));
  EXPECT_EQ(integers->toRing(), (std::vector<uint64_t>{uint64_t(-3), 127u}));
  EXPECT_FALSE(
      bool(makeFloats(ElementType::F64, {0.5}).convert(ElementType::I32)));
  EXPECT_FALSE(
      bool(makeFloats(ElementType::F64, {128.0}).convert(ElementType::I8)));
  EXPECT_FALSE(bool(
      makeFloats(ElementType::F64, {std::nan("")}).convert(ElementType::I64)));
  EXPECT_FALSE(bool(makeFloats(ElementType::F64, {std::ldexp(1.0, 63)})
                        .convert(ElementType::I64)));
  EXPECT_TRUE(bool(makeFloats(ElementType::F64, {-std::ldexp(1.0, 63)})
                       .convert(ElementType::I64)));

  Tensor complex = makeFloats(ElementType::C64, {1.5});
  complex.setFloating(0, {1.5, -2.0});
  Fallible<Tensor> wide = complex.convert(ElementType::C128);
  ASSERT_TRUE(bool(wide));
  EXPECT_EQ(wide->toComplex(), (std::vector<std::complex<double>>{
                                   std::complex<double>(1.5, -2.0)}));
  EXPECT_FALSE(bool(complex.convert(ElementType::F64)));
  EXPECT_TRUE(
      bool(makeFloats(ElementType::F16, {1}).convert(ElementType::C64)));
}
