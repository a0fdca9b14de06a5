//===- TypedBuffer.cpp - Memory of one tensor of any element type ---------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Entries of every element type from and to doubles.
//
//===----------------------------------------------------------------------===//

#include "TypedBuffer.h"
#include "conveinsum/Equation/Evaluator.h"
#include "llvm/ADT/APFloat.h"
#include <cmath>
#include <cstring>

using llvm::ArrayRef;

namespace conveinsum::test {

/// The bits of a real value in a floating type of at most 64 bits.
static uint64_t encodeReal(ElementType type, double value) {
  llvm::APFloat number(value);
  bool losesInfo;
  if (type == ElementType::F16)
    number.convert(llvm::APFloat::IEEEhalf(),
                   llvm::APFloat::rmNearestTiesToEven, &losesInfo);
  else if (type == ElementType::BF16)
    number.convert(llvm::APFloat::BFloat(), llvm::APFloat::rmNearestTiesToEven,
                   &losesInfo);
  else if (type == ElementType::F32)
    number.convert(llvm::APFloat::IEEEsingle(),
                   llvm::APFloat::rmNearestTiesToEven, &losesInfo);
  return number.bitcastToAPInt().getZExtValue();
}

static double decodeReal(ElementType type, uint64_t bits) {
  const llvm::fltSemantics &semantics =
      type == ElementType::F16    ? llvm::APFloat::IEEEhalf()
      : type == ElementType::BF16 ? llvm::APFloat::BFloat()
      : type == ElementType::F32  ? llvm::APFloat::IEEEsingle()
                                  : llvm::APFloat::IEEEdouble();
  unsigned width = llvm::APFloat::getSizeInBits(semantics);
  llvm::APFloat number(semantics, llvm::APInt(width, bits));
  bool losesInfo;
  number.convert(llvm::APFloat::IEEEdouble(),
                 llvm::APFloat::rmNearestTiesToEven, &losesInfo);
  return number.convertToDouble();
}

/// The type of one part of a complex type, or the real type itself.
static ElementType partType(ElementType type) {
  if (type == ElementType::C64)
    return ElementType::F32;
  return type == ElementType::C128 ? ElementType::F64 : type;
}

static size_t countElements(ArrayRef<int64_t> shape) {
  size_t count = 1;
  for (int64_t extent : shape)
    count *= size_t(extent);
  return count;
}

TypedBuffer TypedBuffer::random(ElementType type, ArrayRef<int64_t> shape,
                                SplitMix64 &random) {
  TypedBuffer buffer(type, countElements(shape));
  ElementType part = partType(type);
  size_t width = byteSize(part);
  size_t parts = buffer.count * (byteSize(type) / width);
  for (size_t i = 0; i < parts; ++i) {
    uint64_t bits =
        isInteger(type) ? random.next() : encodeReal(part, randomEntry(random));
    std::memcpy(buffer.bytes.data() + i * width, &bits, width);
  }
  return buffer;
}

TypedBuffer TypedBuffer::poisoned(ElementType type, ArrayRef<int64_t> shape) {
  // All ones: not a number in every floating type.
  return TypedBuffer(type, countElements(shape));
}

std::complex<double> TypedBuffer::number(size_t i) const {
  ElementType part = partType(elementType);
  size_t width = byteSize(part);
  auto read = [&](size_t index) {
    uint64_t bits = 0;
    std::memcpy(&bits, bytes.data() + index * width, width);
    return decodeReal(part, bits);
  };
  if (!isComplex(elementType))
    return read(i);
  return {read(2 * i), read(2 * i + 1)};
}

uint64_t TypedBuffer::integer(size_t i) const {
  size_t width = byteSize(elementType);
  uint64_t bits = 0;
  std::memcpy(&bits, bytes.data() + i * width, width);
  unsigned unused = 64 - 8 * unsigned(width);
  return uint64_t(int64_t(bits << unused) >> unused);
}

//===----------------------------------------------------------------------===//
// The definition
//===----------------------------------------------------------------------===//

/// Evaluates the definition on what `read` gets from the operands.
template <typename T, typename Read>
static Evaluation<T> define(const Equation &equation,
                            ArrayRef<TypedBuffer> operands, Read read) {
  std::vector<std::vector<T>> values(operands.size());
  std::vector<ArrayRef<T>> views;
  for (auto [operand, value] : llvm::zip(operands, values)) {
    for (size_t i = 0; i < operand.size(); ++i)
      value.push_back(read(operand, i));
    views.push_back(value);
  }
  return evaluate<T>(equation, views);
}

static std::string report(size_t entry, const std::string &got,
                          const std::string &expected) {
  return "entry " + std::to_string(entry) + ": expected " + expected +
         ", got " + got;
}

static std::string compareIntegers(const Equation &equation,
                                   ArrayRef<TypedBuffer> operands,
                                   const TypedBuffer &result) {
  Evaluation<uint64_t> expected = define<uint64_t>(
      equation, operands,
      [](const TypedBuffer &operand, size_t i) { return operand.integer(i); });
  uint64_t mask = ~uint64_t(0) >> (64 - 8 * byteSize(result.type()));
  for (size_t i = 0; i < result.size(); ++i)
    if ((result.integer(i) & mask) != (expected.value[i] & mask))
      return report(i, std::to_string(result.integer(i) & mask),
                    std::to_string(expected.value[i] & mask));
  return "";
}

std::string compareWithDefinition(const Equation &equation,
                                  ArrayRef<TypedBuffer> operands,
                                  const TypedBuffer &result) {
  if (isInteger(result.type()))
    return compareIntegers(equation, operands, result);
  Evaluation<std::complex<double>> expected = define<std::complex<double>>(
      equation, operands,
      [](const TypedBuffer &operand, size_t i) { return operand.number(i); });
  // Sums of multiples of 1/16 this small are exact in f32 already, so that only
  // the rounding to a 16-bit type is left.
  const double unit = unitRoundoff(result.type());
  const bool isExact = byteSize(partType(result.type())) >= 4;
  for (size_t i = 0; i < result.size(); ++i) {
    std::complex<double> got = result.number(i);
    double tolerance = isExact && expected.magnitude[i] < 0x1p19
                           ? 0
                           : unit *
                                 (isExact ? double(expected.terms[i]) : 1.0) *
                                 expected.magnitude[i];
    if (!(std::abs(got - expected.value[i]) <= tolerance))
      return report(i,
                    std::to_string(got.real()) + " + " +
                        std::to_string(got.imag()) + "i",
                    std::to_string(expected.value[i].real()) + " + " +
                        std::to_string(expected.value[i].imag()) + "i");
  }
  return "";
}

} // namespace conveinsum::test
