//===- EntryTypes.h - The C++ types of entries ------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A C++ type for every element type, and the way from and to doubles.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_RUNTIME_ENTRYTYPES_H
#define CONVEINSUM_LIB_RUNTIME_ENTRYTYPES_H

#include "conveinsum/Runtime/ElementType.h"
#include "conveinsum/Runtime/HalfFloat.h"
#include <complex>
#include <cstddef>
#include <cstring>

namespace conveinsum {

/// Bit patterns of the 16-bit floats as types that the visitor can tell apart.
struct Half {
  uint16_t bits;
};
struct BFloat {
  uint16_t bits;
};

/// Calls `function` with a value of the C++ type that stores `type`.
template <typename Function>
auto visitType(ElementType type, Function function) {
  switch (type) {
  case ElementType::F64:
    return function(double());
  case ElementType::F32:
    return function(float());
  case ElementType::F16:
    return function(Half());
  case ElementType::BF16:
    return function(BFloat());
  case ElementType::C64:
    return function(std::complex<float>());
  case ElementType::C128:
    return function(std::complex<double>());
  case ElementType::I8:
    return function(int8_t());
  case ElementType::I16:
    return function(int16_t());
  case ElementType::I32:
    return function(int32_t());
  case ElementType::I64:
    return function(int64_t());
  }
  return function(double());
}

template <typename T>
T load(const std::byte *data, uint64_t index) {
  T value;
  std::memcpy(&value, data + index * sizeof(T), sizeof(T));
  return value;
}

template <typename T>
void store(std::byte *data, uint64_t index, T value) {
  std::memcpy(data + index * sizeof(T), &value, sizeof(T));
}

inline std::complex<double> widen(double value) { return value; }
inline std::complex<double> widen(Half value) { return decodeHalf(value.bits); }
inline std::complex<double> widen(BFloat value) {
  return decodeBFloat(value.bits);
}
inline std::complex<double> widen(std::complex<float> value) { return value; }
inline std::complex<double> widen(std::complex<double> value) { return value; }

inline void narrow(std::complex<double> value, double &to) {
  to = value.real();
}
inline void narrow(std::complex<double> value, float &to) {
  to = float(value.real());
}
inline void narrow(std::complex<double> value, Half &to) {
  to.bits = encodeHalf(value.real());
}
inline void narrow(std::complex<double> value, BFloat &to) {
  to.bits = encodeBFloat(value.real());
}
inline void narrow(std::complex<double> value, std::complex<float> &to) {
  to = {float(value.real()), float(value.imag())};
}
inline void narrow(std::complex<double> value, std::complex<double> &to) {
  to = value;
}

} // namespace conveinsum

#endif // CONVEINSUM_LIB_RUNTIME_ENTRYTYPES_H
