//===- EquationTestSupport.h - Values, trees and tensors --------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the tests of the meaning share: resolving with failures shown, walking
// trees, filling operands.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TEST_EQUATION_EQUATIONTESTSUPPORT_H
#define CONVEINSUM_TEST_EQUATION_EQUATIONTESTSUPPORT_H

#include "RandomEquation.h"
#include "TestSupport.h"
#include "conveinsum/Equation/Evaluator.h"

namespace conveinsum {

/// Resolves; a failure is a failure of the test, and gives a scalar.
inline Equation resolved(const RandomEquation &drawn) {
  Caught caught;
  auto equation =
      Equation::create(drawn.text, drawn.geometry, drawn.shapes, caught);
  EXPECT_TRUE(equation.has_value()) << drawn.text << ": " << caught.text();
  if (equation)
    return *equation;
  return Equation::fromParts({{}, {{}}, {}, {{}}, {}});
}

inline Equation resolved(const std::string &text,
                         const std::vector<Shape> &shapes,
                         const GeometryMap &geometry = {}) {
  return resolved(RandomEquation{text, geometry, shapes});
}

inline OperandSet setOf(const Equation &equation,
                        std::initializer_list<unsigned> operands) {
  OperandSet set = equation.emptySet();
  for (unsigned k : operands)
    set.set(k);
  return set;
}

inline size_t elementCount(llvm::ArrayRef<int64_t> shape) {
  size_t count = 1;
  for (int64_t extent : shape)
    count *= size_t(extent);
  return count;
}

/// An equation with the text, the geometry and the sizes of failure messages.
inline std::string describe(const Equation &equation) {
  std::string text = equation.text();
  for (unsigned k = 0; k < equation.numOperands(); ++k) {
    text += k == 0 ? " " : ",";
    for (int64_t extent : equation.operandShape(k))
      text += std::to_string(extent) + "x";
  }
  for (const LinearRelation &relation : equation.relations())
    text += "; " + equation.label(relation.mode).str() + ": " +
            equation.relationText(relation) +
            ", E=" + std::to_string(relation.resultExtent);
  return text;
}

/// One operand per leaf, with entries made by `entry`.
template <typename T, typename Entry>
std::vector<std::vector<T>> makeOperands(const Equation &equation,
                                         Entry entry) {
  std::vector<std::vector<T>> operands;
  for (unsigned k = 0; k < equation.numOperands(); ++k) {
    std::vector<T> data(elementCount(equation.operandShape(k)));
    for (size_t i = 0; i < data.size(); ++i)
      data[i] = entry(k, i);
    operands.push_back(std::move(data));
  }
  return operands;
}

template <typename T>
Evaluation<T> evaluateAll(const Equation &equation,
                          const std::vector<std::vector<T>> &operands) {
  std::vector<llvm::ArrayRef<T>> views(operands.begin(), operands.end());
  return evaluate<T>(equation, views);
}

} // namespace conveinsum

#endif // CONVEINSUM_TEST_EQUATION_EQUATIONTESTSUPPORT_H
