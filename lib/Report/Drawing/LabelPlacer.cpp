//===- LabelPlacer.cpp - Labels beside the points of a front --------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tries the two free quarters around a point, line by line away from it.
//
//===----------------------------------------------------------------------===//

#include "LabelPlacer.h"
#include "llvm/ADT/STLExtras.h"

using namespace conveinsum;

/// From a point to the nearest corner of its label, both ways.
static constexpr double kDistance = 8;
static constexpr unsigned kLines = 6;

static PixelBox boxAt(double x, double y, double width, unsigned line,
                      bool isBelow) {
  double away = kDistance + line * LabelPlacer::kLineHeight;
  if (isBelow)
    return {x - kDistance - width, y + away, x - kDistance,
            y + away + LabelPlacer::kLineHeight};
  return {x + kDistance, y - away - LabelPlacer::kLineHeight,
          x + kDistance + width, y - away};
}

std::optional<LabelPlace> LabelPlacer::place(double x, double y, double width,
                                             bool prefersBelow) {
  for (unsigned line = 0; line < kLines; ++line)
    for (bool isBelow : {prefersBelow, !prefersBelow}) {
      PixelBox box = boxAt(x, y, width, line, isBelow);
      if (!frame.contains(box) ||
          llvm::any_of(taken, [&](const PixelBox &other) {
            return other.overlaps(box);
          }))
        continue;
      taken.push_back(box);
      return LabelPlace{box, isBelow, line > 0};
    }
  return std::nullopt;
}
