//===- PlanDOT.cpp - The plan as a Graphviz graph -------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One box per operand, one per step, an edge per input.
//
//===----------------------------------------------------------------------===//

#include "Report/Text/Numbers.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace conveinsum;
using llvm::StringRef;

/// The inside of a quoted string. Line breaks are given as `\n` by the caller.
static std::string escape(StringRef text) {
  std::string escaped;
  for (char c : text) {
    if (c == '"' || c == '\\')
      escaped += '\\';
    // Control characters have no place in a label.
    escaped += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return escaped;
}

static void printNode(llvm::raw_ostream &os, unsigned value,
                      std::initializer_list<std::string> lines,
                      const llvm::Twine &attributes) {
  os << "  v" << value << " [label=\"";
  bool isFirst = true;
  for (const std::string &line : lines) {
    os << (isFirst ? "" : "\\n") << escape(line);
    isFirst = false;
  }
  os << "\"" << attributes << "];\n";
}

void conveinsum::printDOT(const PlanReport &report, llvm::raw_ostream &os) {
  const Equation &equation = report.equation;
  os << "digraph plan {\n"
     << "  label=\"" << escape(report.text) << "\\n"
     << humanCount(report.cost.exactMacs) << " exact MACs, "
     << humanCount(report.cost.denseMacs) << " dense MACs, "
     << name(report.plan.proof) << "\\n"
     << escape(objectiveText(report)) << "\";\n"
     << "  labelloc=t;\n"
     << "  node [shape=box, style=\"rounded,filled\", fillcolor=\"#f4f6f8\", "
        "fontname=\"monospace\"];\n";
  for (unsigned operand = 0; operand < equation.numOperands(); ++operand)
    printNode(os, operand,
              {std::to_string(operand) + ": " +
                   modesText(equation, equation.operandModes(operand)),
               toString(equation.operandShape(operand))},
              ", fillcolor=\"#e3ecf7\"");
  for (auto [index, step] : llvm::enumerate(report.cost.steps)) {
    const StepReport &figures = report.steps[index];
    std::string share = shareText(figures.value, report.plan.value);
    printNode(os, step.result,
              {step.equation.text(),
               name(step.kind).str() + ", " + humanCount(report.counted(step)) +
                   " MACs" + (share.empty() ? "" : ", " + share),
               toString(step.shape)},
              ", tooltip=\"" + escape(predictionText(figures)) + "\"");
    for (unsigned input : {step.lhs, step.rhs})
      os << "  v" << input << " -> v" << step.result << ";\n";
  }
  os << "}\n";
}
