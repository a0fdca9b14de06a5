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
#include "RangePlan.h"
#include "SearchWatch.h"
#include "Session.h"
#include "Tables.h"
#include "conveinsum/Equation/NearWord.h"
#include "conveinsum/Plan/Interchange/Interchange.h"
#include "conveinsum/Report/PlanReport.h"
#include "llvm/Support/raw_ostream.h"
#include <memory>

using namespace conveinsum;
using namespace conveinsum::command;
using llvm::raw_ostream;

namespace {
/// A request, and the tree of --against.
struct ComparedRequest {
  CommandRequest request;
  std::optional<ContractionTree> against;
};
} // namespace

static std::optional<ComparedRequest> readRequest(const Network &network,
                                                  const Equation &equation,
                                                  const Arguments &arguments,
                                                  ErrorFn onError) {
  std::optional<ElementTypes> types =
      resultTypes(network, network.dtype.value_or(ElementType::F32), onError);
  if (!types)
    return std::nullopt;
  std::optional<CommandRequest> request =
      readPlanRequest(network, equation, *types, arguments, onError);
  if (!request)
    return std::nullopt;
  ComparedRequest compared{std::move(*request), std::nullopt};
  if (auto text = arguments.value("against")) {
    compared.against =
        parseTree("--against", *text, equation.numOperands(), onError);
    if (!compared.against)
      return std::nullopt;
  }
  return compared;
}

/// The tree that the plan is compared with, if any: that of --against or, for a
/// pinned order, what a planner finds.
static std::optional<PlannedTree> chooseOther(const Equation &equation,
                                              const ComparedRequest &compared,
                                              bool hasBudget) {
  PlannerOptions options = compared.request.options;
  if (compared.against)
    return pinnedPlan(equation, *compared.against, options.goal);
  if (!compared.request.pinned)
    return std::nullopt;
  if (!hasBudget)
    options.budget = comparisonBudget(equation);
  // A network that no planner takes is shown without a comparison.
  return conveinsum::plan(equation, options, [](const Fault &) {});
}

/// The report of one network. An interrupt ends its searches, not the command,
/// unless it is one of many networks.
static std::shared_ptr<PlanReport> reportOf(const Network &network,
                                            const Arguments &arguments,
                                            PlanSource &source,
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
  std::optional<PlanAnswer> answer =
      makePlan(*equation, compared->request, source, onError);
  if (!answer)
    return nullptr;
  std::optional<PlannedTree> other =
      chooseOther(*equation, *compared, arguments.has("budget"));
  // Shared, because std::function copies what it captures.
  auto report = std::make_shared<PlanReport>(
      makeReport(network.expr(), *equation, compared->request.options.goal,
                 std::move(*answer), watch.stop()));
  report->name = network.problem.name;
  report->remarks = std::move(compared->request.remarks);
  if (other)
    report->comparison = compareTrees(*report, std::move(*other));
  if (watch.finish())
    printNote("the search was interrupted; the best tree so far is shown");
  return report;
}

/// The plan in the form that other planners read.
static std::optional<Outcome>
exportPlan(const PlanReport &report, llvm::StringRef format, ErrorFn onError) {
  if (format != "cotengra") {
    refuse(onError, "expected --export to be cotengra, got '" + format + "'" +
                        didYouMean(format, {"cotengra"}));
    return std::nullopt;
  }
  std::optional<llvm::json::Object> object =
      exportNetwork(report.equation, &report.plan.tree, onError);
  if (!object)
    return std::nullopt;
  Outcome outcome;
  outcome.print = [object = std::move(*object)](raw_ostream &os, bool) {
    os << llvm::json::Value(llvm::json::Object(object)) << '\n';
  };
  return outcome;
}

static std::optional<Outcome> planOne(const Network &network,
                                      const Arguments &arguments,
                                      PlanSource &source, ErrorFn onError) {
  std::optional<TableOptions> table = readTableOptions(arguments, onError);
  if (!table)
    return std::nullopt;
  if (arguments.has("parametric"))
    return planRange(network, arguments, *table, onError);
  std::shared_ptr<PlanReport> report =
      reportOf(network, arguments, source, onError);
  if (!report)
    return std::nullopt;
  if (auto format = arguments.value("export"))
    return exportPlan(*report, *format, onError);
  Outcome outcome;
  outcome.json = toJSON(*report);
  if (auto path = arguments.value("svg")) {
    std::string text;
    llvm::raw_string_ostream os(text);
    printSVG(*report, os);
    if (!writeDrawing(*path, text, network, arguments, onError))
      return std::nullopt;
  } else if (arguments.has("dot")) {
    outcome.print = [report](raw_ostream &os, bool) { printDOT(*report, os); };
  } else {
    outcome.print = [report, options = *table](raw_ostream &os,
                                               bool color) mutable {
      options.color = color;
      printTable(*report, os, options);
    };
  }
  return outcome;
}

int command::runPlanCommand(const Arguments &arguments) {
  PlanSource source;
  if (!checkFormats(arguments, {"batch", "json", "svg", "dot", "export"}) ||
      !openPlanSource(source, arguments, printWithoutPlace))
    return Refused;
  return forEachNetwork(arguments,
                        [&](const Network &network, ErrorFn onError) {
                          return planOne(network, arguments, source, onError);
                        });
}
