//===- StructureTest.cpp - Symmetry, trees, bounds ------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the structure of a network proves is held against the table over all
// subsets: tables over counts, theorems about trees, lower bounds.
//
//===----------------------------------------------------------------------===//

#include "Equation/RandomEquation.h"
#include "Plan/PlanTestSupport.h"
#include "Plan/Search/LowerBound.h"
#include "Plan/Search/SetSearch.h"
#include "Plan/Search/SymmetricTable.h"
#include "conveinsum/Runtime/SplitMix.h"

using namespace conveinsum;

static const char *const kObjectives[] = {"flops",    "size",   "write",
                                          "combo-64", "roof-8", "time"};

static PlannedTree tableOf(const Equation &equation, const PlanGoal &goal) {
  PlannerOptions options(PlannerKind::Exact, goal);
  Caught caught;
  auto found = plan(equation, options, caught);
  EXPECT_TRUE(found) << caught.text();
  return found ? *found : PlannedTree();
}

//===----------------------------------------------------------------------===//
// Symmetry
//===----------------------------------------------------------------------===//

/// Operands of few sorts: every sort has modes that all operands hold and modes
/// of its own, some in the result; perhaps a conv mode.
static Equation symmetricNetwork(SplitMix64 &draw, unsigned operands) {
  std::string text, result;
  std::vector<Shape> shapes;
  bool hasCommon = draw.oneIn(2), hasConv = draw.oneIn(2);
  int64_t sizes[2] = {draw.between(2, 4), draw.between(1, 3)};
  int64_t taps[2] = {draw.between(1, 3), draw.between(2, 3)};
  bool isOpen = draw.oneIn(2), hasHub = draw.oneIn(2);
  std::string hub;
  Shape hubShape;
  for (unsigned operand = 0; operand < operands; ++operand) {
    unsigned sort = draw.oneIn(3);
    text += operand ? "," : "";
    Shape shape;
    auto hold = [&](const std::string &mode, int64_t size) {
      text += mode;
      shape.push_back(size);
    };
    if (hasCommon)
      hold("z", 3);
    std::string own(1, char('a' + operand)), other(1, char('A' + operand));
    hold(own, sizes[sort]);
    if (hasHub) {
      hub += own;
      hubShape.push_back(sizes[sort]);
    } else {
      result += own;
    }
    if (isOpen && sort == 0) {
      hold(other, 2);
      result += other;
    }
    if (hasConv)
      hold("x", operand == 0 ? 9 : taps[sort]);
    shapes.push_back(shape);
  }
  if (hasHub) {
    text += "," + hub;
    shapes.push_back(hubShape);
  }
  if (hasConv)
    result += "x";
  return makeEquation(text + "->" + result + (hasConv ? "|x" : ""), shapes);
}

TEST(SymmetricTable, IsTheTableOverSubsets) {
  unsigned compared = 0, conv = 0;
  for (uint64_t seed = 0; seed < 300; ++seed) {
    SplitMix64 draw(seed);
    Equation equation = symmetricNetwork(draw, draw.between(3, 7));
    PlanGoal goal(*Objective::parse(kObjectives[seed % 6]));
    goal.objective.count = draw.oneIn(2) ? MacCount::Exact : MacCount::Dense;
    goal.target.callPicoseconds = 10;
    goal.target.fuses = false;
    for (unsigned operand = 0; operand < equation.numOperands(); ++operand)
      if (seed % 4 == 1 && draw.oneIn(2))
        goal.gradients.push_back(operand);
      else if (seed % 4 == 2 && draw.oneIn(2))
        goal.constants.push_back(operand);
    PlannerOptions options;
    SearchClock clock(options);
    auto tree = planBySymmetry(equation, goal, 10'000'000, clock);
    if (!tree)
      continue;
    PlannedTree expected = tableOf(equation, goal);
    Caught caught;
    ASSERT_TRUE(tree->verify(caught)) << caught.text();
    GoalCost cost = evaluateGoal(equation, *tree, goal);
    EXPECT_EQ(toString(cost.value), toString(expected.value))
        << equation.text() << ", " << goal.objective.name();
    ++compared;
    conv += !equation.relations().empty();
  }
  EXPECT_GE(compared, 200u);
  EXPECT_GE(conv, 50u);
}

TEST(SymmetricTable, TellsOperandsApart) {
  auto classesOf = [](llvm::StringRef text, const std::vector<Shape> &shapes,
                      const PlanGoal &goal = {}) {
    CostModel model(makeEquation(text, shapes), goal);
    auto classes = interchangeableOperands(model, 20);
    std::string spelled;
    for (const auto &members : *classes) {
      spelled += spelled.empty() ? "" : " ";
      for (unsigned operand : members)
        spelled += std::to_string(operand);
    }
    return spelled;
  };
  EXPECT_EQ(classesOf("a,b,c,abc->", {{2}, {2}, {2}, {2, 2, 2}}), "012 3");
  EXPECT_EQ(classesOf("a,b,c,abc->", {{2}, {3}, {2}, {2, 3, 2}}), "02 1 3");
  EXPECT_EQ(classesOf("a,b,c,abc->c", {{2}, {2}, {2}, {2, 2, 2}}), "01 2 3");
  EXPECT_EQ(classesOf("ab,bc,ac->", {{2, 2}, {2, 2}, {2, 2}}), "012");
  EXPECT_EQ(classesOf("ab,bc,cd->ad", {{2, 2}, {2, 2}, {2, 2}}), "02 1");
  EXPECT_EQ(classesOf("ab,bc,cd->a", {{2, 2}, {2, 2}, {2, 2}}), "0 1 2");
  EXPECT_EQ(classesOf("x,x,x,x->x|x", {{9}, {3}, {2}, {3}}), "0 13 2");
  PlanGoal goal;
  goal.constants = {1};
  EXPECT_EQ(classesOf("a,a,a->a", {{2}, {2}, {2}}, goal), "02 1");
}

/// What took exponential work before.
TEST(SymmetricTable, DenseNetworksTakeFewMoves) {
  auto movesOf = [](unsigned operands, const std::string &operand,
                    const Shape &shape, const std::string &end) {
    std::string text = operand;
    std::vector<Shape> shapes(operands, shape);
    for (unsigned index = 1; index < operands; ++index)
      text += "," + operand;
    if (end.find('|') != std::string::npos)
      shapes.front().back() = 64;
    PlannedTree plan =
        planOf(makeEquation(text + end, shapes), PlannerKind::Auto);
    EXPECT_EQ(plan.proof, Proof::Optimal);
    return plan.moves;
  };
  EXPECT_LT(movesOf(64, "", {}, "->"), 10'000u);
  EXPECT_LT(movesOf(64, "a", {7}, "->a"), 10'000u);
  EXPECT_LT(movesOf(40, "a", {2}, "->a|a"), 400'000u);
  EXPECT_LT(movesOf(300, "a", {0}, "->a"), 100'000u);
}

//===----------------------------------------------------------------------===//
// Trees
//===----------------------------------------------------------------------===//

static Equation randomTree(SplitMix64 &draw, unsigned operands,
                           unsigned openPercent, bool isPath) {
  std::vector<std::string> parts(operands);
  std::vector<Shape> shapes(operands);
  std::string result;
  unsigned modes = 0;
  auto addMode = [&](std::vector<unsigned> holders, int64_t size) {
    std::string mode = "(m" + std::to_string(modes++) + ")";
    for (unsigned operand : holders) {
      parts[operand] += mode;
      shapes[operand].push_back(size);
    }
    if (holders.size() == 1)
      result += mode;
  };
  int64_t largest = draw.between(2, 6);
  for (unsigned operand = 1; operand < operands; ++operand)
    addMode({isPath ? operand - 1 : unsigned(draw.between(0, operand - 1)),
             operand},
            draw.between(2, largest));
  for (unsigned operand = 0; operand < operands; ++operand)
    if (uint64_t(draw.between(0, 99)) < openPercent)
      addMode({operand}, draw.between(2, largest));
  std::string text;
  for (const std::string &part : parts)
    text += (text.empty() ? "" : ",") + part;
  return makeEquation(text + "->" + result, shapes);
}

TEST(TreeNetwork, WhereOuterProductsCannotWinTheyDoNot) {
  unsigned proven = 0, others = 0;
  for (uint64_t seed = 0; seed < 160; ++seed) {
    SplitMix64 draw(seed);
    unsigned percents[] = {0, 50, 80, 100};
    Equation equation = randomTree(draw, draw.between(3, 7), percents[seed % 4],
                                   /*isPath=*/seed % 3 == 0);
    CostModel model(equation, {});
    std::optional<TreeNetwork> network = TreeNetwork::of(model);
    ASSERT_TRUE(network) << equation.text();
    PlannerOptions options(PlannerKind::Exact);
    options.connectedOnly = true;
    Caught caught;
    auto connected = plan(equation, options, caught);
    ASSERT_TRUE(connected) << caught.text();
    EXPECT_EQ(connected->proof, Proof::OptimalConnected);
    Count best = tableOf(equation, {}).value;
    if (!network->outerProductsCannotWin()) {
      others += connected->value > best;
      continue;
    }
    ++proven;
    EXPECT_EQ(toString(connected->value), toString(best)) << equation.text();
  }
  EXPECT_GE(proven, 60u);
  EXPECT_GE(others, 2u) << "the condition is not put to a test";
}

TEST(TreeNetwork, EndsJoinInAFixedOrder) {
  for (uint64_t seed = 0; seed < 100; ++seed) {
    SplitMix64 draw(seed);
    Equation equation = randomTree(draw, draw.between(5, 10), 60, false);
    CostModel model(equation, {});
    PlannerOptions options;
    SearchClock clock(options);
    SetSearchOptions limits;
    limits.connectedOnly = true;
    uint64_t bound = ~uint64_t(0) / 4;
    auto all = searchSets<uint64_t>(model, bound, bound, limits, clock);
    uint64_t moves = clock.moves();
    limits.ends = TreeNetwork::of(model)->orderOfEnds();
    auto ordered = searchSets<uint64_t>(model, bound, bound, limits, clock);
    EXPECT_EQ(all.value, ordered.value) << equation.text();
    EXPECT_LE(clock.moves() - moves, moves + 1) << "rounded";
  }
}

TEST(TreeNetwork, PathsAndStarsOfAnySize) {
  std::string path = "(i0)(i1)", star, hub, legs;
  std::vector<Shape> matrices{{5, 2}}, leaves;
  Shape centre;
  for (unsigned index = 1; index < 90; ++index) {
    auto label = [](char letter, unsigned number) {
      return "(" + std::string(1, letter) + std::to_string(number) + ")";
    };
    path += "," + label('i', index) + label('i', index + 1);
    matrices.push_back({matrices.back()[1], int64_t(2 + index * 7 % 11)});
    int64_t bond = 2 + index % 5, open = 2 + index % 3;
    star += label('a', index) + label('b', index) + ",";
    hub += label('a', index);
    legs += label('b', index);
    leaves.push_back({bond, open});
    centre.push_back(bond);
  }
  PlannedTree chain =
      planOf(makeEquation(path + "->(i0)(i90)", matrices), PlannerKind::Auto);
  EXPECT_EQ(chain.proof, Proof::Optimal);
  EXPECT_LT(chain.moves, 10'000u);
  leaves.push_back(centre);
  PlannedTree wheel =
      planOf(makeEquation(star + hub + "->" + legs, leaves), PlannerKind::Auto);
  EXPECT_EQ(wheel.proof, Proof::Optimal);
  EXPECT_LT(wheel.moves, 1'000u);
}

TEST(TreeNetwork, IsNoneOfOtherNetworks) {
  auto isTree = [](llvm::StringRef text, const std::vector<Shape> &shapes,
                   const PlanGoal &goal = {}) {
    CostModel model(makeEquation(text, shapes), goal);
    return TreeNetwork::of(model).has_value();
  };
  std::vector<Shape> three{{2, 3}, {3, 4}, {4, 2}};
  EXPECT_TRUE(isTree("ab,bc,cd->ad", three));
  EXPECT_FALSE(isTree("ab,bc,ca->", three)) << "a cycle";
  EXPECT_FALSE(isTree("ab,bc,cd->abd", three)) << "a bond in the result";
  EXPECT_FALSE(isTree("ab,bc,de->ade", three)) << "two parts";
  EXPECT_FALSE(isTree("ab,bc,cd->ad", {{2, 0}, {0, 4}, {4, 2}})) << "zeros";
  PlanGoal goal;
  goal.constants = {1};
  EXPECT_FALSE(isTree("ab,bc,cd->ad", three, goal));
  goal = {};
  goal.gradients = {0, 1, 2};
  EXPECT_TRUE(isTree("ab,bc,cd->ad", three, goal));
  EXPECT_FALSE(
      isTree("ab,bc,cd->ad", three, PlanGoal(Objective(ObjectiveKind::Write))));
}

//===----------------------------------------------------------------------===//
// Bounds
//===----------------------------------------------------------------------===//

TEST(LowerBound, IsNeverAboveTheOptimum) {
  unsigned met = 0;
  for (uint64_t seed = 0; seed < 600; ++seed) {
    RandomEquation random = randomEquation(4000 + seed);
    Equation equation =
        makeEquation(random.text, random.shapes, random.geometry);
    if (equation.numOperands() < 2)
      continue;
    SplitMix64 draw(seed);
    PlanGoal goal(*Objective::parse(kObjectives[seed % 6]));
    for (unsigned operand = 0; operand < equation.numOperands(); ++operand)
      if (seed % 3 == 1 && draw.oneIn(2))
        goal.gradients.push_back(operand);
      else if (seed % 3 == 2 && draw.oneIn(2))
        goal.constants.push_back(operand);
    CostModel model(equation, goal);
    Count bound = lowerBound(model), best = tableOf(equation, goal).value;
    EXPECT_LE(bound, best) << random.text << ", " << goal.objective.name();
    met += bound == best && best > 0;
  }
  EXPECT_GE(met, 20u);
}

TEST(LowerBound, OfEqualFactorsIsMet) {
  auto boundOf = [](llvm::StringRef text, const std::vector<Shape> &shapes,
                    PlanGoal goal = {}) {
    CostModel model(makeEquation(text, shapes), goal);
    return toString(lowerBound(model));
  };
  EXPECT_EQ(boundOf(",,,->", {{}, {}, {}, {}}), "3");
  EXPECT_EQ(boundOf("a,a,a->a", {{5}, {5}, {5}}), "10");
  PlanGoal goal;
  goal.gradients = {0, 2};
  EXPECT_EQ(boundOf("a,a,a->a", {{5}, {5}, {5}}, goal), "25");
  goal = {};
  goal.constants = {0, 2};
  EXPECT_EQ(boundOf("a,a,a->a", {{5}, {5}, {5}}, goal), "5");
  EXPECT_EQ(boundOf("a,ab,b->", {{5}, {5, 0}, {0}}), "0");
}

TEST(Planner, RefusesMoreOperandsThanItCanHold) {
  unsigned operands = kMaxPlannedOperands + 1;
  Equation equation = makeEquation(std::string(operands - 1, ',') + "->",
                                   std::vector<Shape>(operands));
  for (PlannerKind planner : {PlannerKind::Left, PlannerKind::Auto}) {
    Caught caught;
    EXPECT_FALSE(plan(equation, {planner}, caught));
    EXPECT_EQ(caught.text(),
              ": expected at most 131072 operands for the planner "
              "'" +
                  name(planner).str() + "', got 131073");
  }
}
