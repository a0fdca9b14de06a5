//===- Lines.h - Text that fits a line --------------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Equations, trees and shapes are broken where they can be read on: between
// modes and operands; inside the name of a mode, a number or an arrow only
// where nothing else fits.
//
//   cutText("bshw,rt,rs->bthw", 10)       bshw,rt...
//   cutText("(rank)(t),rs->t", 12)        (rank)(t)...
//   cutText("batch s h, rank s", 13)      batch s h,...
//   cutText("((0,12),13)", 8)             ((0,...
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_REPORT_TEXT_LINES_H
#define CONVEINSUM_LIB_REPORT_TEXT_LINES_H

#include "conveinsum/Report/TableOptions.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"
#include <string>

namespace conveinsum {

/// Escape sequences, or nothing; and the room that there is.
struct Style : TableOptions {
  Style(const TableOptions &options) : TableOptions(options) {}
  llvm::StringRef bold() const { return color ? "\033[1m" : ""; }
  llvm::StringRef dim() const { return color ? "\033[2m" : ""; }
  llvm::StringRef good() const { return color ? "\033[32m" : ""; }
  llvm::StringRef warning() const { return color ? "\033[33m" : ""; }
  llvm::StringRef hot() const { return color ? "\033[1;33m" : ""; }
  llvm::StringRef reset() const { return color ? "\033[0m" : ""; }
};

/// `text`, or as much of it as fits with `...` at its end.
std::string cutText(llvm::StringRef text, unsigned columns);

/// Prints `text`, which may have escape sequences, on at most `lines` lines;
/// what does not fit is `...`. The first line begins at column `indent`, where
/// the cursor is, the others are indented to it.
void printWrapped(llvm::raw_ostream &os, const Style &style,
                  llvm::StringRef text, unsigned indent, unsigned lines);

/// A line `label:  text` of totals. The text is what is written to it until its
/// end; a newline follows by itself.
class TotalLine {
public:
  TotalLine(llvm::raw_ostream &os, const Style &style, llvm::StringRef label);
  ~TotalLine();
  TotalLine(const TotalLine &) = delete;
  TotalLine &operator=(const TotalLine &) = delete;

  template <typename T>
  llvm::raw_ostream &operator<<(const T &value) {
    return buffer << value;
  }

private:
  llvm::raw_ostream &os;
  const Style &style;
  std::string text;
  llvm::raw_string_ostream buffer;
};

} // namespace conveinsum

#endif // CONVEINSUM_LIB_REPORT_TEXT_LINES_H
