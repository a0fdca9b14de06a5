//===- TableOptions.h - How much of a report a screen shows -----*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tables are for people: they fit a terminal, and say what they leave out. The
// JSON of a report has everything.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_REPORT_TABLEOPTIONS_H
#define CONVEINSUM_REPORT_TABLEOPTIONS_H

namespace conveinsum {

struct TableOptions {
  static constexpr unsigned kDefaultWidth = 100, kLeastWidth = 40;
  static constexpr unsigned kDefaultRows = 32;

  bool color = false;
  /// Columns that lines keep within; no fewer than kLeastWidth.
  unsigned width = kDefaultWidth;
  /// Rows that say most; those beyond are counted in a line of their own.
  unsigned rows = kDefaultRows;
};

} // namespace conveinsum

#endif // CONVEINSUM_REPORT_TABLEOPTIONS_H
