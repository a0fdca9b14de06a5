//===- TypedBuffer.h - Memory of one tensor of any element type -*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Operands for compiled functions, and the comparison of their results with
// the definition within the bounds of docs/Semantics.md, section 6.
//
// Tensor and Reference do the same for the rooms above. Nothing is shared with
// them: the lowering is tested without the code that serves the command,
// conversions here are LLVM's, and results in f32 and f64 must be exact, where
// Reference allows for rounding.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TEST_CONVERSION_TYPEDBUFFER_H
#define CONVEINSUM_TEST_CONVERSION_TYPEDBUFFER_H

#include "Equation/RandomEquation.h"
#include "conveinsum/Runtime/ElementType.h"
#include <complex>

namespace conveinsum::test {

class TypedBuffer {
public:
  /// Small multiples of 1/4; integers use the whole width of the type.
  static TypedBuffer random(ElementType type, llvm::ArrayRef<int64_t> shape,
                            SplitMix64 &random);
  /// Values that no result has: an entry that is not written shows.
  static TypedBuffer poisoned(ElementType type, llvm::ArrayRef<int64_t> shape);

  ElementType type() const { return elementType; }
  size_t size() const { return count; }
  const void *data() const { return bytes.data(); }
  void *data() { return bytes.data(); }

  /// Entry `i` of a float or complex type.
  std::complex<double> number(size_t i) const;
  /// Entry `i` of an integer type, sign-extended.
  uint64_t integer(size_t i) const;

private:
  TypedBuffer(ElementType type, size_t count)
      : elementType(type), count(count),
        bytes(count * byteSize(type) + 64, 0xFF) {}

  ElementType elementType;
  size_t count;
  std::vector<unsigned char> bytes;
};

/// Says where `result` differs from the definition; empty if nowhere.
std::string compareWithDefinition(const Equation &equation,
                                  llvm::ArrayRef<TypedBuffer> operands,
                                  const TypedBuffer &result);

} // namespace conveinsum::test

#endif // CONVEINSUM_TEST_CONVERSION_TYPEDBUFFER_H
