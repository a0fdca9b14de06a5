//===- SVGText.h - What drawings have in common -----------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Text of users in standalone SVG files: escaped, valid UTF-8, and cut to the
// width there is. Drawings have a background of their own, so that they are
// readable in viewers with a dark one.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_REPORT_DRAWING_SVGTEXT_H
#define CONVEINSUM_LIB_REPORT_DRAWING_SVGTEXT_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"
#include <string>
#include <vector>

namespace conveinsum {

/// Character data of XML 1.0. What is no UTF-8 and characters that XML does not
/// allow become U+FFFD.
std::string escapeXML(llvm::StringRef text);

/// `text`, or as much of it as fits into so many columns with an ellipsis.
std::string shortened(llvm::StringRef text, unsigned columns);
/// `text` in up to `lines` lines of up to `columns` columns, broken behind
/// blanks and commas where there are any; the last one with an ellipsis if
/// there is more.
std::vector<std::string> wrapped(llvm::StringRef text, unsigned columns,
                                 unsigned lines);

/// The opening tag of a drawing of so many pixels, its title for programs that
/// read it aloud, its style sheet and the background.
void openSVG(llvm::raw_ostream &os, llvm::StringRef title,
             llvm::StringRef styles, double width, double height);
/// A text element of a class of the style sheet.
void printSVGText(llvm::raw_ostream &os, double x, double y,
                  llvm::StringRef style, llvm::StringRef text);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_REPORT_DRAWING_SVGTEXT_H
