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
#include "llvm/Support/raw_ostream.h"

using namespace conveinsum;
using llvm::StringRef;

std::string conveinsum::cutText(StringRef text, unsigned limit) {
  if (columns(text) <= limit)
    return text.str();
  constexpr StringRef dots = "...";
  std::string cut = text.str();
  auto isContinuation = [](char c) { return (c & 0xc0) == 0x80; };
  while (!cut.empty() && columns(cut) + dots.size() > limit) {
    while (!cut.empty() && isContinuation(cut.back()))
      cut.pop_back();
    if (!cut.empty())
      cut.pop_back();
  }
  return cut + dots.str();
}

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

void Grid::cutLast(unsigned limit, unsigned least) {
  unsigned others = width() - widths.back();
  unsigned room = std::max(limit > others ? limit - others : 0, least);
  if (widths.back() <= room)
    return;
  widths.back() = columns(header.back().title);
  for (std::vector<std::string> &row : rows) {
    row.back() = cutText(row.back(), room);
    widths.back() = std::max(widths.back(), columns(row.back()));
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
