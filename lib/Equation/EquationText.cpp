//===- EquationText.cpp - Equations as text -------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The string of an equation, its relations as formulas, and a key that is equal
// for equations that mean the same computation.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Equation/Equation.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace conveinsum;
using Term = LinearRelation::Term;

Equation Equation::spelledInWords(bool wanted) const {
  std::vector<bool> isName;
  for (const std::string &label : labels)
    isName.push_back(spellLabel(label) != label);
  bool hasBlank = false, hasName = false, hasLetter = false;
  auto visit = [&](llvm::ArrayRef<ModeId> modes) {
    hasBlank |= modes.size() > 1;
    for (ModeId mode : modes)
      if (mode < numModes())
        (isName[mode] ? hasName : hasLetter) = true;
  };
  for (const llvm::SmallVector<ModeId, 6> &modes : operands)
    visit(modes);
  visit(result);
  Equation spelled = *this;
  spelled.words = hasBlank && hasName && (wanted || !hasLetter);
  return spelled;
}

std::string Equation::text() const {
  std::string text;
  auto append = [&](llvm::ArrayRef<ModeId> modes) {
    for (ModeId mode : modes) {
      if (words && !text.empty())
        text += ' ';
      text += words ? labels[mode] : spellLabel(labels[mode]);
    }
  };
  for (unsigned k = 0; k < numOperands(); ++k) {
    if (k != 0)
      text += ',';
    append(operands[k]);
  }
  text += words ? " ->" : "->";
  append(result);
  if (convRelations.empty())
    return text;
  text += words ? " |" : "|";
  for (const LinearRelation &relation : convRelations)
    append(relation.mode);
  return text;
}

std::string Equation::relationText(const LinearRelation &relation) const {
  std::string text;
  llvm::raw_string_ostream os(text);
  bool isFirst = true;
  auto sign = [&](int64_t value) {
    os << (isFirst ? (value < 0 ? "-" : "") : (value < 0 ? " - " : " + "));
    isFirst = false;
  };
  for (const Term &term : relation.terms) {
    sign(term.coefficient);
    if (llvm::AbsoluteValue(term.coefficient) != 1)
      os << llvm::AbsoluteValue(term.coefficient) << ' ';
    os << 'i' << term.operand;
  }
  if (relation.offset != 0 || isFirst) {
    sign(relation.offset);
    os << llvm::AbsoluteValue(relation.offset);
  }
  os << " = ";
  if (relation.resultCoefficient != 1)
    os << relation.resultCoefficient << ' ';
  os << 'o';
  if (relation.modulus != 0)
    os << " (mod " << relation.modulus << ')';
  return text;
}

std::string Equation::canonicalKey() const {
  std::vector<int> number(numModes(), -1);
  int numbered = 0;
  std::string key;
  llvm::raw_string_ostream os(key);
  auto printExtent = [&](int64_t extent) {
    if (extent == kDynamic)
      os << '?';
    else
      os << extent;
  };
  auto printMode = [&](ModeId mode) {
    if (number[mode] < 0)
      number[mode] = numbered++;
    os << number[mode];
  };
  for (unsigned k = 0; k < numOperands(); ++k) {
    for (auto [mode, extent] : llvm::zip(operands[k], shapes[k])) {
      printMode(mode);
      os << ':';
      printExtent(extent);
      os << ' ';
    }
    os << ',';
  }
  os << '>';
  for (ModeId mode : result) {
    printMode(mode);
    os << ' ';
  }

  llvm::SmallVector<const LinearRelation *, 3> relations;
  for (const LinearRelation &relation : convRelations)
    relations.push_back(&relation);
  llvm::sort(relations, [&](const LinearRelation *a, const LinearRelation *b) {
    return number[a->mode] < number[b->mode];
  });
  for (const LinearRelation *relation : relations) {
    os << '|';
    printMode(relation->mode);
    for (const Term &term : relation->terms)
      os << ' ' << term.coefficient << 'i' << term.operand;
    os << ' ' << relation->offset << '=' << relation->resultCoefficient << "o<";
    printExtent(relation->resultExtent);
    os << '%' << relation->modulus;
    // How a dynamic extent follows from the feature's is meaning.
    if (relation->extentOffset && relation->feature)
      os << " n" << *relation->feature << ' ' << *relation->extentOffset;
  }
  return key;
}
