//===- TreeLayout.h - Where the boxes of a drawing stand --------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Places the values of a tree in rows: operands above the steps that read them,
// the result in the last row. Subtrees are pushed together until boxes of one
// row are a gap apart, so that a chain stays narrow.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_REPORT_DRAWING_TREELAYOUT_H
#define CONVEINSUM_LIB_REPORT_DRAWING_TREELAYOUT_H

#include "conveinsum/Plan/Tree/ContractionTree.h"

namespace conveinsum {

struct TreeLayout {
  struct Place {
    double x = 0;     ///< middle of the box
    unsigned row = 0; ///< from the top
  };
  std::vector<Place> places; ///< per SSA number
  double width = 0;
  unsigned rows = 0;
};

/// `widths` are those of the boxes, per SSA number.
TreeLayout layoutTree(const ContractionTree &tree,
                      llvm::ArrayRef<double> widths, double gap);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_REPORT_DRAWING_TREELAYOUT_H
