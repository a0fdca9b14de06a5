//===- FrontSVG.h - Fronts for people ---------------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The front of Training.h as a drawing: what is kept from forward to backward
// against the MACs of both.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_REPORT_FRONTSVG_H
#define CONVEINSUM_REPORT_FRONTSVG_H

#include "conveinsum/Plan/Training/Training.h"
#include "llvm/Support/raw_ostream.h"

namespace conveinsum {

/// What a drawing of a front says besides its points.
struct FrontLabels {
  std::string title;
  /// Equation and shapes; cut if it takes more than two lines.
  std::string subtitle;
  /// That intermediates are stored in.
  ElementType dtype = ElementType::F32;
  /// Index of the point that was asked for.
  std::optional<size_t> picked;
};

/// A standalone SVG. Points ascend in kept elements and descend in MACs.
/// Across: kept bytes. Upwards: MACs as a ratio to those of the last point, and
/// absolute. Every point has a tooltip with its tree, what it keeps and
/// recomputes, and its peaks.
void printFrontSVG(llvm::ArrayRef<TrainingPoint> front,
                   const FrontLabels &labels, llvm::raw_ostream &os);

} // namespace conveinsum

#endif // CONVEINSUM_REPORT_FRONTSVG_H
