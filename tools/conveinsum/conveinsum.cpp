//===- conveinsum.cpp - The command's main --------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Everything is a library call; see include/conveinsum/Command/Command.h.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Command/Command.h"
#include "conveinsum/Runtime/OutputFile.h"
#include "conveinsum/Runtime/StandardStreams.h"
#include "llvm/ADT/SmallVector.h"

int main(int argc, char **argv) {
  conveinsum::guardStandardStreams();
  conveinsum::installInterruptHandler();
  llvm::SmallVector<llvm::StringRef> arguments(argv + (argc > 0), argv + argc);
  return conveinsum::runCommand(arguments);
}
