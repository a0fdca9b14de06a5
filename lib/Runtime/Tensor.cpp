//===- Tensor.cpp - Dense row-major tensors -------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Storage and sizes; what entries are is known to EntryTypes.h.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Runtime/Tensor.h"
#include "EntryTypes.h"
#include "conveinsum/Runtime/StoredType.h"
#include <algorithm>
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

Fallible<Tensor> Tensor::convert(ElementType type) const {
  if (!isConvertible(elementType, type))
    return Failure{"cannot convert " + std::string(name(elementType)) + " to " +
                   std::string(name(type)) +
                   ": the imaginary parts would be lost"};
  Fallible<Tensor> result = allocate(type, extents);
  if (!result)
    return result;
  if (std::optional<uint64_t> unfit =
          convertEntries(elementType, data(), type, result->data(), count))
    return Failure{"entry " + std::to_string(*unfit) + " of a tensor of " +
                   std::string(name(elementType)) + " does not fit " +
                   std::string(name(type))};
  return result;
}
