//===- Fault.h - What is wrong, where, expected, got ------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every check of the project is a pure function that reports through an error
// callback. One checker thereby serves the parser, the verifiers of the
// dialect, the command line and the C API; each of them decides how to show it.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_EQUATION_FAULT_H
#define CONVEINSUM_EQUATION_FAULT_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include <optional>
#include <string>

namespace conveinsum {

/// One fault of an equation, its geometry, its shapes or its element types.
struct Fault {
  /// Lower case, no final period, says "expected X, got Y" where that applies
  /// and names the mode and both values. Does not repeat the equation.
  std::string message;
  /// Byte of the equation, from 0, at which the fault is.
  std::optional<size_t> position;
  /// Position of the operand, from 0.
  std::optional<unsigned> operand;
  /// Bare label of the mode (`t1`, not `(t1)`).
  std::optional<std::string> mode;
  /// The numbered constraint of docs/Semantics.md that is violated, "C12".
  std::string constraint;
};

/// Receives the first fault that a check finds.
using ErrorFn = llvm::function_ref<void(const Fault &)>;

/// Reports a message without a place in the equation; returns false.
bool refuse(ErrorFn onError, const llvm::Twine &message);

/// The message with the number of the constraint, `unknown character '$' [C2]`.
/// Everything that a person reads is numbered so.
std::string numberedMessage(const Fault &diagnostic);

/// Renders `diagnostic` for a person: the numbered message, then the equation
/// with a caret under the byte in question (in columns of a terminal, which a
/// wide character takes two of). A fault without a place underlines the whole
/// equation. Bytes that are not valid UTF-8, and characters that are invisible
/// or control a terminal, are shown as U+FFFD. Ends without a newline.
std::string renderDiagnostic(const Fault &diagnostic, llvm::StringRef equation);

} // namespace conveinsum

#endif // CONVEINSUM_EQUATION_FAULT_H
