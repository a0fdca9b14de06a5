//===- ReportText.h - Figures and names as people read them -----*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Pieces of text that table, DOT and SVG share.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_REPORTTEXT_H
#define CONVEINSUM_LIB_PLAN_REPORTTEXT_H

#include "conveinsum/Equation/GeometryText.h"
#include "conveinsum/Plan/Report.h"

namespace conveinsum {

/// Four significant figures and a prefix: `1.428 G`, `324`, `2.1e+30`.
std::string humanCount(Count count);
/// With a binary prefix: `98.0 MiB`, `192 B`.
std::string humanBytes(Count bytes);
/// `12.3 us`, `4.56 ms`, `1.23 s`.
std::string humanSeconds(double seconds);
/// `81.6 %`; empty if the whole is 0.
std::string shareText(Count part, Count whole);
double fraction(Count part, Count whole);
/// `64.0x`; empty if the plan costs nothing.
std::string ratioText(Count count, Count plan);
/// The labels of `modes`, spelled as in an equation.
std::string modesText(const Equation &equation, llvm::ArrayRef<ModeId> modes);
/// Columns that UTF-8 text takes.
unsigned columns(llvm::StringRef text);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_REPORTTEXT_H
