//===- PlanReportGoalTest.cpp - Reports of goals and of two trees ---------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a report says about a goal is what the checker says, along every tree:
// values, predictions, training and prepared steps.
//
//===----------------------------------------------------------------------===//

#include "ReportTestSupport.h"
#include "conveinsum/Plan/Cost/LiveBytes.h"
#include <numeric>

using namespace conveinsum;
using llvm::StringRef;
namespace json = llvm::json;

//===----------------------------------------------------------------------===//
// Figures
//===----------------------------------------------------------------------===//

TEST(ReportGoal, FiguresAreThoseOfTheChecker) {
  unsigned seen = 0;
  forRandomGoals([&](const Equation &equation, const ContractionTree &tree,
                     const ContractionTree &, const PlanGoal &goal) {
    PlanReport report = pinnedReport("", equation, tree, goal);
    GoalCost cost = evaluateGoal(equation, tree, goal);
    PlanGoal time = goal, flops = goal;
    time.objective.kind = ObjectiveKind::Time;
    flops.objective.kind = ObjectiveKind::Flops;
    GoalCost timeCost = evaluateGoal(equation, tree, time);
    LiveBytes live = liveBytes(equation, tree, goal);
    std::vector<unsigned> order(tree.steps().size());
    std::iota(order.begin(), order.end(), 0u);
    EXPECT_EQ(report.peakBytes,
              live.resident + peakOf(tree, live.sizes, order));
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

/// What is recomputed is counted wherever all products of a step are.
TEST(ReportGoal, RecomputationCounts) {
  unsigned recomputed = 0;
  forRandomGoals([&](const Equation &equation, const ContractionTree &tree,
                     const ContractionTree &, const PlanGoal &goal) {
    if (goal.objective.kind != ObjectiveKind::Flops || goal.gradients.empty())
      return;
    PlanRequest request;
    request.options.goal = goal;
    request.pinned = tree;
    PlanSource source;
    Caught caught;
    auto free = makePlan(equation, request, source, caught);
    request.keepLimit = 0;
    auto answer = makePlan(equation, request, source, caught);
    ASSERT_TRUE(free && answer) << caught.text();
    TrainingPoint point = answer->kept->point;
    auto all = evaluateTrainingPoint(equation, free->plan.tree, free->plan.kept,
                                     goal, caught);
    ASSERT_TRUE(all) << caught.text();
    PlanReport keeping = makeReport("", equation, goal, *free);
    PlanReport report = makeReport("", equation, goal, *answer);
    EXPECT_EQ(report.totals().macs, point.macs);
    EXPECT_EQ(report.totals().written, point.written);
    EXPECT_EQ(keeping.totals().macs, all->macs);
    EXPECT_EQ(keeping.totals().written, all->written);
    Count picoseconds = 0;
    for (unsigned index = 0; index < report.steps.size(); ++index) {
      const StepReport &once = keeping.steps[index];
      const StepReport &step = report.steps[index];
      unsigned value = report.plan.tree.resultOf(index);
      bool isTwice = llvm::is_contained(point.recomputedValues, value);
      EXPECT_EQ(step.products, once.products + isTwice);
      EXPECT_EQ(step.value, once.value);
      if (once.products > 0)
        picoseconds += once.picoseconds / once.products * step.products;
      recomputed += isTwice;
    }
    EXPECT_EQ(report.totals().picoseconds, picoseconds);
  });
  EXPECT_GT(recomputed, 20u);
}

/// The bytes of a step cannot be read off the checker's result, but its time
/// can be computed from them.
TEST(ReportGoal, PredictionsFollowFromTheBytesMoved) {
  forRandomGoals([&](const Equation &equation, const ContractionTree &tree,
                     const ContractionTree &, const PlanGoal &goal) {
    if (goal.objective.kind != ObjectiveKind::Flops)
      return;
    PlanReport report = pinnedReport("", equation, tree, goal);
    for (auto [planned, step] :
         llvm::zip_equal(report.cost.steps, report.steps)) {
      if (step.isPrepared()) {
        EXPECT_EQ(step.moved, 0u);
        EXPECT_EQ(step.picoseconds, 0u);
        continue;
      }
      TargetModel::Prediction prediction =
          goal.target.predict(planned.kind, goal.dtype, report.counted(planned),
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
  PlanReport report = smallReport("((0,1),2)", PlanGoal());
  EXPECT_EQ(report.steps[0].moved, 4u * (64 + 12 + 48));
  EXPECT_EQ(report.steps[1].moved, 4u * (48 + 9 + 48));
  // Integers are stored as i32 in between.
  PlanGoal goal;
  goal.dtype = goal.resultType = ElementType::I8;
  report = smallReport("((0,1),2)", goal);
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
  json::Object object = toJSON(smallReport("((0,1),2)", goal));
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
  json::Object object = toJSON(smallReport("(0,(1,2))", goal));
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
  PlanReport report = smallReport("((0,1),2)", PlanGoal());
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
  std::string table = tableOf(smallReport("((0,1),2)", goal));
  for (StringRef part :
       {"Training MAC count:  780, with the gradients of operands 1, 2\n",
        "Objective:  MACs = 780\n", "  2 x 192  ", "  3 x 132  "})
    EXPECT_TRUE(contains(table, part)) << part.str() << "\n" << table;
}

TEST(ReportGoal, TableOfConstants) {
  PlanGoal goal;
  goal.constants = {1, 2};
  std::string table = tableOf(smallReport("(0,(1,2))", goal));
  EXPECT_TRUE(contains(
      table, "Prepared once:  1 step of constant operands alone, 1, 2\n"))
      << table;
  EXPECT_TRUE(contains(table, "  prepare  ")) << table;
  EXPECT_FALSE(
      contains(tableOf(smallReport("((0,1),2)", goal)), "  prepare  "));
}

TEST(ReportGoal, TableNamesWhatIsCounted) {
  PlanGoal goal;
  goal.objective = Objective(ObjectiveKind::Flops, 0, MacCount::Dense);
  EXPECT_TRUE(
      contains(tableOf(smallReport("((0,1),2)", goal)), "dense MACs = 336\n"));
  goal.objective = Objective(ObjectiveKind::Size, 0, MacCount::Dense);
  EXPECT_TRUE(contains(tableOf(smallReport("((0,1),2)", goal)),
                       "size = 48 elements\n"));
  goal.objective = ObjectiveKind::Time;
  goal.target = TargetModel::gpu();
  EXPECT_TRUE(
      contains(tableOf(smallReport("((0,1),2)", goal)), "on the target 'gpu'"));
}

TEST(ReportGoal, TooltipsSayWhatOperandsAndStepsAreFor) {
  PlanGoal goal;
  goal.gradients = {0};
  goal.constants = {1, 2};
  std::string svg, dot;
  llvm::raw_string_ostream svgOs(svg), dotOs(dot);
  PlanReport report = smallReport("(0,(1,2))", goal);
  printSVG(report, svgOs);
  printDOT(report, dotOs);
  for (StringRef part :
       {"<title>operand 0, with a gradient</title>",
        "<title>operand 1, constant</title>",
        "<title>done once, in prepare</title>", " (call), 2 products, "})
    EXPECT_TRUE(contains(svg, part)) << part.str() << "\n" << svg;
  EXPECT_TRUE(contains(dot, "tooltip=\"done once, in prepare\"")) << dot;
}

//===----------------------------------------------------------------------===//
// Faster trees
//===----------------------------------------------------------------------===//

TEST(ReportGoal, WarnsOfTreesThatTakeMuchLonger) {
  json::Value file = readDataFile("networks.json");
  unsigned warned = 0, quiet = 0;
  for (const json::Value &value : *file.getAsObject()->getArray("networks")) {
    const json::Object &entry = *value.getAsObject();
    if (*entry.getInteger("n") > 8)
      continue;
    SCOPED_TRACE(entry.getString("name")->str());
    Equation equation = equationOf(entry);
    PlanGoal goal;
    goal.target = TargetModel::gpu();
    Caught caught;
    std::optional<PlannedTree> planned =
        plan(equation, {PlannerKind::Exact, goal}, caught);
    ASSERT_TRUE(planned) << caught.text();
    PlanReport report = reportOf("", equation, *planned);
    goal.objective = ObjectiveKind::Time;
    std::optional<PlannedTree> fast =
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
