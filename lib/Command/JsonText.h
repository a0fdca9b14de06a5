//===- JsonText.h - JSON that goes out --------------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The objects and lines that commands print.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_COMMAND_JSONTEXT_H
#define CONVEINSUM_LIB_COMMAND_JSONTEXT_H

#include "conveinsum/Equation/Fault.h"
#include "llvm/Support/JSON.h"

namespace conveinsum::command {

/// A finite number, or null.
llvm::json::Value finiteNumber(double value);

/// `value` on one line, with a newline.
void printJsonLine(llvm::raw_ostream &os, llvm::json::Object value);

/// The object of a line that failed: `{"name": ..., "error": {...}}`.
llvm::json::Object errorObject(const std::optional<std::string> &name,
                               const Fault &diagnostic);

} // namespace conveinsum::command

#endif // CONVEINSUM_LIB_COMMAND_JSONTEXT_H
