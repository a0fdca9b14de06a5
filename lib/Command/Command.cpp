//===- Command.cpp - The command conveinsum -------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Finds the command, answers --help and --version, and checks that nothing is
// missing before any work starts.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Command/Command.h"
#include "Session.h"
#include "conveinsum/Equation/NearWord.h"
#include "llvm/Support/raw_ostream.h"

using namespace conveinsum;
using namespace conveinsum::command;
using llvm::StringRef;

/// Prints a fault of the command line; returns its exit code.
static int usageError(ExitCode code, const llvm::Twine &message,
                      const CommandInfo *command) {
  Fault diagnostic;
  diagnostic.message = message.str();
  printError(diagnostic, "");
  if (command)
    llvm::errs() << "usage: " << command->usage << '\n';
  llvm::errs() << "try 'conveinsum "
               << (command ? command->name.str() + " " : "") << "--help'\n";
  return code;
}

/// What a command needs and did not get, or nothing.
static StringRef missingArgument(const Arguments &arguments) {
  bool isBatch = arguments.has("batch");
  if (!isBatch && !arguments.has("case") && arguments.positional.empty())
    return "an equation, --case=FILE or --batch=FILE";
  // The objects of cases and batches name their files themselves.
  bool needsOutput = arguments.command == CompileCommand ||
                     ((arguments.command & (RunCommand | GradCommand)) &&
                      !arguments.has("case"));
  if (needsOutput && !isBatch && !arguments.has("output"))
    return arguments.command == GradCommand ? "-o PREFIX" : "-o FILE";
  if (arguments.command == CompileCommand && !arguments.has("emit"))
    return "--emit=STAGE";
  return "";
}

static int dispatch(const Arguments &arguments) {
  switch (arguments.command) {
  case PlanCommand:
    return runPlanCommand(arguments);
  case ParetoCommand:
    return runParetoCommand(arguments);
  case RunCommand:
    return runRunCommand(arguments);
  case GradCommand:
    return runGradCommand(arguments);
  case CompileCommand:
    return runCompileCommand(arguments);
  case CheckCommand:
    return runCheckCommand(arguments);
  case AllCommands:
    break;
  }
  assert(false && "a parsed command line has one command");
  return Usage;
}

/// Answers words that are no command; returns the exit code.
static int runWithoutCommand(StringRef word) {
  if (word == "--help" || word == "-h" || word == "help")
    printHelp(llvm::outs());
  else if (word == "--version")
    printVersion(llvm::outs());
  else if (word == "--completion=bash")
    printCompletion(llvm::outs());
  else if (word == "bench")
    return usageError(Usage, "the command '" + word + "' is not supported yet",
                      nullptr);
  else if (word.starts_with("-"))
    return usageError(
        Usage,
        "unknown option '" + word + "'" +
            didYouMean(word, {"--help", "--version", "--completion=bash"}),
        nullptr);
  else
    return usageError(
        Usage,
        "unknown command '" + word +
            "'; expected plan, pareto, run, grad, compile or check" +
            didYouMean(word,
                       {"plan", "pareto", "run", "grad", "compile", "check"}),
        nullptr);
  return flushOutput() ? Success : Refused;
}

static int runWords(llvm::ArrayRef<StringRef> words) {
  if (words.empty())
    return usageError(
        Usage, "expected a command: plan, pareto, run, grad, compile or check",
        nullptr);
  const CommandInfo *info = findCommand(words.front());
  if (!info)
    return runWithoutCommand(words.front());
  UsageError error;
  std::optional<Arguments> arguments =
      parseArguments(info->kind, words.drop_front(), error);
  if (!arguments)
    return usageError(error.code, error.message, info);
  if (arguments->has("help")) {
    printHelp(llvm::outs(), info);
    return flushOutput() ? Success : Refused;
  }
  StringRef missing = missingArgument(*arguments);
  if (!missing.empty())
    return usageError(Usage, "missing argument: " + missing, info);
  return dispatch(*arguments);
}

int conveinsum::runCommand(llvm::ArrayRef<StringRef> words) {
  int code = runWords(words);
  // What could not be written was said, or there was nobody to say it to; a
  // stream that remembers it would end the process.
  llvm::outs().clear_error();
  llvm::errs().clear_error();
  return code;
}
