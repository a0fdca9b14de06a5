//===- PlanCommand.cpp - conveinsum plan ----------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Prints a plan as a table, JSON, DOT or SVG. Needs shapes but no data. A
// pinned order is shown beside the plan that a planner would have made.
//
//===----------------------------------------------------------------------===//

#include "Planning.h"
#include "SearchWatch.h"
#include "Session.h"
#include "conveinsum/Plan/Report.h"
#include "llvm/Support/raw_ostream.h"
#include <memory>

using namespace conveinsum;
using namespace conveinsum::command;
using llvm::raw_ostream;

namespace {
/// A request, and the tree of --against.
struct ComparedRequest {
  PlanRequest request;
  std::optional<ContractionTree> against;
};
} // namespace

static std::optional<ComparedRequest>
readRequest(const Network &network, const Equation &equation,
            const Arguments &arguments, ErrorFn onError) {
  std::optional<ElementTypes> types = resultTypes(
      network, network.dtype.value_or(ElementType::F32), onError);
  if (!types)
    return std::nullopt;
  std::optional<PlanRequest> request =
      readPlanRequest(network, equation, *types, arguments, onError);
  if (!request)
    return std::nullopt;
  ComparedRequest compared{std::move(*request), std::nullopt};
  if (auto text = arguments.value("against")) {
    compared.against = parseOrder("tree", "--against", *text,
                                  equation.numOperands(), onError);
    if (!compared.against)
      return std::nullopt;
  }
  return compared;
}

/// The tree that the plan is compared with, if any: that of --against or, for a
/// pinned order, what a planner finds.
static std::optional<conveinsum::Plan>
chooseOther(const Equation &equation, const ComparedRequest &compared,
            bool hasBudget) {
  PlannerOptions options = compared.request.options;
  if (compared.against)
    return pinnedPlan(equation, *compared.against, options.goal);
  if (!compared.request.pinned)
    return std::nullopt;
  if (!hasBudget)
    options.budget = comparisonBudget(equation);
  // A network that no planner takes is shown without a comparison.
  return conveinsum::plan(equation, options, [](const Diagnostic &) {});
}

/// The report of one network. An interrupt ends its searches, not the command,
/// unless it is one of many networks.
static std::shared_ptr<PlanReport> reportOf(const Network &network,
                                            const Arguments &arguments,
                                            ErrorFn onError) {
  std::optional<Equation> equation = network.problem.resolve(onError);
  if (!equation)
    return nullptr;
  std::optional<ComparedRequest> compared =
      readRequest(network, *equation, arguments, onError);
  if (!compared)
    return nullptr;
  SearchWatch watch(arguments, arguments.has("batch")
                                   ? SearchWatch::Interrupt::EndsProcess
                                   : SearchWatch::Interrupt::EndsSearch);
  watch.attach(compared->request.options);
  std::optional<conveinsum::Plan> plan =
      makePlan(*equation, compared->request, onError);
  if (!plan)
    return nullptr;
  std::optional<conveinsum::Plan> other =
      chooseOther(*equation, *compared, arguments.has("budget"));
  // Shared, because std::function copies what it captures.
  auto report = std::make_shared<PlanReport>(makeReport(
      network.problem.expr, *equation, std::move(*plan), watch.stop()));
  report->name = network.problem.name;
  if (other)
    report->comparison = compareTrees(*report, std::move(*other));
  if (watch.finish())
    printNote("the search was interrupted; the best tree so far is shown");
  return report;
}

static std::optional<Outcome> planOne(const Network &network,
                                      const Arguments &arguments,
                                      ErrorFn onError) {
  std::shared_ptr<PlanReport> report = reportOf(network, arguments, onError);
  if (!report)
    return std::nullopt;
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
