//===- ReportTestSupport.h - Helpers of the tests of reports ----*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reports of given trees, and what they print.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TEST_REPORT_REPORTTESTSUPPORT_H
#define CONVEINSUM_TEST_REPORT_REPORTTESTSUPPORT_H

#include "Equation/RandomEquation.h"
#include "Plan/PlanTestSupport.h"
#include "Report/Text/Numbers.h"
#include "conveinsum/Report/PlanReport.h"

namespace conveinsum {

inline bool contains(llvm::StringRef text, llvm::StringRef part) {
  return text.find(part) != llvm::StringRef::npos;
}

/// The report of a plan as it stands.
inline PlanReport reportOf(llvm::StringRef text, const Equation &equation,
                           const PlannedTree &plan) {
  return makeReport(text.str(), equation, plan.goal, PlanAnswer(plan));
}

/// The report of a given tree, as a pinned plan.
inline PlanReport pinnedReport(llvm::StringRef text, const Equation &equation,
                               ContractionTree tree, const PlanGoal &goal) {
  PlannedTree plan;
  plan.proof = Proof::Pinned;
  plan.value = evaluateGoal(equation, tree, goal).value;
  plan.tree = std::move(tree);
  plan.goal = goal;
  return reportOf(text, equation, plan);
}

inline Equation layer() {
  return makeEquation("bsh,rs,rh->brh|h", {{2, 4, 8}, {3, 4}, {3, 3}});
}

inline PlanReport smallReport(llvm::StringRef tree, const PlanGoal &goal) {
  Caught caught;
  auto parsed = ContractionTree::parseTree(tree, 3, caught);
  EXPECT_TRUE(parsed) << caught.text();
  return pinnedReport("bsh,rs,rh->brh|h", layer(), *parsed, goal);
}

/// With room for all columns.
inline std::string tableOf(const PlanReport &report, bool color = false,
                           unsigned width = 200) {
  TableOptions options;
  options.color = color;
  options.width = width;
  std::string text;
  llvm::raw_string_ostream os(text);
  printTable(report, os, options);
  return text;
}

inline std::string textOf(const llvm::json::Value *value) {
  std::string text;
  if (value)
    llvm::raw_string_ostream(text) << *value;
  return text;
}

/// Calls `test` with a random equation of at least two operands, two of its
/// trees and a goal with some gradients and constants.
inline void forRandomGoals(
    llvm::function_ref<void(const Equation &, const ContractionTree &,
                            const ContractionTree &, const PlanGoal &)>
        test) {
  SplitMix64 random(4);
  for (uint64_t seed = 0; seed < 150; ++seed) {
    RandomEquation drawn = randomEquation(seed);
    Equation equation = makeEquation(drawn.text, drawn.shapes, drawn.geometry);
    unsigned operands = equation.numOperands();
    if (operands < 2)
      continue;
    SCOPED_TRACE(drawn.text);
    auto drawTree = [&] {
      uint64_t trees = numberOfTrees(operands).word();
      return treeOfRank(operands, random.between(0, int64_t(trees) - 1));
    };
    PlanGoal goal;
    goal.target = random.oneIn(2) ? TargetModel::gpu() : TargetModel::cpu();
    goal.target.fuses = random.oneIn(2);
    if (random.oneIn(3))
      goal.dtype = goal.resultType = ElementType::I8;
    for (unsigned operand = 0; operand < operands; ++operand) {
      if (random.oneIn(3))
        goal.gradients.push_back(operand);
      else if (random.oneIn(2))
        goal.constants.push_back(operand);
    }
    ContractionTree first = drawTree(), second = drawTree();
    for (llvm::StringRef word :
         {"flops", "size", "write", "combo-7", "roof-3", "time", "peak"}) {
      goal.objective = *Objective::parse(word);
      goal.objective.count = seed % 2 ? MacCount::Dense : MacCount::Exact;
      test(equation, first, second, goal);
    }
  }
}

} // namespace conveinsum

#endif // CONVEINSUM_TEST_REPORT_REPORTTESTSUPPORT_H
