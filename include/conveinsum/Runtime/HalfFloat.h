//===- HalfFloat.h - Conversions of the 16-bit floats -----------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// IEEE binary16 and bfloat16 as bit patterns. Encoding starts from a double and
// rounds once, to nearest even, so that f64 -> f16 has no double rounding;
// subnormals, infinities and NaNs (which stay NaN) are exact.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_RUNTIME_HALFFLOAT_H
#define CONVEINSUM_RUNTIME_HALFFLOAT_H

#include <cstdint>

namespace conveinsum {

/// The nearest binary16; values above 65504 by half a unit or more are
/// infinite.
uint16_t encodeHalf(double value);
/// Exact.
float decodeHalf(uint16_t bits);

/// The nearest bfloat16.
uint16_t encodeBFloat(double value);
/// Exact.
float decodeBFloat(uint16_t bits);

} // namespace conveinsum

#endif // CONVEINSUM_RUNTIME_HALFFLOAT_H
