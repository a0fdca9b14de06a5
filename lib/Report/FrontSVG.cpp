//===- FrontSVG.cpp - A drawing of a front --------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// With a budget between two points the left one is what one gets, so the front
// is a staircase. Points of the tree with the fewest MACs are filled, those of
// others are not: where the front leaves that tree, choosing the tree first
// would miss it.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Report/FrontSVG.h"
#include "Report/Drawing/LabelPlacer.h"
#include "Report/Drawing/SVGText.h"
#include "Report/Drawing/Scales.h"
#include "Report/Text/Numbers.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVectorExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include <set>

using namespace conveinsum;
using llvm::ArrayRef;
using llvm::formatv;
using llvm::raw_ostream;
using llvm::StringRef;

static constexpr double kWidth = 880, kMargin = 28, kLeft = 84, kRight = 104,
                        kHead = 36, kLine = 18, kPlotHeight = 350, kBottom = 68;
/// Parts of the axes beyond the points: room for labels.
static constexpr double kRoomRight = 0.05, kRoomTop = 0.1, kRoomBottom = 0.2;
static constexpr unsigned kSubtitleColumns = 112;

static constexpr const char *kStyles =
    "    text { fill: #1f2a37; font-family: system-ui, 'Segoe UI', Helvetica, "
    "Arial, 'DejaVu Sans', sans-serif; font-size: 12.5px; }\n"
    "    .head { font-size: 18px; font-weight: bold; }\n"
    "    .equation { font-size: 12px; fill: #52606d; font-family: "
    "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace; }\n"
    "    .axis { fill: #52606d; }\n"
    "    .left, .end { text-anchor: end; }\n"
    "    .left { fill: #52606d; }\n"
    "    .middle { text-anchor: middle; fill: #52606d; }\n"
    "    .label { font-weight: 600; paint-order: stroke; stroke: #ffffff; "
    "stroke-width: 4px; stroke-linejoin: round; }\n"
    "    .strong { fill: #b8520a; }\n"
    "    .grid { stroke: #e5eaf0; }\n"
    "    .rule { stroke: #9aa5b1; }\n"
    "    .leader { stroke: #9aa5b1; stroke-width: 0.8; }\n"
    "    .front { fill: none; stroke: #3b76c4; stroke-width: 2; "
    "stroke-linejoin: round; }\n"
    "    .best { fill: #3b76c4; stroke: #ffffff; }\n"
    "    .other { fill: #ffffff; stroke: #3b76c4; stroke-width: 1.6; }\n"
    "    .budget { fill: none; stroke: #d9822b; stroke-dasharray: 4 4; }\n"
    "    .pick { fill: none; stroke: #d9822b; stroke-width: 2.5; }\n"
    "    .dot:hover { stroke: #d9822b; stroke-width: 3; }\n";

//===----------------------------------------------------------------------===//
// Texts
//===----------------------------------------------------------------------===//

/// Sets of operands, as docs/Training.md names values.
static std::string valuesText(const TrainingPoint &point,
                              ArrayRef<unsigned> values) {
  std::string text;
  for (unsigned value : values) {
    OperandSet set = point.tree.operandsOf(value);
    text += text.empty() ? "{" : " {";
    for (unsigned operand : set.set_bits()) {
      text += text.back() == '{' ? "" : ",";
      text += std::to_string(operand);
    }
    text += "}";
    if (text.size() > 200) // is cut anyway
      break;
  }
  return text.empty() ? "nothing" : shortened(text, 120);
}

/// An estimate for the fonts of the style sheet; rather too wide.
static double textWidth(StringRef text) { return 7.3 * columns(text); }

//===----------------------------------------------------------------------===//
// The drawing
//===----------------------------------------------------------------------===//

namespace {
class FrontDrawing {
public:
  FrontDrawing(ArrayRef<TrainingPoint> front, const FrontLabels &labels,
               raw_ostream &os)
      : front(front), labels(labels), os(os),
        subtitle(wrapped(labels.subtitle, kSubtitleColumns, 2)),
        scale(llvm::map_to_vector(
            front, [&](const TrainingPoint &point) { return bytes(point); })),
        fewest(front.empty() ? 0 : front.back().macs),
        highest(front.empty() ? 0 : excess(front.front().macs)),
        ticks(highest > 0 ? highest : 0.1) {
    double top = kHead + kLine * subtitle.size() + 52;
    frame = {kLeft, top, kWidth - kRight, top + kPlotHeight};
    for (const TrainingPoint &point : front)
      trees.push_back(point.tree.treeText());
  }

  void print() {
    openSVG(os, labels.title, kStyles, kWidth, frame.bottom + kBottom);
    printHead();
    printGrid();
    if (!front.empty()) {
      printStaircase();
      printPicked();
      for (size_t index = 0; index < front.size(); ++index)
        printPoint(index);
      printLabels();
      printLegend();
    }
    os << "</svg>\n";
  }

private:
  //===--------------------------------------------------------------------===//
  // Scales
  //===--------------------------------------------------------------------===//

  Count bytes(const TrainingPoint &point) const {
    return point.kept * byteSize(labels.dtype);
  }
  /// By which part of the fewest MACs there are more; no part is drawn that
  /// is beyond what doubles hold.
  double excess(Count macs) const {
    return macs <= fewest || fewest == 0
               ? 0
               : std::min(conveinsum::ratio(macs - fewest, fewest), 1e250);
  }
  double xOf(Count bytes) const {
    return frame.left +
           (frame.right - frame.left) * scale.part(bytes) / (1 + kRoomRight);
  }
  double yOf(double excess) const {
    // A single point is on the grid line of 1, in the middle.
    double part = highest > 0 ? excess / highest : 0.4;
    return frame.bottom - (frame.bottom - frame.top) * (part + kRoomBottom) /
                              (1 + kRoomTop + kRoomBottom);
  }
  double x(size_t index) const { return xOf(bytes(front[index])); }
  double y(size_t index) const { return yOf(excess(front[index].macs)); }

  bool isOfBestTree(size_t index) const { return trees[index] == trees.back(); }
  std::string ratio(size_t index) const {
    double excess = this->excess(front[index].macs);
    return excess == 0 ? "1x" : ticks.text(1 + excess, 1) + "x";
  }

  //===--------------------------------------------------------------------===//
  // Frame
  //===--------------------------------------------------------------------===//

  void text(double x, double y, StringRef style, StringRef text) {
    printSVGText(os, x, y, style, text);
  }
  void line(StringRef style, double x1, double y1, double x2, double y2) {
    os << formatv("  <line class=\"{0}\" x1=\"{1:f1}\" y1=\"{2:f1}\" "
                  "x2=\"{3:f1}\" y2=\"{4:f1}\"/>\n",
                  style, x1, y1, x2, y2);
  }

  void printHead() {
    text(kMargin, kHead, "head", shortened(labels.title, 72));
    double y = kHead + 4;
    for (const std::string &line : subtitle)
      text(kMargin, y += kLine, "equation", line);
    text(kMargin, frame.top - 14, "axis",
         "MACs of forward and backward, relative to the fewest");
    text(kWidth - kMargin, frame.top - 14, "left", "MACs");
    text(frame.right, frame.bottom + 48, "left",
         scale.isLogarithmic() ? "kept from forward to backward, logarithmic"
                               : "kept from forward to backward");
  }

  void printGrid() {
    for (Count tick : scale.ticks()) {
      double x = xOf(tick);
      line("grid", x, frame.top, x, frame.bottom);
      text(x, frame.bottom + 20, "middle", shortBytes(tick));
    }
    for (unsigned tick = 0; !front.empty(); ++tick) {
      double excess = tick * ticks.step, y = yOf(excess);
      if (y < frame.top || (tick > 0 && highest == 0))
        break;
      line("grid", frame.left, y, frame.right, y);
      text(frame.left - 10, y + 4, "left", ticks.text(1 + excess) + "x");
      text(frame.right + 10, y + 4, "axis", humanCount(macsAt(excess)));
    }
    line("rule", frame.left, frame.bottom, frame.right, frame.bottom);
  }

  Count macsAt(double excess) const {
    // In 2^-40 of the fewest, which no label tells apart.
    constexpr double parts = 0x1p40;
    return fewest + fewest * Count::fromDouble(excess * parts) /
                        Count::fromDouble(parts);
  }

  //===--------------------------------------------------------------------===//
  // Points
  //===--------------------------------------------------------------------===//

  void printStaircase() {
    std::string path;
    llvm::raw_string_ostream steps(path);
    steps << formatv("M{0:f1} {1:f1}", x(0), y(0));
    for (size_t index = 1; index < front.size(); ++index)
      steps << formatv("H{0:f1}V{1:f1}", x(index), y(index));
    steps << formatv("H{0:f1}", frame.right);
    os << formatv("  <path fill=\"#f1f6fc\" d=\"{0}V{1:f1}H{2:f1}Z\"/>\n", path,
                  frame.top, x(0));
    os << formatv("  <path class=\"front\" d=\"{0}\"/>\n", path);
  }

  void printPicked() {
    if (!isPicked())
      return;
    double x = this->x(*labels.picked), y = this->y(*labels.picked);
    os << formatv("  <path class=\"budget\" d=\"M{0:f1} {1:f1}V{2:f1}\"/>\n", x,
                  y, frame.bottom);
    os << formatv("  <circle class=\"pick\" cx=\"{0:f1}\" cy=\"{1:f1}\" "
                  "r=\"8\"/>\n",
                  x, y);
  }
  bool isPicked() const {
    return labels.picked && *labels.picked < front.size();
  }

  std::string tooltip(size_t index) const {
    const TrainingPoint &point = front[index];
    return "kept " + humanBytes(bytes(point)) + ", " + toString(point.kept) +
           " elements: " + valuesText(point, point.keptValues) + "\n" +
           exactly(point.macs) + " MACs, " + ratio(index) +
           "\nrecomputed: " + valuesText(point, point.recomputedValues) +
           "\ntree " + shortened(trees[index], 120) + "\npeak forward " +
           humanBytes(point.forwardPeak) + ", backward " +
           humanBytes(point.backwardPeak);
  }

  void printPoint(size_t index) {
    double radius = front.size() <= 60 ? 4.5 : front.size() <= 200 ? 3.2 : 2.2;
    os << formatv("  <circle class=\"dot {0}\" cx=\"{1:f1}\" cy=\"{2:f1}\" "
                  "r=\"{3:f1}\"><title>",
                  isOfBestTree(index) ? "best" : "other", x(index), y(index),
                  radius)
       << escapeXML(tooltip(index)) << "</title></circle>\n";
  }

  //===--------------------------------------------------------------------===//
  // Labels
  //===--------------------------------------------------------------------===//

  /// The point farthest below the line between the ends, if there is one well
  /// below it.
  std::optional<size_t> knee() const {
    std::optional<size_t> best;
    double farthest = 0.1;
    for (size_t index = 1; index + 1 < front.size(); ++index) {
      Count range = front.back().kept - front.front().kept;
      double across =
          conveinsum::ratio(front[index].kept - front.front().kept, range);
      double below = 1 - across - excess(front[index].macs) / highest;
      if (below > farthest) {
        farthest = below;
        best = index;
      }
    }
    return best;
  }

  std::string nameOf(size_t index) const {
    bool keepsNothing = front[index].kept == 0;
    bool recomputesNothing = front[index].recomputedValues.empty();
    if (index == 0 && keepsNothing)
      return recomputesNothing ? "keep nothing, recompute nothing"
                               : "keep nothing";
    if (index + 1 == front.size() && recomputesNothing)
      return "recompute nothing";
    return index == knee() ? "knee" : "";
  }

  std::string labelOf(size_t index) const {
    std::string name = nameOf(index);
    if (isPicked() && index == *labels.picked)
      name = name.empty() ? "picked" : "picked, " + name;
    std::string text = name.empty() ? "" : name + ": ";
    if (front[index].kept != 0)
      text += shortBytes(bytes(front[index])) + ", ";
    return text + ratio(index);
  }

  void printLabels() {
    LabelPlacer placer(frame);
    std::vector<size_t> order{0, front.size() - 1};
    if (isPicked())
      order.insert(order.begin(), *labels.picked);
    if (auto index = knee())
      order.push_back(*index);
    std::set<size_t> done;
    for (size_t index : order)
      if (done.insert(index).second)
        printLabel(placer, index);
  }

  void printLabel(LabelPlacer &placer, size_t index) {
    std::string label = labelOf(index);
    bool isLast = index > 0 && index + 1 == front.size();
    auto place = placer.place(x(index), y(index), textWidth(label), isLast);
    if (!place)
      return;
    const PixelBox &box = place->box;
    double near = place->isBelow ? box.right : box.left;
    if (place->needsLeader)
      line("leader", x(index), y(index), near,
           place->isBelow ? box.top + 4 : box.bottom - 4);
    std::string style = place->isBelow ? "label end" : "label";
    if (isPicked() && index == *labels.picked)
      style += " strong";
    text(near, box.bottom - 4, style, label);
  }

  /// Below the axis, where no front is.
  void printLegend() {
    std::set<std::string> different(trees.begin(), trees.end());
    std::string points = std::to_string(front.size()) +
                         (front.size() == 1 ? " point, " : " points, ") +
                         std::to_string(different.size()) +
                         (different.size() == 1 ? " tree" : " trees");
    double x = frame.left, y = frame.bottom + 48;
    text(x, y, "axis", points);
    if (different.size() == 1)
      return;
    x += textWidth(points) + 20;
    for (auto [style, what] : {std::pair("best", "tree with the fewest MACs"),
                               std::pair("other", "another tree")}) {
      os << formatv("  <circle class=\"{0}\" cx=\"{1:f1}\" cy=\"{2:f1}\" "
                    "r=\"4.5\"/>\n",
                    style, x, y - 4);
      text(x + 11, y, "axis", what);
      x += textWidth(what) + 20;
    }
  }

  ArrayRef<TrainingPoint> front;
  const FrontLabels &labels;
  raw_ostream &os;
  std::vector<std::string> subtitle, trees;
  ByteScale scale;
  Count fewest;   ///< MACs
  double highest; ///< of all excesses
  RatioTicks ticks;
  PixelBox frame{};
};
} // namespace

void conveinsum::printFrontSVG(ArrayRef<TrainingPoint> front,
                               const FrontLabels &labels, raw_ostream &os) {
  FrontDrawing(front, labels, os).print();
}
