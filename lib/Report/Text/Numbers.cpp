//===- Numbers.cpp - Figures and names as people read them ----------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Four figures are enough for a reader, and a prefix tells magnitudes apart.
//
//===----------------------------------------------------------------------===//

#include "Numbers.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Unicode.h"
#include <cmath>
#include <numeric>

using namespace conveinsum;
using llvm::StringRef;

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

/// A number that may be beyond the largest double as d.ddde+N.
static std::string scientific(const Count &count, unsigned decimals) {
  if (count.isInfinite())
    return toString(count);
  std::string digits = toString(count);
  size_t exponent = digits.size() - 1;
  uint64_t leading = std::stoull(digits.substr(0, decimals + 2));
  std::string rounded = std::to_string((leading + 5) / 10);
  // 9.9996 is rounded to 10.000.
  exponent += rounded.size() > decimals + 1;
  return rounded.substr(0, 1) + "." + rounded.substr(1, decimals) + "e+" +
         std::to_string(exponent);
}

std::string conveinsum::humanCount(Count count) {
  if (count < 1000)
    return toString(count);
  static const char *const prefixes[] = {"", "k", "M", "G", "T", "P", "E"};
  double value = double(count);
  unsigned power = 0;
  if (value >= 1e300)
    return scientific(count, 3);
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
  if (value >= 1e300)
    return scientific(bytes, 3) + " B";
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
  if (seconds >= 1e6)
    return llvm::formatv("{0:e2} s", seconds);
  return llvm::formatv("{0:f2} s", seconds);
}

std::string conveinsum::humanPicoseconds(Count picoseconds) {
  if (picoseconds.isInfinite())
    return "never";
  if (double(picoseconds) >= 1e300)
    return scientific(picoseconds / uint64_t(1'000'000'000'000), 2) + " s";
  return humanSeconds(double(picoseconds) * 1e-12);
}

std::string conveinsum::humanRatio(double ratio) {
  if (ratio >= 1e6)
    return llvm::formatv("{0:e2}", ratio);
  if (ratio >= 99.95)
    return llvm::formatv("{0:f0}", ratio);
  return llvm::formatv("{0:f2}", ratio);
}

std::string conveinsum::exactly(Count count) {
  // Nobody counts more digits; JSON has them all.
  constexpr unsigned most = 40;
  std::string digits = toString(count), human = humanCount(count);
  if (digits.size() > most)
    return human;
  return digits == human ? digits : digits + " (" + human + ")";
}

std::string conveinsum::title(const Objective &objective) {
  bool isDense = objective.count == MacCount::Dense;
  switch (objective.kind) {
  case ObjectiveKind::Flops:
    return isDense ? "dense MACs" : "MACs";
  case ObjectiveKind::Combo:
  case ObjectiveKind::Roof:
  case ObjectiveKind::Time:
    return objective.name() + (isDense ? " (dense MACs)" : "");
  case ObjectiveKind::Size:
  case ObjectiveKind::Write:
  case ObjectiveKind::Peak:
    return objective.name();
  }
  return "";
}

std::string conveinsum::humanValue(const Objective &objective, Count value) {
  switch (objective.kind) {
  case ObjectiveKind::Time:
    return humanPicoseconds(value);
  case ObjectiveKind::Peak:
    return humanBytes(value);
  default:
    return humanCount(value);
  }
}

std::string conveinsum::valueText(const Objective &objective, Count value) {
  switch (objective.kind) {
  case ObjectiveKind::Time:
    return humanPicoseconds(value);
  case ObjectiveKind::Peak:
    return toString(value) + " bytes, " + humanBytes(value);
  default: {
    std::string unit = objective.unit().str();
    return exactly(value) + (unit.empty() ? "" : " " + unit);
  }
  }
}

std::string conveinsum::titledText(const Objective &objective, Count value,
                                   StringRef separator) {
  bool isFlops = objective.kind == ObjectiveKind::Flops;
  return (title(objective) + separator +
          (isFlops ? exactly(value) : valueText(objective, value)))
      .str();
}

std::vector<bool> conveinsum::largest(llvm::ArrayRef<Count> values,
                                      size_t most) {
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  llvm::sort(order, [&](size_t a, size_t b) {
    return values[a] != values[b] ? values[a] > values[b] : a < b;
  });
  std::vector<bool> shown(values.size(), false);
  for (size_t index : llvm::ArrayRef(order).take_front(most))
    shown[index] = true;
  return shown;
}

double conveinsum::fraction(Count part, Count whole) {
  return whole == 0 ? 0 : ratio(part, whole);
}

std::string conveinsum::shareText(Count part, Count whole) {
  if (whole == 0)
    return "";
  return llvm::formatv("{0:f1} %", 100 * fraction(part, whole));
}

std::string conveinsum::ratioText(Count count, Count plan) {
  if (plan == 0)
    return "";
  if (double times = ratio(count, plan); !std::isinf(times))
    return humanRatio(times) + "x";
  return llvm::formatv("2^{0:f0}x", count.log2() - plan.log2());
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

std::string conveinsum::stepText(const PlannedStep &step) {
  return std::to_string(step.lhs) + "," + std::to_string(step.rhs) + "->" +
         std::to_string(step.result);
}

std::string conveinsum::listText(llvm::ArrayRef<unsigned> numbers) {
  std::string text;
  for (unsigned number : numbers)
    text += (text.empty() ? "" : ", ") + std::to_string(number);
  return text;
}

std::string conveinsum::objectiveText(const PlanReport &report) {
  const Objective &objective = report.objective();
  return title(objective) + " = " + humanValue(objective, report.plan.value) +
         ", predicted " + humanPicoseconds(report.totals().picoseconds) +
         " on " + report.plan.goal.target.name;
}

StringRef conveinsum::boundText(const StepReport &step) {
  return step.isPrepared() ? "prepare" : name(step.bound);
}

std::string conveinsum::predictionText(const StepReport &step) {
  if (step.isPrepared())
    return "done once, in prepare";
  std::string text =
      humanPicoseconds(step.picoseconds) + " (" + boundText(step).str() + "), ";
  if (step.products > 1)
    text += std::to_string(step.products) + " products, ";
  text += humanBytes(step.moved) + " moved";
  if (auto perByte = intensity(step.macs, step.moved))
    text += ", " + humanRatio(*perByte) + " MACs per byte";
  return text;
}

unsigned conveinsum::columns(StringRef text) {
  int width = llvm::sys::unicode::columnWidthUTF8(text);
  return width < 0 ? text.size() : width;
}
