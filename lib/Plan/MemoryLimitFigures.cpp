//===- MemoryLimitFigures.cpp - Figures of sets of operands ---------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Fills and reads the tables. Whatever concerns windows and index pairs is
// asked of the equation.
//
//===----------------------------------------------------------------------===//

#include "MemoryLimitFigures.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/bit.h"

using namespace conveinsum;

Count conveinsum::rawElements(const Equation &equation, unsigned operand) {
  Count count = 1;
  for (int64_t extent : equation.operandShape(operand))
    count = saturatingMultiply(count, Count(extent));
  return count;
}

Count conveinsum::operandBytes(const Equation &equation, const PlanGoal &goal) {
  Count bytes = 0;
  for (unsigned k = 0; k < equation.numOperands(); ++k)
    bytes = saturatingAdd(bytes, saturatingMultiply(rawElements(equation, k),
                                                    byteSize(goal.dtype)));
  return bytes;
}

bool conveinsum::checkStaticForMemory(const Equation &equation,
                                      ErrorFn onError) {
  if (equation.hasStaticShapes())
    return true;
  Diagnostic diagnostic;
  diagnostic.message = "expected static extents to count bytes, got a dynamic "
                       "extent";
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

static OperandWord wordOf(const OperandSet &set) {
  OperandWord word = 0;
  for (unsigned operand : set.set_bits())
    word |= OperandWord(1) << operand;
  return word;
}

//===----------------------------------------------------------------------===//
// Tables
//===----------------------------------------------------------------------===//

SetFigures::SetFigures(const Equation &equation, const PlanGoal &goal)
    : equation(equation), goal(goal) {
  assert(equation.numOperands() <= 16 && "sets are words of 16 bits");
  all = (OperandWord(1) << equation.numOperands()) - 1;
  for (unsigned operand : goal.gradients)
    gradients |= OperandWord(1) << operand;
  for (unsigned operand : goal.constants)
    constants |= OperandWord(1) << operand;
  addPlainModes();
  counts.assign(size_t(all) + 1, 1);
  for (OperandWord set = 1; set <= all; ++set)
    counts[set] = plainProduct(kept[set]);
  convModes.reserve(equation.relations().size());
  for (const LinearRelation &relation : equation.relations())
    addConvMode(relation);
}

void SetFigures::addPlainModes() {
  std::vector<std::pair<OperandWord, bool>> modes;
  for (ModeId mode = 0; mode < equation.numModes(); ++mode) {
    if (equation.relation(mode))
      continue;
    modes.push_back({wordOf(equation.holders(mode)), equation.inResult(mode)});
    plainSizes.push_back(Count(equation.size(mode)));
  }
  kept.assign(size_t(all) + 1, llvm::SmallBitVector(modes.size()));
  for (OperandWord set = 1; set <= all; ++set)
    for (auto [index, mode] : llvm::enumerate(modes)) {
      auto [holders, inResult] = mode;
      if ((holders & set) != 0 && (inResult || (holders & ~set) != 0))
        kept[set].set(index);
    }
}

void SetFigures::addConvMode(const LinearRelation &relation) {
  // A mode that no operand holds comes into being with the result.
  if (relation.terms.empty()) {
    if (equation.inResult(relation.mode))
      counts[all] =
          saturatingMultiply(counts[all], Count(relation.resultExtent));
    return;
  }
  ConvMode mode{&relation, std::vector<uint16_t>(size_t(all) + 1, 0), {}, {},
                {}};
  for (const LinearRelation::Term &term : relation.terms) {
    for (OperandWord set = 1; set <= all; ++set)
      if (set >> term.operand & 1)
        mode.localOf[set] |= uint16_t(1u << mode.participants.size());
    mode.participants.push_back(term.operand);
  }
  fillExtents(mode);
  for (OperandWord set = 1; set <= all; ++set)
    counts[set] =
        saturatingMultiply(counts[set], mode.stored[mode.localOf[set]]);
  convModes.push_back(std::move(mode));
}

OperandSet SetFigures::setOf(const ConvMode &mode, unsigned local) const {
  OperandSet set = equation.emptySet();
  for (unsigned bit = 0; bit < mode.participants.size(); ++bit)
    if (local >> bit & 1)
      set.set(mode.participants[bit]);
  return set;
}

void SetFigures::fillExtents(ConvMode &mode) {
  unsigned complete = (1u << mode.participants.size()) - 1;
  bool isDense = goal.objective.count == MacCount::Dense;
  mode.stored.assign(size_t(complete) + 1, 1);
  mode.oneSided = mode.stored;
  for (unsigned local = 1; local <= complete; ++local) {
    if (local == complete && !equation.inResult(mode.relation->mode))
      continue;
    OperandSet set = setOf(mode, local);
    mode.stored[local] = Count(equation.extent(mode.relation->mode, set));
    mode.oneSided[local] = isDense
                               ? Count(equation.denseExtent(*mode.relation, set))
                               : mode.stored[local];
  }
}

//===----------------------------------------------------------------------===//
// Steps
//===----------------------------------------------------------------------===//

Count SetFigures::plainProduct(const llvm::SmallBitVector &modes) const {
  Count product = 1;
  for (unsigned mode : modes.set_bits())
    product = saturatingMultiply(product, plainSizes[mode]);
  return product;
}

Count SetFigures::factor(unsigned index, unsigned left, unsigned right) const {
  const ConvMode &mode = convModes[index];
  if (left == 0 || right == 0)
    return mode.oneSided[left | right];
  uint64_t key = uint64_t(index) << 32 | left << 16 | right;
  auto [entry, isNew] = factors.try_emplace(key, 0);
  if (isNew)
    entry->second =
        equation.convFactor(*mode.relation, setOf(mode, left),
                            setOf(mode, right), goal.objective.count);
  return entry->second;
}

Count SetFigures::macs(OperandWord left, OperandWord right) const {
  llvm::SmallBitVector modes = kept[left];
  modes |= kept[right];
  Count product = plainProduct(modes);
  for (auto [index, mode] : llvm::enumerate(convModes))
    product = saturatingMultiply(
        product, factor(index, mode.localOf[left], mode.localOf[right]));
  return product;
}

StepKind SetFigures::kind(OperandWord left, OperandWord right) const {
  OperandWord both = left | right;
  llvm::SmallBitVector shared = kept[left];
  shared &= kept[right];
  bool keepsPlain = shared.anyCommon(kept[both]);
  bool sumsPlain = shared.test(kept[both]);
  bool hasConv = false, hasFeature = false;
  for (const ConvMode &mode : convModes) {
    if (mode.localOf[left] == 0 || mode.localOf[right] == 0)
      continue;
    hasConv = true;
    hasFeature |=
        mode.relation->feature && (both >> *mode.relation->feature & 1);
  }
  if (!hasConv)
    return sumsPlain    ? StepKind::Contraction
           : keepsPlain ? StepKind::Elementwise
                        : StepKind::Outer;
  if (!hasFeature)
    return StepKind::KernelMerge;
  if (!keepsPlain)
    return StepKind::Convolution;
  return sumsPlain ? StepKind::Grouped : StepKind::Depthwise;
}

/// Time also pays for reading what is summed before the first step.
Count SetFigures::read(OperandWord set) const {
  if (goal.objective.kind == ObjectiveKind::Time && llvm::has_single_bit(set))
    return rawElements(equation, llvm::countr_zero(set));
  return counts[set];
}

StepFigures SetFigures::step(OperandWord left, OperandWord right) const {
  StepFigures step;
  step.kind = kind(left, right);
  step.macs = macs(left, right);
  step.left = read(left);
  step.right = read(right);
  step.result = counts[left | right];
  step.leftGradient = (left & gradients) != 0;
  step.rightGradient = (right & gradients) != 0;
  step.isFolded = isFolded(left | right);
  step.leftIsOperand = llvm::has_single_bit(left);
  step.rightIsOperand = llvm::has_single_bit(right);
  step.isLast = (left | right) == all;
  return step;
}
