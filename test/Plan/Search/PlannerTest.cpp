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

#include "Equation/RandomEquation.h"
#include "Plan/PlanTestSupport.h"
#include "llvm/ADT/StringExtras.h"
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
      macs = macs + equation.macs(sets[lhs], sets[rhs], count);
      Count elements = equation.elements(both);
      written = written + elements;
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
      Preference best{Count::infinity(), Count::infinity(), Count::infinity()};
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

TEST(ExactPlanner, IsExactBeyond128Bits) {
  // 2^60 per mode: two steps with three of them, one with two.
  int64_t big = int64_t(1) << 60;
  Equation equation = makeEquation(
      "ab,bc,cd,da->", {{big, big}, {big, big}, {big, big}, {big, big}});
  PlanCost cost = costOf(equation, PlannerKind::Exact);
  EXPECT_EQ(cost.exactMacs, Count::powerOfTwo(181) + Count::powerOfTwo(120));
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

TEST(ExactPlanner, RingOfTwenty) {
  Equation equation = ringOf(20);
  EXPECT_EQ(planOf(equation).proof, Proof::Optimal);
  EXPECT_LE(costOf(equation, PlannerKind::Exact).exactMacs,
            costOf(equation, PlannerKind::Left).exactMacs);
}

TEST(ExactPlanner, FourteenParticipantsOfOneConvMode) {
  std::string text = "h";
  std::vector<Shape> shapes{{40}};
  for (unsigned kernel = 1; kernel < 14; ++kernel) {
    text += ",h";
    shapes.push_back({int64_t(1 + kernel)});
  }
  Equation equation = makeEquation(text + "->h|h", shapes);
  PlannedTree plan = planOf(equation);
  EXPECT_EQ(plan.proof, Proof::Optimal);
  EXPECT_LE(evaluatePlan(equation, plan.tree).exactMacs,
            costOf(equation, PlannerKind::Left).exactMacs);
}

TEST(ExactPlanner, RefusesMoreOperandsThanItsLimit) {
  Caught caught;
  EXPECT_FALSE(plan(ringOf(65), {PlannerKind::Exact, MacCount::Exact}, caught));
  ASSERT_EQ(caught.count, 1u);
  EXPECT_EQ(caught.diagnostic->message,
            "expected at most 64 operands for the planner 'exact', got 65; use "
            "--planner=auto, or pin an order with --tree=");
  EXPECT_FALSE(
      plan(ringOf(18), {PlannerKind::Rebuild, MacCount::Exact}, caught));
  EXPECT_EQ(caught.diagnostic->message,
            "expected at most 17 operands for the planner 'rebuild', got 18; "
            "use --planner=auto, or pin an order with --tree=");
  EXPECT_EQ(planOf(ringOf(40), PlannerKind::Left).tree,
            ContractionTree::leftToRight(40));
}

TEST(ExactPlanner, RefusesWhatItCannotProve) {
  PlannerOptions options(PlannerKind::Exact);
  options.budget.moves = 3000;
  Caught caught;
  EXPECT_FALSE(plan(ringOf(40), options, caught));
  ASSERT_EQ(caught.count, 1u);
  EXPECT_EQ(llvm::StringRef(caught.diagnostic->message).take_until([](char c) {
    return llvm::isDigit(c);
  }),
            "expected an optimum that can be proven, got none for the "
            "objective 'flops' within ");
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
  PlannedTree plan = planOf(equation, PlannerKind::Rebuild);
  EXPECT_EQ(plan.proof, Proof::Rebuild);
  ContractionTree::Step last = plan.tree.steps().back();
  EXPECT_TRUE(last.first == 2 || last.second == 2);
  // Without a conv mode it is operand 0.
  Equation plain = makeEquation("ij,jk,kl->il", {{2, 30}, {30, 40}, {40, 5}});
  EXPECT_EQ(planOf(plain, PlannerKind::Rebuild).tree.treeText(), "(0,(1,2))");
}

TEST(Planners, Words) {
  for (PlannerKind planner :
       {PlannerKind::Auto, PlannerKind::Exact, PlannerKind::Anneal,
        PlannerKind::Greedy, PlannerKind::Left, PlannerKind::Rebuild})
    EXPECT_EQ(parsePlannerKind(name(planner)), planner);
  EXPECT_EQ(parsePlannerKind("Exact"), std::nullopt);
  EXPECT_EQ(parsePlannerKind(""), std::nullopt);
  EXPECT_EQ(name(Proof::Optimal), "optimal");
  EXPECT_EQ(name(Proof::OptimalConnected), "optimal-connected");
  EXPECT_EQ(name(Proof::BestFound), "best-found");
  EXPECT_EQ(name(Proof::Pinned), "pinned");
  EXPECT_EQ(name(Proof::Greedy), "greedy");
}

TEST(Planners, RefuseAGoalOfOtherOperands) {
  PlanGoal goal;
  goal.gradients = {4};
  Caught caught;
  EXPECT_FALSE(plan(ringOf(4), {PlannerKind::Auto, goal}, caught));
  EXPECT_EQ(caught.count, 1u);
}

TEST(Planners, EqualInputGivesAnEqualPlan) {
  Equation equation = ringOf(24);
  PlannerOptions options;
  options.budget.moves = 30000;
  Caught caught;
  auto first = plan(equation, options, caught);
  auto second = plan(equation, options, caught);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->tree, second->tree);
  EXPECT_EQ(first->moves, second->moves);
}

TEST(Planners, ReturnTheBestTreeWhenStopped) {
  std::atomic<bool> stop = true;
  PlannerOptions options(PlannerKind::Anneal);
  options.stop = &stop;
  Caught caught;
  auto found = plan(ringOf(50), options, caught);
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->tree.verify(caught));
  EXPECT_LT(found->moves, 100000u);
}

TEST(Planners, TellHowFarTheyAre) {
  PlannerOptions options(PlannerKind::Anneal);
  options.budget.seconds = 0.5;
  unsigned calls = 0;
  Count last = Count::infinity();
  options.onProgress = [&](const SearchProgress &progress) {
    ++calls;
    EXPECT_EQ(progress.phase, "annealing");
    EXPECT_LE(progress.best, last);
    EXPECT_GT(progress.moves, 0u);
    last = progress.best;
  };
  Caught caught;
  auto found = plan(ringOf(50), options, caught);
  ASSERT_TRUE(found);
  EXPECT_GE(calls, 1u);
  EXPECT_LE(calls, 4u);
  EXPECT_LE(found->value, last);
}

TEST(SearchBudget, Forms) {
  EXPECT_EQ(SearchBudget::parse("20000")->moves, 20000u);
  EXPECT_EQ(SearchBudget::parse("20000moves")->moves, 20000u);
  EXPECT_DOUBLE_EQ(*SearchBudget::parse("10ms")->seconds, 0.010);
  EXPECT_DOUBLE_EQ(*SearchBudget::parse("1.5s")->seconds, 1.5);
  EXPECT_DOUBLE_EQ(*SearchBudget::parse("500us")->seconds, 0.0005);
  EXPECT_FALSE(SearchBudget::parse("10ms")->moves);
  for (llvm::StringRef text : {"", "ms", "0", "-1", "1.5", "0s", "10m",
                               "10 minutes", "1e400s", "s10", "nan", "infs"})
    EXPECT_FALSE(SearchBudget::parse(text)) << text.str();
}
