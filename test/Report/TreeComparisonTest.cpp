//===- TreeComparisonTest.cpp - Two trees side by side --------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Steps that two trees share are no difference, everything else is one, and the
// costliest is named.
//
//===----------------------------------------------------------------------===//

#include "ReportTestSupport.h"
#include <map>
#include <set>

using namespace conveinsum;
using llvm::StringRef;
namespace json = llvm::json;

static PlannedTree planWith(ContractionTree tree, Proof proof = Proof::Pinned) {
  PlannedTree plan;
  plan.tree = std::move(tree);
  plan.proof = proof;
  return plan;
}

/// Values of the steps of a tree by the two sets that they join.
static std::map<std::string, Count>
stepsBySets(const ContractionTree &tree, const std::vector<StepReport> &steps) {
  std::map<std::string, Count> values;
  for (unsigned index = 0; index < steps.size(); ++index) {
    std::set<std::string> sides;
    auto [lhs, rhs] = tree.steps()[index];
    for (unsigned side : {lhs, rhs}) {
      std::string text;
      OperandSet operands = tree.operandsOf(side);
      for (unsigned operand : operands.set_bits())
        text += std::to_string(operand) + " ";
      sides.insert(text);
    }
    values[*sides.begin() + "| " + *sides.rbegin()] = steps[index].value;
  }
  return values;
}

TEST(ReportCompare, DifferencesAreAllThatDiffers) {
  unsigned differing = 0, alike = 0;
  forRandomGoals([&](const Equation &equation, const ContractionTree &first,
                     const ContractionTree &second, const PlanGoal &goal) {
    PlanReport report = pinnedReport("", equation, first, goal);
    TreeComparison comparison = compareTrees(report, planWith(second));
    EXPECT_EQ(comparison.other.value,
              evaluateGoal(equation, second, goal).value);
    auto here = stepsBySets(first, report.steps);
    auto there = stepsBySets(second, comparison.steps);
    std::set<unsigned> onlyHere, onlyThere;
    for (const StepDifference &difference : comparison.differences) {
      ASSERT_TRUE(difference.here || difference.there);
      if (difference.here) {
        onlyHere.insert(*difference.here);
        EXPECT_TRUE(first.operandsOf(first.resultOf(*difference.here)) ==
                    difference.operands);
      }
      if (difference.there) {
        onlyThere.insert(*difference.there);
        EXPECT_TRUE(second.operandsOf(second.resultOf(*difference.there)) ==
                    difference.operands);
      }
    }
    // What is left of either tree is the same, step by step.
    unsigned shared = 0;
    for (const auto &[sets, value] : here)
      shared += there.count(sets);
    EXPECT_EQ(onlyHere.size(), first.steps().size() - shared);
    EXPECT_EQ(onlyThere.size(), second.steps().size() - shared);
    EXPECT_EQ(comparison.costliest.has_value(),
              report.plan.value != comparison.other.value);
    (comparison.differences.empty() ? alike : differing) += 1;
  });
  EXPECT_GT(differing, 100u);
  EXPECT_GT(alike, 100u);
}

TEST(ReportCompare, SidesAndNumbersDoNotMatter) {
  Caught caught;
  Equation equation =
      makeEquation("ij,jk,kl,lm->im", {{2, 9}, {9, 3}, {3, 9}, {9, 2}});
  auto tree = ContractionTree::parseTree("((0,1),(2,3))", 4, caught);
  auto mirrored = ContractionTree::parseTree("((3,2),(1,0))", 4, caught);
  ASSERT_TRUE(tree && mirrored);
  PlanReport report = pinnedReport("", equation, *tree, PlanGoal());
  report.comparison = compareTrees(report, planWith(*mirrored));
  EXPECT_TRUE(report.comparison->differences.empty());
  EXPECT_FALSE(report.comparison->costliest);
  EXPECT_TRUE(contains(tableOf(report), "both trees take the same steps\n"));
}

TEST(ReportCompare, NamesTheCostliestStep) {
  PlanReport report = smallReport("((0,2),1)", PlanGoal());
  report.comparison = compareTrees(
      report, planWith(ContractionTree::leftToRight(3), Proof::Optimal));
  const TreeComparison &comparison = *report.comparison;
  // Both end in all operands, from different parts.
  ASSERT_EQ(comparison.differences.size(), 3u);
  EXPECT_TRUE(comparison.differences[1].here &&
              comparison.differences[1].there);
  EXPECT_FALSE(comparison.differences[0].there);
  EXPECT_FALSE(comparison.differences[2].here);
  EXPECT_EQ(comparison.costliest, 0u);
  std::string table = tableOf(report);
  for (StringRef part :
       {"Compared with the optimum ((0,1),2)\n", "  MACs: 720 ",
        "against 324 MACs, ", "  operands  this tree  the optimum  kind",
        "\n  0,2 ", "\n  0-2 ", "\n  0,1 ", " instead of brh,rh->brh|h\n",
        "  costliest: bsh,rh->bsrh|h, 528, 73.3 % of this tree\n"})
    EXPECT_TRUE(contains(table, part)) << part.str() << "\n" << table;

  json::Object object = toJSON(report);
  const json::Object &compare = *object.getObject("compare");
  EXPECT_EQ(textOf(compare.get("tree")), "[[0,1],2]");
  EXPECT_EQ(compare.getString("proof"), "optimal");
  EXPECT_EQ(compare.getInteger("value"), 324);
  EXPECT_EQ(compare.getNumber("ratio"), double(report.plan.value) / 324);
  EXPECT_EQ(compare.getInteger("costliest"), 0);
  const json::Array &differences = *compare.getArray("differences");
  ASSERT_EQ(differences.size(), 3u);
  const json::Object &last = *differences[2].getAsObject();
  EXPECT_EQ(textOf(last.get("operands")), "[0,1]");
  EXPECT_EQ(textOf(last.get("here")), "null");
  EXPECT_EQ(last.getObject("there")->getInteger("step"), 0);
  EXPECT_EQ(last.getObject("there")->getInteger("value"), 192);
  EXPECT_EQ(last.getObject("there")->getString("equation"), "bsh,rs->brh");
}

TEST(ReportCompare, ShowsTheCostliestOfMany) {
  unsigned operands = 40;
  std::string text;
  std::vector<Shape> shapes;
  for (unsigned operand = 0; operand < operands; ++operand) {
    text += (operand ? ",(m" : "(m") + std::to_string(operand) + ")(m" +
            std::to_string(operand + 1) + ")";
    shapes.push_back(
        {int64_t(2 + operand % 3), int64_t(2 + (operand + 1) % 3)});
  }
  text += "->(m0)(m" + std::to_string(operands) + ")";
  Equation equation = makeEquation(text, shapes);
  // From the right instead of from the left.
  std::vector<ContractionTree::Step> steps{{operands - 2, operands - 1}};
  for (unsigned index = 1; index + 1 < operands; ++index)
    steps.push_back({operands - 2 - index, operands + index - 1});
  PlanReport report = pinnedReport(
      text, equation, ContractionTree::leftToRight(operands), PlanGoal());
  report.comparison =
      compareTrees(report, planWith(ContractionTree(operands, steps)));
  size_t differences = report.comparison->differences.size();
  EXPECT_EQ(differences, 2 * (operands - 2) + 1u);
  std::string table = tableOf(report);
  EXPECT_TRUE(contains(table, "  and " + std::to_string(differences - 32) +
                                  " cheaper ones\n"))
      << table;
  EXPECT_TRUE(contains(table, "Compared with the given tree "));
}
