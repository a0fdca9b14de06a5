//===- Command.h - The command conveinsum -----------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The whole command as a function, so that its main is one line and tests can
// call it. docs/Cli.md is its manual.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_COMMAND_COMMAND_H
#define CONVEINSUM_COMMAND_COMMAND_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace conveinsum {

/// Runs the command with its arguments (the program's name not among them) and
/// returns its exit code: 0 done, 1 the input was refused or a check failed, 2
/// an unknown command or option, or a missing argument.
int runCommand(llvm::ArrayRef<llvm::StringRef> arguments);

} // namespace conveinsum

#endif // CONVEINSUM_COMMAND_COMMAND_H
