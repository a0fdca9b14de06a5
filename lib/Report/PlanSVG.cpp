//===- PlanSVG.cpp - A drawing of the plan --------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A standalone SVG: operands above, the result at the bottom, one card per step
// with its equation, its kind (by colour), its share of what is minimised (as a
// bar) and what it writes. The thicker a line, the more elements flow along it.
//
//===----------------------------------------------------------------------===//

#include "Report/Drawing/SVGText.h"
#include "Report/Drawing/TreeLayout.h"
#include "Report/Text/Numbers.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>

using namespace conveinsum;
using llvm::formatv;
using llvm::StringRef;

static StringRef colorOf(StepKind kind) {
  switch (kind) {
  case StepKind::KernelMerge:
    return "#8e6bbf";
  case StepKind::Depthwise:
    return "#2f9e8f";
  case StepKind::Grouped:
    return "#4c9f38";
  case StepKind::Convolution:
    return "#d9822b";
  case StepKind::Outer:
    return "#9aa5b1";
  case StepKind::Elementwise:
    return "#5b7083";
  case StepKind::Contraction:
    return "#3b76c4";
  }
  return "#000000";
}

//===----------------------------------------------------------------------===//
// Cards
//===----------------------------------------------------------------------===//

namespace {
/// What stands in the box of one value.
struct Card {
  std::string title; ///< in bold
  std::vector<std::string> details;
  std::string tooltip;
  std::string color;
  double share = 0; ///< of the plan's value, 0 to 1
  bool isOperand = false;
  Count elements = 0;

  double width() const {
    double widest = 8.4 * columns(title);
    for (const std::string &detail : details)
      widest = std::max(widest, 6.9 * columns(detail));
    return widest + 28;
  }
};

/// The drawing's measures, in pixels.
constexpr double kMargin = 24, kCardHeight = 66, kRowHeight = 108, kGap = 22,
                 kTop = 84;
} // namespace

/// What is special about an operand under the goal.
static std::string operandTooltip(const PlanReport &report, unsigned operand) {
  const PlanGoal &goal = report.plan.goal;
  std::string text = "operand " + std::to_string(operand);
  if (llvm::is_contained(goal.gradients, operand))
    text += ", with a gradient";
  if (llvm::is_contained(goal.constants, operand))
    text += ", constant";
  return text;
}

static std::vector<Card> makeCards(const PlanReport &report) {
  const Equation &equation = report.equation;
  std::vector<Card> cards;
  for (unsigned operand = 0; operand < equation.numOperands(); ++operand) {
    Card card;
    card.title = modesText(equation, equation.operandModes(operand));
    card.details = {"operand " + std::to_string(operand),
                    toString(equation.operandShape(operand))};
    card.tooltip = operandTooltip(report, operand);
    card.color = "#c3cfdb";
    card.isOperand = true;
    card.elements = equation.elements(equation.singleton(operand));
    cards.push_back(std::move(card));
  }
  for (auto [index, step] : llvm::enumerate(report.cost.steps)) {
    const StepReport &figures = report.steps[index];
    Card card;
    card.title = step.equation.text();
    std::string share = shareText(figures.value, report.plan.value);
    card.details = {
        name(step.kind).str() + ", " + humanCount(report.counted(step)) +
            " MACs" + (share.empty() ? "" : ", " + share),
        toString(step.shape) + ", " + humanBytes(report.bytes(step))};
    card.tooltip = predictionText(figures);
    card.color = colorOf(step.kind).str();
    card.share = std::min(1.0, fraction(figures.value, report.plan.value));
    card.elements = step.elements;
    cards.push_back(std::move(card));
  }
  return cards;
}

static void printCard(llvm::raw_ostream &os, const Card &card, double x,
                      double y) {
  double width = card.width(), left = x - width / 2;
  os << "  <g><title>" << escapeXML(card.tooltip) << "</title>\n";
  os << formatv("  <rect x=\"{0:f1}\" y=\"{1:f1}\" width=\"{2:f1}\" "
                "height=\"{3:f1}\" rx=\"8\" fill=\"{4}\" stroke=\"{5}\"/>\n",
                left, y, width, kCardHeight,
                card.isOperand ? "#f2f5f9" : "#ffffff", card.color);
  if (!card.isOperand) {
    os << formatv("  <rect x=\"{0:f1}\" y=\"{1:f1}\" width=\"{2:f1}\" "
                  "height=\"4\" fill=\"#e8edf2\"/>\n",
                  left + 10, y + kCardHeight - 9, width - 20);
    os << formatv("  <rect x=\"{0:f1}\" y=\"{1:f1}\" width=\"{2:f1}\" "
                  "height=\"4\" fill=\"{3}\"/>\n",
                  left + 10, y + kCardHeight - 9, (width - 20) * card.share,
                  card.color);
  }
  printSVGText(os, x, y + 20, "equation", card.title);
  double line = y + 37;
  for (const std::string &detail : card.details) {
    printSVGText(os, x, line, "detail", detail);
    line += 15;
  }
  os << "  </g>\n";
}

/// From the bottom of one card to the top of the one that reads it.
static void printEdge(llvm::raw_ostream &os, double x1, double y1, double x2,
                      double y2, Count elements) {
  double middle = (y1 + y2) / 2;
  double thickness = 1 + 0.35 * std::log10(1 + double(elements));
  os << formatv("  <path d=\"M{0:f1} {1:f1} C{0:f1} {2:f1} {3:f1} {2:f1} "
                "{3:f1} {4:f1}\" fill=\"none\" stroke=\"#b4c0cc\" "
                "stroke-width=\"{5:f2}\"/>\n",
                x1, y1, middle, x2, y2, thickness);
}

//===----------------------------------------------------------------------===//
// The drawing
//===----------------------------------------------------------------------===//

static std::string summary(const PlanReport &report) {
  return humanCount(report.cost.exactMacs) + " exact MACs, " +
         humanCount(report.cost.denseMacs) + " dense; largest intermediate " +
         humanBytes(report.largestBytes()) + "; " +
         name(report.plan.proof).str() + "; " + objectiveText(report);
}

static constexpr const char *kStyles =
    "    text { text-anchor: middle; fill: #1f2a37; font-family: ui-monospace, "
    "Menlo, Consolas, 'DejaVu Sans Mono', monospace; }\n"
    "    .head { font-size: 17px; font-weight: bold; text-anchor: start; }\n"
    "    .note { font-size: 13px; fill: #52606d; text-anchor: start; }\n"
    "    .equation { font-size: 14px; font-weight: bold; }\n"
    "    .detail { font-size: 11.5px; fill: #52606d; }\n";

static void printHead(llvm::raw_ostream &os, const PlanReport &report,
                      double width, double height) {
  openSVG(os, report.text, kStyles, width, height);
  std::string head =
      report.name ? *report.name + ": " + report.text : report.text;
  printSVGText(os, kMargin, 36, "head", head);
  printSVGText(os, kMargin, 58, "note", summary(report));
}

void conveinsum::printSVG(const PlanReport &report, llvm::raw_ostream &os) {
  std::vector<Card> cards = makeCards(report);
  std::vector<double> widths;
  for (const Card &card : cards)
    widths.push_back(card.width());
  TreeLayout layout = layoutTree(report.plan.tree, widths, kGap);

  double headWidth =
      std::max(10.3 * (columns(report.text) +
                       (report.name ? columns(*report.name) + 2 : 0)),
               8.0 * columns(summary(report)));
  double width = std::max(layout.width, headWidth) + 2 * kMargin;
  double height = kTop + (layout.rows - 1) * kRowHeight + kCardHeight + kMargin;
  double shift = (width - layout.width) / 2;
  auto x = [&](unsigned value) { return layout.places[value].x + shift; };
  auto y = [&](unsigned value) {
    return kTop + layout.places[value].row * kRowHeight;
  };

  printHead(os, report, width, height);
  for (const PlannedStep &step : report.cost.steps)
    for (unsigned input : {step.lhs, step.rhs})
      printEdge(os, x(input), y(input) + kCardHeight, x(step.result),
                y(step.result), cards[input].elements);
  for (unsigned value = 0; value < cards.size(); ++value)
    printCard(os, cards[value], x(value), y(value));
  os << "</svg>\n";
}
