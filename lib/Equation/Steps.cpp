//===- Steps.cpp - Steps of a plan as equations ---------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The two-operand equation that joins two values. Its relations connect the
// window of one side and that of the other with the window of the result. Say
// the sides keep  g1 (z1 + a1)  and  g2 (z2 + a2)  of a conv mode; then
//
//   partial   g1 z1 + g2 z2 + (g1 a1 + g2 a2 - g a)  =  g z
//   complete  g1 z1 + g2 z2 + (g1 a1 + g2 a2 + b)    =  s o
//
// modulo M if the mode is circular and the result wraps or is complete. A side
// that wraps is off by multiples of lcm(g1, M), which M divides; and the
// lattice of the result divides those of the sides, so wrapping early loses
// nothing.
//
//===----------------------------------------------------------------------===//

#include "Arithmetic.h"
#include "conveinsum/Equation/Equation.h"
#include "llvm/ADT/STLExtras.h"

using namespace conveinsum;
using Term = LinearRelation::Term;

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

SetValue Equation::leaf(unsigned operand) const {
  return {singleton(operand), operands[operand]};
}

bool Equation::isDecomposable() const {
  return llvm::all_of(convRelations, [](const LinearRelation &relation) {
    return relation.terms.size() <= 2 ||
           (relation.resultExtent != kDynamic &&
            llvm::none_of(relation.terms, [](const Term &term) {
              return term.extent == kDynamic;
            }));
  });
}

/// Whether the value of `left` has at least as many elements as that of
/// `right`. Extents that are not known say nothing: the left side then counts
/// as larger.
bool Equation::isLeftLarger(const SetValue &left, const SetValue &right) const {
  // Only an operand as given has modes that its value does not keep.
  auto keptBy = [&](const SetValue &value) {
    return value.set.count() == 1 ? keptOf(value.modes, value.set)
                                  : value.modes;
  };
  llvm::SmallVector<ModeId, 6> leftModes = keptBy(left);
  llvm::SmallVector<ModeId, 6> rightModes = keptBy(right);
  auto isStatic = [&](llvm::ArrayRef<ModeId> modes, const OperandSet &set) {
    return llvm::none_of(
        modes, [&](ModeId mode) { return extent(mode, set) == kDynamic; });
  };
  return !isStatic(leftModes, left.set) || !isStatic(rightModes, right.set) ||
         elementsOf(leftModes, left.set) >= elementsOf(rightModes, right.set);
}

/// Whether `brought`, a new mode of a value, goes before `mode`, one that it
/// has.
bool Equation::belongsBefore(ModeId brought, ModeId mode) const {
  if (!inResult(brought))
    return relation(mode) && !relation(brought);
  return inResult(mode) && resultPlaces[brought] < resultPlaces[mode];
}

SetValue Equation::join(const SetValue &left, const SetValue &right) const {
  SetValue value{left.set, {}};
  value.set |= right.set;
  if (value.set.all()) {
    value.modes = result;
    return value;
  }
  llvm::SmallVector<ModeId, 6> candidates(left.modes);
  llvm::append_range(candidates, right.modes);
  llvm::SmallVector<ModeId, 6> keptModes = keptOf(candidates, value.set);
  bool leftIsLarger = isLeftLarger(left, right);
  const SetValue &larger = leftIsLarger ? left : right;
  const SetValue &smaller = leftIsLarger ? right : left;

  // Each mode once: true for the first time that a mode is taken.
  llvm::SmallVector<bool, 16> isTaken(keptModes.size(), false);
  auto take = [&](ModeId mode) {
    auto place = llvm::lower_bound(keptModes, mode);
    if (place == keptModes.end() || *place != mode)
      return false;
    return !std::exchange(isTaken[place - keptModes.begin()], true);
  };
  llvm::SmallVector<ModeId, 6> own(larger.modes);
  llvm::sort(own);
  llvm::SmallVector<ModeId, 6> brought;
  for (ModeId mode : smaller.modes)
    if (!std::binary_search(own.begin(), own.end(), mode) && take(mode))
      brought.push_back(mode);

  for (ModeId mode : larger.modes) {
    // What is summed makes room for what the other side brings; else that goes
    // where the result has it, and what the result lacks before the conv modes,
    // along which steps run best when they are innermost.
    bool isSummed =
        !std::binary_search(keptModes.begin(), keptModes.end(), mode);
    llvm::erase_if(brought, [&](ModeId other) {
      bool isBefore = isSummed || belongsBefore(other, mode);
      if (isBefore)
        value.modes.push_back(other);
      return isBefore;
    });
    if (take(mode))
      value.modes.push_back(mode);
  }
  llvm::append_range(value.modes, brought);
  return value;
}

//===----------------------------------------------------------------------===//
// Relations of a step
//===----------------------------------------------------------------------===//

/// Divides by what all numbers of the relation have in common. An index that
/// can only be 0 may have any coefficient. A rule for a dynamic extent holds
/// for the stride as it is.
static void reduce(LinearRelation &relation) {
  if (relation.extentOffset)
    return;
  Int divisor =
      greatestCommonDivisor(relation.resultCoefficient, relation.modulus);
  divisor = greatestCommonDivisor(divisor, relation.offset);
  for (const Term &term : relation.terms)
    if (term.extent != 1)
      divisor = greatestCommonDivisor(divisor, term.coefficient);
  relation.resultCoefficient /= int64_t(divisor);
  relation.modulus /= int64_t(divisor);
  relation.offset /= int64_t(divisor);
  for (Term &term : relation.terms)
    term.coefficient =
        term.extent == 1 ? 1 : term.coefficient / int64_t(divisor);
}

LinearRelation Equation::stepRelation(const LinearRelation &relation,
                                      const SetValue &left,
                                      const SetValue &right,
                                      ModeId mode) const {
  OperandSet both = left.set;
  both |= right.set;
  LinearRelation step;
  step.mode = mode;
  Int offset = 0;
  for (unsigned position = 0; position < 2; ++position) {
    const OperandSet &set = position == 0 ? left.set : right.set;
    Window side = window(relation.mode, set);
    if (relation.feature && set.test(*relation.feature))
      step.feature = position;
    if (side.state == Window::State::Absent)
      continue;
    // The only participant of the whole equation: the step reads the operand.
    if (side.state == Window::State::Complete)
      side = {Window::State::Single, relation.terms[0].coefficient, 0,
              relation.terms[0].extent, 0};
    step.terms.push_back({position, side.coefficient, side.extent});
    offset += Int(side.coefficient) * side.shift;
  }

  Window whole = window(relation.mode, both);
  if (whole.state == Window::State::Partial) {
    step.resultCoefficient = whole.coefficient;
    step.resultExtent = whole.extent;
    offset -= Int(whole.coefficient) * whole.shift;
    step.modulus = whole.modulus ? relation.modulus : 0;
  } else {
    step.resultCoefficient = relation.resultCoefficient;
    step.resultExtent = relation.resultExtent;
    offset += relation.offset;
    step.modulus = relation.modulus;
    // Dynamic extents are the operand's own, and so is the rule for them.
    if (relation.resultExtent == kDynamic)
      step.extentOffset = relation.extentOffset;
  }
  assert(fits64(offset) && "verify bounds all intervals");
  step.offset = int64_t(offset);
  reduce(step);
  return step;
}

/// Whether the step that joins the two sets evaluates the relation; else its
/// mode, if there at all, is plain in that step.
static bool actsInStep(const Equation &equation, const LinearRelation &relation,
                       const OperandSet &left, const OperandSet &right) {
  if (relation.terms.empty())
    return left.count() + right.count() == equation.numOperands();
  auto holds = [&](const OperandSet &set) {
    return llvm::any_of(equation.holders(relation.mode),
                        [&](unsigned operand) { return set.test(operand); });
  };
  // The raw operand that is the only participant is sliced inside the step.
  auto isOnly = [&](const OperandSet &set) {
    return set.count() == 1 && equation.isComplete(relation, set);
  };
  return (holds(left) && holds(right)) || isOnly(left) || isOnly(right);
}

Equation Equation::step(const SetValue &left, const SetValue &right,
                        const SetValue &joined) const {
  assert(!left.set.anyCommon(right.set) && "a step joins disjoint sets");
  auto inStep = [&](const LinearRelation &relation) {
    return actsInStep(*this, relation, left.set, right.set);
  };

  // Modes get new numbers, in the order of the old ones.
  llvm::SmallVector<ModeId, 6> modes(left.modes);
  llvm::append_range(modes, right.modes);
  llvm::append_range(modes, joined.modes);
  llvm::sort(modes);
  modes.erase(llvm::unique(modes), modes.end());
  auto number = [&](ModeId mode) -> ModeId {
    return llvm::lower_bound(modes, mode) - modes.begin();
  };
  std::vector<std::string> stepLabels;
  // Relations keep their order; only those of these modes can act.
  llvm::SmallVector<int, 3> acting;
  for (ModeId mode : modes) {
    stepLabels.push_back(labels[mode]);
    if (relationOf[mode] >= 0 && inStep(convRelations[relationOf[mode]]))
      acting.push_back(relationOf[mode]);
  }
  llvm::sort(acting);
  auto renumber = [&](llvm::ArrayRef<ModeId> modes) {
    llvm::SmallVector<ModeId, 6> numbers;
    for (ModeId mode : modes)
      numbers.push_back(number(mode));
    return numbers;
  };
  auto shapeOf = [&](const SetValue &value) {
    if (value.set.count() == 1)
      return shapes[value.set.find_first()];
    Shape shape;
    for (ModeId mode : value.modes)
      shape.push_back(extent(mode, value.set));
    return shape;
  };

  std::vector<LinearRelation> relations;
  for (int index : acting)
    relations.push_back(stepRelation(convRelations[index], left, right,
                                     number(convRelations[index].mode)));
  return fromParts({std::move(stepLabels),
                    {renumber(left.modes), renumber(right.modes)},
                    renumber(joined.modes),
                    {shapeOf(left), shapeOf(right)},
                    std::move(relations),
                    words});
}
