//===- KeptWalk.h - What values keep, along a tree --------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The checkers walk trees of up to 100,000 steps. A value knows the modes that
// it keeps and how many of their holders it has; joining two values merges
// these lists, so a step costs what its values have, not what the network has.
// Sets of operands are carried only where there are conv modes, whose windows
// and factors are asked of the equation.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_COST_KEPTWALK_H
#define CONVEINSUM_LIB_PLAN_COST_KEPTWALK_H

#include "conveinsum/Equation/Equation.h"

namespace conveinsum {

class KeptWalk {
public:
  explicit KeptWalk(const Equation &equation)
      : equation(equation), needsSets(!equation.relations().empty()) {}

  /// A mode that is kept, and its holders among the operands of the value.
  struct Held {
    ModeId mode;
    unsigned holders;
  };
  struct Value {
    llvm::SmallVector<Held, 6> kept; // by mode
    OperandSet set;                  // empty where there are no conv modes
  };

  Value leaf(unsigned operand) const;
  /// `isWhole`: the value is the result.
  Value join(const Value &left, const Value &right, bool isWhole) const;
  static bool holds(const Value &value, ModeId mode);
  Count elements(const Value &value) const;
  Count macs(const Value &left, const Value &right, MacCount count) const;
  StepKind kind(const Value &left, const Value &right, const Value &both) const;

private:
  bool isKept(ModeId mode, unsigned holders) const {
    return holders < equation.numHolders(mode) || equation.inResult(mode);
  }

  const Equation &equation;
  bool needsSets;
};

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_COST_KEPTWALK_H
