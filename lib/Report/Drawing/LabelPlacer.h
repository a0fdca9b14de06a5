//===- LabelPlacer.h - Labels beside the points of a front ------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A front falls from left to right. Hence nothing of it is above and to the
// right of a point, nor below and to the left: a label there hides no part of
// it, and only other labels and the frame are in its way.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_REPORT_DRAWING_LABELPLACER_H
#define CONVEINSUM_LIB_REPORT_DRAWING_LABELPLACER_H

#include <optional>
#include <vector>

namespace conveinsum {

/// In pixels, y downwards.
struct PixelBox {
  double left, top, right, bottom;
  bool overlaps(const PixelBox &o) const {
    return left < o.right && o.left < right && top < o.bottom && o.top < bottom;
  }
  bool contains(const PixelBox &o) const {
    return left <= o.left && o.right <= right && top <= o.top &&
           o.bottom <= bottom;
  }
};

/// One line of text of a label.
struct LabelPlace {
  PixelBox box;
  /// Below and to the left of its point, else above and to the right.
  bool isBelow = false;
  /// So far away that a line should lead to its point.
  bool needsLeader = false;
};

class LabelPlacer {
public:
  static constexpr double kLineHeight = 17;

  explicit LabelPlacer(PixelBox frame) : frame(frame) {}

  /// A free place for a label of some width at a point; nothing if there is
  /// none nearby. The place then is taken.
  std::optional<LabelPlace> place(double x, double y, double width,
                                  bool prefersBelow);

private:
  PixelBox frame;
  std::vector<PixelBox> taken;
};

} // namespace conveinsum

#endif // CONVEINSUM_LIB_REPORT_DRAWING_LABELPLACER_H
