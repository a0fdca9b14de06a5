//===- Grid.cpp - Text in columns -----------------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Widths are columns of a terminal, not bytes: labels may be any letters.
//
//===----------------------------------------------------------------------===//

#include "Grid.h"
#include "Numbers.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Sequence.h"
#include "llvm/Support/raw_ostream.h"

using namespace conveinsum;
using llvm::StringRef;

Grid::Grid(std::vector<Column> columns) : header(std::move(columns)) {
  for (const Column &column : header)
    widths.push_back(conveinsum::columns(column.title));
}

void Grid::add(std::vector<std::string> row, bool isHot) {
  for (auto [width, cell] : llvm::zip_equal(widths, row))
    width = std::max(width, columns(cell));
  rows.push_back(std::move(row));
  hot.push_back(isHot);
}

void Grid::cut(unsigned column, unsigned limit) {
  widths[column] = columns(header[column].title);
  for (std::vector<std::string> &row : rows) {
    row[column] = cutText(row[column], limit);
    widths[column] = std::max(widths[column], columns(row[column]));
  }
}

void Grid::erase(unsigned column) {
  header.erase(header.begin() + column);
  widths.erase(widths.begin() + column);
  for (std::vector<std::string> &row : rows)
    row.erase(row.begin() + column);
}

void Grid::fit(unsigned limit) {
  unsigned highest = 0;
  for (const Column &column : header)
    highest = std::max(highest, column.rank);
  for (unsigned rank : llvm::reverse(llvm::seq<unsigned>(0, highest + 1)))
    for (unsigned k : llvm::reverse(llvm::seq<unsigned>(0, header.size()))) {
      if (width() <= limit)
        break;
      const Column &column = header[k];
      if (column.rank != rank)
        continue;
      unsigned over = width() - limit, own = widths[k];
      if (column.least > 0 && own > column.least)
        cut(k, std::max(column.least, own > over ? own - over : 0));
      if (rank > 0 && width() > limit)
        erase(k);
    }
}

unsigned Grid::width() const {
  unsigned total = 2 * (widths.size() - 1);
  for (unsigned width : widths)
    total += width;
  return total;
}

void Grid::printCells(const std::vector<std::string> &cells,
                      llvm::raw_ostream &os) const {
  unsigned gap = 0;
  for (auto [column, cell, width] : llvm::zip_equal(header, cells, widths)) {
    unsigned fill = width - columns(cell);
    if (cell.empty()) {
      gap += fill;
    } else {
      // Blanks are due only once something follows them.
      os.indent(gap + (column.alignRight ? fill : 0)) << cell;
      gap = column.alignRight ? 0 : fill;
    }
    gap += 2;
  }
}

void Grid::print(llvm::raw_ostream &os, const Style &style, bool rules,
                 unsigned indent) const {
  std::vector<std::string> titles;
  for (const Column &column : header)
    titles.push_back(column.title);
  std::string rule = rules ? std::string(width(), '-') + '\n' : "";
  os << rule << style.bold();
  printCells(titles, os.indent(indent));
  os << style.reset() << '\n' << rule;
  for (auto [row, isHot] : llvm::zip_equal(rows, hot)) {
    os.indent(indent) << (isHot ? style.hot() : "");
    printCells(row, os);
    os << (isHot ? style.reset() : "") << '\n';
  }
}
