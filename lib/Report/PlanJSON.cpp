//===- PlanJSON.cpp - The plan for programs -------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The object of `plan --json`, docs/Cli.md. Fields may be added, never renamed.
//
//===----------------------------------------------------------------------===//

#include "PlanJSON.h"
#include "PlanLimits.h"
#include "conveinsum/Equation/JsonObject.h"
#include <cmath>

using namespace conveinsum;
namespace json = llvm::json;

json::Value conveinsum::toJSON(const Count &count) {
  // Of more digits there would be megabytes, and nobody reads them.
  constexpr unsigned mostBits = 4096;
  return count.isInfinite() || count.bitWidth() > mostBits
             ? json::Value(nullptr)
             : exactJSON(count);
}

json::Array conveinsum::shapeJSON(llvm::ArrayRef<int64_t> shape) {
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
  // A vector that grows copies whole subtrees: values move only where nothing
  // could throw, and theirs are not marked so.
  std::vector<json::Value> values;
  values.reserve(tree.numValues());
  for (unsigned operand = 0; operand < tree.numOperands(); ++operand)
    values.push_back(operand);
  for (auto [lhs, rhs] : tree.steps()) {
    json::Array pair;
    pair.reserve(2);
    pair.push_back(std::move(values[lhs]));
    pair.push_back(std::move(values[rhs]));
    values.push_back(std::move(pair));
  }
  return std::move(values.back());
}

json::Array conveinsum::shapesJSON(const Equation &equation) {
  json::Array shapes;
  for (unsigned operand = 0; operand < equation.numOperands(); ++operand)
    shapes.push_back(shapeJSON(equation.operandShape(operand)));
  return shapes;
}

json::Value conveinsum::nameJSON(const std::optional<std::string> &name) {
  return name ? json::Value(*name) : json::Value(nullptr);
}

void conveinsum::addOrder(const ContractionTree &tree, json::Object &object) {
  object["path"] = pairsJSON(tree.linearPath());
  object["ssa_path"] = pairsJSON(tree.steps());
  object["tree"] = treeJSON(tree);
}

static json::Object macsJSON(Count exact, Count dense) {
  return json::Object{{"exact", toJSON(exact)}, {"dense", toJSON(dense)}};
}

/// Null where there is none.
json::Value conveinsum::optionalJSON(std::optional<double> number) {
  return number && std::isfinite(*number) ? json::Value(*number)
                                          : json::Value(nullptr);
}

/// Null beyond the largest double, for which JSON has no word.
static json::Value seconds(const Count &picoseconds) {
  double seconds = ratio(picoseconds, uint64_t(1'000'000'000'000));
  return std::isinf(seconds) ? json::Value(nullptr) : json::Value(seconds);
}

static json::Object predictionJSON(Count picoseconds,
                                   std::optional<TargetModel::Bound> bound) {
  return json::Object{
      {"seconds", seconds(picoseconds)},
      {"bound", bound ? json::Value(name(*bound)) : json::Value(nullptr)}};
}

//===----------------------------------------------------------------------===//
// Steps
//===----------------------------------------------------------------------===//

static json::Object stepJSON(const PlanReport &report, unsigned index) {
  const PlannedStep &step = report.cost.steps[index];
  const StepReport &figures = report.steps[index];
  json::Object object{
      {"inputs", json::Array{step.lhs, step.rhs}},
      {"result", step.result},
      {"equation", step.equation.text()},
      {"kind", name(step.kind)},
      {"macs", macsJSON(step.exactMacs, step.denseMacs)},
      {"shape", shapeJSON(step.shape)},
      {"value", toJSON(figures.value)},
      {"products", figures.products},
      {"moved_bytes", toJSON(figures.moved)},
      {"intensity", optionalJSON(intensity(figures.macs, figures.moved))}};
  object["predicted"] =
      figures.isPrepared()
          ? json::Value(nullptr)
          : json::Value(predictionJSON(figures.picoseconds, figures.bound));
  return object;
}

static json::Array kindsJSON(const PlanReport &report) {
  json::Array kinds;
  for (const auto &[kind, totals] : report.totalsByKind())
    kinds.push_back(json::Object{
        {"kind", name(kind)},
        {"steps", totals.steps},
        {"macs", toJSON(totals.macs)},
        {"moved_bytes", toJSON(totals.moved)},
        {"intensity", optionalJSON(intensity(totals.macs, totals.moved))},
        {"predicted", predictionJSON(totals.picoseconds, totals.mainBound())}});
  return kinds;
}

//===----------------------------------------------------------------------===//
// Other trees
//===----------------------------------------------------------------------===//

static json::Value otherJSON(const std::optional<OtherCost> &other) {
  if (!other)
    return nullptr;
  return json::Object{{"macs", macsJSON(other->exactMacs, other->denseMacs)},
                      {"value", toJSON(other->value)}};
}

/// One tree's step of a difference; null where it takes none.
static json::Value sideJSON(const PlanCost &cost,
                            const std::vector<StepReport> &steps,
                            std::optional<unsigned> step) {
  if (!step)
    return nullptr;
  const PlannedStep &planned = cost.steps[*step];
  return json::Object{{"step", *step},
                      {"equation", planned.equation.text()},
                      {"kind", name(planned.kind)},
                      {"macs", macsJSON(planned.exactMacs, planned.denseMacs)},
                      {"value", toJSON(steps[*step].value)}};
}

static json::Value comparisonJSON(const PlanReport &report) {
  if (!report.comparison)
    return nullptr;
  const TreeComparison &comparison = *report.comparison;
  json::Array differences;
  for (const StepDifference &difference : comparison.differences) {
    json::Array operands;
    for (unsigned operand : difference.operands.set_bits())
      operands.push_back(operand);
    differences.push_back(json::Object{
        {"operands", std::move(operands)},
        {"here", sideJSON(report.cost, report.steps, difference.here)},
        {"there",
         sideJSON(comparison.cost, comparison.steps, difference.there)}});
  }
  const PlannedTree &other = comparison.other;
  std::optional<double> ratio;
  if (other.value != 0)
    ratio = conveinsum::ratio(report.plan.value, other.value);
  return json::Object{{"tree", treeJSON(other.tree)},
                      {"proof", name(other.proof)},
                      {"value", toJSON(other.value)},
                      {"ratio", optionalJSON(ratio)},
                      {"differences", std::move(differences)},
                      {"costliest", comparison.costliest
                                        ? json::Value(*comparison.costliest)
                                        : json::Value(nullptr)}};
}

//===----------------------------------------------------------------------===//
// The object
//===----------------------------------------------------------------------===//

/// What the plan was asked for, and what is known of it.
static void addGoal(const PlanReport &report, json::Object &object) {
  const PlanGoal &goal = report.plan.goal;
  std::optional<Count> lowerBound = report.lowerBound();
  object["objective"] = goal.objective.name();
  object["count"] = goal.objective.count == MacCount::Exact ? "exact" : "dense";
  object["value"] = exactJSON(report.plan.value);
  if (std::optional<double> log2 = report.valueLog2())
    object["value_log2"] = *log2;
  object["lower_bound"] =
      lowerBound ? exactJSON(*lowerBound) : json::Value(nullptr);
  object["gap"] = optionalJSON(report.gap());
  object["moves"] = toJSON(Count(report.plan.moves));
  object["gradients"] = json::Array(goal.gradients);
  object["constants"] = json::Array(goal.constants);
  object["prepare"] = json::Array(report.prepared());
}

/// What the plan is predicted to do on the target.
static void addPrediction(const PlanReport &report, json::Object &object) {
  StepTotals totals = report.totals();
  json::Object predicted =
      predictionJSON(totals.picoseconds, totals.mainBound());
  predicted["target"] = report.plan.goal.target.name;
  object["predicted"] = std::move(predicted);
  object["moved_bytes"] = toJSON(totals.moved);
  object["intensity"] = optionalJSON(intensity(totals.macs, totals.moved));
  object["peak_bytes"] = toJSON(report.peakBytes);
  object["kinds"] = kindsJSON(report);
}

json::Object conveinsum::toJSON(const PlanReport &report) {
  const Equation &equation = report.equation;
  const PlanCost &cost = report.cost;
  json::Array steps;
  for (unsigned index = 0; index < cost.steps.size(); ++index)
    steps.push_back(stepJSON(report, index));
  json::Object object{
      {"name", nameJSON(report.name)},
      {"equation", report.text},
      {"shapes", shapesJSON(equation)},
      {"result_shape", shapeJSON(equation.resultShape())},
      {"dtype", std::string(name(report.plan.goal.dtype))},
      {"result_dtype", std::string(name(report.plan.goal.resultType))},
      {"macs", macsJSON(cost.exactMacs, cost.denseMacs)},
      {"largest_intermediate", toJSON(cost.largestIntermediate)},
      {"largest_intermediate_bytes", toJSON(report.largestBytes())},
      {"written", toJSON(cost.written)},
      {"written_bytes", toJSON(report.writtenBytes())},
      {"proof", name(report.plan.proof)},
      {"planning_seconds", report.plan.planningSeconds},
      {"left_to_right", otherJSON(report.leftToRight)},
      {"rebuild", otherJSON(report.rebuild)},
      {"warnings", json::Array(report.warnings())},
      {"steps", std::move(steps)}};
  addOrder(report.plan.tree, object);
  addGoal(report, object);
  addLimits(report, object);
  addPrediction(report, object);
  if (report.comparison)
    object["compare"] = comparisonJSON(report);
  return object;
}
