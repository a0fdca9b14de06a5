//===- Tensor.cpp - Dense row-major tensors -------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Storage, sizes, and conversions between element types. Conversions go through
// one entry type that holds every value of every type exactly.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Runtime/Tensor.h"
#include "conveinsum/Runtime/HalfFloat.h"
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <type_traits>

using namespace conveinsum;

//===----------------------------------------------------------------------===//
// Storage and sizes
//===----------------------------------------------------------------------===//

void AlignedDelete::operator()(std::byte *pointer) const { std::free(pointer); }

Fallible<AlignedBuffer> conveinsum::allocateAligned(uint64_t bytes) {
  void *pointer = nullptr;
  uint64_t padded = bytes + kTensorAlignment - 1;
  if (padded < bytes || padded > std::numeric_limits<ptrdiff_t>::max())
    return Failure{"cannot allocate " + std::to_string(bytes) + " bytes"};
  padded = padded / kTensorAlignment * kTensorAlignment;
  if (padded == 0)
    padded = kTensorAlignment;
  if (posix_memalign(&pointer, kTensorAlignment, padded) != 0)
    return Failure{"cannot allocate " + std::to_string(bytes) + " bytes"};
  std::memset(pointer, 0, padded);
  return AlignedBuffer(static_cast<std::byte *>(pointer));
}

std::optional<uint64_t>
conveinsum::elementCount(const std::vector<int64_t> &shape) {
  uint64_t product = 1;
  bool empty = false, overflow = false;
  for (int64_t extent : shape) {
    if (extent < 0)
      return std::nullopt;
    empty |= extent == 0;
    overflow |= __builtin_mul_overflow(product, uint64_t(extent), &product) ||
                product > uint64_t(std::numeric_limits<int64_t>::max());
  }
  if (empty)
    return 0;
  if (overflow)
    return std::nullopt;
  return product;
}

std::optional<uint64_t>
conveinsum::byteCount(uint64_t elementBytes,
                      const std::vector<int64_t> &shape) {
  uint64_t bytes = elementBytes;
  bool empty = false;
  for (int64_t extent : shape) {
    empty |= extent == 0;
    if (extent < 0 ||
        __builtin_mul_overflow(bytes, std::max<uint64_t>(1, extent), &bytes))
      return std::nullopt;
  }
  if (bytes > kMaxTensorBytes)
    return std::nullopt;
  return empty ? 0 : bytes;
}

std::optional<uint64_t>
conveinsum::byteCount(ElementType type, const std::vector<int64_t> &shape) {
  return byteCount(uint64_t(byteSize(type)), shape);
}

std::string conveinsum::tooManyBytes(const std::vector<int64_t> &shape) {
  bool isEmpty = std::find(shape.begin(), shape.end(), 0) != shape.end();
  return shapeText(shape) + " has too many bytes: expected at most 2^62" +
         (isEmpty ? ", where an extent of 0 counts as 1" : "");
}

std::string conveinsum::shapeText(const std::vector<int64_t> &shape) {
  if (shape.empty())
    return "scalar";
  std::string text;
  for (int64_t extent : shape)
    text += (text.empty() ? "" : "x") + std::to_string(extent);
  return text;
}

Fallible<Tensor> Tensor::allocate(ElementType type,
                                  std::vector<int64_t> shape) {
  std::optional<uint64_t> bytes = byteCount(type, shape);
  if (!bytes)
    return Failure{"a tensor of " + tooManyBytes(shape)};
  Fallible<AlignedBuffer> storage = allocateAligned(*bytes);
  if (!storage)
    return storage.failure();
  Tensor tensor;
  tensor.elementType = type;
  tensor.extents = std::move(shape);
  tensor.count = *bytes / byteSize(type);
  tensor.storage = std::move(*storage);
  return Fallible<Tensor>(std::move(tensor));
}

//===----------------------------------------------------------------------===//
// Entries
//===----------------------------------------------------------------------===//

namespace {
/// Bit patterns of the 16-bit floats as types that the visitor can tell apart.
struct Half {
  uint16_t bits;
};
struct BFloat {
  uint16_t bits;
};
} // namespace

/// Calls `function` with a value of the C++ type that stores `type`.
template <typename Function>
static auto visitType(ElementType type, Function function) {
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
static T load(const std::byte *data, uint64_t index) {
  T value;
  std::memcpy(&value, data + index * sizeof(T), sizeof(T));
  return value;
}

template <typename T>
static void store(std::byte *data, uint64_t index, T value) {
  std::memcpy(data + index * sizeof(T), &value, sizeof(T));
}

static std::complex<double> widen(double value) { return value; }
static std::complex<double> widen(Half value) { return decodeHalf(value.bits); }
static std::complex<double> widen(BFloat value) {
  return decodeBFloat(value.bits);
}
static std::complex<double> widen(std::complex<float> value) { return value; }
static std::complex<double> widen(std::complex<double> value) { return value; }

static void narrow(std::complex<double> value, double &to) {
  to = value.real();
}
static void narrow(std::complex<double> value, float &to) {
  to = float(value.real());
}
static void narrow(std::complex<double> value, Half &to) {
  to.bits = encodeHalf(value.real());
}
static void narrow(std::complex<double> value, BFloat &to) {
  to.bits = encodeBFloat(value.real());
}
static void narrow(std::complex<double> value, std::complex<float> &to) {
  to = {float(value.real()), float(value.imag())};
}
static void narrow(std::complex<double> value, std::complex<double> &to) {
  to = value;
}

std::vector<std::complex<double>> Tensor::toComplex() const {
  assert(!isInteger(elementType) && "integers are read with toRing");
  std::vector<std::complex<double>> entries(count);
  visitType(elementType, [&](auto tag) {
    using T = decltype(tag);
    if constexpr (!std::is_integral_v<T>)
      for (uint64_t i = 0; i < count; ++i)
        entries[i] = widen(load<T>(data(), i));
  });
  return entries;
}

std::vector<double> Tensor::toDoubles() const {
  assert(isFloat(elementType) && "toDoubles reads real floating types");
  std::vector<double> entries(count);
  visitType(elementType, [&](auto tag) {
    using T = decltype(tag);
    if constexpr (!std::is_integral_v<T>)
      for (uint64_t i = 0; i < count; ++i)
        entries[i] = widen(load<T>(data(), i)).real();
  });
  return entries;
}

std::vector<uint64_t> Tensor::toRing() const {
  assert(isInteger(elementType) && "toRing reads integers");
  std::vector<uint64_t> entries(count);
  visitType(elementType, [&](auto tag) {
    using T = decltype(tag);
    if constexpr (std::is_integral_v<T>)
      for (uint64_t i = 0; i < count; ++i)
        entries[i] = uint64_t(int64_t(load<T>(data(), i)));
  });
  return entries;
}

void Tensor::setFloating(uint64_t index, std::complex<double> value) {
  assert(index < count && !isInteger(elementType));
  visitType(elementType, [&](auto tag) {
    if constexpr (!std::is_integral_v<decltype(tag)>) {
      narrow(value, tag);
      store(data(), index, tag);
    }
  });
}

void Tensor::setInteger(uint64_t index, uint64_t value) {
  assert(index < count && isInteger(elementType));
  visitType(elementType, [&](auto tag) {
    using T = decltype(tag);
    if constexpr (std::is_integral_v<T>)
      store(data(), index, T(value));
  });
}

//===----------------------------------------------------------------------===//
// Conversion
//===----------------------------------------------------------------------===//

static bool isFinite(std::complex<double> value) {
  return std::isfinite(value.real()) && std::isfinite(value.imag());
}

/// Whether `value` is an integer that T holds.
template <typename T>
static bool fitsInteger(double value) {
  // Both bounds are powers of two, hence exact.
  double bound = std::ldexp(1.0, int(sizeof(T)) * 8 - 1);
  return value == std::trunc(value) && value >= -bound && value < bound;
}

/// The double nearest towards zero, its last bit set if that is inexact: a
/// later rounding to far fewer bits is then the rounding of `value` itself.
static double roundToOdd(int64_t value) {
  uint64_t magnitude = value < 0 ? -uint64_t(value) : uint64_t(value);
  int excess = 0;
  while (magnitude >> excess >> 53)
    ++excess;
  uint64_t lost = magnitude & ((uint64_t(1) << excess) - 1);
  double rounded =
      std::ldexp(double(magnitude >> excess | (lost != 0)), excess);
  return value < 0 ? -rounded : rounded;
}

/// Converts one entry; false if `to` cannot hold it.
template <typename From, typename To>
static bool convertEntry(From from, To &to) {
  if constexpr (std::is_integral_v<From> && std::is_integral_v<To>) {
    to = To(from);
    return From(to) == from;
  } else if constexpr (std::is_integral_v<From>) {
    constexpr bool wide =
        std::is_same_v<To, double> || std::is_same_v<To, std::complex<double>>;
    narrow(wide ? double(from) : roundToOdd(from), to);
    return isFinite(widen(to));
  } else if constexpr (std::is_integral_v<To>) {
    double value = widen(from).real();
    if (!fitsInteger<To>(value))
      return false;
    to = To(value);
    return true;
  } else {
    std::complex<double> value = widen(from);
    narrow(value, to);
    return isFinite(widen(to)) || !isFinite(value);
  }
}

Fallible<Tensor> Tensor::convert(ElementType type) const {
  if (isComplex(elementType) && !isComplex(type))
    return Failure{"cannot convert " + std::string(name(elementType)) + " to " +
                   std::string(name(type)) +
                   ": the imaginary parts would be lost"};
  Fallible<Tensor> result = allocate(type, extents);
  if (!result)
    return result;
  std::optional<uint64_t> unfit;
  visitType(elementType, [&](auto fromTag) {
    visitType(type, [&](auto toTag) {
      for (uint64_t i = 0; i < count && !unfit; ++i) {
        if (!convertEntry(load<decltype(fromTag)>(data(), i), toTag))
          unfit = i;
        store(result->data(), i, toTag);
      }
    });
  });
  if (unfit)
    return Failure{"entry " + std::to_string(*unfit) + " of a tensor of " +
                   std::string(name(elementType)) + " does not fit " +
                   std::string(name(type))};
  return result;
}
