//===- Session.h - Networks in, results out ---------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the commands share: where networks come from (the command line, a case,
// a batch), and where results and diagnostics go. A command is a handler that
// turns one network into one outcome.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_COMMAND_SESSION_H
#define CONVEINSUM_LIB_COMMAND_SESSION_H

#include "Network.h"
#include <functional>

namespace conveinsum::command {

/// What a command makes of one network.
struct Outcome {
  llvm::json::Object json;
  /// Prints the outcome for a person, in colour if asked to.
  std::function<void(llvm::raw_ostream &, bool color)> print;
  /// Whether a check, if there was one, passed.
  bool passed = true;
};

/// Turns a network into an outcome, or reports why there is none.
using Handler =
    llvm::function_ref<std::optional<Outcome>(const Network &, ErrorFn)>;

/// Runs `handler` on every network that the command line names and prints the
/// outcomes; returns the exit code.
int forEachNetwork(const Arguments &arguments, Handler handler);

/// Prints `error: ...` with the equation and a caret on standard error.
void printError(const Fault &diagnostic, llvm::StringRef equation);
/// Prints an error that has no place in an equation.
void printWithoutPlace(const Fault &diagnostic);
/// Prints `note: ...` on standard error.
void printNote(const llvm::Twine &message);

/// Flushes standard output; false, with a diagnostic, if it could not be
/// written.
bool flushOutput();

/// Writes a text file, or standard output for `-`.
bool writeText(llvm::StringRef path, llvm::StringRef text, ErrorFn onError);

/// Writes the file of --svg and says so.
bool writeDrawing(llvm::StringRef path, llvm::StringRef text,
                  const Network &network, const Arguments &arguments,
                  ErrorFn onError);

/// Checks that at most one of the options that decide the form of the output is
/// given; `--json` beside `--batch` says nothing new. Prints what is wrong.
bool checkFormats(const Arguments &arguments,
                  llvm::ArrayRef<llvm::StringRef> options);

/// The commands. Each returns the exit code.
int runPlanCommand(const Arguments &arguments);
int runParetoCommand(const Arguments &arguments);
int runRunCommand(const Arguments &arguments);
int runGradCommand(const Arguments &arguments);
int runCompileCommand(const Arguments &arguments);
int runCheckCommand(const Arguments &arguments);

} // namespace conveinsum::command

#endif // CONVEINSUM_LIB_COMMAND_SESSION_H
