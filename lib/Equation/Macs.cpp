//===- Macs.cpp - The two MAC counts and the kind of a step ---------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// docs/Semantics.md, section 5. A step costs a product over the modes of both
// sides; only a conv mode that both sides hold needs counting.
//
//===----------------------------------------------------------------------===//

#include "Counting.h"
#include "conveinsum/Equation/CountProduct.h"
#include "conveinsum/Equation/WindowSums.h"
#include "llvm/ADT/STLExtras.h"

using namespace conveinsum;
using Term = LinearRelation::Term;

//===----------------------------------------------------------------------===//
// The factor of one conv mode
//===----------------------------------------------------------------------===//

Count conveinsum::exactConvFactor(const LinearRelation &relation,
                                  const Window &left, const Window &right,
                                  const Window &both) {
  Variable x{left.coefficient, left.extent};
  Variable y{right.coefficient, right.extent};
  Int offset =
      Int(left.coefficient) * left.shift + Int(right.coefficient) * right.shift;
  bool isComplete = both.state == Window::State::Complete;
  if (relation.modulus && !isComplete)
    return Count(left.extent) * Count(right.extent);
  if (relation.modulus)
    return countModular(
        {x, y, {-Int(relation.resultCoefficient), relation.resultExtent}},
        offset + relation.offset, relation.modulus);
  if (isComplete)
    return countLinear(x, y, offset + relation.offset,
                       relation.resultCoefficient, relation.resultExtent);
  return countLinear(x, y, offset - Int(both.coefficient) * both.shift,
                     both.coefficient, both.extent);
}

int64_t Equation::denseExtent(const LinearRelation &relation,
                              const OperandSet &set) const {
  Window window = this->window(relation.mode, set);
  if (window.state != Window::State::Partial || relation.modulus ||
      !relation.feature)
    return window.extent;
  bool hasFeature = set.test(*relation.feature);
  // With the feature: what the kernels that are still to come slide over.
  // Without: the taps of the composite of the set's kernels.
  Interval reach = span(relation, [&](const Term &term) {
    return set.test(term.operand) != hasFeature;
  });
  Int length = reach.high - reach.low;
  if (!hasFeature)
    return int64_t(length / window.coefficient + 1);
  return int64_t(Int(relation.resultCoefficient) * (relation.resultExtent - 1) +
                 1 + length);
}

Count Equation::convFactor(const LinearRelation &relation,
                           const OperandSet &left, const OperandSet &right,
                           MacCount count) const {
  OperandSet both = left;
  both |= right;
  if (count == MacCount::Exact || !relation.feature)
    return exactConvFactor(relation, window(relation.mode, left),
                           window(relation.mode, right),
                           window(relation.mode, both));
  auto extent = [&](const OperandSet &set) {
    return Count(denseExtent(relation, set));
  };
  // The side of the feature does not count: every entry of the step's result
  // takes all the taps of the other side.
  if (left.test(*relation.feature))
    return extent(both) * extent(right);
  if (right.test(*relation.feature))
    return extent(both) * extent(left);
  return extent(left) * extent(right);
}

//===----------------------------------------------------------------------===//
// Steps
//===----------------------------------------------------------------------===//

Count Equation::stepFactor(ModeId mode, const OperandSet *left,
                           const OperandSet *right, MacCount count) const {
  const LinearRelation *relation = this->relation(mode);
  if (!relation)
    return Count(size(mode));
  if (left && right)
    return convFactor(*relation, *left, *right, count);
  const OperandSet &only = left ? *left : *right;
  return Count(count == MacCount::Dense ? denseExtent(*relation, only)
                                        : extent(mode, only));
}

Count Equation::macs(const OperandSet &left, const OperandSet &right,
                     MacCount count) const {
  llvm::SmallVector<ModeId, 6> leftModes = kept(left), rightModes = kept(right);
  CountProduct product;
  for (ModeId mode : leftModes) {
    bool isShared = llvm::is_contained(rightModes, mode);
    product *= stepFactor(mode, &left, isShared ? &right : nullptr, count);
  }
  for (ModeId mode : rightModes)
    if (!llvm::is_contained(leftModes, mode))
      product *= stepFactor(mode, nullptr, &right, count);
  return product;
}

llvm::StringRef conveinsum::name(StepKind kind) {
  switch (kind) {
  case StepKind::KernelMerge:
    return "kernel-merge";
  case StepKind::Depthwise:
    return "depthwise";
  case StepKind::Grouped:
    return "grouped";
  case StepKind::Convolution:
    return "convolution";
  case StepKind::Outer:
    return "outer";
  case StepKind::Elementwise:
    return "elementwise";
  case StepKind::Contraction:
    return "contraction";
  }
  llvm_unreachable("all kinds are named");
}

StepKind conveinsum::stepKind(bool hasConv, bool hasFeature, bool keepsPlain,
                              bool sumsPlain) {
  if (hasConv) {
    if (!hasFeature)
      return StepKind::KernelMerge;
    if (!keepsPlain)
      return StepKind::Convolution;
    return sumsPlain ? StepKind::Grouped : StepKind::Depthwise;
  }
  if (!keepsPlain && !sumsPlain)
    return StepKind::Outer;
  return sumsPlain ? StepKind::Contraction : StepKind::Elementwise;
}

StepKind Equation::kind(const OperandSet &left, const OperandSet &right) const {
  OperandSet both = left;
  both |= right;
  llvm::SmallVector<ModeId, 6> leftModes = kept(left), rightModes = kept(right),
                               keptModes = kept(both);
  bool hasConv = false, hasFeature = false, keepsPlain = false,
       sumsPlain = false;
  for (ModeId mode : leftModes) {
    if (!llvm::is_contained(rightModes, mode))
      continue;
    if (const LinearRelation *relation = this->relation(mode)) {
      hasConv = true;
      hasFeature |= relation->feature && both.test(*relation->feature);
    } else if (llvm::is_contained(keptModes, mode)) {
      keepsPlain = true;
    } else {
      sumsPlain = true;
    }
  }
  return stepKind(hasConv, hasFeature, keepsPlain, sumsPlain);
}
