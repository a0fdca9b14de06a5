//===- FusedGroupsTest.cpp - Steps that a target runs as one --------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Groups of random trees against the definition, edge by edge: they are what a
// plan may carry, and costs leave out the bytes of exactly their edges.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Cost/FusedGroups.h"
#include "Equation/RandomEquation.h"
#include "Plan/PlanTestSupport.h"
#include <map>
#include <numeric>

using namespace conveinsum;

using Groups = std::vector<FusedGroup>;

static PlanGoal fusingGoal() {
  PlanGoal goal(*Objective::parse("time"));
  goal.target.fuses = true;
  return goal;
}

TEST(FusedGroups, TheExample) {
  Equation equation =
      makeEquation("bch,ch,ch,ct->bth|h", {{4, 8, 64}, {8, 3}, {8, 5}, {8, 6}});
  ContractionTree tree = ContractionTree::leftToRight(4);
  PlanGoal goal = fusingGoal();
  EXPECT_EQ(fusedGroups(equation, tree, goal), Groups({{4, 5}}));
  // The objective chooses trees; what runs is the target's.
  goal.objective = Objective(ObjectiveKind::Flops);
  EXPECT_EQ(fusedGroups(equation, tree, goal), Groups({{4, 5}}));
  EXPECT_EQ(fusedGroups(equation, tree, goal, {4}), Groups());
  goal.target.fuses = false;
  EXPECT_EQ(fusedGroups(equation, tree, goal), Groups());
}

TEST(FusedGroups, StandInTheOrderOfTheirFirstSteps) {
  Equation equation = makeEquation("c,c,c,c->c", {{8}, {8}, {8}, {8}});
  Caught caught;
  auto tree = ContractionTree::parseSsaPath("(0,1),(4,2),(5,3)", 4, caught);
  PlanGoal goal = fusingGoal();
  EXPECT_EQ(fusedGroups(equation, *tree, goal), Groups({{4, 5, 6}}));
  goal.constants = {0, 1};
  EXPECT_EQ(fusedGroups(equation, *tree, goal), Groups({{5, 6}}));
  Equation more =
      makeEquation("c,c,c,d,d,d->cd", {{8}, {8}, {8}, {9}, {9}, {9}});
  // 6 is read by 9, 7 by 8.
  auto both =
      ContractionTree::parseSsaPath("(0,1),(3,4),(7,5),(6,2),(8,9)", 6, caught);
  ASSERT_TRUE(both) << caught.text();
  EXPECT_EQ(fusedGroups(more, *both, fusingGoal()), Groups({{6, 9}, {7, 8}}));
}

TEST(FusedGroups, OneOperandHasNone) {
  Equation equation = makeEquation("ab->a", {{2, 3}});
  EXPECT_TRUE(
      fusedGroups(equation, ContractionTree(1, {}), fusingGoal()).empty());
}

namespace {
/// What the definition says of one tree.
struct Definition {
  Definition(const Equation &equation, const ContractionTree &tree,
             const PlanGoal &goal, llvm::ArrayRef<unsigned> written)
      : groupOf(tree.numValues()), isFused(tree.numValues()) {
    OperandSet constants = equation.emptySet();
    for (unsigned operand : goal.constants)
      constants.set(operand);
    std::iota(groupOf.begin(), groupOf.end(), 0u);
    for (unsigned reader = tree.numOperands(); reader < tree.numValues();
         ++reader) {
      auto kindOf = [&](unsigned value) {
        auto [lhs, rhs] = tree.steps()[value - tree.numOperands()];
        return equation.kind(tree.operandsOf(lhs), tree.operandsOf(rhs));
      };
      auto [lhs, rhs] = tree.steps()[reader - tree.numOperands()];
      for (unsigned value : {lhs, rhs}) {
        if (value < tree.numOperands() || llvm::is_contained(written, value) ||
            !tree.operandsOf(value).test(constants) ||
            !goal.target.fusesInto(kindOf(value), kindOf(reader)))
          continue;
        isFused[value] = true;
        unsigned merged = groupOf[value];
        for (unsigned &group : groupOf)
          if (group == merged)
            group = groupOf[reader];
      }
    }
  }

  std::vector<unsigned> groupOf; ///< per value; alone in it or not
  std::vector<bool> isFused;     ///< with the value's reader
};
} // namespace

TEST(FusedGroups, AgreeWithTheDefinitionAndThePlan) {
  SplitMix64 random(1);
  unsigned grouped = 0, larger = 0, cut = 0;
  for (uint64_t seed = 0; seed < 400; ++seed) {
    RandomEquation drawn = randomEquation(seed);
    Equation equation = makeEquation(drawn.text, drawn.shapes, drawn.geometry);
    unsigned operands = equation.numOperands();
    PlanGoal goal = fusingGoal();
    if (random.oneIn(2))
      goal.target = TargetModel::gpu(), goal.target.fuses = true;
    for (unsigned operand = 0; operand < operands; ++operand)
      if (random.oneIn(4))
        goal.constants.push_back(operand);
    for (const ContractionTree &tree : spreadTrees(operands, 6)) {
      Plan plan(tree);
      for (unsigned value = operands; value + 1 < tree.numValues(); ++value)
        if (random.oneIn(6))
          plan.kept.push_back(value);
      plan.groups = fusedGroups(equation, tree, goal, plan.kept);
      Caught caught;
      ASSERT_TRUE(plan.verify(caught))
          << equation.text() << " " << tree.treeText() << ": " << caught.text();

      Definition expected(equation, tree, goal, plan.kept);
      std::map<unsigned, FusedGroup> members;
      for (unsigned value = operands; value < tree.numValues(); ++value)
        members[expected.groupOf[value]].push_back(value);
      Groups groups;
      for (const auto &[key, group] : members)
        if (group.size() > 1)
          groups.push_back(group);
      llvm::sort(groups);
      ASSERT_EQ(plan.groups, groups)
          << equation.text() << " " << tree.treeText();
      grouped += !groups.empty();
      larger += llvm::any_of(
          groups, [](const FusedGroup &group) { return group.size() > 2; });
      cut += groups != fusedGroups(equation, tree, goal);
    }
  }
  EXPECT_GE(grouped, 100u) << "hardly anything is fused";
  EXPECT_GE(larger, 10u);
  EXPECT_GE(cut, 10u);
}

TEST(FusedGroups, CostsLeaveOutTheirEdges) {
  unsigned fused = 0;
  for (uint64_t seed = 0; seed < 300; ++seed) {
    RandomEquation drawn = randomEquation(seed);
    Equation equation = makeEquation(drawn.text, drawn.shapes, drawn.geometry);
    PlanGoal goal = fusingGoal();
    if (seed % 2 && equation.numOperands() > 2)
      goal.constants = {0, 1};
    for (const ContractionTree &tree : spreadTrees(equation.numOperands(), 4)) {
      Definition expected(equation, tree, goal, {});
      GoalCost cost = evaluateGoal(equation, tree, goal);
      PlanGoal apart = goal;
      apart.target.fuses = false;
      std::vector<StepFigures> figures =
          evaluateGoal(equation, tree, apart).figures;
      Count value = 0;
      for (auto [index, lhs, rhs, result] : tree.numberedSteps()) {
        EXPECT_FALSE(figures[index].leftFused || figures[index].rightFused ||
                     figures[index].resultFused);
        figures[index].leftFused = expected.isFused[lhs];
        figures[index].rightFused = expected.isFused[rhs];
        figures[index].resultFused = expected.isFused[result];
        fused += expected.isFused[result];
        value = value + stepCost(goal, figures[index]);
      }
      EXPECT_EQ(toString(cost.value), toString(value))
          << equation.text() << " " << tree.treeText();
    }
  }
  EXPECT_GE(fused, 100u);
}
