//===- Scaling.cpp - Loops of a step, and what is left --------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Loops are counted from what the values of sets keep, and what is left is
// spelled from the values that are still alive.
//
//===----------------------------------------------------------------------===//

#include "Scaling.h"
#include "Report/Text/Numbers.h"
#include "llvm/ADT/STLExtras.h"

using namespace conveinsum;

unsigned conveinsum::naiveScaling(const Equation &equation) {
  unsigned loops = 0;
  for (ModeId mode = 0; mode < equation.numModes(); ++mode) {
    const LinearRelation *relation = equation.relation(mode);
    loops += relation ? relation->terms.size() : 1;
  }
  return loops;
}

/// The value that every conv mode is evaluated in: the first one with all of
/// its participants. The only participant of an equation is sliced in the step
/// that reads it.
static std::vector<unsigned> evaluatedIn(const PlanReport &report) {
  const ContractionTree &tree = report.plan.tree;
  std::vector<unsigned> parent(tree.numValues(), tree.numValues());
  for (auto [index, lhs, rhs, result] : tree.numberedSteps())
    parent[lhs] = parent[rhs] = result;
  std::vector<unsigned> places;
  for (const LinearRelation &relation : report.equation.relations()) {
    unsigned value = tree.numValues();
    for (const LinearRelation::Term &term : relation.terms) {
      unsigned other = parent[term.operand];
      if (value == tree.numValues())
        value = other;
      // A parent has a higher number than its children.
      while (value != other)
        (value < other ? value : other) = parent[std::min(value, other)];
    }
    places.push_back(value);
  }
  return places;
}

std::vector<std::string> conveinsum::remainingTexts(const PlanReport &report) {
  const Equation &equation = report.equation;
  std::vector<unsigned> evaluated = evaluatedIn(report);
  // opt_einsum cuts the text short in the same way.
  constexpr size_t few = 20;
  auto modesOf = [&](unsigned value) {
    return value < equation.numOperands()
               ? equation.operandModes(value)
               : llvm::ArrayRef(
                     report.cost.steps[value - equation.numOperands()].modes);
  };
  size_t steps = report.cost.steps.size();
  std::vector<std::string> texts(steps, "...");
  std::vector<unsigned> live;
  for (auto [index, step] : llvm::enumerate(report.cost.steps)) {
    if (steps - index > few)
      continue;
    if (live.empty()) {
      std::vector<bool> isRead(step.result, false);
      for (const PlannedStep &earlier :
           llvm::ArrayRef(report.cost.steps).take_front(index + 1))
        isRead[earlier.lhs] = isRead[earlier.rhs] = true;
      for (unsigned value = 0; value < step.result; ++value)
        if (!isRead[value])
          live.push_back(value);
    } else {
      llvm::erase(live, step.lhs);
      llvm::erase(live, step.rhs);
    }
    live.push_back(step.result);
    std::string text, open;
    for (unsigned value : live)
      text += (text.empty() ? "" : ",") + modesText(equation, modesOf(value));
    text += "->" + modesText(equation, equation.resultModes());
    for (auto [place, relation] :
         llvm::zip_equal(evaluated, equation.relations()))
      if (place > step.result)
        open += spellLabel(equation.label(relation.mode));
    texts[index] = open.empty() ? text : text + "|" + open;
  }
  return texts;
}
