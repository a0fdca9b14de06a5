//===- ParetoCommand.cpp - conveinsum pareto ------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which ways to train a network there are, and what each keeps and costs.
//
//===----------------------------------------------------------------------===//

#include "Compiling.h"
#include "Planning.h"
#include "SearchWatch.h"
#include "Session.h"
#include "Tables.h"
#include "conveinsum/Equation/GeometryText.h"
#include "conveinsum/Report/FrontSVG.h"
#include "conveinsum/Report/TrainingReport.h"
#include <memory>

using namespace conveinsum;
using namespace conveinsum::command;
namespace json = llvm::json;

/// Picks the cheapest point within --keep.
static void pickPoint(TrainingReport &report, std::optional<uint64_t> limit) {
  if (!limit)
    return;
  const TrainingPoint *point = pickBytes(report.front, report.goal, *limit);
  report.limit = *limit;
  report.picked = point - report.front.points.data();
}

static std::shared_ptr<TrainingReport>
reportOf(const Network &network, const Arguments &arguments, PlanSource &source,
         json::Object &outcome, ErrorFn onError) {
  std::optional<Equation> equation = network.problem.resolve(onError);
  std::optional<ElementTypes> types =
      resultTypes(network, network.dtype.value_or(ElementType::F32), onError);
  if (!equation || !types)
    return nullptr;
  std::optional<CommandRequest> request =
      readPlanRequest(network, *equation, *types, arguments, onError);
  if (!request || !checkGradients(*equation, *types, *request, onError))
    return nullptr;
  SearchWatch watch(arguments, SearchWatch::Interrupt::EndsProcess);
  watch.attach(request->options);
  std::optional<FoundFront> found =
      findFront(*equation, *request, source, onError);
  if (!found)
    return nullptr;
  auto report = std::make_shared<TrainingReport>();
  report->name = network.problem.name;
  report->text = network.expr();
  report->equation = std::move(*equation);
  report->goal = request->options.goal;
  report->front = std::move(found->front);
  report->isJoint = found->isJoint;
  pickPoint(*report, request->keepLimit);
  sayRemarks(*request, arguments, outcome);
  return report;
}

/// The front as a drawing.
static std::string drawing(const TrainingReport &report) {
  FrontLabels labels;
  labels.title = report.name.value_or("Ways to train");
  labels.subtitle = report.text;
  for (unsigned operand = 0; operand < report.equation.numOperands(); ++operand)
    labels.subtitle += (operand == 0 ? "  " : ", ") +
                       toString(report.equation.operandShape(operand));
  labels.dtype = intermediateType(report.goal.dtype, report.goal.resultType);
  if (report.picked)
    labels.picked = *report.picked;
  std::string text;
  llvm::raw_string_ostream os(text);
  printFrontSVG(report.front.points, labels, os);
  return text;
}

static std::optional<Outcome> paretoOne(const Network &network,
                                        const Arguments &arguments,
                                        PlanSource &source, ErrorFn onError) {
  // Both ends are always there. The JSON has every point unless told.
  std::optional<TableOptions> table = readTableOptions(arguments, onError);
  std::optional<unsigned> points =
      readLimit(arguments, "points", /*least=*/2, kDefaultFrontPoints, onError);
  if (!table || !points)
    return std::nullopt;
  json::Object remarks;
  std::shared_ptr<TrainingReport> report =
      reportOf(network, arguments, source, remarks, onError);
  if (!report)
    return std::nullopt;
  table->rows = *points;
  Outcome outcome;
  outcome.json =
      toJSON(*report, arguments.has("points") ? points : std::nullopt);
  for (auto &[key, value] : remarks)
    outcome.json[key] = value;
  if (auto path = arguments.value("svg")) {
    if (!writeDrawing(*path, drawing(*report), network, arguments, onError))
      return std::nullopt;
    return outcome;
  }
  outcome.print = [report, options = *table](llvm::raw_ostream &os,
                                             bool color) mutable {
    options.color = color;
    printTable(*report, os, options);
  };
  return outcome;
}

int command::runParetoCommand(const Arguments &arguments) {
  PlanSource source;
  if (!checkFormats(arguments, {"batch", "json", "svg"}) ||
      !openPlanSource(source, arguments, printWithoutPlace))
    return Refused;
  return forEachNetwork(arguments,
                        [&](const Network &network, ErrorFn onError) {
                          return paretoOne(network, arguments, source, onError);
                        });
}
