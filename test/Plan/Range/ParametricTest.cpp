//===- ParametricTest.cpp - Plans for a range of sizes --------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every piece against all trees at every size; the number of plans; refusals;
// cases with another size.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Range/Parametric.h"
#include "Equation/EquationTestSupport.h"
#include "Plan/PlanTestSupport.h"
#include "llvm/ADT/STLExtras.h"

using namespace conveinsum;

static Case caseOf(const std::string &expr, const std::vector<Shape> &shapes,
                   const GeometryMap &geometry = {}) {
  Case given;
  given.expr = expr;
  given.shapes = shapes;
  given.geometry = geometry;
  return given;
}

/// The plan of a case whose mode `label` is open; failures fail the test.
static ParametricPlan planOpen(const Case &given, llvm::StringRef label,
                               int64_t low, int64_t high,
                               const PlannerOptions &options = {}) {
  Caught caught;
  auto at = [&](int64_t size) {
    return equationAtSize(given, label, size, caught);
  };
  auto result = planParametric(at, low, high, options, caught);
  EXPECT_TRUE(result) << given.expr << ": " << caught.text();
  return result ? *result : ParametricPlan();
}

/// Pieces cover the range, and neighbours differ.
static void expectCover(const ParametricPlan &plan, int64_t low, int64_t high) {
  ASSERT_FALSE(plan.pieces.empty());
  EXPECT_EQ(plan.pieces.front().from, low);
  EXPECT_EQ(plan.pieces.back().to, high);
  for (size_t k = 0; k < plan.pieces.size(); ++k) {
    EXPECT_LE(plan.pieces[k].from, plan.pieces[k].to);
    if (k == 0)
      continue;
    EXPECT_EQ(plan.pieces[k].from, plan.pieces[k - 1].to + 1);
    EXPECT_FALSE(plan.pieces[k].tree == plan.pieces[k - 1].tree);
  }
}

/// The tree of the piece is the best of all trees at every size, and where the
/// tree of the piece to the left was as good, it was kept.
static void expectOptimal(const Case &given, llvm::StringRef label,
                          const ParametricPlan &plan, const PlanGoal &goal) {
  Caught caught;
  for (const ParametricPiece &piece : plan.pieces)
    for (int64_t size = piece.from; size <= piece.to; ++size) {
      auto equation = equationAtSize(given, label, size, caught);
      ASSERT_TRUE(equation) << caught.text();
      Count best = Count::infinity();
      for (const auto &tree : spreadTrees(equation->numOperands(), 200))
        best = std::min(best, evaluateGoal(*equation, tree, goal).value);
      Count value = evaluateGoal(*equation, piece.tree, goal).value;
      ASSERT_TRUE(value == best)
          << size << ": " << piece.tree.treeText() << " has " << toString(value)
          << ", expected " << toString(best);
      EXPECT_EQ(&plan.at(size), &piece);
      if (size == piece.from)
        EXPECT_TRUE(piece.valueFrom == value);
      if (size == piece.to)
        EXPECT_TRUE(piece.valueTo == value);
      if (size == piece.from && &piece != &plan.pieces.front())
        EXPECT_FALSE(evaluateGoal(*equation, (&piece - 1)->tree, goal).value ==
                     value)
            << "a tie that does not keep the tree to the left";
    }
}

//===----------------------------------------------------------------------===//
// Against all trees
//===----------------------------------------------------------------------===//

/// A mode that may be opened, from the labels of the equation.
static std::string openLabel(const Equation &equation, SplitMix64 &random) {
  return equation
      .label(ModeId(random.between(0, int64_t(equation.numModes()) - 1)))
      .str();
}

TEST(Parametric, EveryPieceIsOptimalAtAllItsSizes) {
  static const char *words[] = {"flops", "write",   "combo-64",
                                "size",  "roof-20", "time"};
  unsigned checked = 0, split = 0, affine = 0;
  for (uint64_t seed = 0; seed < 160; ++seed) {
    RandomEquation drawn = randomEquation(seed);
    Equation equation = makeEquation(drawn.text, drawn.shapes, drawn.geometry);
    SplitMix64 random(seed);
    if (equation.numOperands() < 3 || equation.numOperands() > 5 ||
        drawn.text.find("...") != std::string::npos)
      continue;
    std::string label = openLabel(equation, random);
    Case given = caseOf(drawn.text, drawn.shapes, drawn.geometry);
    // A feature must be as long as its kernels.
    Caught ignored;
    int64_t low = 1;
    while (low < 30 && !equationAtSize(given, label, low, ignored))
      ++low;
    if (low == 30)
      continue;
    SCOPED_TRACE(std::to_string(seed) + " " + label + " " + drawn.text);
    PlanGoal goal(*Objective::parse(words[seed % 6]));
    if (random.oneIn(2))
      goal.objective.count = MacCount::Dense;
    for (unsigned k = 0; k < equation.numOperands(); ++k)
      if (random.oneIn(3))
        goal.gradients.push_back(k);
    int64_t high = low + (equation.numOperands() == 5 ? 14 : 30);
    ParametricPlan plan =
        planOpen(given, label, low, high, {PlannerKind::Auto, goal});
    expectCover(plan, low, high);
    expectOptimal(given, label, plan, goal);
    EXPECT_TRUE(plan.exact);
    ++checked;
    split += plan.pieces.size() > 1;
    affine += plan.plans < uint64_t(high - low);
  }
  EXPECT_GE(checked, 70u);
  EXPECT_GE(split, 15u) << "hardly any plan changes";
  EXPECT_GE(affine, 20u) << "hardly any range is planned by lines";
}

//===----------------------------------------------------------------------===//
// Few plans
//===----------------------------------------------------------------------===//

TEST(Parametric, ABatchOfACPLayerTakesFewPlans) {
  Case layer = caseOf("bshw,rt,rs,rh,rw->bthw|hw",
                      {{1, 64, 14, 14}, {96, 64}, {96, 64}, {96, 3}, {96, 3}});
  ParametricPlan plan = planOpen(layer, "b", 1, 4096);
  EXPECT_TRUE(plan.exact);
  EXPECT_LE(plan.plans, 2 + 2 * plan.pieces.size());
  expectCover(plan, 1, 4096);
  for (const ParametricPiece &piece : plan.pieces)
    EXPECT_EQ(piece.proof, Proof::Optimal);
}

TEST(Parametric, BreakPointsOfAChain) {
  Case chain = caseOf("na,ab,bc->nc", {{1, 8}, {8, 8}, {8, 10}});
  ParametricPlan plan = planOpen(chain, "n", 1, 1000000);
  // ((0,1),2): 64 n + 80 n; (0,(1,2)): 640 + 80 n; a tie at n = 10.
  ASSERT_EQ(plan.pieces.size(), 2u);
  EXPECT_EQ(plan.pieces[0].tree.treeText(), "((0,1),2)");
  EXPECT_EQ(plan.pieces[0].to, 10);
  EXPECT_EQ(plan.pieces[1].tree.treeText(), "(0,(1,2))");
  EXPECT_EQ(toString(plan.pieces[0].valueFrom), "144");
  EXPECT_EQ(toString(plan.pieces[1].valueTo), "80000640");
  EXPECT_TRUE(plan.exact);
  EXPECT_EQ(plan.plans, 4u);
}

TEST(Parametric, AThirdTreeBetweenTheEndsIsFound) {
  // The more rows n, the more of the chain is worth joining first: a b c from
  // 10 on, c d e from 12, all from 60.
  Case chain = caseOf("na,ab,bc,cd,de->ne",
                      {{1, 10}, {10, 10}, {10, 10}, {10, 30}, {30, 60}});
  ParametricPlan plan = planOpen(chain, "n", 1, 3000);
  EXPECT_GE(plan.pieces.size(), 3u);
  EXPECT_LE(plan.plans, 2 + 2 * plan.pieces.size());
  EXPECT_TRUE(plan.exact);
  Caught caught;
  for (int64_t size : {1, 2, 5, 20, 30, 31, 60, 200, 2999}) {
    auto equation = equationAtSize(chain, "n", size, caught);
    EXPECT_TRUE(evaluateGoal(*equation, plan.at(size).tree, {}).value ==
                planOf(*equation).value)
        << size;
  }
}

//===----------------------------------------------------------------------===//
// Other ways through the range
//===----------------------------------------------------------------------===//

TEST(Parametric, LargeRangesOfOtherGoalsAreHalvedAndSaySo) {
  Case chain = caseOf("na,ab,bc->nc", {{1, 8}, {8, 8}, {8, 10}});
  PlanGoal roof(*Objective::parse("roof-20"));
  ParametricPlan plan =
      planOpen(chain, "n", 1, 100000, {PlannerKind::Auto, roof});
  EXPECT_FALSE(plan.exact);
  EXPECT_LE(plan.plans, kMaxParametricPlans);
  expectCover(plan, 1, 100000);
  ParametricPlan exact =
      planOpen(chain, "n", 1, 400, {PlannerKind::Auto, roof});
  EXPECT_TRUE(exact.exact);
  ASSERT_EQ(exact.pieces.size(), 2u);
  ASSERT_EQ(plan.pieces.size(), 2u);
  EXPECT_EQ(plan.pieces[0].to, exact.pieces[0].to);
  EXPECT_EQ(plan.pieces[1].proof, Proof::BestFound);
}

TEST(Parametric, AConvModeIsPlannedSizeBySize) {
  Case layer = caseOf("sh,rs,rh,rt->th|h", {{8, 9}, {6, 8}, {6, 5}, {6, 8}});
  ParametricPlan plan = planOpen(layer, "h", 5, 60);
  EXPECT_TRUE(plan.exact);
  EXPECT_EQ(plan.plans, 56u);
  expectOptimal(layer, "h", plan, {});
}

TEST(Parametric, NetworksThatAreNotWhatTheirSizeSays) {
  // Twice the size: affine, but not in the sense that is proven by lines.
  Case chain = caseOf("na,ab,bc->nc", {{1, 8}, {8, 8}, {8, 10}});
  Caught caught;
  auto twice = [&](int64_t size) {
    return equationAtSize(chain, "n", 2 * size, caught);
  };
  auto plan = planParametric(twice, 1, 50, {}, caught);
  ASSERT_TRUE(plan);
  EXPECT_TRUE(plan->exact);
  EXPECT_EQ(plan->plans, 50u);
  EXPECT_EQ(plan->pieces[0].to, 5);
  // Right at both ends only.
  auto bent = [&](int64_t size) {
    return equationAtSize(chain, "n", size == 1 || size == 50 ? size : 50,
                          caught);
  };
  plan = planParametric(bent, 1, 50, {}, caught);
  ASSERT_TRUE(plan);
  EXPECT_TRUE(plan->exact);
  EXPECT_EQ(plan->pieces[0].to, 1);
}

TEST(Parametric, WithoutAProofNothingIsExact) {
  Case chain = caseOf("na,ab,bc->nc", {{1, 8}, {8, 8}, {8, 10}});
  ParametricPlan plan = planOpen(chain, "n", 1, 100, PlannerKind::Left);
  EXPECT_FALSE(plan.exact);
  ASSERT_EQ(plan.pieces.size(), 1u);
  EXPECT_EQ(plan.pieces[0].proof, Proof::Left);
}

TEST(Parametric, OneSize) {
  Case chain = caseOf("na,ab,bc->nc", {{1, 8}, {8, 8}, {8, 10}});
  ParametricPlan plan = planOpen(chain, "n", 7, 7);
  ASSERT_EQ(plan.pieces.size(), 1u);
  EXPECT_EQ(plan.plans, 1u);
  EXPECT_EQ(plan.pieces[0].tree.treeText(), "((0,1),2)");
}

TEST(Parametric, ValuesBeyond128BitsAreLines) {
  int64_t big = int64_t(1) << 60;
  Case chain = caseOf("na,ab,bc->nc", {{1, big}, {big, big}, {big, 10}});
  ParametricPlan plan = planOpen(chain, "n", 1, 64);
  EXPECT_LE(plan.plans, 8u);
  ASSERT_FALSE(plan.pieces.empty());
}

//===----------------------------------------------------------------------===//
// Refusals and cases
//===----------------------------------------------------------------------===//

static std::string refusalOf(EquationAt at, int64_t low, int64_t high) {
  Caught caught;
  EXPECT_FALSE(planParametric(at, low, high, {}, caught));
  EXPECT_EQ(caught.count, 1u);
  return caught.diagnostic ? caught.diagnostic->message : "";
}

TEST(Parametric, Refusals) {
  auto chain = [](int64_t size) -> std::optional<Equation> {
    return makeEquation(size == 3 ? "na,ab,bc->n" : "na,ab,bc->nc",
                        {{size, 8}, {8, 8}, {8, 10}});
  };
  EXPECT_EQ(refusalOf(chain, 5, 4),
            "expected a range of sizes from at least 0 upwards, got 5 to 4");
  EXPECT_EQ(refusalOf(chain, -1, 4),
            "expected a range of sizes from at least 0 upwards, got -1 to 4");
  EXPECT_EQ(refusalOf(chain, 1, 3),
            "expected networks that differ in sizes only, got 'na,ab,bc->nc' "
            "at 1 and 'na,ab,bc->n' at 3");
  auto dynamic = [](int64_t) -> std::optional<Equation> {
    return makeEquation("na,ab->nb", {{kDynamic, 8}, {8, 8}});
  };
  EXPECT_EQ(refusalOf(dynamic, 1, 3),
            "expected static extents to plan for a range of sizes, got a "
            "dynamic extent of mode n in operand 0");
}

TEST(Parametric, WhatTheNetworkReportsIsPassedOn) {
  GeometryMap geometry;
  geometry["h"].padding = {PaddingMode::Valid, 0, 0};
  Case layer = caseOf("sh,rh->rsh|h", {{8, 9}, {6, 5}}, geometry);
  Caught caught;
  auto at = [&](int64_t size) {
    return equationAtSize(layer, "h", size, caught);
  };
  EXPECT_FALSE(planParametric(at, 1, 9, {}, caught));
  EXPECT_EQ(caught.count, 1u);
  EXPECT_EQ(caught.diagnostic->constraint, "C36");
}

TEST(EquationAtSize, ReplacesTheModeWhereItIsHeld) {
  Caught caught;
  // A plain mode in every holder, diagonals and after an ellipsis.
  Case plain = caseOf("n...m,nnm->n...m", {{2, 5, 7, 3}, {2, 2, 3}});
  plain.expectedResultShape = Shape{2, 5, 7, 3};
  auto equation = equationAtSize(plain, "m", 9, caught);
  ASSERT_TRUE(equation) << caught.text();
  EXPECT_EQ(equation->resultShape(), (Shape{2, 5, 7, 9}));
  equation = equationAtSize(plain, "n", 4, caught);
  ASSERT_TRUE(equation) << caught.text();
  EXPECT_EQ(equation->operandShape(1), llvm::ArrayRef<int64_t>({4, 4, 3}));
  // A conv mode in its feature only.
  GeometryMap geometry;
  geometry["h"].feature = 1;
  Case conv = caseOf("h,h,h->h|h", {{3}, {9}, {2}}, geometry);
  conv.expectedExtents["h"].feature = 9;
  equation = equationAtSize(conv, "h", 12, caught);
  ASSERT_TRUE(equation) << caught.text();
  EXPECT_EQ(equation->operandShape(0)[0], 3);
  EXPECT_EQ(equation->operandShape(1)[0], 12);
  EXPECT_EQ(equation->operandShape(2)[0], 2);
  EXPECT_EQ(caught.count, 0u);
}

TEST(EquationAtSize, Refusals) {
  Caught caught;
  Case given = caseOf("na,ab->nb", {{2, 3}, {3, 4}});
  EXPECT_FALSE(equationAtSize(given, "x", 3, caught));
  EXPECT_EQ(caught.diagnostic->message,
            "expected a mode of the equation to vary, got 'x'");
  given.shapes.reset();
  EXPECT_FALSE(equationAtSize(given, "n", 3, caught));
  EXPECT_EQ(caught.diagnostic->message,
            "expected a case with shapes, got none");
  given = caseOf("na,,->(", {});
  EXPECT_FALSE(equationAtSize(given, "n", 3, caught));
  EXPECT_EQ(caught.count, 3u);
}
