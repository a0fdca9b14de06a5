//===- Report.cpp - What all reports have in common -----------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Gathers what a report shows, and spells figures.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Report.h"
#include "ReportText.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Unicode.h"

using namespace conveinsum;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// The report
//===----------------------------------------------------------------------===//

PlanReport conveinsum::makeReport(std::string text, const Equation &equation,
                                  Plan plan, ElementType dtype) {
  PlanReport report;
  report.text = std::move(text);
  report.equation = equation;
  report.dtype = dtype;
  report.cost = evaluatePlan(equation, plan.tree);
  auto compare = [&](PlannerKind planner) -> std::optional<PlanCost> {
    PlannerOptions options{planner, PlanGoal(plan.goal.objective.count)};
    auto other = conveinsum::plan(equation, options, [](const Diagnostic &) {});
    if (!other)
      return std::nullopt;
    return evaluatePlan(equation, other->tree);
  };
  report.leftToRight = compare(PlannerKind::Left);
  report.rebuild = compare(PlannerKind::Rebuild);
  report.plan = std::move(plan);
  return report;
}

Count PlanReport::minimized(const PlanCost &cost) const {
  return plan.goal.objective.count == MacCount::Exact ? cost.exactMacs : cost.denseMacs;
}

Count PlanReport::minimized(const PlannedStep &step) const {
  return plan.goal.objective.count == MacCount::Exact ? step.exactMacs : step.denseMacs;
}

Count PlanReport::bytes(const PlannedStep &step) const {
  bool isLast = &step == &cost.steps.back();
  ElementType type = isLast ? dtype : intermediateType(dtype, dtype);
  return saturatingMultiply(step.elements, byteSize(type));
}

Count PlanReport::largestBytes() const {
  Count largest = 0;
  for (const PlannedStep &step : cost.steps)
    largest = std::max(largest, bytes(step));
  return largest;
}

Count PlanReport::writtenBytes() const {
  Count written = 0;
  for (const PlannedStep &step : cost.steps)
    written = saturatingAdd(written, bytes(step));
  return written;
}

//===----------------------------------------------------------------------===//
// Figures
//===----------------------------------------------------------------------===//

/// Four significant figures of a value in [1, 1024).
static std::string fourFigures(double value) {
  if (value >= 999.95)
    return llvm::formatv("{0:f0}", value);
  if (value >= 99.995)
    return llvm::formatv("{0:f1}", value);
  if (value >= 9.9995)
    return llvm::formatv("{0:f2}", value);
  return llvm::formatv("{0:f3}", value);
}

std::string conveinsum::humanCount(Count count) {
  if (count < 1000)
    return toString(count);
  static const char *const prefixes[] = {"", "k", "M", "G", "T", "P", "E"};
  double value = double(count);
  unsigned power = 0;
  // 999.95 and up would be rounded to four figures before the point.
  for (; value >= 999.95 && power + 1 < std::size(prefixes); ++power)
    value /= 1000;
  if (value >= 1000)
    return llvm::formatv("{0:e3}", double(count));
  return fourFigures(value) + " " + prefixes[power];
}

std::string conveinsum::humanBytes(Count bytes) {
  static const char *const units[] = {"B",   "KiB", "MiB", "GiB",
                                      "TiB", "PiB", "EiB"};
  if (bytes < 1024)
    return toString(bytes) + " B";
  double value = double(bytes);
  unsigned power = 0;
  for (; value >= 1023.95 && power + 1 < std::size(units); ++power)
    value /= 1024;
  if (value >= 1024)
    return llvm::formatv("{0:e3} B", double(bytes));
  return fourFigures(value) + " " + units[power];
}

std::string conveinsum::humanSeconds(double seconds) {
  if (seconds < 1e-3)
    return llvm::formatv("{0:f1} us", seconds * 1e6);
  if (seconds < 1)
    return llvm::formatv("{0:f2} ms", seconds * 1e3);
  return llvm::formatv("{0:f2} s", seconds);
}

double conveinsum::fraction(Count part, Count whole) {
  return whole == 0 ? 0 : double(part) / double(whole);
}

std::string conveinsum::shareText(Count part, Count whole) {
  if (whole == 0)
    return "";
  return llvm::formatv("{0:f1} %", 100 * fraction(part, whole));
}

std::string conveinsum::ratioText(Count count, Count plan) {
  if (plan == 0)
    return "";
  double ratio = fraction(count, plan);
  if (ratio >= 1e6)
    return llvm::formatv("{0:e2}x", ratio);
  if (ratio >= 99.95)
    return llvm::formatv("{0:f0}x", ratio);
  return llvm::formatv("{0:f2}x", ratio);
}

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

std::string conveinsum::modesText(const Equation &equation,
                                  llvm::ArrayRef<ModeId> modes) {
  std::string text;
  for (ModeId mode : modes)
    text += spellLabel(equation.label(mode));
  return text;
}

unsigned conveinsum::columns(StringRef text) {
  int width = llvm::sys::unicode::columnWidthUTF8(text);
  return width < 0 ? text.size() : width;
}
