//===- Tables.h - The room that tables have ---------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The words --width and --rows, and what holds without them.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_COMMAND_TABLES_H
#define CONVEINSUM_LIB_COMMAND_TABLES_H

#include "Arguments.h"
#include "conveinsum/Equation/Fault.h"
#include "conveinsum/Report/TableOptions.h"

namespace conveinsum::command {

/// What the command line says of tables. The width is that of --width, else of
/// the environment variable COLUMNS, else of the terminal that standard output
/// is. Colour is left to who prints.
std::optional<TableOptions> readTableOptions(const Arguments &arguments,
                                             ErrorFn onError);

/// The value of an option that is a number from `least` on, or `all`, for which
/// it is the largest number; `absent` without the option.
std::optional<unsigned> readLimit(const Arguments &arguments,
                                  llvm::StringRef option, unsigned least,
                                  unsigned absent, ErrorFn onError);

} // namespace conveinsum::command

#endif // CONVEINSUM_LIB_COMMAND_TABLES_H
