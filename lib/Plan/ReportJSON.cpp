//===- ReportJSON.cpp - The plan for programs -----------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The object of `plan --json`, docs/Cli.md. Fields may be added, never renamed.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Report.h"

using namespace conveinsum;
namespace json = llvm::json;

json::Value conveinsum::toJSON(Count count) {
  constexpr Count largest = Count(1) << 53;
  if (count <= largest)
    return json::Value(int64_t(count));
  return json::Value(toString(count));
}

static json::Array shapeJSON(llvm::ArrayRef<int64_t> shape) {
  json::Array array;
  for (int64_t extent : shape)
    array.push_back(toJSON(Count(extent)));
  return array;
}

static json::Array pairsJSON(llvm::ArrayRef<ContractionTree::Step> path) {
  json::Array array;
  for (auto [first, second] : path)
    array.push_back(json::Array{first, second});
  return array;
}

/// Nested pairs of operand positions; the number 0 for one operand.
static json::Value treeJSON(const ContractionTree &tree) {
  std::vector<json::Value> values;
  for (unsigned operand = 0; operand < tree.numOperands(); ++operand)
    values.push_back(operand);
  for (auto [lhs, rhs] : tree.steps()) {
    json::Array pair;
    pair.push_back(std::move(values[lhs]));
    pair.push_back(std::move(values[rhs]));
    values.push_back(std::move(pair));
  }
  return std::move(values.back());
}

static json::Object macsJSON(Count exact, Count dense) {
  return json::Object{{"exact", toJSON(exact)}, {"dense", toJSON(dense)}};
}

static json::Object stepJSON(const PlannedStep &step) {
  return json::Object{{"inputs", json::Array{step.lhs, step.rhs}},
                      {"result", step.result},
                      {"equation", step.equation.text()},
                      {"kind", name(step.kind)},
                      {"macs", macsJSON(step.exactMacs, step.denseMacs)},
                      {"shape", shapeJSON(step.shape)}};
}

static json::Value comparisonJSON(const std::optional<PlanCost> &cost) {
  if (!cost)
    return nullptr;
  return json::Object{{"macs", macsJSON(cost->exactMacs, cost->denseMacs)}};
}

json::Object conveinsum::toJSON(const PlanReport &report) {
  const Equation &equation = report.equation;
  const PlanCost &cost = report.cost;
  json::Array shapes, steps;
  for (unsigned operand = 0; operand < equation.numOperands(); ++operand)
    shapes.push_back(shapeJSON(equation.operandShape(operand)));
  for (const PlannedStep &step : cost.steps)
    steps.push_back(stepJSON(step));
  return json::Object{
      {"name", report.name ? json::Value(*report.name) : json::Value(nullptr)},
      {"equation", report.text},
      {"shapes", std::move(shapes)},
      {"result_shape", shapeJSON(equation.resultShape())},
      {"dtype", std::string(name(report.dtype))},
      {"path", pairsJSON(report.plan.tree.linearPath())},
      {"ssa_path", pairsJSON(report.plan.tree.steps())},
      {"tree", treeJSON(report.plan.tree)},
      {"macs", macsJSON(cost.exactMacs, cost.denseMacs)},
      {"count", report.plan.goal.objective.count == MacCount::Exact ? "exact" : "dense"},
      {"largest_intermediate", toJSON(cost.largestIntermediate)},
      {"largest_intermediate_bytes", toJSON(report.largestBytes())},
      {"written", toJSON(cost.written)},
      {"written_bytes", toJSON(report.writtenBytes())},
      {"proof", name(report.plan.proof)},
      {"planning_seconds", report.plan.planningSeconds},
      {"left_to_right", comparisonJSON(report.leftToRight)},
      {"rebuild", comparisonJSON(report.rebuild)},
      {"steps", std::move(steps)}};
}
