//===- PlanLimits.cpp - What limits asked of a plan -----------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every part is there only if someone asked for it.
//
//===----------------------------------------------------------------------===//

#include "PlanLimits.h"
#include "PlanJSON.h"
#include "PlanTotals.h"
#include "Report/Text/Numbers.h"
#include "llvm/Support/raw_ostream.h"

using namespace conveinsum;
namespace json = llvm::json;

std::string conveinsum::valuesText(const ContractionTree &tree,
                                   llvm::ArrayRef<unsigned> values) {
  if (values.empty())
    return "none";
  std::string text;
  for (unsigned value : values) {
    OperandSet operands = tree.operandsOf(value);
    text += text.empty() ? "{" : " {";
    for (unsigned operand : operands.set_bits())
      text += (text.back() == '{' ? "" : ",") + std::to_string(operand);
    text += "}";
  }
  return text;
}

//===----------------------------------------------------------------------===//
// Table
//===----------------------------------------------------------------------===//

static void printMemoryLimit(const MemoryReport &memory, llvm::raw_ostream &os,
                             const Style &style) {
  TotalLine line(os, style, "Memory limit");
  line << humanBytes(memory.limit) << ", the peak is "
       << humanBytes(memory.peak);
  if (memory.depthFirstPeak != memory.peak)
    line << " (depth first " << humanBytes(memory.depthFirstPeak) << ")";
}

static void printScope(const MemoryReport &memory, llvm::raw_ostream &os,
                       const Style &style) {
  if (memory.scope)
    TotalLine(os, style, "Best of")
        << name(*memory.scope) << " within the limit";
}

static void printKept(const PlanReport &report, const KeptReport &kept,
                      llvm::raw_ostream &os, const Style &style) {
  const TrainingPoint &point = kept.point;
  const ContractionTree &tree = point.tree;
  TotalLine(os, style, "Keep limit")
      << humanBytes(kept.limit) << ", "
      << (kept.isOptimal ? "no tree trains with fewer MACs within it"
                         : "the fewest MACs of this tree within it");
  TotalLine(os, style, "Kept") << exactly(point.kept) << " elements, "
                               << humanBytes(keptBytes(point, report.plan.goal))
                               << ": " << valuesText(tree, point.keptValues);
  TotalLine(os, style, "Recomputed")
      << valuesText(tree, point.recomputedValues);
  TotalLine(os, style, "Training peaks")
      << "forward " << humanBytes(point.forwardPeak) << ", backward "
      << humanBytes(point.backwardPeak) << ", without operands and gradients";
}

static std::string sliceText(const SlicedMode &mode) {
  std::string text = spellLabel(mode.label) + " into " +
                     std::to_string(mode.chunks) + " of " +
                     std::to_string(mode.cut.chunk);
  if (mode.halo > 0)
    text += " (halo " + std::to_string(mode.halo) + ")";
  return text;
}

static void printSlicing(const PlanReport &report, const SlicedPlan &sliced,
                         llvm::raw_ostream &os, const Style &style) {
  std::string modes;
  for (const SlicedMode &mode : sliced.modes)
    modes += ", " + sliceText(mode);
  TotalLine(os, style, "Slices") << exactly(sliced.cost.slices) << modes;
  TotalLine(os, style, "Of all slices")
      << valueText(report.objective(), sliced.cost.value) << ", "
      << humanRatio(sliced.overhead()) << "x the plan without a limit";
}

void conveinsum::printLimits(const PlanReport &report, llvm::raw_ostream &os,
                             const Style &style) {
  if (report.memory) {
    printMemoryLimit(*report.memory, os, style);
    printScope(*report.memory, os, style);
  }
  if (report.slicing)
    printSlicing(report, *report.slicing, os, style);
  if (report.kept)
    printKept(report, *report.kept, os, style);
}

//===----------------------------------------------------------------------===//
// JSON
//===----------------------------------------------------------------------===//

json::Object conveinsum::pointJSON(const TrainingPoint &point,
                                   const PlanGoal &goal) {
  return json::Object{
      {"kept", toJSON(point.kept)},
      {"kept_bytes", toJSON(keptBytes(point, goal))},
      {"macs", toJSON(point.macs)},
      {"written", toJSON(point.written)},
      {"forward_peak", toJSON(point.forwardPeak)},
      {"backward_peak", toJSON(point.backwardPeak)},
      {"kept_values", json::Array(point.keptValues)},
      {"recomputed_values", json::Array(point.recomputedValues)}};
}

static json::Object memoryJSON(const MemoryReport &memory) {
  return json::Object{{"limit", toJSON(memory.limit)},
                      {"peak", toJSON(memory.peak)},
                      {"depth_first_peak", toJSON(memory.depthFirstPeak)},
                      {"scope", memory.scope ? json::Value(name(*memory.scope))
                                             : json::Value(nullptr)}};
}

static json::Object slicingJSON(const PlanReport &report,
                                const SlicedPlan &sliced) {
  json::Array modes;
  for (const SlicedMode &mode : sliced.modes) {
    json::Object object{{"mode", mode.label},
                        {"chunk", mode.cut.chunk},
                        {"count", mode.chunks},
                        {"operand", nullptr},
                        {"halo", mode.halo}};
    if (mode.cut.operand)
      object["operand"] = *mode.cut.operand;
    modes.push_back(std::move(object));
  }
  return json::Object{
      {"modes", std::move(modes)},
      {"slices", toJSON(sliced.cost.slices)},
      {"value", toJSON(sliced.cost.value)},
      {"unsliced_value", toJSON(sliced.unslicedValue)},
      {"overhead", sliced.overhead()},
      {"peak", toJSON(sliced.cost.peak)},
      {"hoisted", json::Array(sliced.cost.hoisted)},
      {"accumulates", accumulates(report.equation, sliced.slicing)}};
}

void conveinsum::addLimits(const PlanReport &report, json::Object &object) {
  const PlanGoal &goal = report.plan.goal;
  if (report.kept) {
    json::Object training = pointJSON(report.kept->point, goal);
    training["limit"] = toJSON(report.kept->limit);
    training["optimal"] = report.kept->isOptimal;
    object["training"] = std::move(training);
  } else if (!goal.gradients.empty()) {
    object["training"] = json::Object{{"macs", toJSON(report.totals().macs)}};
  }
  if (report.memory)
    object["memory"] = memoryJSON(*report.memory);
  if (report.slicing)
    object["slicing"] = slicingJSON(report, *report.slicing);
  if (report.cached)
    object["cached"] = *report.cached;
}
