//===- AnnealTest.cpp - Local search over trees ---------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The annealer against the checker and against smaller budgets, and its windows
// against the table over all subsets.
//
//===----------------------------------------------------------------------===//

#include "Plan/RandomGoal.h"
#include "Plan/RandomNetwork.h"
#include "Plan/Search/Planners.h"
#include "Plan/Search/TreeAnnealer.h"
#include "Plan/Seeds/SeedGraph.h"

using namespace conveinsum;

TEST(TreeAnnealer, ValuesAreThoseOfTheChecker) {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    RandomEquation random = randomEquation(7000 + seed);
    Equation equation =
        makeEquation(random.text, random.shapes, random.geometry);
    if (equation.numOperands() < 3)
      continue;
    SplitMix64 draw(seed);
    PlanGoal goal = randomGoal(draw, equation.numOperands());
    goal.target.fuses = false;
    CostModel model(equation, goal);
    PlannerOptions options;
    SearchClock clock(options);
    TreeAnnealer<double> annealer(equation, model, clock);
    annealer.load(ContractionTree::leftToRight(equation.numOperands()).steps());
    annealer.anneal(500, 1, 0.01, seed);
    Count expected = evaluateGoal(equation, annealer.best(), goal).value;
    EXPECT_DOUBLE_EQ(annealer.bestValue(), double(expected))
        << random.text << ", " << spell(goal);
    annealer.loadBest();
    annealer.polish(4, 3);
    expected = evaluateGoal(equation, annealer.best(), goal).value;
    EXPECT_DOUBLE_EQ(annealer.bestValue(), double(expected));
  }
}

TEST(TreeAnnealer, NeverEndsAboveItsSeed) {
  for (uint64_t seed = 0; seed < 30; ++seed) {
    Equation equation = randomNetwork(seed, {40, 3, 1, 2, 3});
    CostModel model(equation, {});
    PlannerOptions options;
    SearchClock clock(options);
    TreeAnnealer<double> annealer(equation, model, clock);
    ContractionTree first = planByAnnealing(equation, model, 20000, clock);
    annealer.load(first.steps());
    annealer.anneal(2000, 3, 1, seed); // far too hot
    annealer.polish(6, 1);
    EXPECT_LE(evaluateGoal(equation, annealer.best(), {}).value,
              evaluateGoal(equation, first, {}).value);
  }
}

TEST(TreeAnnealer, TiesOfDoublesAreDecidedExactly) {
  // The first step costs 2^120, and what the chain costs beside it, 864 or 945,
  // is beyond the last place.
  int64_t large = int64_t(1) << 40;
  Equation equation =
      makeEquation("ab,bc,de,ef,fg->acdg",
                   {{large, large}, {large, large}, {6, 9}, {9, 9}, {9, 7}});
  CostModel model(equation, {});
  PlannerOptions options;
  SearchClock clock(options);
  TreeAnnealer<double> annealer(equation, model, clock);
  Pairs good{{0, 1}, {2, 3}, {6, 4}, {5, 7}},
      bad{{0, 1}, {3, 4}, {2, 6}, {5, 7}};
  Count best = Count::powerOfTwo(120) + Count::powerOfTwo(80) * Count(42) + 864;
  for (bool goodFirst : {false, true}) {
    annealer.load(goodFirst ? good : bad);
    annealer.keepBest();
    annealer.load(goodFirst ? bad : good);
    annealer.keepBest();
    EXPECT_EQ(evaluateGoal(equation, annealer.best(), {}).value, best);
  }
}

TEST(Anneal, MoreMovesAreNeverWorse) {
  Equation equation = randomNetwork(3, {30, 3, 1});
  Count last = Count::infinity();
  for (uint64_t moves = 1000; moves <= 300000; moves = moves * 3 / 2) {
    PlannerOptions options(PlannerKind::Anneal);
    options.budget.moves = moves;
    Caught caught;
    auto found = plan(equation, options, caught);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->proof, Proof::BestFound);
    EXPECT_LE(found->value, last);
    last = found->value;
  }
}

TEST(Anneal, ManyOperandsAndParticipants) {
  // 70 operands of one conv mode: more participants than a word has bits.
  std::string text = "bh";
  std::vector<Shape> shapes{{2, 200}};
  for (unsigned kernel = 1; kernel < 70; ++kernel) {
    text += ",h";
    shapes.push_back({int64_t(1 + kernel % 3)});
  }
  Equation equation = makeEquation(text + "->bh|h", shapes);
  PlannerOptions options;
  options.budget.moves = 3000;
  Caught caught;
  auto found = plan(equation, options, caught);
  ASSERT_TRUE(found);
  EXPECT_LE(found->value,
            evaluateGoal(equation, ContractionTree::leftToRight(70), {}).value);
}

//===----------------------------------------------------------------------===//
// Corners
//===----------------------------------------------------------------------===//

TEST(Anneal, MoreMovesAreNeverWorseInTheLastDigits) {
  // One step costs most in every tree; what the others cost is beyond the
  // last place of a double.
  for (uint64_t seed = 0; seed < 60; ++seed) {
    RandomNetworkOptions sizes{11, 3, 2};
    sizes.smallest = int64_t(1) << 20;
    sizes.largest = int64_t(1) << 45;
    Equation equation = randomNetwork(seed, sizes);
    for (Objective objective :
         {Objective(ObjectiveKind::Flops), Objective(ObjectiveKind::Combo, 64),
          Objective(ObjectiveKind::Size)}) {
      Count last = Count::infinity();
      for (uint64_t moves = 20; moves <= 6000; moves = moves * 3 / 2) {
        PlannerOptions options(PlannerKind::Anneal, objective);
        options.budget.moves = moves;
        Caught caught;
        auto found = plan(equation, options, caught);
        ASSERT_TRUE(found);
        EXPECT_LE(found->value, last)
            << "seed " << seed << ", " << objective.name() << ", " << moves;
        last = found->value;
      }
    }
  }
}

//===----------------------------------------------------------------------===//
// Windows
//===----------------------------------------------------------------------===//

/// Compares the window of all operands with the table: above the best value a
/// tree is found, below there is nothing. Counts the windows whose trees cost
/// something.
static void compareWithTable(const CostModel &model, unsigned operands,
                             bool isWhole, const std::string &what,
                             unsigned &searched) {
  llvm::SmallVector<SearchLeaf<double>, 16> leaves;
  llvm::SmallVector<WindowSearch::Value, 16> values;
  for (unsigned operand = 0; operand < operands; ++operand) {
    SearchLeaf<double> leaf = operandLeaf<double>(model, operand);
    leaves.push_back(leaf);
    values.push_back({leaf.row, leaf.side.gradient, leaf.side.constant,
                      portableLog2(leaf.side.elements)});
  }
  llvm::ArrayRef<uint64_t> kept(model.resultRow(), model.plainWords());
  SubsetTable<double> table(model, leaves, kept, isWhole);
  double best = table.value();
  if (best == 0)
    return;
  ++searched;
  WindowSearch window(model);
  double bits = portableLog2(best);
  ASSERT_TRUE(window.search(values, kept.data(), bits + 3)) << what;
  EXPECT_NEAR(window.cost() * 8, 1, 1e-9) << what;
  EXPECT_FALSE(window.search(values, kept.data(), bits - 1e-6)) << what;
}

TEST(WindowSearch, FindsTheTreeOfTheTable) {
  unsigned searched = 0;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    SplitMix64 draw(seed);
    unsigned operands = draw.between(3, 9);
    Equation equation = randomNetwork(seed, {operands, 3, 2});
    PlanGoal goal = randomGoal(draw, operands);
    if (goal.objective.kind == ObjectiveKind::Time)
      continue;
    CostModel model(equation, goal);
    ASSERT_TRUE(WindowSearch::serves(model));
    ASSERT_NO_FATAL_FAILURE(compareWithTable(model, operands, /*isWhole=*/true,
                                             spell(goal), searched));
  }
  EXPECT_GT(searched, 100u);
}

TEST(WindowSearch, FindsTheTreeOfTheTableWithConvModes) {
  unsigned searched = 0;
  for (uint64_t seed = 0; seed < 600; ++seed) {
    RandomEquation random = randomEquation(seed);
    Equation equation =
        makeEquation(random.text, random.shapes, random.geometry);
    unsigned operands = equation.numOperands();
    SplitMix64 draw(seed);
    PlanGoal goal = randomGoal(draw, operands);
    goal.objective.count = MacCount::Exact;
    CostModel model(equation, goal);
    if (operands < 3 || !model.hasConvModes() || !WindowSearch::serves(model))
      continue;
    // As of a window inside of a tree.
    ASSERT_NO_FATAL_FAILURE(compareWithTable(model, operands, /*isWhole=*/false,
                                             random.text + ", " + spell(goal),
                                             searched));
  }
  EXPECT_GT(searched, 50u);
}

TEST(WindowSearch, FactorsOutOfRangeAreNoTrees) {
  // A chain of matrices with bonds of 2^62: all modes together are far beyond
  // doubles, and so are most sets, but not the best tree.
  std::string text = "(m0)(m1)";
  std::vector<Shape> shapes{{1 << 10, int64_t(1) << 62}};
  for (unsigned operand = 1; operand < 12; ++operand) {
    text += ",(m" + std::to_string(operand) + ")(m" +
            std::to_string(operand + 1) + ")";
    shapes.push_back({int64_t(1) << 62, int64_t(1) << 62});
  }
  Equation equation = makeEquation(text + "->(m0)(m12)", shapes);
  CostModel model(equation, {});
  llvm::SmallVector<WindowSearch::Value, 16> values;
  for (unsigned operand = 0; operand < 12; ++operand)
    values.push_back({model.leaf(operand), false, false});
  WindowSearch window(model);
  // From the left: eleven steps of 2^(10 + 62 + 62).
  ASSERT_TRUE(window.search(values, model.resultRow(), 138));
  EXPECT_NEAR(window.cost(), 11.0 / 16, 1e-9);
  EXPECT_FALSE(window.search(values, model.resultRow(), 137));
}
