//===- Gradient.cpp - The gradient of an equation is equations ------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Moves one participant of every relation to the other side.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Equation/Gradient.h"
#include "llvm/ADT/STLExtras.h"

using namespace conveinsum;

bool GradientEquation::isWhole() const {
  for (unsigned d = 0; d < dims.size(); ++d)
    if (dims[d] != d)
      return false;
  return equation.resultModes().size() == dims.size();
}

namespace {
class Differentiation {
public:
  Differentiation(const Equation &equation, unsigned operand)
      : equation(equation), operand(operand) {}

  GradientEquation run();

private:
  /// The position of another operand behind the cotangent.
  unsigned moved(unsigned other) const {
    assert(other != operand && "the operand itself is gone");
    return other < operand ? other + 1 : other;
  }
  bool isHeld(ModeId mode) const {
    return llvm::is_contained(equation.holders(mode), operand);
  }
  LinearRelation moveRelation(const LinearRelation &relation);
  LinearRelation resultSide(const LinearRelation &relation, int64_t sign);
  void addResult(GradientEquation &gradient);

  const Equation &equation;
  unsigned operand;
  EquationParts parts;
  std::vector<Shape> ones;
};
} // namespace

/// `sign` times everything but the operand's term, on the side of the sum.
LinearRelation Differentiation::resultSide(const LinearRelation &relation,
                                           int64_t sign) {
  LinearRelation moved;
  moved.mode = relation.mode;
  moved.modulus = relation.modulus;
  moved.offset = -sign * relation.offset;
  if (equation.inResult(relation.mode))
    moved.terms.push_back(
        {0, sign * relation.resultCoefficient, relation.resultExtent});
  for (const LinearRelation::Term &term : relation.terms)
    if (term.operand != operand)
      moved.terms.push_back(
          {this->moved(term.operand), -sign * term.coefficient, term.extent});
  // An index that nobody holds any more is 0, or one of several.
  if (equation.inResult(relation.mode) ||
      (relation.resultExtent == 1 && !moved.terms.empty()))
    return moved;
  unsigned number = parts.operands.size();
  parts.operands.push_back({relation.mode});
  parts.shapes.push_back({relation.resultExtent});
  ones.push_back({relation.resultExtent});
  moved.terms.push_back(
      {number, sign * relation.resultCoefficient, relation.resultExtent});
  return moved;
}

LinearRelation Differentiation::moveRelation(const LinearRelation &relation) {
  const LinearRelation::Term *own = relation.term(operand);
  if (own) {
    LinearRelation result = resultSide(relation, own->coefficient < 0 ? -1 : 1);
    result.resultCoefficient = std::abs(own->coefficient);
    result.resultExtent = own->extent;
    return result;
  }
  if (equation.inResult(relation.mode)) {
    LinearRelation result = resultSide(relation, 1);
    result.resultExtent = 1;
    return result;
  }
  // Nothing of it is the operand's or the cotangent's.
  LinearRelation result = relation;
  for (LinearRelation::Term &term : result.terms)
    term.operand = moved(term.operand);
  if (result.feature)
    result.feature = moved(*result.feature);
  return result;
}

void Differentiation::addResult(GradientEquation &gradient) {
  llvm::SmallVector<unsigned> heldBy(parts.labels.size(), 0);
  for (const ModeList &modes : parts.operands)
    for (ModeId mode : modes)
      ++heldBy[mode];
  ModeList own;
  for (ModeId mode : equation.operandModes(operand)) {
    bool isNew = !llvm::is_contained(own, mode);
    own.push_back(mode);
    if (isNew && heldBy[mode] != 0)
      parts.result.push_back(mode);
  }
  ModeList order = parts.result;
  for (ModeId mode : own) {
    if (!llvm::is_contained(order, mode))
      order.push_back(mode);
    gradient.dims.push_back(llvm::find(order, mode) - order.begin());
  }
}

GradientEquation Differentiation::run() {
  EquationParts forward = equation.parts();
  parts.labels = forward.labels;
  parts.isSpelledInWords = forward.isSpelledInWords;
  parts.operands.push_back(forward.result);
  parts.shapes.push_back(equation.resultShape());
  for (unsigned other = 0; other < equation.numOperands(); ++other) {
    if (other == operand)
      continue;
    parts.operands.push_back(forward.operands[other]);
    parts.shapes.push_back(forward.shapes[other]);
  }
  for (const LinearRelation &relation : forward.relations)
    parts.relations.push_back(moveRelation(relation));

  GradientEquation gradient;
  addResult(gradient);
  // A mode that only the operand held has left the equation.
  std::vector<bool> isUsed(parts.labels.size(), false);
  for (const ModeList &modes : parts.operands)
    for (ModeId mode : modes)
      isUsed[mode] = true;
  std::vector<ModeId> renumbered(parts.labels.size(), 0);
  std::vector<std::string> labels;
  for (ModeId mode = 0; mode < parts.labels.size(); ++mode) {
    renumbered[mode] = labels.size();
    if (isUsed[mode])
      labels.push_back(parts.labels[mode]);
  }
  parts.labels = std::move(labels);
  for (ModeList &modes : parts.operands)
    for (ModeId &mode : modes)
      mode = renumbered[mode];
  for (ModeId &mode : parts.result)
    mode = renumbered[mode];
  for (LinearRelation &relation : parts.relations)
    relation.mode = renumbered[relation.mode];
  gradient.equation = Equation::fromParts(std::move(parts));
  gradient.ones = std::move(ones);
  return gradient;
}

GradientEquation conveinsum::gradientTowards(const Equation &equation,
                                             unsigned operand) {
  return Differentiation(equation, operand).run();
}
