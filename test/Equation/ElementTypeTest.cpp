//===- ElementTypeTest.cpp - The table of element types -------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Names, widths, accumulators and the check of one equation's types.
//
//===----------------------------------------------------------------------===//

#include "TestSupport.h"
#include "conveinsum/Equation/ElementTypeCheck.h"

using namespace conveinsum;
using T = ElementType;

static constexpr T kAll[] = {T::F64,  T::F32, T::F16, T::BF16, T::C64,
                             T::C128, T::I8,  T::I16, T::I32,  T::I64};

TEST(ElementType, NamesRoundTrip) {
  for (T type : kAll)
    EXPECT_EQ(parseElementType(name(type)), type) << name(type);
  EXPECT_EQ(parseElementType("c64"), T::C64);
  EXPECT_EQ(parseElementType("c128"), T::C128);
  EXPECT_EQ(parseElementType("complex<f32>"), T::C64);
  for (auto [word, type] : {std::pair("float32", T::F32),
                            {"<f8", T::F64},
                            {"f4", T::F32},
                            {"half", T::F16},
                            {"torch.bfloat16", T::BF16},
                            {"np.int8", T::I8},
                            {"<i8", T::I64},
                            {"c8", T::C64},
                            {"complex128", T::C128}})
    EXPECT_EQ(parseElementType(word), type) << word;
  for (const char *word : {"", "f8", "F32", "u8", "float", "complex<f16>",
                           ">f4", "torch.", "np.np.f32", "<f32", "|f4"})
    EXPECT_FALSE(parseElementType(word)) << word;
}

TEST(ElementType, Bytes) {
  unsigned bytes[] = {8, 4, 2, 2, 8, 16, 1, 2, 4, 8};
  for (unsigned i = 0; i < std::size(kAll); ++i)
    EXPECT_EQ(byteSize(kAll[i]), bytes[i]) << name(kAll[i]);
}

TEST(ElementType, EveryTypeHasOneKind) {
  for (T type : kAll)
    EXPECT_EQ(isInteger(type) + isComplex(type) + isFloat(type), 1)
        << name(type);
}

TEST(ElementType, Accumulators) {
  EXPECT_EQ(accumulatorType(T::F16, T::F16), T::F32);
  EXPECT_EQ(accumulatorType(T::BF16, T::BF16), T::F32);
  EXPECT_EQ(accumulatorType(T::BF16, T::F32), T::F32);
  EXPECT_EQ(accumulatorType(T::F16, T::F64), T::F64);
  EXPECT_EQ(accumulatorType(T::F32, T::F32), T::F32);
  EXPECT_EQ(accumulatorType(T::F32, T::F64), T::F64);
  EXPECT_EQ(accumulatorType(T::C64, T::C64), T::C64);
  EXPECT_EQ(accumulatorType(T::C64, T::C128), T::C128);
  EXPECT_EQ(accumulatorType(T::I8, T::I8), T::I32);
  EXPECT_EQ(accumulatorType(T::I8, T::I16), T::I32);
  EXPECT_EQ(accumulatorType(T::I16, T::I64), T::I64);
  EXPECT_EQ(accumulatorType(T::I64, T::I64), T::I64);
}

TEST(ElementType, Intermediates) {
  EXPECT_EQ(intermediateType(T::F16, T::F32), T::F16);
  EXPECT_EQ(intermediateType(T::F32, T::F64), T::F32);
  EXPECT_EQ(intermediateType(T::C64, T::C128), T::C64);
  EXPECT_EQ(intermediateType(T::I8, T::I8), T::I32);
  EXPECT_EQ(intermediateType(T::I8, T::I64), T::I64);
}

TEST(ElementType, ResultTypes) {
  for (T type : kAll)
    EXPECT_TRUE(isValidResultType(type, type)) << name(type);
  EXPECT_TRUE(isValidResultType(T::I8, T::I32));
  EXPECT_TRUE(isValidResultType(T::BF16, T::F32));
  EXPECT_TRUE(isValidResultType(T::C64, T::C128));
  EXPECT_FALSE(isValidResultType(T::F16, T::BF16));
  EXPECT_FALSE(isValidResultType(T::BF16, T::F16));
  EXPECT_FALSE(isValidResultType(T::F64, T::F32));
  EXPECT_FALSE(isValidResultType(T::I32, T::F64));
  EXPECT_FALSE(isValidResultType(T::F32, T::C64));
}

TEST(ElementType, Roundoff) {
  EXPECT_EQ(unitRoundoff(T::F64), 0x1p-53);
  EXPECT_EQ(unitRoundoff(T::F32), 0x1p-24);
  EXPECT_EQ(unitRoundoff(T::F16), 0x1p-11);
  EXPECT_EQ(unitRoundoff(T::BF16), 0x1p-8);
  EXPECT_EQ(unitRoundoff(T::C64), 0x1p-24);
  EXPECT_EQ(unitRoundoff(T::C128), 0x1p-53);
  EXPECT_EQ(unitRoundoff(T::I32), 0);
}

TEST(ElementTypeCheck, Accepts) {
  Caught caught;
  EXPECT_TRUE(verifyElementTypes({}, std::nullopt, std::ref(caught)));
  EXPECT_TRUE(verifyElementTypes({T::I8, T::I8}, T::I32, std::ref(caught)));
  EXPECT_TRUE(verifyElementTypes({T::F32}, T::F32, std::ref(caught)));
  EXPECT_EQ(caught.count, 0u);
}

TEST(ElementTypeCheck, C50OperandsDiffer) {
  Caught caught;
  EXPECT_FALSE(verifyElementTypes({T::F32, T::F32, T::F64}, std::nullopt,
                                  std::ref(caught)));
  ASSERT_EQ(caught.count, 1u);
  EXPECT_EQ(caught.diagnostic->constraint, "C50");
  EXPECT_EQ(caught.diagnostic->operand, std::optional<unsigned>(2));
  EXPECT_EQ(caught.diagnostic->message,
            "element types differ: expected f32 as of operand 0, got f64 of "
            "operand 2");
}

TEST(ElementTypeCheck, C52UnknownWord) {
  Caught caught;
  EXPECT_EQ(readElementType("float32", "'dtype'", std::ref(caught)), T::F32);
  EXPECT_EQ(caught.count, 0u);
  constexpr std::pair<const char *, const char *> kRefused[] = {
      {"f128", ""},
      {"float", ", which is 64 bits in NumPy and 32 elsewhere"},
      {"f8", ", which is 64 bits in NumPy and 8 elsewhere"},
      {"u8", "; files of booleans and unsigned integers are read as one of "
             "these"},
      {"flaot32", "; did you mean 'float32'?"},
      {"quaternion", ""},
      {"", ""},
  };
  for (auto [word, advice] : kRefused) {
    Caught refused;
    EXPECT_EQ(readElementType(word, "'dtype'", std::ref(refused)),
              std::nullopt);
    ASSERT_EQ(refused.count, 1u);
    EXPECT_EQ(refused.diagnostic->constraint, "C52");
    EXPECT_EQ(refused.diagnostic->message,
              std::string("expected 'dtype' to be one of f64, f32, f16, bf16, "
                          "complex<f32>, complex<f64>, i8, i16, i32, i64, got "
                          "'") +
                  word + "'" + advice);
  }
}

TEST(ElementTypeCheck, C51NarrowerResult) {
  Caught caught;
  EXPECT_FALSE(verifyElementTypes({T::F64, T::F64}, T::F32, std::ref(caught)));
  ASSERT_EQ(caught.count, 1u);
  EXPECT_EQ(caught.diagnostic->constraint, "C51");
  EXPECT_EQ(caught.diagnostic->message,
            "expected f64 or a wider type of the same kind for the result, got "
            "f32");
}
