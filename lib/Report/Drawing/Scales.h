//===- Scales.h - The axes of a drawing of a front --------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where numbers stand, and at which of them there are ticks. Only + - * / on
// doubles: drawings are the same on every machine.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_REPORT_DRAWING_SCALES_H
#define CONVEINSUM_LIB_REPORT_DRAWING_SCALES_H

#include "conveinsum/Equation/Equation.h"

namespace conveinsum {

/// `humanBytes` without zeros at the end: `0`, `16 KiB`, `21.44 MiB`.
std::string shortBytes(Count bytes);

/// An axis of bytes that begins at 0.
///
/// Fronts often have many points near 0 and a few far away. Then the scale is
/// logarithmic, with a place for 0 before the first power of two. Between
/// powers of two it is linear, which is hardly to be seen.
class ByteScale {
public:
  /// For points that keep so much.
  explicit ByteScale(llvm::ArrayRef<Count> ascending);

  bool isLogarithmic() const { return isLog; }
  /// 0 at 0, 1 at the last point.
  double part(Count bytes) const;
  /// Multiples of a power of two, or powers of two.
  std::vector<Count> ticks() const;

private:
  void chooseDoublings(Count first);

  Count largest = 0, step = 1;
  bool isLog = false;
  // Binary logarithms: of the lowest tick, between ticks, where 0 stands.
  int lowest = 0, doublings = 1, origin = 0;
};

/// Ticks at multiples of 1, 2 or 5 times a power of ten.
struct RatioTicks {
  double step = 1;
  unsigned decimals = 0; ///< that tell ticks apart

  /// For an axis that is so long.
  explicit RatioTicks(double length);
  /// With some decimals more than ticks need, at least two.
  std::string text(double ratio, unsigned more = 0) const;
};

} // namespace conveinsum

#endif // CONVEINSUM_LIB_REPORT_DRAWING_SCALES_H
