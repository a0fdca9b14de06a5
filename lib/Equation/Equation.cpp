//===- Equation.cpp - A multilinear expression with conv modes ------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Construction from parts, access to them, comparison, and taking an equation
// apart into what an attribute stores and what types carry.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Equation/Equation.h"
#include "llvm/ADT/STLExtras.h"

using namespace conveinsum;

//===----------------------------------------------------------------------===//
// Construction
//===----------------------------------------------------------------------===//

Equation Equation::fromParts(EquationParts parts) {
  Equation equation;
  equation.labels = std::move(parts.labels);
  equation.operands = std::move(parts.operands);
  equation.result = std::move(parts.result);
  equation.shapes = std::move(parts.shapes);
  equation.convRelations = std::move(parts.relations);
  equation.index();
  return equation.spelledInWords(parts.isSpelledInWords);
}

EquationParts Equation::parts() const {
  return {labels, operands, result, shapes, convRelations, words};
}

/// Derives the tables. Parts may be faulty here: `verify` comes later and reads
/// the tables, so nothing is assumed about ranks or mode numbers.
void Equation::index() {
  relationOf.assign(numModes(), -1);
  plainSize.assign(numModes(), kDynamic);
  holderLists.assign(numModes(), {});
  for (auto [position, relation] : llvm::enumerate(convRelations))
    if (relation.mode < numModes())
      relationOf[relation.mode] = position;
  for (unsigned k = 0; k < numOperands(); ++k)
    for (auto [dimension, mode] : llvm::enumerate(operands[k])) {
      if (mode >= numModes())
        continue;
      if (holderLists[mode].empty() || holderLists[mode].back() != k)
        holderLists[mode].push_back(k);
      if (k >= shapes.size() || dimension >= shapes[k].size())
        continue;
      int64_t extent = shapes[k][dimension];
      if (relationOf[mode] < 0) {
        if (plainSize[mode] == kDynamic)
          plainSize[mode] = extent;
        continue;
      }
      // Terms stand in the order of their operands.
      auto &terms = convRelations[relationOf[mode]].terms;
      auto term = llvm::partition_point(
          terms, [&](const auto &other) { return other.operand < k; });
      for (; term != terms.end() && term->operand == k; ++term)
        term->extent = extent;
    }
  heldByResult.assign(numModes(), false);
  resultPlaces.assign(numModes(), 0);
  for (unsigned place = 0; place < result.size(); ++place)
    if (result[place] < numModes())
      resultPlaces[result[place]] = place;
  for (ModeId mode : result)
    if (mode < numModes())
      heldByResult[mode] = true;
}

Equation Equation::withoutShapes() const {
  Equation structure = *this;
  for (Shape &shape : structure.shapes)
    llvm::fill(shape, kDynamic);
  for (LinearRelation &relation : structure.convRelations)
    if (inResult(relation.mode))
      relation.resultExtent = kDynamic;
  structure.index();
  return structure;
}

std::optional<Equation>
Equation::withShapes(llvm::ArrayRef<Shape> newShapes,
                     llvm::ArrayRef<int64_t> resultShape,
                     ErrorFn onError) const {
  auto fail = [&](std::string message, std::optional<unsigned> operand,
                  std::optional<std::string> mode, const char *constraint) {
    onError({std::move(message), std::nullopt, operand, mode, constraint});
    return std::nullopt;
  };
  if (newShapes.size() != numOperands())
    return fail("expected " + std::to_string(numOperands()) +
                    " operands, got " + std::to_string(newShapes.size()),
                std::nullopt, std::nullopt, "C78");
  if (resultShape.size() != result.size())
    return fail("expected a result of rank " + std::to_string(result.size()) +
                    ", got rank " + std::to_string(resultShape.size()),
                std::nullopt, std::nullopt, "C73");

  Equation bound = *this;
  bound.shapes.assign(newShapes.begin(), newShapes.end());
  for (auto [mode, extent] : llvm::zip_equal(result, resultShape))
    if (mode < numModes() && relationOf[mode] >= 0)
      bound.convRelations[relationOf[mode]].resultExtent = extent;
  bound.index();
  if (!bound.verify(onError) || !bound.verifyDynamicExtents(onError))
    return std::nullopt;

  for (auto [mode, extent] : llvm::zip_equal(result, resultShape)) {
    if (relationOf[mode] >= 0)
      continue;
    int64_t size = bound.size(mode);
    if (extent == kDynamic || size == kDynamic || extent == size)
      continue;
    return fail("mode '" + labels[mode] + "' of the result: expected extent " +
                    std::to_string(size) + ", got " + std::to_string(extent),
                std::nullopt, labels[mode], "C79");
  }
  return bound;
}

std::optional<Equation> Equation::withAssumedExtents(int64_t extent) const {
  EquationParts assumed = parts();
  auto assume = [&](ModeId mode, int64_t &known) {
    if (known != kDynamic)
      return;
    const LinearRelation *conv = relation(mode);
    known = conv ? std::max(extent, -conv->extentOffset.value_or(0))
            : size(mode) != kDynamic ? size(mode)
                                     : extent;
  };
  for (unsigned k = 0; k < numOperands(); ++k)
    for (auto [mode, known] : llvm::zip_equal(operands[k], assumed.shapes[k]))
      assume(mode, known);
  for (LinearRelation &conv : assumed.relations) {
    if (conv.resultExtent != kDynamic)
      continue;
    if (!conv.extentOffset || !conv.feature)
      return std::nullopt;
    unsigned feature = *conv.feature;
    auto place = llvm::find(operands[feature], conv.mode);
    int64_t given = assumed.shapes[feature][place - operands[feature].begin()];
    conv.resultExtent =
        (given + *conv.extentOffset) / conv.resultCoefficient + 1;
  }
  Equation result = fromParts(std::move(assumed));
  if (!result.verify([](const Fault &) {}) || !result.hasStaticShapes())
    return std::nullopt;
  return result;
}

//===----------------------------------------------------------------------===//
// Parts
//===----------------------------------------------------------------------===//

Shape Equation::resultShape() const {
  Shape shape;
  for (ModeId mode : result)
    shape.push_back(relation(mode) ? relation(mode)->resultExtent : size(mode));
  return shape;
}

const LinearRelation *Equation::relation(ModeId mode) const {
  return relationOf[mode] < 0 ? nullptr : &convRelations[relationOf[mode]];
}

int64_t Equation::size(ModeId mode) const {
  assert(!relation(mode) && "a conv mode has an extent per operand");
  return plainSize[mode];
}

bool Equation::isComplete(const LinearRelation &relation,
                          const OperandSet &set) const {
  return !relation.terms.empty() && !hasHolderOutside(relation.mode, set);
}

bool Equation::hasHolderIn(ModeId mode, const OperandSet &set) const {
  return llvm::any_of(holderLists[mode],
                      [&](unsigned operand) { return set.test(operand); });
}

bool Equation::hasHolderOutside(ModeId mode, const OperandSet &set) const {
  return llvm::any_of(holderLists[mode],
                      [&](unsigned operand) { return !set.test(operand); });
}

bool Equation::hasStaticShapes() const {
  return llvm::none_of(shapes,
                       [](const Shape &shape) {
                         return llvm::is_contained(shape, kDynamic);
                       }) &&
         llvm::none_of(convRelations, [](const LinearRelation &relation) {
           return relation.resultExtent == kDynamic;
         });
}

bool Equation::operator==(const Equation &other) const {
  return labels == other.labels && operands == other.operands &&
         result == other.result && shapes == other.shapes &&
         convRelations == other.convRelations && words == other.words;
}

static llvm::hash_code hashRelation(const LinearRelation &relation) {
  llvm::hash_code code = llvm::hash_combine(
      relation.mode, relation.offset, relation.resultCoefficient,
      relation.resultExtent, relation.modulus, relation.feature.has_value(),
      relation.feature.value_or(0));
  for (const LinearRelation::Term &term : relation.terms)
    code =
        llvm::hash_combine(code, term.operand, term.coefficient, term.extent);
  return code;
}

llvm::hash_code conveinsum::hash_value(const Equation &equation) {
  llvm::hash_code code =
      llvm::hash_combine_range(equation.result.begin(), equation.result.end());
  for (const std::string &label : equation.labels)
    code = llvm::hash_combine(code, label);
  for (const auto &modes : equation.operands)
    code = llvm::hash_combine(
        code, llvm::hash_combine_range(modes.begin(), modes.end()));
  for (const Shape &shape : equation.shapes)
    code = llvm::hash_combine(
        code, llvm::hash_combine_range(shape.begin(), shape.end()));
  for (const LinearRelation &relation : equation.convRelations)
    code = llvm::hash_combine(code, hashRelation(relation));
  return code;
}
