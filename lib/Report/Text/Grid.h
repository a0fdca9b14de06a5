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

#include "Lines.h"
#include <string>
#include <vector>

namespace conveinsum {

/// A grid of cells.
class Grid {
public:
  struct Column {
    std::string title;
    bool alignRight = false;
    /// Columns that its cells may be cut to; 0 if they are shown in full.
    unsigned least = 0;
    /// Where there is no room, columns of a higher rank are cut and then left
    /// out first; those of rank 0 stay.
    unsigned rank = 0;
  };

  explicit Grid(std::vector<Column> columns);

  /// `isHot` rows stand out in colour.
  void add(std::vector<std::string> row, bool isHot = false);
  /// Cuts and leaves out columns until rows keep within `columns`, if they can.
  void fit(unsigned columns);

  unsigned width() const;
  /// Title and rows, each line indented; rules above and below the titles if
  /// asked for.
  void print(llvm::raw_ostream &os, const Style &style, bool rules,
             unsigned indent = 0) const;

private:
  void cut(unsigned column, unsigned columns);
  void erase(unsigned column);
  void printCells(const std::vector<std::string> &cells,
                  llvm::raw_ostream &os) const;

  std::vector<Column> header;
  std::vector<unsigned> widths;
  std::vector<std::vector<std::string>> rows;
  std::vector<bool> hot;
};

} // namespace conveinsum

#endif // CONVEINSUM_LIB_REPORT_TEXT_GRID_H
