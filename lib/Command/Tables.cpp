//===- Tables.cpp - The room that tables have -----------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What cannot be read of the environment or the terminal says nothing: output
// into a file or a pipe has the default width.
//
//===----------------------------------------------------------------------===//

#include "Tables.h"
#include <cstdlib>
#include <limits>
#include <sys/ioctl.h>
#include <unistd.h>

using namespace conveinsum;
using namespace conveinsum::command;
using llvm::StringRef;

static constexpr unsigned kUnlimited = std::numeric_limits<unsigned>::max();

/// The columns that the surroundings ask for; 0 if they ask for none.
static unsigned surroundingWidth() {
  unsigned columns = 0;
  if (const char *text = std::getenv("COLUMNS"))
    if (!StringRef(text).getAsInteger(10, columns) && columns > 0)
      return columns;
  winsize size{};
  if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
    return size.ws_col;
  return 0;
}

std::optional<unsigned> command::readLimit(const Arguments &arguments,
                                           StringRef option, unsigned least,
                                           unsigned absent, ErrorFn onError) {
  std::optional<StringRef> word = arguments.value(option);
  if (!word)
    return absent;
  if (*word == "all")
    return kUnlimited;
  unsigned number;
  if (!word->getAsInteger(10, number) && number >= least)
    return number;
  refuse(onError, "expected --" + option + " to be all or a number from " +
                      llvm::Twine(least) + " on, got '" + *word + "'");
  return std::nullopt;
}

std::optional<TableOptions>
command::readTableOptions(const Arguments &arguments, ErrorFn onError) {
  TableOptions options;
  if (unsigned columns = surroundingWidth())
    options.width = std::max(columns, TableOptions::kLeastWidth);
  std::optional<unsigned> width = readLimit(
      arguments, "width", TableOptions::kLeastWidth, options.width, onError);
  std::optional<unsigned> rows =
      readLimit(arguments, "rows", /*least=*/1, options.rows, onError);
  if (!width || !rows)
    return std::nullopt;
  options.width = *width;
  options.rows = *rows;
  return options;
}
