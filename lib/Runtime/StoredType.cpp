//===- StoredType.cpp - How entries are stored in files -------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Conversions go through one entry type that holds every value of every type
// exactly, or rounds so that a second rounding does no harm.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Runtime/StoredType.h"
#include "EntryTypes.h"
#include <algorithm>
#include <cmath>
#include <type_traits>

using namespace conveinsum;

std::string conveinsum::name(StoredType type) {
  if (type.kind == StoredKind::Boolean)
    return "bool";
  std::string text(name(type.element));
  if (type.kind == StoredKind::Unsigned)
    text[0] = 'u';
  return text;
}

bool conveinsum::isConvertible(StoredType from, ElementType to) {
  return isComplex(to) || !isComplex(from.element);
}

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
/// later rounding to far fewer bits is then the rounding of the integer itself.
static double roundToOdd(bool isNegative, uint64_t magnitude) {
  int excess = 0;
  while (magnitude >> excess >> 53)
    ++excess;
  uint64_t lost = magnitude & ((uint64_t(1) << excess) - 1);
  double rounded =
      std::ldexp(double(magnitude >> excess | (lost != 0)), excess);
  return isNegative ? -rounded : rounded;
}

/// Converts one entry; false if `to` cannot hold it.
template <typename From, typename To>
static bool convertEntry(From from, To &to) {
  if constexpr (std::is_same_v<From, bool>) {
    return convertEntry(uint8_t(from), to);
  } else if constexpr (std::is_integral_v<From> && std::is_integral_v<To>) {
    to = To(from);
    return From(to) == from && (to < 0) == (from < 0);
  } else if constexpr (std::is_integral_v<From>) {
    constexpr bool wide =
        std::is_same_v<To, double> || std::is_same_v<To, std::complex<double>>;
    bool isNegative = from < 0;
    uint64_t magnitude =
        isNegative ? uint64_t(-(int64_t(from) + 1)) + 1 : uint64_t(from);
    narrow(wide ? double(from) : roundToOdd(isNegative, magnitude), to);
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

/// Calls `function` with a value of the C++ type that stores `type`.
template <typename Function>
static void visitStored(StoredType type, Function function) {
  switch (type.kind) {
  case StoredKind::Element:
    return visitType(type.element, function);
  case StoredKind::Boolean:
    return function(bool());
  case StoredKind::Unsigned:
    return visitType(type.element, [&](auto tag) {
      using T = decltype(tag);
      if constexpr (std::is_integral_v<T>)
        function(std::make_unsigned_t<T>());
    });
  }
}

std::optional<uint64_t>
conveinsum::convertEntries(StoredType fromType, const std::byte *from,
                           ElementType toType, std::byte *to, uint64_t count) {
  std::optional<uint64_t> unfit;
  visitStored(fromType, [&](auto fromTag) {
    using From = decltype(fromTag);
    visitType(toType, [&](auto toTag) {
      for (uint64_t i = 0; i < count && !unfit; ++i) {
        // Whatever else is stored as a boolean is none.
        if constexpr (std::is_same_v<From, bool>)
          if (from[i] > std::byte(1)) {
            unfit = i;
            return;
          }
        if (!convertEntry(load<From>(from, i), toTag))
          unfit = i;
        store(to, i, toTag);
      }
    });
  });
  return unfit;
}

void conveinsum::swapBytes(StoredType type, std::byte *data, uint64_t count) {
  unsigned parts = isComplex(type.element) ? 2 : 1;
  unsigned width = byteSize(type) / parts;
  if (width > 1)
    for (uint64_t i = 0; i < count * parts; ++i)
      std::reverse(data + i * width, data + (i + 1) * width);
}
