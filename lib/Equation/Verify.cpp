//===- Verify.cpp - Checks on any equation --------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The constraints C60 to C77 of docs/Semantics.md. They hold for whatever a
// string resolves to and for every step; equations written in the IR, or read
// from bytecode, are checked here.
//
//===----------------------------------------------------------------------===//

#include "Arithmetic.h"
#include "conveinsum/Equation/Equation.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace conveinsum;
using Term = LinearRelation::Term;

static bool report(ErrorFn onError, std::string message, const char *constraint,
                   std::optional<std::string> mode = std::nullopt,
                   std::optional<unsigned> operand = std::nullopt) {
  onError(
      {std::move(message), std::nullopt, operand, std::move(mode), constraint});
  return false;
}

static std::string quote(llvm::StringRef label) {
  return "'" + label.str() + "'";
}

static std::string number(int64_t value) {
  return value == kDynamic ? "?" : std::to_string(value);
}

//===----------------------------------------------------------------------===//
// Modes
//===----------------------------------------------------------------------===//

/// Labels, and who holds which mode. Later checks index the tables freely.
bool Equation::verifyModes(ErrorFn onError) const {
  if (operands.empty())
    return report(onError, "expected at least one operand, got none", "C76");
  llvm::StringSet<> seen;
  for (const std::string &label : labels) {
    if (!isValidName(label))
      return report(onError, "malformed label " + quote(label), "C60", label);
    if (!seen.insert(label).second)
      return report(onError, "two modes have the label " + quote(label), "C60",
                    label);
  }
  auto inTable = [&](llvm::ArrayRef<ModeId> modes) {
    return llvm::all_of(modes, [&](ModeId mode) { return mode < numModes(); });
  };
  bool allInTable = inTable(result) && llvm::all_of(operands, inTable);
  for (const LinearRelation &relation : convRelations)
    allInTable &= relation.mode < numModes();
  if (!allInTable)
    return report(onError, "a mode is not in the table of labels", "C77");

  for (auto [position, relation] : llvm::enumerate(convRelations))
    if (relationOf[relation.mode] != int(position))
      return report(onError,
                    "conv mode " + quote(labels[relation.mode]) +
                        ": expected one relation, got several",
                    "C64", labels[relation.mode]);
  for (ModeId mode = 0; mode < numModes(); ++mode)
    if (holderLists[mode].empty() && !inResult(mode))
      return report(onError,
                    "mode " + quote(labels[mode]) +
                        " is held by no operand and not by the result",
                    "C77", labels[mode]);
  for (auto [position, mode] : llvm::enumerate(result)) {
    if (llvm::is_contained(llvm::ArrayRef(result).take_front(position), mode))
      return report(onError,
                    "mode " + quote(labels[mode]) +
                        " stands twice in the result",
                    "C62", labels[mode]);
    if (holderLists[mode].empty() && !relation(mode))
      return report(onError,
                    "mode " + quote(labels[mode]) +
                        " of the result is held by no operand",
                    "C61", labels[mode]);
  }
  for (const LinearRelation &relation : convRelations)
    for (unsigned k = 0; k < numOperands(); ++k)
      if (llvm::count(operands[k], relation.mode) > 1)
        return report(onError,
                      "conv mode " + quote(labels[relation.mode]) +
                          " repeats inside operand " + std::to_string(k),
                      "C63", labels[relation.mode], k);
  return true;
}

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

bool Equation::verifyShapes(ErrorFn onError) const {
  if (shapes.size() != numOperands())
    return report(onError,
                  "expected " + std::to_string(numOperands()) +
                      " shapes, got " + std::to_string(shapes.size()),
                  "C78");
  for (unsigned k = 0; k < numOperands(); ++k) {
    if (shapes[k].size() != operands[k].size())
      return report(onError,
                    "operand " + std::to_string(k) + ": expected rank " +
                        std::to_string(operands[k].size()) + ", got rank " +
                        std::to_string(shapes[k].size()),
                    "C73", std::nullopt, k);
    for (auto [mode, extent] : llvm::zip_equal(operands[k], shapes[k])) {
      const LinearRelation *relation = this->relation(mode);
      if (extent != kDynamic && extent < 0)
        return report(
            onError,
            "mode " + quote(labels[mode]) + " of operand " + std::to_string(k) +
                ": expected an extent of at least 0, got " + number(extent),
            relation ? "C70" : "C71", labels[mode], k);
      if (relation || extent == kDynamic || extent == plainSize[mode])
        continue;
      return report(onError,
                    "mode " + quote(labels[mode]) + " of operand " +
                        std::to_string(k) + ": expected size " +
                        number(plainSize[mode]) + " as elsewhere, got " +
                        number(extent),
                    "C71", labels[mode], k);
    }
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Relations
//===----------------------------------------------------------------------===//

/// Adds the span of coefficient * index to `sum`; false if an end leaves 64
/// bits.
static bool addSpan(Interval &sum, int64_t coefficient, int64_t extent) {
  // An extent that is not known, or 0, reaches no further than one of 1.
  Interval reach = span(coefficient, std::max<int64_t>(extent, 1));
  sum = sum + reach;
  return fits64(reach.low) && fits64(reach.high) && fits64(sum.low) &&
         fits64(sum.high);
}

/// Whether windows, steps and dense extents fit 64 bits. Only what several but
/// not all participants have is a window; it is cropped to no more than they
/// reach, counted from 0, and a step's numbers lie in the reach of its sides.
/// Where an index wraps, the result's and the sides' reach add up.
static bool windowsFit(const LinearRelation &relation) {
  if (relation.terms.size() < 3)
    return true;
  auto length = [](int64_t coefficient, int64_t extent) {
    Interval reach = span(coefficient, std::max<int64_t>(extent, 1));
    return reach.high - reach.low;
  };
  Int results = length(relation.resultCoefficient, relation.resultExtent);
  Int terms = 0, kernels = 0;
  for (const Term &term : relation.terms) {
    Int reach = length(term.coefficient, term.extent);
    terms += reach;
    kernels += relation.feature == term.operand ? 0 : reach;
  }
  if (relation.modulus)
    return fits64(2 * terms + results + magnitude(relation.offset) + 1);
  // The dense count pads the feature to what the results and kernels reach.
  return fits64(terms + 1) &&
         (!relation.feature || fits64(results + kernels + 1));
}

bool conveinsum::intervalsFit(const LinearRelation &relation) {
  Interval terms, results;
  for (const Term &term : relation.terms)
    if (!addSpan(terms, term.coefficient, term.extent))
      return false;
  if (!addSpan(results, relation.resultCoefficient, relation.resultExtent))
    return false;
  // An open extent of the result is (X + extentOffset + s) floordiv s.
  if (relation.extentOffset &&
      !fits64(Int(*relation.extentOffset) + relation.resultCoefficient))
    return false;
  Interval offset{relation.offset, relation.offset};
  Interval values = terms + offset, needed = results - offset - terms;
  return fits64(values.low) && fits64(values.high) && fits64(needed.low) &&
         fits64(needed.high) && windowsFit(relation);
}

bool Equation::verifyRelation(const LinearRelation &relation,
                              ErrorFn onError) const {
  const std::string &label = labels[relation.mode];
  auto fail = [&](std::string message, const char *constraint,
                  std::optional<unsigned> operand = std::nullopt) {
    return report(onError, "conv mode " + quote(label) + ": " + message,
                  constraint, label, operand);
  };
  OperandSet participants = emptySet();
  int previous = -1;
  for (const Term &term : relation.terms) {
    if (int64_t(term.operand) <= previous || term.operand >= numOperands())
      return fail("expected one term for each operand that holds the mode, in "
                  "operand order, got one for operand " +
                      std::to_string(term.operand),
                  "C65", term.operand);
    previous = term.operand;
    participants.set(term.operand);
    if (term.coefficient == 0)
      return fail("expected a coefficient other than 0 for operand " +
                      std::to_string(term.operand) + ", got 0",
                  "C66", term.operand);
  }
  OperandSet holding = emptySet();
  for (unsigned operand : holderLists[relation.mode])
    holding.set(operand);
  if (participants != holding) {
    participants ^= holding;
    unsigned operand = participants.find_first();
    bool isHeld = holding.test(operand);
    return fail("operand " + std::to_string(operand) +
                    (isHeld ? " holds the mode but has no term"
                            : " has a term but does not hold the mode"),
                "C65", operand);
  }
  if (relation.resultCoefficient < 1)
    return fail("expected a stride of at least 1, got " +
                    std::to_string(relation.resultCoefficient),
                "C67");
  if (relation.resultExtent != kDynamic && relation.resultExtent < 0)
    return fail("expected a result extent of at least 0, got " +
                    std::to_string(relation.resultExtent),
                "C68");
  if (relation.modulus < 0)
    return fail("expected a modulus of at least 0, got " +
                    std::to_string(relation.modulus),
                "C69");
  if (relation.feature && !relation.term(*relation.feature))
    return fail("the feature operand " + std::to_string(*relation.feature) +
                    " does not hold the mode",
                "C72", *relation.feature);
  if (relation.resultExtent == kDynamic && !inResult(relation.mode))
    return fail("expected a static extent, as the result does not hold the "
                "mode, got ?",
                "C68");
  if (!intervalsFit(relation))
    return fail("the equation " + relationText(relation) +
                    " reaches beyond signed 64 bit",
                "C74");
  return true;
}

bool Equation::verifyDynamicExtents(ErrorFn onError) const {
  for (const LinearRelation &relation : convRelations)
    for (const Term &term : relation.terms) {
      if (term.extent != kDynamic)
        continue;
      bool isAllowed = !relation.feature || *relation.feature == term.operand;
      if (isAllowed && relation.modulus == 0)
        continue;
      return report(onError,
                    "conv mode " + quote(labels[relation.mode]) +
                        " of operand " + std::to_string(term.operand) +
                        ": expected a static extent, got ?, as " +
                        (isAllowed ? "the mode is circular"
                                   : "the operand is not the feature"),
                    "C75", labels[relation.mode], term.operand);
    }
  return true;
}

bool Equation::verify(ErrorFn onError) const {
  if (!verifyModes(onError) || !verifyShapes(onError))
    return false;
  return llvm::all_of(convRelations, [&](const LinearRelation &relation) {
    return verifyRelation(relation, onError);
  });
}

bool conveinsum::checkStaticExtents(const Equation &equation,
                                    llvm::StringRef purpose, ErrorFn onError) {
  if (equation.hasStaticShapes())
    return true;
  Fault diagnostic;
  diagnostic.message =
      "expected static extents " + purpose.str() + ", got a dynamic extent";
  for (unsigned k = 0; k < equation.numOperands() && !diagnostic.mode; ++k)
    for (auto [mode, extent] :
         llvm::zip_equal(equation.operandModes(k), equation.operandShape(k)))
      if (extent == kDynamic && !diagnostic.mode) {
        diagnostic.mode = equation.label(mode).str();
        diagnostic.operand = k;
        diagnostic.message += " of mode " + spellLabel(*diagnostic.mode) +
                              " in operand " + std::to_string(k);
      }
  onError(diagnostic);
  return false;
}
