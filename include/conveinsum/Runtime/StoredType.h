//===- StoredType.h - How entries are stored in files -----------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Files hold more than element types: unsigned integers (photographs are of
// u8), booleans, and entries of either byte order. They become elements by
// value, or not at all.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_RUNTIME_STOREDTYPE_H
#define CONVEINSUM_RUNTIME_STOREDTYPE_H

#include "conveinsum/Runtime/ElementType.h"
#include <cstddef>
#include <string>

namespace conveinsum {

enum class StoredKind : uint8_t { Element, Unsigned, Boolean };

struct StoredType {
  /// The element type; for others that of the same width, i8 for u8 and bool.
  ElementType element = ElementType::F64;
  StoredKind kind = StoredKind::Element;

  StoredType() = default;
  StoredType(ElementType element, StoredKind kind = StoredKind::Element)
      : element(element), kind(kind) {}

  bool isElement() const { return kind == StoredKind::Element; }
  bool operator==(StoredType other) const {
    return element == other.element && kind == other.kind;
  }
  bool operator!=(StoredType other) const { return !(*this == other); }
};

/// `f32`, `u8`, `bool`.
std::string name(StoredType type);
/// Bytes of one entry.
inline unsigned byteSize(StoredType type) { return byteSize(type.element); }

/// Whether all entries have a value in `to`: complex numbers never become real.
bool isConvertible(StoredType from, ElementType to);

/// Converts entries by value, as `Tensor::convert` says; returns the first that
/// `toType` cannot hold. Neither side need be aligned.
std::optional<uint64_t> convertEntries(StoredType fromType,
                                       const std::byte *from,
                                       ElementType toType, std::byte *to,
                                       uint64_t count);

/// Changes the byte order of every number; complex entries are two.
void swapBytes(StoredType type, std::byte *data, uint64_t count);

} // namespace conveinsum

#endif // CONVEINSUM_RUNTIME_STOREDTYPE_H
