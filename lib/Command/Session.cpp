//===- Session.cpp - Networks in, results out -----------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A batch is read line by line, and each outcome is flushed before the next
// line is read, so that a program can talk to the command through pipes.
//
//===----------------------------------------------------------------------===//

#include "Session.h"
#include "JsonText.h"
#include "OutputFiles.h"
#include "conveinsum/Equation/JsonObject.h"
#include "conveinsum/Equation/Syntax.h"
#include "conveinsum/Runtime/OutputFile.h"
#include "conveinsum/Runtime/TextFile.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdlib>

using namespace conveinsum;
using namespace conveinsum::command;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// Output
//===----------------------------------------------------------------------===//

static bool wantsColor(llvm::raw_ostream &os) {
  return os.has_colors() && !std::getenv("NO_COLOR");
}

static void printPrefix(StringRef word, llvm::raw_ostream::Colors color) {
  bool colored = wantsColor(llvm::errs());
  if (colored)
    llvm::errs().changeColor(color, /*Bold=*/true);
  llvm::errs() << word << ": ";
  if (colored)
    llvm::errs().resetColor();
}

void command::printError(const Fault &diagnostic, StringRef equation) {
  printPrefix("error", llvm::raw_ostream::RED);
  if (equation.empty())
    llvm::errs() << numberedMessage(diagnostic) << '\n';
  else
    llvm::errs() << renderDiagnostic(diagnostic, equation) << '\n';
}

void command::printWithoutPlace(const Fault &diagnostic) {
  printError(diagnostic, "");
}

void command::printNote(const llvm::Twine &message) {
  printPrefix("note", llvm::raw_ostream::CYAN);
  llvm::errs() << message << '\n';
}

bool command::flushOutput() {
  llvm::raw_fd_ostream &os = llvm::outs();
  os.flush();
  if (!os.has_error())
    return true;
  Fault diagnostic;
  diagnostic.message = "cannot write standard output: " + os.error().message();
  os.clear_error();
  printError(diagnostic, "");
  return false;
}

bool command::writeText(StringRef path, StringRef text, ErrorFn onError) {
  if (path == "-") {
    llvm::outs() << text;
    return true;
  }
  Status written = writeFile(path.str(), text.data(), text.size());
  return written || refuse(onError, written.message());
}

bool command::writeDrawing(StringRef path, StringRef text,
                           const Network &network, const Arguments &arguments,
                           ErrorFn onError) {
  if (!checkIsNoInput(path, network, arguments, onError) ||
      !writeText(path, text, onError))
    return false;
  if (path != "-")
    printNote("wrote " + path);
  return true;
}

//===----------------------------------------------------------------------===//
// One network
//===----------------------------------------------------------------------===//

/// Says on standard error that a result does not pass its check.
static void printFailedCheck(const llvm::json::Object &outcome,
                             StringRef equation) {
  Fault diagnostic;
  diagnostic.message = "the check failed";
  if (std::optional<StringRef> fill = outcome.getString("worst_fill"))
    diagnostic.message += " with operands of fill '" + fill->str() + "'";
  std::optional<double> error = outcome.getNumber("max_error");
  std::optional<double> bound = outcome.getNumber("bound");
  if (error && bound)
    diagnostic.message +=
        llvm::formatv(": expected an error of at most {0:e2}, "
                      "got {1:e2}",
                      *bound, *error);
  else
    diagnostic.message += ": the result or its bound is not finite";
  printError(diagnostic, equation);
}

/// Prints the outcome or the diagnostic of one network; returns the exit code.
static int finishSingle(const Arguments &arguments,
                        std::optional<Outcome> outcome,
                        const std::optional<Fault> &diagnostic,
                        StringRef equation) {
  if (!outcome) {
    Fault unknown;
    unknown.message = "failed without a diagnostic";
    printError(diagnostic.value_or(unknown), equation);
    return Refused;
  }
  if (!outcome->passed)
    printFailedCheck(outcome->json, equation);
  if (arguments.has("json"))
    printJsonLine(llvm::outs(), std::move(outcome->json));
  else if (outcome->print)
    outcome->print(llvm::outs(), wantsColor(llvm::outs()));
  return flushOutput() && outcome->passed ? Success : Refused;
}

static int runSingle(const Arguments &arguments, Handler handler) {
  StringRef equation = arguments.positional.front();
  // The first fault is what matters; later ones follow from it.
  std::optional<Fault> first;
  auto onError = [&](const Fault &diagnostic) {
    if (!first)
      first = locate(diagnostic, equation);
  };
  std::optional<Network> network = networkFromWords(arguments, onError);
  std::optional<Outcome> outcome;
  if (network)
    outcome = handler(*network, onError);
  return finishSingle(arguments, std::move(outcome), first, equation);
}

/// Whether the operands are files, which a case may leave to the command line.
static bool readsFiles(const Arguments &arguments) {
  return arguments.command & (RunCommand | GradCommand);
}

/// The object of a file, or of standard input for `-`.
static std::optional<llvm::json::Object> readObject(StringRef path,
                                                    ErrorFn onError) {
  Fallible<std::string> text = readTextFile(path.str());
  if (text)
    return parseJsonObject(*text, onError);
  refuse(onError, text.message());
  return std::nullopt;
}

static int runCase(const Arguments &arguments, Handler handler) {
  std::string equation;
  std::optional<Fault> first;
  auto onError = [&](const Fault &diagnostic) {
    if (!first)
      first = locate(diagnostic, equation);
  };
  std::optional<Outcome> outcome;
  std::optional<llvm::json::Object> object =
      readObject(*arguments.value("case"), onError);
  std::optional<Network> network;
  if (object) {
    equation = object->getString("expr").value_or("").str();
    network = networkFromObject(*object, arguments, onError);
  }
  if (network)
    equation = network->problem.expr;
  // The files of a run may stand on the command line as well as in the case.
  if (network && !arguments.positional.empty())
    network->inputs = arguments.positional;
  if (network && readsFiles(arguments) && !network->output &&
      !arguments.has("output")) {
    refuse(onError, llvm::Twine("missing argument: -o ") +
                        (arguments.command == GradCommand ? "PREFIX" : "FILE") +
                        ", or 'output' in the case");
    printError(*first, "");
    return Usage;
  }
  if (network)
    outcome = handler(*network, onError);
  return finishSingle(arguments, std::move(outcome), first, equation);
}

//===----------------------------------------------------------------------===//
// Batches
//===----------------------------------------------------------------------===//

/// Handles one line and prints its object; false if it failed or did not pass.
static bool runLine(const TextReader::Line &line, uint64_t number,
                    const Arguments &arguments, Handler handler) {
  std::string equation;
  std::optional<Fault> first;
  auto onError = [&](const Fault &diagnostic) {
    if (!first)
      first = locate(diagnostic, equation);
  };
  std::optional<std::string> name;
  std::optional<Outcome> outcome;
  std::optional<llvm::json::Object> object;
  if (line.isTooLong)
    refuse(onError, "expected a line of at most " +
                        llvm::Twine(kMaxTextBytes >> 20) + " MiB, got more");
  else
    object = parseJsonObject(line.text, onError);
  if (object) {
    if (std::optional<StringRef> text = object->getString("name"))
      name = text->str();
    equation = object->getString("expr").value_or("").str();
    if (std::optional<Network> network =
            networkFromObject(*object, arguments, onError)) {
      equation = network->problem.expr;
      network->line = number;
      outcome = handler(*network, onError);
    }
  }
  if (outcome) {
    printJsonLine(llvm::outs(), std::move(outcome->json));
    return outcome->passed;
  }
  Fault unknown;
  unknown.message = "failed without a diagnostic";
  printJsonLine(llvm::outs(), errorObject(name, first.value_or(unknown)));
  return false;
}

static int refuseBatch(const std::string &message) {
  refuse(printWithoutPlace, message);
  return Refused;
}

static int runBatch(const Arguments &arguments, Handler handler) {
  Fallible<TextReader> reader =
      TextReader::open(arguments.value("batch")->str());
  if (!reader)
    return refuseBatch(reader.message());
  uint64_t lines = 0, failures = 0;
  for (;;) {
    Fallible<std::optional<TextReader::Line>> line = reader->readLine();
    if (!line)
      return refuseBatch(line.message());
    if (!*line)
      break;
    failures += !runLine(**line, ++lines, arguments, handler);
    if (!flushOutput())
      return Refused;
  }
  if (failures > 0)
    printNote(llvm::Twine(failures) + " of " + llvm::Twine(lines) +
              " lines failed");
  return failures == 0 ? Success : Refused;
}

//===----------------------------------------------------------------------===//
// All networks
//===----------------------------------------------------------------------===//

bool command::checkFormats(const Arguments &arguments,
                           llvm::ArrayRef<StringRef> options) {
  llvm::SmallVector<StringRef> formats;
  for (StringRef option : options)
    if (arguments.has(option))
      formats.push_back(option);
  bool onlyJson = llvm::all_of(formats, [](StringRef format) {
    return format == "batch" || format == "json";
  });
  if (formats.size() <= 1 || onlyJson)
    return true;
  refuse(printWithoutPlace, "expected one output format, got --" + formats[0] +
                                " and --" + formats[1]);
  return false;
}

int command::forEachNetwork(const Arguments &arguments, Handler handler) {
  bool isCase = arguments.has("case"), isBatch = arguments.has("batch");
  Fault diagnostic;
  if (isBatch && arguments.has("output"))
    diagnostic.message = "expected 'output' in the lines of a batch, got -o";
  else if (isCase && isBatch)
    diagnostic.message = "expected one of --case and --batch, got both";
  else if (isBatch && !arguments.positional.empty())
    diagnostic.message =
        "unexpected argument '" + arguments.positional[0] + "' beside --batch";
  else if (isBatch && arguments.has("cotangent"))
    diagnostic.message =
        "expected 'cotangent' in the lines of a batch, got --cotangent";
  else if (isBatch && arguments.has("result"))
    diagnostic.message = "expected no --result beside --batch: its lines would "
                         "all write one file";
  else if (isCase && !readsFiles(arguments) && !arguments.positional.empty())
    diagnostic.message =
        "unexpected argument '" + arguments.positional[0] + "' beside --case";
  if (!diagnostic.message.empty()) {
    printError(diagnostic, "");
    return Refused;
  }
  if (isBatch)
    return runBatch(arguments, handler);
  if (isCase)
    return runCase(arguments, handler);
  return runSingle(arguments, handler);
}
