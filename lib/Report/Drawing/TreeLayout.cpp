//===- TreeLayout.cpp - Where the boxes of a drawing stand ----------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The outline of a subtree is the leftmost and rightmost edge of its boxes, row
// by row, seen from its root. Two subtrees are joined at the smallest distance
// at which their outlines do not come nearer than the gap.
//
//===----------------------------------------------------------------------===//

#include "TreeLayout.h"

using namespace conveinsum;

namespace {
/// Edges relative to the middle of the root's box; row 0 is the root.
using Outline = std::vector<std::pair<double, double>>;
} // namespace

/// The distance of the roots of two subtrees that stand side by side.
static double distance(const Outline &left, const Outline &right, double gap) {
  double needed = 0;
  for (size_t row = 0; row < std::min(left.size(), right.size()); ++row)
    needed = std::max(needed, left[row].second - right[row].first + gap);
  return needed;
}

/// The outline of a root with two subtrees, their roots moved by the offsets.
static Outline joinOutlines(double rootWidth, const Outline &left,
                            double leftOffset, const Outline &right,
                            double rightOffset) {
  Outline outline{{-rootWidth / 2, rootWidth / 2}};
  for (size_t row = 0; row < std::max(left.size(), right.size()); ++row) {
    std::pair<double, double> edges;
    bool hasLeft = row < left.size(), hasRight = row < right.size();
    edges.first =
        hasLeft ? left[row].first + leftOffset : right[row].first + rightOffset;
    edges.second = hasRight ? right[row].second + rightOffset
                            : left[row].second + leftOffset;
    outline.push_back(edges);
  }
  return outline;
}

TreeLayout conveinsum::layoutTree(const ContractionTree &tree,
                                  llvm::ArrayRef<double> widths, double gap) {
  unsigned operands = tree.numOperands(), values = widths.size();
  // Upwards: outlines, and the offset of every value from its reader.
  std::vector<Outline> outlines(values);
  std::vector<double> offset(values, 0);
  for (unsigned operand = 0; operand < operands; ++operand)
    outlines[operand] = {{-widths[operand] / 2, widths[operand] / 2}};
  for (auto [index, lhs, rhs, result] : tree.numberedSteps()) {
    double apart = distance(outlines[lhs], outlines[rhs], gap);
    offset[lhs] = -apart / 2;
    offset[rhs] = apart / 2;
    outlines[result] = joinOutlines(widths[result], outlines[lhs], offset[lhs],
                                    outlines[rhs], offset[rhs]);
    outlines[lhs].clear();
    outlines[rhs].clear();
  }

  TreeLayout layout;
  layout.places.resize(values);
  const Outline &whole = outlines.back();
  layout.rows = whole.size();
  double left = 0, right = 0;
  for (const auto &[first, second] : whole) {
    left = std::min(left, first);
    right = std::max(right, second);
  }
  layout.width = right - left;

  // Downwards: positions. Readers come after what they read.
  layout.places.back() = {-left, layout.rows - 1};
  for (auto [index, lhs, rhs, result] : llvm::reverse(tree.numberedSteps())) {
    TreeLayout::Place reader = layout.places[result];
    for (unsigned input : {lhs, rhs})
      layout.places[input] = {reader.x + offset[input], reader.row - 1};
  }
  return layout;
}
