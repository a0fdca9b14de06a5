//===- PlannerTest.cpp - The planners against all trees -------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The exact planner is compared with every tree of random equations, for both
// counts and with its tie-break; limits and refusals; the other planners.
//
//===----------------------------------------------------------------------===//

#include "PlanTestSupport.h"
#include "RandomEquation.h"
#include <chrono>
#include <tuple>

using namespace conveinsum;

/// What the exact planner minimises, in order.
using Preference = std::tuple<Count, Count, Count>;

namespace {
/// Costs of trees of one equation, straight from the equation.
class TreeCosts {
public:
  TreeCosts(const Equation &equation, MacCount count)
      : equation(equation), count(count) {}

  Preference of(const ContractionTree &tree) {
    std::vector<OperandSet> sets;
    for (unsigned operand = 0; operand < tree.numOperands(); ++operand)
      sets.push_back(equation.singleton(operand));
    Count macs = 0, written = 0, largest = 0;
    for (auto [lhs, rhs] : tree.steps()) {
      OperandSet both = sets[lhs];
      both |= sets[rhs];
      macs = saturatingAdd(macs, equation.macs(sets[lhs], sets[rhs], count));
      Count elements = equation.elements(both);
      written = saturatingAdd(written, elements);
      largest = std::max(largest, elements);
      sets.push_back(both);
    }
    return {macs, written, largest};
  }

private:
  const Equation &equation;
  MacCount count;
};
} // namespace

TEST(ExactPlanner, IsTheOptimumOverAllTreesOfRandomEquations) {
  unsigned larger = 0;
  for (uint64_t seed = 0; seed < 400; ++seed) {
    RandomEquation random = randomEquation(seed);
    Equation equation =
        makeEquation(random.text, random.shapes, random.geometry);
    larger += equation.numOperands() >= 5;
    // 6 operands have 945 trees.
    std::vector<ContractionTree> trees =
        spreadTrees(equation.numOperands(), 1000);
    for (MacCount count : {MacCount::Exact, MacCount::Dense}) {
      TreeCosts costs(equation, count);
      Preference best{kMaxCount, kMaxCount, kMaxCount};
      for (const ContractionTree &tree : trees)
        best = std::min(best, costs.of(tree));
      ContractionTree tree = planOf(equation, PlannerKind::Exact, count).tree;
      EXPECT_TRUE(costs.of(tree) == best)
          << "seed " << seed << ": " << random.text << " " << tree.treeText()
          << " has " << toString(std::get<0>(costs.of(tree)))
          << " MACs, expected " << toString(std::get<0>(best));
    }
  }
  EXPECT_GE(larger, 50u) << "the seeds hardly test anything";
}

TEST(ExactPlanner, TakesOuterProducts) {
  // (ab)c passes once over c: 30 + 300; any other order passes twice.
  Equation equation = makeEquation("a,b,abc->c", {{6}, {5}, {6, 5, 10}});
  EXPECT_EQ(planOf(equation).tree.treeText(), "((0,1),2)");
  EXPECT_EQ(toString(costOf(equation, PlannerKind::Exact).exactMacs), "330");
}

TEST(ExactPlanner, PrivateModesAreFree) {
  // p is summed and the diagonal of d is taken before the first step.
  Equation equation =
      makeEquation("ipdd,ijd,jk->ik", {{2, 50, 3, 3}, {2, 4, 3}, {4, 5}});
  PlanCost cost = costOf(equation, PlannerKind::Exact);
  EXPECT_EQ(toString(cost.exactMacs), "64"); // 2*4*3 + 2*4*5
}

TEST(ExactPlanner, SizeZeroCostsNothing) {
  Equation equation = makeEquation("ij,jk,kl->il", {{3, 0}, {0, 4}, {4, 5}});
  PlanCost cost = costOf(equation, PlannerKind::Exact);
  EXPECT_EQ(toString(cost.exactMacs), "0");
}

TEST(ExactPlanner, SaturatesInsteadOfWrapping) {
  // 2^60 per mode: a step with three of them is beyond 128 bits.
  int64_t big = int64_t(1) << 60;
  Equation equation = makeEquation(
      "ab,bc,cd,da->", {{big, big}, {big, big}, {big, big}, {big, big}});
  PlanCost cost = costOf(equation, PlannerKind::Exact);
  EXPECT_TRUE(cost.exactMacs == kMaxCount);
  EXPECT_EQ(planOf(equation).proof, Proof::Optimal);
}

TEST(ExactPlanner, TiesAreBrokenByElementsWritten) {
  // ((0,1),2) takes 72 + 72 MACs and writes 18 + 12 elements, (0,(1,2)) takes
  // 96 + 48 and writes 16 + 12.
  Equation equation = makeEquation("ab,bc,cd->ad", {{3, 4}, {4, 6}, {6, 4}});
  EXPECT_EQ(planOf(equation).tree.treeText(), "(0,(1,2))");
  EXPECT_EQ(toString(costOf(equation, PlannerKind::Exact).exactMacs), "144");
  EXPECT_EQ(toString(costOf(equation, PlannerKind::Left).exactMacs), "144");
}

TEST(ExactPlanner, TiesInEverythingAreBrokenByAFixedOrder) {
  Equation equation = makeEquation("ab,bc,cd->ad", {{2, 2}, {2, 2}, {2, 2}});
  EXPECT_EQ(planOf(equation).tree.treeText(), "((0,1),2)");
}

/// A ring of matrices with a tail of modes that differ in size.
static Equation ringOf(unsigned operands) {
  std::string text;
  std::vector<Shape> shapes;
  auto label = [](unsigned mode) { return "(m" + std::to_string(mode) + ")"; };
  for (unsigned k = 0; k < operands; ++k) {
    unsigned next = (k + 1) % operands;
    text += (k == 0 ? "" : ",") + label(k) + label(next);
    shapes.push_back({int64_t(2 + k % 5), int64_t(2 + next % 5)});
  }
  return makeEquation(text + "->", shapes);
}

TEST(ExactPlanner, SixteenOperandsWithinSeconds) {
  Equation equation = ringOf(16);
  Plan plan = planOf(equation);
  EXPECT_EQ(plan.proof, Proof::Optimal);
  EXPECT_LT(plan.planningSeconds, 10.0);
  EXPECT_LE(costOf(equation, PlannerKind::Exact).exactMacs,
            costOf(equation, PlannerKind::Left).exactMacs);
}

TEST(ExactPlanner, SixteenParticipantsOfOneConvMode) {
  std::string text = "h";
  std::vector<Shape> shapes{{40}};
  for (unsigned kernel = 1; kernel < 16; ++kernel) {
    text += ",h";
    shapes.push_back({int64_t(1 + kernel)});
  }
  Equation equation = makeEquation(text + "->h|h", shapes);
  Plan plan = planOf(equation);
  EXPECT_LT(plan.planningSeconds, 20.0);
  EXPECT_LE(evaluatePlan(equation, plan.tree).exactMacs,
            costOf(equation, PlannerKind::Left).exactMacs);
}

TEST(ExactPlanner, RefusesMoreOperandsThanItsLimit) {
  Equation equation = ringOf(16 + 1);
  Caught caught;
  EXPECT_FALSE(plan(equation, {PlannerKind::Exact, MacCount::Exact}, caught));
  ASSERT_EQ(caught.count, 1u);
  EXPECT_EQ(caught.diagnostic->message,
            "expected at most 16 operands for the planner 'exact', got 17; use "
            "--planner=left, or pin an order with --tree=");
  EXPECT_FALSE(
      plan(ringOf(18), {PlannerKind::Rebuild, MacCount::Exact}, caught));
  EXPECT_EQ(caught.diagnostic->message,
            "expected at most 17 operands for the planner 'rebuild', got 18; "
            "use --planner=left, or pin an order with --tree=");
  EXPECT_EQ(planOf(ringOf(40), PlannerKind::Left).tree,
            ContractionTree::leftToRight(40));
}

TEST(ExactPlanner, RefusesDynamicExtentsUnlessThereIsOneTree) {
  Equation three =
      makeEquation("ij,jk,kl->il", {{2, kDynamic}, {kDynamic, 3}, {3, 4}});
  Caught caught;
  EXPECT_FALSE(plan(three, {PlannerKind::Exact, MacCount::Exact}, caught));
  ASSERT_EQ(caught.count, 1u);
  EXPECT_EQ(caught.diagnostic->message,
            "expected static extents for the planner 'exact', got a dynamic "
            "extent of mode j in operand 0");
  EXPECT_EQ(caught.diagnostic->mode, "j");
  EXPECT_EQ(caught.diagnostic->operand, 0u);
  EXPECT_EQ(planOf(three, PlannerKind::Left).tree.treeText(), "((0,1),2)");
  Equation two = makeEquation("ij,jk->ik", {{2, kDynamic}, {kDynamic, 3}});
  EXPECT_EQ(planOf(two).tree.treeText(), "(0,1)");
}

TEST(Planners, OneOperand) {
  Equation equation = makeEquation("iij->j", {{3, 3, 4}});
  for (PlannerKind planner :
       {PlannerKind::Exact, PlannerKind::Left, PlannerKind::Rebuild}) {
    PlanCost cost = costOf(equation, planner);
    EXPECT_EQ(planOf(equation, planner).tree.treeText(), "0");
    EXPECT_TRUE(cost.steps.empty());
    EXPECT_TRUE(cost.exactMacs == 0 && cost.denseMacs == 0 &&
                cost.largestIntermediate == 0 && cost.written == 0);
  }
}

TEST(Planners, RebuildJoinsTheFeatureLast) {
  // The feature of h, the first conv mode, is operand 2.
  GeometryMap geometry;
  geometry["h"].feature = 2;
  Equation equation = makeEquation(
      "rt,rh,bsh,rs->bth|h", {{4, 5}, {4, 3}, {2, 6, 9}, {4, 6}}, geometry);
  Plan plan = planOf(equation, PlannerKind::Rebuild);
  EXPECT_EQ(plan.proof, Proof::Rebuild);
  ContractionTree::Step last = plan.tree.steps().back();
  EXPECT_TRUE(last.first == 2 || last.second == 2);
  // Without a conv mode it is operand 0.
  Equation plain = makeEquation("ij,jk,kl->il", {{2, 30}, {30, 40}, {40, 5}});
  EXPECT_EQ(planOf(plain, PlannerKind::Rebuild).tree.treeText(), "(0,(1,2))");
}

TEST(Planners, Words) {
  EXPECT_EQ(parsePlannerKind("exact"), PlannerKind::Exact);
  EXPECT_EQ(parsePlannerKind("left"), PlannerKind::Left);
  EXPECT_EQ(parsePlannerKind("rebuild"), PlannerKind::Rebuild);
  EXPECT_EQ(parsePlannerKind("Exact"), std::nullopt);
  EXPECT_EQ(parsePlannerKind(""), std::nullopt);
  for (PlannerKind planner :
       {PlannerKind::Exact, PlannerKind::Left, PlannerKind::Rebuild})
    EXPECT_EQ(parsePlannerKind(name(planner)), planner);
  EXPECT_EQ(name(Proof::Optimal), "optimal");
  EXPECT_EQ(name(Proof::Pinned), "pinned");
}
