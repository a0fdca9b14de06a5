//===- PlanTestSupport.h - Helpers of the tests of this room ----*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Short ways to an equation and to its plan.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TEST_PLAN_PLANTESTSUPPORT_H
#define CONVEINSUM_TEST_PLAN_PLANTESTSUPPORT_H

#include "Equation/TestSupport.h"
#include "conveinsum/Plan/Cost/PlanCost.h"
#include "conveinsum/Plan/Search/Planner.h"

namespace conveinsum {

inline Equation makeEquation(llvm::StringRef text,
                             const std::vector<Shape> &shapes,
                             const GeometryMap &geometry = {}) {
  Caught caught;
  auto equation = Equation::create(text, geometry, shapes, caught);
  EXPECT_TRUE(equation) << text.str() << ": " << caught.text();
  return equation ? *equation : Equation();
}

/// The equation of an entry of a data file.
inline Equation equationOf(const llvm::json::Object &entry) {
  Caught caught;
  auto read = Case::fromJSON(entry, caught);
  EXPECT_TRUE(read) << caught.text();
  auto equation = read ? read->resolve(caught) : std::nullopt;
  EXPECT_TRUE(equation) << caught.text();
  return equation ? *equation : Equation();
}

inline PlannedTree planOf(const Equation &equation,
                          PlannerKind planner = PlannerKind::Exact,
                          MacCount count = MacCount::Exact) {
  Caught caught;
  auto result = plan(equation, {planner, count}, caught);
  EXPECT_TRUE(result) << caught.text();
  EXPECT_EQ(caught.count, 0u);
  if (!result)
    return PlannedTree();
  EXPECT_TRUE(result->tree.verify(caught)) << caught.text();
  return *result;
}

inline PlanCost costOf(const Equation &equation, PlannerKind planner,
                       MacCount count = MacCount::Exact) {
  return evaluatePlan(equation, planOf(equation, planner, count).tree);
}

inline Count macsOf(const PlanCost &cost, MacCount count) {
  return count == MacCount::Exact ? cost.exactMacs : cost.denseMacs;
}

/// Numbers of data files, which stay below 2^64.
inline std::string digits(const llvm::json::Value &value) {
  auto number = value.getAsUINT64();
  EXPECT_TRUE(number.has_value());
  return number ? std::to_string(*number) : "";
}

/// A tree that a data file gives as nested arrays.
inline ContractionTree treeOf(const llvm::json::Value &value,
                              unsigned numOperands) {
  std::string text;
  llvm::raw_string_ostream(text) << value;
  Caught caught;
  auto tree = ContractionTree::parseTree(text, numOperands, caught);
  EXPECT_TRUE(tree) << text << ": " << caught.text();
  return tree ? *tree : ContractionTree();
}

} // namespace conveinsum

#endif // CONVEINSUM_TEST_PLAN_PLANTESTSUPPORT_H
