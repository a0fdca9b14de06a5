//===- Grid.h - Text in columns ---------------------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Columns as wide as their widest cell, and the colours of a terminal.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_REPORT_TEXT_GRID_H
#define CONVEINSUM_LIB_REPORT_TEXT_GRID_H

#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace llvm {
class raw_ostream;
} // namespace llvm

namespace conveinsum {

/// Escape sequences, or nothing.
struct Style {
  bool enabled;
  llvm::StringRef bold() const { return enabled ? "\033[1m" : ""; }
  llvm::StringRef dim() const { return enabled ? "\033[2m" : ""; }
  llvm::StringRef good() const { return enabled ? "\033[32m" : ""; }
  llvm::StringRef warning() const { return enabled ? "\033[33m" : ""; }
  llvm::StringRef hot() const { return enabled ? "\033[1;33m" : ""; }
  llvm::StringRef reset() const { return enabled ? "\033[0m" : ""; }
};

/// A grid of cells.
class Grid {
public:
  struct Column {
    std::string title;
    bool alignRight = false;
  };

  explicit Grid(std::vector<Column> columns);

  /// `isHot` rows stand out in colour.
  void add(std::vector<std::string> row, bool isHot = false);
  /// Cuts the cells of the last column so that rows keep within `columns`, but
  /// leaves at least `least` of each.
  void cutLast(unsigned columns, unsigned least);

  unsigned width() const;
  /// Title and rows, each line indented; rules above and below the titles if
  /// asked for.
  void print(llvm::raw_ostream &os, const Style &style, bool rules,
             unsigned indent = 0) const;

private:
  void printCells(const std::vector<std::string> &cells,
                  llvm::raw_ostream &os) const;

  std::vector<Column> header;
  std::vector<unsigned> widths;
  std::vector<std::vector<std::string>> rows;
  std::vector<bool> hot;
};

/// `text`, or as much of it as fits with `...` at its end.
std::string cutText(llvm::StringRef text, unsigned columns);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_REPORT_TEXT_GRID_H
