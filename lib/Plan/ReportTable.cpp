//===- ReportTable.cpp - The plan as a table ------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The layout of opt_einsum's `contract_path`: totals first, then a row per step
// with its scaling and what remains after it. Added are the kind of the step,
// both MAC counts, the bytes it writes, and what usual orders would cost.
//
//===----------------------------------------------------------------------===//

#include "ReportText.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace conveinsum;
using llvm::StringRef;

namespace {
/// Escape sequences, or nothing.
struct Style {
  bool enabled;
  StringRef bold() const { return enabled ? "\033[1m" : ""; }
  StringRef dim() const { return enabled ? "\033[2m" : ""; }
  StringRef good() const { return enabled ? "\033[32m" : ""; }
  StringRef hot() const { return enabled ? "\033[1;33m" : ""; }
  StringRef reset() const { return enabled ? "\033[0m" : ""; }
};

/// A grid of cells with columns as wide as their widest cell.
class Grid {
public:
  struct Column {
    StringRef title;
    bool alignRight;
  };

  explicit Grid(std::vector<Column> columns) : header(std::move(columns)) {
    for (const Column &column : header)
      widths.push_back(columns_(column.title));
  }

  void add(std::vector<std::string> row) {
    for (unsigned index = 0; index < row.size(); ++index)
      widths[index] = std::max(widths[index], columns_(row[index]));
    rows.push_back(std::move(row));
  }

  unsigned width() const {
    unsigned total = 2 * (widths.size() - 1);
    for (unsigned width : widths)
      total += width;
    return total;
  }

  void printHeader(llvm::raw_ostream &os) const {
    std::vector<std::string> titles;
    for (const Column &column : header)
      titles.push_back(column.title.str());
    printCells(titles, os);
  }
  void printRow(unsigned index, llvm::raw_ostream &os) const {
    printCells(rows[index], os);
  }

private:
  static unsigned columns_(StringRef text) { return conveinsum::columns(text); }

  void printCells(const std::vector<std::string> &cells,
                  llvm::raw_ostream &os) const {
    for (unsigned index = 0; index < cells.size(); ++index) {
      unsigned fill = widths[index] - columns_(cells[index]);
      bool isLast = index + 1 == cells.size();
      if (header[index].alignRight)
        os.indent(fill) << cells[index];
      else
        (os << cells[index]).indent(isLast ? 0 : fill);
      os << (isLast ? "" : "  ");
    }
  }

  std::vector<Column> header;
  std::vector<unsigned> widths;
  std::vector<std::vector<std::string>> rows;
};
} // namespace

//===----------------------------------------------------------------------===//
// Scaling and remaining operands
//===----------------------------------------------------------------------===//

/// Nested loops of a step: one per mode, two per conv mode that both sides
/// hold.
static unsigned scaling(const Equation &equation, const PlannedStep &step,
                        llvm::ArrayRef<Value> values) {
  auto left = equation.kept(values[step.lhs].set);
  auto right = equation.kept(values[step.rhs].set);
  unsigned loops = left.size() + right.size();
  for (ModeId mode : left)
    if (!equation.relation(mode) && llvm::is_contained(right, mode))
      --loops;
  return loops;
}

/// Nested loops of the definition: one per plain mode, one per participant of a
/// conv mode.
static unsigned naiveScaling(const Equation &equation) {
  unsigned loops = 0;
  for (ModeId mode = 0; mode < equation.numModes(); ++mode) {
    const LinearRelation *relation = equation.relation(mode);
    loops += relation ? relation->terms.size() : 1;
  }
  return loops;
}

/// Whether a conv mode is still to be evaluated among the values. The only
/// participant of an equation is sliced in the step that reads it.
static bool isOpen(const Equation &equation, const LinearRelation &relation,
                   llvm::ArrayRef<const Value *> live) {
  return llvm::none_of(live, [&](const Value *value) {
    return equation.isComplete(relation, value->set) && value->set.count() > 1;
  });
}

/// The equation that is left when `live` are the values that remain; opt_einsum
/// cuts it short in the same way.
static std::string remainingText(const Equation &equation,
                                 llvm::ArrayRef<const Value *> live) {
  if (live.size() > 20)
    return "...";
  std::string text;
  for (const Value *value : live)
    text += (text.empty() ? "" : ",") + modesText(equation, value->modes);
  text += "->" + modesText(equation, equation.resultModes());
  std::string open;
  for (const LinearRelation &relation : equation.relations())
    if (isOpen(equation, relation, live))
      open += spellLabel(equation.label(relation.mode));
  return open.empty() ? text : text + "|" + open;
}

/// One text per step, in the order of opt_einsum's list: the two are removed,
/// the result is appended.
static std::vector<std::string> remainingTexts(const PlanReport &report,
                                               llvm::ArrayRef<Value> values) {
  std::vector<const Value *> live;
  for (unsigned operand = 0; operand < report.equation.numOperands(); ++operand)
    live.push_back(&values[operand]);
  std::vector<std::string> texts;
  for (const PlannedStep &step : report.cost.steps) {
    llvm::erase(live, &values[step.lhs]);
    llvm::erase(live, &values[step.rhs]);
    live.push_back(&values[step.result]);
    texts.push_back(remainingText(report.equation, live));
  }
  return texts;
}

//===----------------------------------------------------------------------===//
// Totals
//===----------------------------------------------------------------------===//

/// A line of the totals; labels end in the same column.
static llvm::raw_ostream &total(llvm::raw_ostream &os, const Style &style,
                                StringRef label) {
  os.indent(24 - std::min<size_t>(24, label.size()))
      << style.dim() << label << ':' << style.reset() << "  ";
  return os;
}

static std::string exactly(Count count) {
  std::string digits = toString(count), human = humanCount(count);
  return digits == human ? digits : digits + " (" + human + ")";
}

static void printComparison(const PlanReport &report, llvm::raw_ostream &os,
                            const Style &style, StringRef label,
                            const std::optional<PlanCost> &other) {
  if (!other)
    return;
  Count count = report.minimized(*other);
  total(os, style, label) << exactly(count);
  std::string ratio = ratioText(count, report.minimized(report.cost));
  if (!ratio.empty())
    os << ", " << ratio << " the plan";
  os << '\n';
}

static std::string shapesText(const PlanReport &report) {
  std::string text;
  for (unsigned operand = 0; operand < report.equation.numOperands(); ++operand)
    text += (operand == 0 ? "" : ", ") +
            toString(report.equation.operandShape(operand));
  return text + " -> " + toString(report.equation.resultShape());
}

static void printMacs(const PlanReport &report, llvm::raw_ostream &os,
                      const Style &style) {
  StringRef exactNote, denseNote;
  (report.plan.goal.objective.count == MacCount::Exact ? exactNote : denseNote) =
      ", minimised";
  total(os, style, "Exact MAC count")
      << style.bold() << exactly(report.cost.exactMacs) << style.reset()
      << exactNote << '\n';
  total(os, style, "Dense MAC count")
      << exactly(report.cost.denseMacs) << denseNote << '\n';
  total(os, style, "Optimized FLOP count")
      << exactly(saturatingMultiply(2, report.minimized(report.cost)))
      << ", 2 per MAC\n";
}

static void printTotals(const PlanReport &report, llvm::raw_ostream &os,
                        const Style &style, unsigned optimizedScaling) {
  const PlanCost &cost = report.cost;
  if (report.name)
    total(os, style, "Name") << *report.name << '\n';
  total(os, style, "Complete contraction")
      << style.bold() << report.text << style.reset() << '\n';
  total(os, style, "Shapes")
      << shapesText(report) << " (" << std::string(name(report.dtype)) << ")\n";
  total(os, style, "Naive scaling") << naiveScaling(report.equation) << '\n';
  total(os, style, "Optimized scaling") << optimizedScaling << '\n';
  printMacs(report, os, style);
  printComparison(report, os, style, "Naive, left to right",
                  report.leftToRight);
  printComparison(report, os, style, "Rebuild, then convolve", report.rebuild);
  total(os, style, "Largest intermediate")
      << exactly(cost.largestIntermediate) << " elements, "
      << humanBytes(report.largestBytes()) << '\n';
  total(os, style, "Written") << exactly(cost.written) << " elements, "
                              << humanBytes(report.writtenBytes()) << '\n';
  total(os, style, "Plan") << style.good() << name(report.plan.proof)
                           << style.reset() << ", planned in "
                           << humanSeconds(report.plan.planningSeconds) << '\n';
  total(os, style, "Tree") << report.plan.tree.treeText() << '\n';
}

//===----------------------------------------------------------------------===//
// Steps
//===----------------------------------------------------------------------===//

static void printSteps(const PlanReport &report, llvm::raw_ostream &os,
                       const Style &style, llvm::ArrayRef<unsigned> scalings,
                       llvm::ArrayRef<std::string> remaining) {
  Grid grid({{"step", true},
             {"scaling", true},
             {"kind", false},
             {"current", false},
             {"exact MACs", true},
             {"dense MACs", true},
             {"share", true},
             {"bytes", true},
             {"shape", false},
             {"remaining", false}});
  Count whole = report.minimized(report.cost), hottest = 0;
  for (auto [index, step] : llvm::enumerate(report.cost.steps)) {
    hottest = std::max(hottest, report.minimized(step));
    grid.add({std::to_string(step.lhs) + "," + std::to_string(step.rhs) + "->" +
                  std::to_string(step.result),
              std::to_string(scalings[index]), name(step.kind).str(),
              step.equation.text(), humanCount(step.exactMacs),
              humanCount(step.denseMacs),
              shareText(report.minimized(step), whole),
              humanBytes(report.bytes(step)), toString(step.shape),
              remaining[index]});
  }
  std::string rule(grid.width(), '-');
  os << rule << '\n' << style.bold();
  grid.printHeader(os);
  os << style.reset() << '\n' << rule << '\n';
  for (auto [index, step] : llvm::enumerate(report.cost.steps)) {
    bool isHot = hottest != 0 && report.minimized(step) == hottest;
    if (isHot)
      os << style.hot();
    grid.printRow(index, os);
    if (isHot)
      os << style.reset();
    os << '\n';
  }
}

void conveinsum::printTable(const PlanReport &report, llvm::raw_ostream &os,
                            bool color) {
  Style style{color};
  std::vector<Value> values = planValues(report.equation, report.plan.tree);
  std::vector<unsigned> scalings;
  for (const PlannedStep &step : report.cost.steps)
    scalings.push_back(scaling(report.equation, step, values));
  unsigned largest = scalings.empty() ? 0 : *llvm::max_element(scalings);
  printTotals(report, os, style, largest);
  if (!report.cost.steps.empty())
    printSteps(report, os, style, scalings, remainingTexts(report, values));
}
