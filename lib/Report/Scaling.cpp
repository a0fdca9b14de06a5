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

unsigned conveinsum::scaling(const Equation &equation, const PlannedStep &step,
                             llvm::ArrayRef<SetValue> values) {
  auto left = equation.kept(values[step.lhs].set);
  auto right = equation.kept(values[step.rhs].set);
  unsigned loops = left.size() + right.size();
  for (ModeId mode : left)
    if (!equation.relation(mode) && llvm::is_contained(right, mode))
      --loops;
  return loops;
}

unsigned conveinsum::naiveScaling(const Equation &equation) {
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
                   llvm::ArrayRef<const SetValue *> live) {
  return llvm::none_of(live, [&](const SetValue *value) {
    return equation.isComplete(relation, value->set) && value->set.count() > 1;
  });
}

/// The equation that is left when `live` are the values that remain; opt_einsum
/// cuts it short in the same way.
static std::string remainingText(const Equation &equation,
                                 llvm::ArrayRef<const SetValue *> live) {
  if (live.size() > 20)
    return "...";
  std::string text;
  for (const SetValue *value : live)
    text += (text.empty() ? "" : ",") + modesText(equation, value->modes);
  text += "->" + modesText(equation, equation.resultModes());
  std::string open;
  for (const LinearRelation &relation : equation.relations())
    if (isOpen(equation, relation, live))
      open += spellLabel(equation.label(relation.mode));
  return open.empty() ? text : text + "|" + open;
}

std::vector<std::string>
conveinsum::remainingTexts(const PlanReport &report,
                           llvm::ArrayRef<SetValue> values) {
  std::vector<const SetValue *> live;
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
