//===- ReportGoalTest.cpp - Reports of goals and of two trees -------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a report says about a goal is what the checker says, along every tree:
// values, predictions, training, prepared steps, and differences of two trees.
//
//===----------------------------------------------------------------------===//

#include "../Equation/RandomEquation.h"
#include "PlanTestSupport.h"
#include "ReportText.h"
#include "conveinsum/Plan/Report.h"
#include <map>
#include <set>

using namespace conveinsum;
using llvm::StringRef;
namespace json = llvm::json;

static bool contains(StringRef text, StringRef part) {
  return text.find(part) != StringRef::npos;
}

/// The report of a given tree, as a pinned plan.
static PlanReport pinnedReport(StringRef text, const Equation &equation,
                               ContractionTree tree, const PlanGoal &goal) {
  Plan plan;
  plan.proof = Proof::Pinned;
  plan.value = evaluateGoal(equation, tree, goal).value;
  plan.tree = std::move(tree);
  plan.goal = goal;
  return makeReport(text.str(), equation, std::move(plan));
}

static Equation layer() {
  return makeEquation("bsh,rs,rh->brh|h", {{2, 4, 8}, {3, 4}, {3, 3}});
}

static PlanReport layerReport(StringRef tree, const PlanGoal &goal) {
  Caught caught;
  auto parsed = ContractionTree::parseTree(tree, 3, caught);
  EXPECT_TRUE(parsed) << caught.text();
  return pinnedReport("bsh,rs,rh->brh|h", layer(), *parsed, goal);
}

static std::string tableOf(const PlanReport &report) {
  std::string text;
  llvm::raw_string_ostream os(text);
  printTable(report, os, /*color=*/false);
  return text;
}

static std::string textOf(const json::Value *value) {
  std::string text;
  if (value)
    llvm::raw_string_ostream(text) << *value;
  return text;
}

/// Calls `test` with a random equation of at least two operands, two of its
/// trees and a goal with some gradients and constants.
static void forRandomGoals(
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
      uint64_t trees = uint64_t(numberOfTrees(operands));
      return treeOfRank(operands, random.between(0, int64_t(trees) - 1));
    };
    PlanGoal goal;
    goal.target = random.oneIn(2) ? TargetModel::gpu() : TargetModel::cpu();
    if (random.oneIn(3))
      goal.dtype = goal.resultType = ElementType::I8;
    for (unsigned operand = 0; operand < operands; ++operand) {
      if (random.oneIn(3))
        goal.gradients.push_back(operand);
      else if (random.oneIn(2))
        goal.constants.push_back(operand);
    }
    ContractionTree first = drawTree(), second = drawTree();
    for (StringRef word :
         {"flops", "size", "write", "combo-7", "roof-3", "time", "peak"}) {
      goal.objective = *Objective::parse(word);
      goal.objective.count = seed % 2 ? MacCount::Dense : MacCount::Exact;
      test(equation, first, second, goal);
    }
  }
}

//===----------------------------------------------------------------------===//
// Figures
//===----------------------------------------------------------------------===//

TEST(ReportGoal, FiguresAreThoseOfTheChecker) {
  unsigned seen = 0;
  forRandomGoals([&](const Equation &equation, const ContractionTree &tree,
                     const ContractionTree &, const PlanGoal &goal) {
    PlanReport report = pinnedReport("", equation, tree, goal);
    GoalCost cost = evaluateGoal(equation, tree, goal);
    PlanGoal time = goal, peak = goal, flops = goal;
    time.objective.kind = ObjectiveKind::Time;
    peak.objective.kind = ObjectiveKind::Peak;
    flops.objective.kind = ObjectiveKind::Flops;
    GoalCost timeCost = evaluateGoal(equation, tree, time);
    EXPECT_EQ(report.peakBytes, evaluateGoal(equation, tree, peak).value);
    EXPECT_EQ(report.totals().macs, evaluateGoal(equation, tree, flops).value);
    EXPECT_EQ(report.totals().picoseconds, timeCost.value);
    EXPECT_EQ(report.prepared(), cost.prepared);
    ASSERT_EQ(report.steps.size(), tree.steps().size());
    for (unsigned index = 0; index < report.steps.size(); ++index) {
      const StepReport &step = report.steps[index];
      if (goal.objective.kind == ObjectiveKind::Peak)
        EXPECT_EQ(step.value, report.bytes(report.cost.steps[index]));
      else
        EXPECT_EQ(step.value, cost.steps[index]);
      EXPECT_EQ(step.picoseconds, timeCost.steps[index]);
      EXPECT_EQ(step.products, timeCost.figures[index].products());
    }
    ++seen;
  });
  EXPECT_GT(seen, 500u);
}

/// The bytes of a step cannot be read off the checker's result, but its time can
/// be computed from them.
TEST(ReportGoal, PredictionsFollowFromTheBytesMoved) {
  forRandomGoals([&](const Equation &equation, const ContractionTree &tree,
                     const ContractionTree &, const PlanGoal &goal) {
    if (goal.objective.kind != ObjectiveKind::Flops)
      return;
    PlanReport report = pinnedReport("", equation, tree, goal);
    for (auto [planned, step] : llvm::zip_equal(report.cost.steps, report.steps)) {
      if (step.isPrepared()) {
        EXPECT_EQ(step.moved, 0u);
        EXPECT_EQ(step.picoseconds, 0u);
        continue;
      }
      TargetModel::Prediction prediction = goal.target.predict(
          planned.kind, goal.dtype, report.counted(planned),
          step.moved / step.products);
      EXPECT_EQ(prediction.picoseconds * step.products, step.picoseconds);
      EXPECT_EQ(prediction.bound, step.bound);
    }
  });
}

TEST(ReportGoal, KindsAddUp) {
  forRandomGoals([&](const Equation &equation, const ContractionTree &tree,
                     const ContractionTree &, const PlanGoal &goal) {
    if (goal.objective.kind != ObjectiveKind::Flops)
      return;
    PlanReport report = pinnedReport("", equation, tree, goal);
    StepTotals sum, all = report.totals();
    for (const auto &[kind, totals] : report.totalsByKind()) {
      sum.steps += totals.steps;
      sum.macs += totals.macs;
      sum.moved += totals.moved;
      sum.picoseconds += totals.picoseconds;
    }
    EXPECT_EQ(sum.steps, all.steps);
    EXPECT_EQ(sum.macs, all.macs);
    EXPECT_EQ(sum.moved, all.moved);
    EXPECT_EQ(sum.picoseconds, all.picoseconds);
    EXPECT_EQ(all.bounds[0] + all.bounds[1] + all.bounds[2], all.picoseconds);
  });
}

TEST(ReportGoal, BytesMovedByHand) {
  // In bytes of f32: 2*4*8 + 3*4 read and 2*3*8 written, then that and 3*3 read
  // and 2*3*8 written.
  PlanReport report = layerReport("((0,1),2)", PlanGoal());
  EXPECT_EQ(report.steps[0].moved, 4u * (64 + 12 + 48));
  EXPECT_EQ(report.steps[1].moved, 4u * (48 + 9 + 48));
  // Integers are stored as i32 in between.
  PlanGoal goal;
  goal.dtype = goal.resultType = ElementType::I8;
  report = layerReport("((0,1),2)", goal);
  EXPECT_EQ(report.steps[0].moved, 64u + 12 + 4 * 48);
  EXPECT_EQ(report.steps[1].moved, 4u * 48 + 9 + 48);
}

//===----------------------------------------------------------------------===//
// JSON
//===----------------------------------------------------------------------===//

TEST(ReportGoal, JsonSaysWhatWasAskedFor) {
  PlanGoal goal(*Objective::parse("combo-64"));
  goal.gradients = {1, 2};
  goal.objective.count = MacCount::Dense;
  json::Object object = toJSON(layerReport("((0,1),2)", goal));
  EXPECT_EQ(object.getString("objective"), "combo-64");
  EXPECT_EQ(object.getString("count"), "dense");
  EXPECT_EQ(textOf(object.get("gradients")), "[1,2]");
  EXPECT_EQ(textOf(object.get("constants")), "[]");
  EXPECT_EQ(textOf(object.get("prepare")), "[]");
  // Step 0 is computed for itself and for operand 1, step 1 for both sides too.
  EXPECT_EQ(textOf(object.get("training")), "{\"macs\":816}");
  // Results of the products: 48 + 12, and 48 + 48 + 9.
  EXPECT_EQ(object.getInteger("value"), 816 + 64 * (60 + 105));
  EXPECT_EQ(textOf(object.get("lower_bound")), "null");
  EXPECT_EQ(textOf(object.get("gap")), "null");
  EXPECT_EQ(object.getString("proof"), "pinned");
  const json::Array &steps = *object.getArray("steps");
  EXPECT_EQ(steps[0].getAsObject()->getInteger("products"), 2);
  EXPECT_EQ(steps[1].getAsObject()->getInteger("products"), 3);
  EXPECT_EQ(object.get("compare"), nullptr);
}

TEST(ReportGoal, JsonOfPreparedSteps) {
  PlanGoal goal;
  goal.constants = {1, 2};
  json::Object object = toJSON(layerReport("(0,(1,2))", goal));
  EXPECT_EQ(textOf(object.get("prepare")), "[0]");
  EXPECT_EQ(object.get("training"), nullptr);
  const json::Array &steps = *object.getArray("steps");
  EXPECT_EQ(textOf(steps[0].getAsObject()->get("predicted")), "null");
  EXPECT_EQ(textOf(steps[0].getAsObject()->get("intensity")), "null");
  const json::Object &last = *steps[1].getAsObject();
  EXPECT_EQ(object.getInteger("value"), last.getInteger("value"));
  EXPECT_EQ(object.getObject("predicted")->getNumber("seconds"),
            last.getObject("predicted")->getNumber("seconds"));
  EXPECT_EQ(object.getObject("predicted")->getString("target"), "cpu");
  EXPECT_EQ(object.getNumber("intensity"), last.getNumber("intensity"));
}

TEST(ReportGoal, GapIsTheRatioToTheBound) {
  PlanReport report = layerReport("((0,1),2)", PlanGoal());
  report.plan.proof = Proof::BestFound;
  report.plan.lowerBound = 162;
  report.plan.moves = 20000;
  json::Object object = toJSON(report);
  EXPECT_EQ(object.getInteger("lower_bound"), 162);
  EXPECT_EQ(object.getNumber("gap"), 2.0);
  EXPECT_EQ(object.getInteger("moves"), 20000);
  std::string table = tableOf(report);
  EXPECT_TRUE(contains(table, "best found, at most 2.00x the optimum (no tree "
                              "is below 162), planned in"))
      << table;
  EXPECT_TRUE(contains(table, ", 20000 (20.00 k) moves\n")) << table;
  report.plan.lowerBound = 0;
  EXPECT_EQ(report.gap(), std::nullopt);
  report.plan.lowerBound.reset();
  EXPECT_EQ(report.gap(), std::nullopt);
  report.plan.proof = Proof::Optimal;
  EXPECT_EQ(report.gap(), 1.0);
  EXPECT_EQ(report.lowerBound(), report.plan.value);
}

//===----------------------------------------------------------------------===//
// Table
//===----------------------------------------------------------------------===//

TEST(ReportGoal, TableOfTraining) {
  PlanGoal goal;
  goal.gradients = {1, 2};
  std::string table = tableOf(layerReport("((0,1),2)", goal));
  for (StringRef part :
       {"Training MAC count:  780, with the gradients of operands 1, 2\n",
        "Objective:  flops = 780 MACs\n", "  2 x 192  ", "  3 x 132  "})
    EXPECT_TRUE(contains(table, part)) << part.str() << "\n" << table;
}

TEST(ReportGoal, TableOfConstants) {
  PlanGoal goal;
  goal.constants = {1, 2};
  std::string table = tableOf(layerReport("(0,(1,2))", goal));
  EXPECT_TRUE(contains(
      table, "Prepared once:  1 step of constant operands alone, 1, 2\n"))
      << table;
  EXPECT_TRUE(contains(table, "  prepare  ")) << table;
  EXPECT_FALSE(contains(tableOf(layerReport("((0,1),2)", goal)), "  prepare  "));
}

TEST(ReportGoal, TableNamesWhatIsCounted) {
  PlanGoal goal;
  goal.objective = Objective(ObjectiveKind::Flops, 0, MacCount::Dense);
  EXPECT_TRUE(contains(tableOf(layerReport("((0,1),2)", goal)),
                       "flops (dense MACs) = 336 MACs\n"));
  goal.objective = Objective(ObjectiveKind::Size, 0, MacCount::Dense);
  EXPECT_TRUE(contains(tableOf(layerReport("((0,1),2)", goal)),
                       "size = 48 elements\n"));
  goal.objective = ObjectiveKind::Time;
  goal.target = TargetModel::gpu();
  EXPECT_TRUE(
      contains(tableOf(layerReport("((0,1),2)", goal)), "on the target 'gpu'"));
}

//===----------------------------------------------------------------------===//
// Faster trees
//===----------------------------------------------------------------------===//

TEST(ReportGoal, WarnsOfTreesThatTakeMuchLonger) {
  json::Value file = readDataFile("networks.json");
  unsigned warned = 0, quiet = 0;
  for (const json::Value &value :
       *file.getAsObject()->getArray("networks")) {
    const json::Object &entry = *value.getAsObject();
    if (*entry.getInteger("n") > 8)
      continue;
    SCOPED_TRACE(entry.getString("name")->str());
    Equation equation = equationOf(entry);
    PlanGoal goal;
    goal.target = TargetModel::gpu();
    Caught caught;
    std::optional<Plan> planned =
        plan(equation, {PlannerKind::Exact, goal}, caught);
    ASSERT_TRUE(planned) << caught.text();
    PlanReport report = makeReport("", equation, *planned);
    goal.objective = ObjectiveKind::Time;
    std::optional<Plan> fast =
        plan(equation, {PlannerKind::Exact, goal}, caught);
    ASSERT_TRUE(fast) << caught.text();
    Count taken = evaluateGoal(equation, planned->tree, goal).value;
    EXPECT_EQ(report.faster.has_value(), taken * 10 > fast->value * 11);
    EXPECT_EQ(report.warnings().size(), report.faster ? 1u : 0u);
    (report.faster ? warned : quiet) += 1;
    if (!report.faster)
      continue;
    EXPECT_EQ(report.faster->picoseconds, fast->value);
    EXPECT_EQ(report.faster->plannedPicoseconds, taken);
    std::string warning = report.warnings().front();
    EXPECT_TRUE(contains(warning, report.faster->tree.treeText())) << warning;
    EXPECT_TRUE(contains(tableOf(report), "Warning: " + warning + "\n"));
    EXPECT_EQ(toJSON(report).getArray("warnings")->front().getAsString(),
              StringRef(warning));
    // Nobody asked a planner for a pinned tree, or for time in MACs.
    report.plan.proof = Proof::Pinned;
    EXPECT_FALSE(findFasterTree(equation, report.plan));
    EXPECT_FALSE(findFasterTree(equation, *fast));
  }
  EXPECT_GT(warned, 0u);
  EXPECT_GT(quiet, 0u);
}

//===----------------------------------------------------------------------===//
// Two trees
//===----------------------------------------------------------------------===//

static Plan planWith(ContractionTree tree, Proof proof = Proof::Pinned) {
  Plan plan;
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
  Equation equation = makeEquation("ij,jk,kl,lm->im",
                                   {{2, 9}, {9, 3}, {3, 9}, {9, 2}});
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
  PlanReport report = layerReport("((0,2),1)", PlanGoal());
  report.comparison = compareTrees(
      report, planWith(ContractionTree::leftToRight(3), Proof::Optimal));
  const TreeComparison &comparison = *report.comparison;
  // Both end in all operands, from different parts.
  ASSERT_EQ(comparison.differences.size(), 3u);
  EXPECT_TRUE(comparison.differences[1].here && comparison.differences[1].there);
  EXPECT_FALSE(comparison.differences[0].there);
  EXPECT_FALSE(comparison.differences[2].here);
  EXPECT_EQ(comparison.costliest, 0u);
  std::string table = tableOf(report);
  for (StringRef part :
       {"Compared with the optimum ((0,1),2)\n", "  flops: ",
        "MACs against 324 MACs, ", "  operands  this tree  the optimum  kind",
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
    shapes.push_back({int64_t(2 + operand % 3), int64_t(2 + (operand + 1) % 3)});
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
  EXPECT_TRUE(contains(table, "  and " + std::to_string(differences - 24) +
                                  " cheaper ones\n"))
      << table;
  EXPECT_TRUE(contains(table, "Compared with the given tree "));
}
