//===- Tensor.h - Dense row-major tensors -----------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What compiled functions read and write: an element type, a shape, and owned
// row-major storage aligned to 64 bytes. Sizes are checked for overflow and a
// failed allocation is an error, not the end of the process.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_RUNTIME_TENSOR_H
#define CONVEINSUM_RUNTIME_TENSOR_H

#include "conveinsum/Runtime/ElementType.h"
#include "conveinsum/Runtime/Fallible.h"
#include <complex>
#include <cstddef>
#include <memory>
#include <vector>

namespace conveinsum {

/// Alignment of every tensor and workspace, in bytes.
constexpr size_t kTensorAlignment = 64;

/// Releases what `allocateAligned` returned.
struct AlignedDelete {
  void operator()(std::byte *pointer) const;
};
using AlignedBuffer = std::unique_ptr<std::byte[], AlignedDelete>;

/// Zeroed storage aligned to 64 bytes; at least one byte, so never null.
Fallible<AlignedBuffer> allocateAligned(uint64_t bytes);

/// The most bytes of one tensor, and of all tensors of a function together:
/// sums and differences of offsets in it fit 64 bits.
constexpr uint64_t kMaxTensorBytes = uint64_t(1) << 62;

/// Product of the extents; nothing if one is negative or the product does not
/// fit in 63 bits. An extent 0 makes it 0 whatever the others are.
std::optional<uint64_t> elementCount(const std::vector<int64_t> &shape);
/// Bytes of a dense tensor whose elements have `elementBytes`; nothing if an
/// extent is negative, or beyond kMaxTensorBytes. An extent 0 counts as 1 in
/// that comparison, as in NumPy, because strides are products of the others.
std::optional<uint64_t> byteCount(uint64_t elementBytes,
                                  const std::vector<int64_t> &shape);
std::optional<uint64_t> byteCount(ElementType type,
                                  const std::vector<int64_t> &shape);
/// What is said of a shape that has no `byteCount`.
std::string tooManyBytes(const std::vector<int64_t> &shape);
/// `2x4x8`, or `scalar`.
std::string shapeText(const std::vector<int64_t> &shape);

class Tensor {
public:
  /// A tensor of zeros.
  static Fallible<Tensor> allocate(ElementType type,
                                   std::vector<int64_t> shape);

  ElementType type() const { return elementType; }
  const std::vector<int64_t> &shape() const { return extents; }
  uint64_t elements() const { return count; }
  uint64_t bytes() const { return count * byteSize(elementType); }
  std::byte *data() { return storage.get(); }
  const std::byte *data() const { return storage.get(); }

  /// A tensor of another element type. Within floats and complex values, and
  /// from integers to floats, values are rounded to nearest even. A value that
  /// the type cannot hold is refused: a finite one that would become infinite,
  /// an integer out of range, a fraction as an integer. Complex never becomes
  /// real.
  Fallible<Tensor> convert(ElementType type) const;

  /// The entries as doubles; real floating types only.
  std::vector<double> toDoubles() const;
  /// The entries as pairs of doubles; any floating type.
  std::vector<std::complex<double>> toComplex() const;
  /// The entries sign-extended to 64 bits; integers only.
  std::vector<uint64_t> toRing() const;

  /// Writes one entry: a floating value rounded to nearest even, the imaginary
  /// part dropped by real types.
  void setFloating(uint64_t index, std::complex<double> value);
  /// Writes one entry of an integer tensor, truncated to its width.
  void setInteger(uint64_t index, uint64_t value);

private:
  ElementType elementType = ElementType::F64;
  std::vector<int64_t> extents;
  uint64_t count = 0;
  AlignedBuffer storage;
};

} // namespace conveinsum

#endif // CONVEINSUM_RUNTIME_TENSOR_H
