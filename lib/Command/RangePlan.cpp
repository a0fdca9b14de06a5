//===- RangePlan.cpp - Plans for a range of sizes -------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The shapes of the network count for all modes but the open one.
//
//===----------------------------------------------------------------------===//

#include "RangePlan.h"
#include "Planning.h"
#include "SearchWatch.h"
#include "conveinsum/Report/RangeReport.h"
#include <memory>

using namespace conveinsum;
using namespace conveinsum::command;
using llvm::StringRef;

/// Reads `b:1..4096` or `(t1):1..64` into a report without a plan.
static bool readRange(StringRef text, RangeReport &report, ErrorFn onError) {
  auto [mode, sizes] = text.rsplit(':');
  auto [from, to] = sizes.split("..");
  if (mode.size() > 2 && mode.front() == '(' && mode.back() == ')')
    mode = mode.drop_front().drop_back();
  report.mode = mode.str();
  if (!mode.empty() && !from.getAsInteger(10, report.from) &&
      !to.getAsInteger(10, report.to))
    return true;
  return refuse(onError,
                "expected --parametric to be a mode and its sizes such as "
                "b:1..4096, got '" +
                    text + "'");
}

/// Refuses what says something about one plan.
static bool checkOptions(const Arguments &arguments, const PlanRequest &request,
                         ErrorFn onError) {
  if (request.pinned)
    return refuse(onError, "expected no pinned order beside --parametric");
  for (StringRef option :
       {"memory-limit", "keep", "against", "svg", "dot", "export"})
    if (arguments.has(option))
      return refuse(onError,
                    "expected no --" + option + " beside --parametric");
  return true;
}

std::optional<Outcome> command::planRange(const Network &network,
                                          const Arguments &arguments,
                                          TableOptions table, ErrorFn onError) {
  auto report = std::make_shared<RangeReport>();
  std::optional<Equation> equation = network.problem.resolve(onError);
  std::optional<ElementTypes> types =
      resultTypes(network, network.dtype.value_or(ElementType::F32), onError);
  if (!equation || !types ||
      !readRange(*arguments.value("parametric"), *report, onError))
    return std::nullopt;
  std::optional<PlanRequest> request =
      readPlanRequest(network, *equation, *types, arguments, onError);
  if (!request || !checkOptions(arguments, *request, onError))
    return std::nullopt;
  SearchWatch watch(arguments, SearchWatch::Interrupt::EndsProcess);
  watch.attach(request->options);
  auto equationAt = [&](int64_t size) {
    return equationAtSize(network.problem, report->mode, size, onError);
  };
  std::optional<ParametricPlan> plan = planParametric(
      equationAt, report->from, report->to, request->options, onError);
  if (!plan)
    return std::nullopt;
  report->name = network.problem.name;
  report->text = network.expr();
  report->goal = request->options.goal;
  report->plan = std::move(*plan);
  Outcome outcome;
  outcome.json = toJSON(*report);
  outcome.print = [report, table](llvm::raw_ostream &os, bool color) mutable {
    table.color = color;
    printTable(*report, os, table);
  };
  return outcome;
}
