//===- PlanCommand.cpp - conveinsum plan ----------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Prints a plan as a table, JSON, DOT or SVG. Needs shapes but no data.
//
//===----------------------------------------------------------------------===//

#include "Session.h"
#include "conveinsum/Plan/Report.h"
#include "llvm/Support/raw_ostream.h"
#include <memory>

using namespace conveinsum;
using namespace conveinsum::command;
using llvm::raw_ostream;

static std::optional<Outcome> planOne(const Network &network,
                                      const Arguments &arguments,
                                      ErrorFn onError) {
  std::optional<Equation> equation = network.problem.resolve(onError);
  std::optional<ElementTypes> types = resultTypes(
      network, network.dtype.value_or(ElementType::F32), onError);
  if (!equation || !types)
    return std::nullopt;
  std::optional<conveinsum::Plan> plan =
      planNetwork(network, *equation, arguments, onError);
  if (!plan)
    return std::nullopt;
  // Shared, because std::function copies what it captures.
  auto report = std::make_shared<PlanReport>(makeReport(
      network.problem.expr, *equation, std::move(*plan), types->operand));
  report->name = network.problem.name;

  Outcome outcome;
  outcome.json = toJSON(*report);
  if (auto path = arguments.value("svg")) {
    std::string text;
    llvm::raw_string_ostream os(text);
    printSVG(*report, os);
    if (!writeText(*path, text, onError))
      return std::nullopt;
  } else if (arguments.has("dot")) {
    outcome.print = [report](raw_ostream &os, bool) { printDOT(*report, os); };
  } else {
    outcome.print = [report](raw_ostream &os, bool color) {
      printTable(*report, os, color);
    };
  }
  return outcome;
}

int command::runPlanCommand(const Arguments &arguments) {
  llvm::SmallVector<llvm::StringRef> formats;
  for (llvm::StringRef option : {"batch", "json", "svg", "dot"})
    if (arguments.has(option))
      formats.push_back(option);
  // A batch prints JSON anyway.
  bool onlyJson = llvm::all_of(formats, [](llvm::StringRef format) {
    return format == "batch" || format == "json";
  });
  if (formats.size() > 1 && !onlyJson) {
    Diagnostic diagnostic;
    diagnostic.message =
        ("expected one output format, got --" + formats[0] + " and --" + formats[1])
            .str();
    printError(diagnostic, "");
    return Refused;
  }
  return forEachNetwork(arguments, [&](const Network &network, ErrorFn onError) {
    return planOne(network, arguments, onError);
  });
}
