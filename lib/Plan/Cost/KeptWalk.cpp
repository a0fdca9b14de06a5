//===- KeptWalk.cpp - What values keep, along a tree ----------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Merges of sorted lists. The rules are those of docs/Semantics.md, 4 and 5.
//
//===----------------------------------------------------------------------===//

#include "KeptWalk.h"
#include "conveinsum/Equation/CountProduct.h"
#include "llvm/ADT/STLExtras.h"

using namespace conveinsum;
using Held = KeptWalk::Held;

/// Calls `visit(mode, left, right)` for the modes of both lists in ascending
/// order; a side that lacks the mode is null.
template <class Visit>
static void merge(llvm::ArrayRef<Held> left, llvm::ArrayRef<Held> right,
                  Visit visit) {
  auto l = left.begin(), r = right.begin();
  while (l != left.end() || r != right.end()) {
    bool fromLeft = r == right.end() || (l != left.end() && l->mode <= r->mode);
    bool fromRight =
        l == left.end() || (r != right.end() && r->mode <= l->mode);
    ModeId mode = fromLeft ? l->mode : r->mode;
    visit(mode, fromLeft ? &*l : nullptr, fromRight ? &*r : nullptr);
    l += fromLeft;
    r += fromRight;
  }
}

KeptWalk::Value KeptWalk::leaf(unsigned operand) const {
  Value value;
  llvm::SmallVector<ModeId, 6> modes(equation.operandModes(operand));
  llvm::sort(modes);
  modes.erase(llvm::unique(modes), modes.end());
  for (ModeId mode : modes)
    if (isKept(mode, 1))
      value.kept.push_back({mode, 1});
  if (needsSets)
    value.set = equation.singleton(operand);
  return value;
}

KeptWalk::Value KeptWalk::join(const Value &left, const Value &right,
                               bool isWhole) const {
  Value value;
  merge(left.kept, right.kept,
        [&](ModeId mode, const Held *inLeft, const Held *inRight) {
          unsigned holders =
              (inLeft ? inLeft->holders : 0) + (inRight ? inRight->holders : 0);
          if (isKept(mode, holders))
            value.kept.push_back({mode, holders});
        });
  if (needsSets) {
    value.set = left.set;
    value.set |= right.set;
  }
  // What no operand holds comes into being with the result.
  if (isWhole) {
    for (ModeId mode : equation.resultModes())
      if (equation.numHolders(mode) == 0)
        value.kept.push_back({mode, 0});
    llvm::sort(value.kept,
               [](const Held &a, const Held &b) { return a.mode < b.mode; });
  }
  return value;
}

bool KeptWalk::holds(const Value &value, ModeId mode) {
  auto held = llvm::partition_point(
      value.kept, [&](const Held &other) { return other.mode < mode; });
  return held != value.kept.end() && held->mode == mode;
}

Count KeptWalk::elements(const Value &value) const {
  CountProduct count;
  for (const Held &held : value.kept)
    count *= Count(equation.relation(held.mode)
                       ? equation.extent(held.mode, value.set)
                       : equation.size(held.mode));
  return count;
}

Count KeptWalk::macs(const Value &left, const Value &right,
                     MacCount count) const {
  CountProduct product;
  merge(left.kept, right.kept,
        [&](ModeId mode, const Held *inLeft, const Held *inRight) {
          product *= equation.stepFactor(mode, inLeft ? &left.set : nullptr,
                                         inRight ? &right.set : nullptr, count);
        });
  return product;
}

StepKind KeptWalk::kind(const Value &left, const Value &right,
                        const Value &both) const {
  bool hasConv = false, hasFeature = false, keepsPlain = false,
       sumsPlain = false;
  auto kept = both.kept.begin();
  merge(left.kept, right.kept,
        [&](ModeId mode, const Held *inLeft, const Held *inRight) {
          if (!inLeft || !inRight)
            return;
          if (const LinearRelation *relation = equation.relation(mode)) {
            hasConv = true;
            hasFeature |=
                relation->feature && both.set.test(*relation->feature);
            return;
          }
          while (kept != both.kept.end() && kept->mode < mode)
            ++kept;
          bool isKept = kept != both.kept.end() && kept->mode == mode;
          (isKept ? keepsPlain : sumsPlain) = true;
        });
  return stepKind(hasConv, hasFeature, keepsPlain, sumsPlain);
}
