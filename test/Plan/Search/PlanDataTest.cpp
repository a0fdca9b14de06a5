//===- PlanDataTest.cpp - The planners on the data files ------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Stored optima and costs of fixed orders, all of them met exactly.
//
//===----------------------------------------------------------------------===//

#include "Plan/PlanTestSupport.h"

using namespace conveinsum;
namespace json = llvm::json;

/// The array `key` of a data file.
static const json::Array &entriesOf(const json::Value &file,
                                    llvm::StringRef key) {
  static const json::Array none;
  const json::Object *object = file.getAsObject();
  const json::Array *array = object ? object->getArray(key) : nullptr;
  EXPECT_TRUE(array);
  return array ? *array : none;
}

TEST(PlanData, CorpusDenseMacs) {
  json::Value file = readDataFile("corpus.json");
  unsigned seen = 0;
  for (const json::Value &value : entriesOf(file, "entries")) {
    const json::Object &entry = *value.getAsObject();
    SCOPED_TRACE(entry.getString("name")->str());
    Equation equation = equationOf(entry);
    const json::Object &macs = *entry.getObject("macs");
    auto dense = [&](PlannerKind planner) {
      return toString(costOf(equation, planner, MacCount::Dense).denseMacs);
    };
    EXPECT_EQ(dense(PlannerKind::Exact), digits(*macs.get("optimal")));
    EXPECT_EQ(dense(PlannerKind::Left), digits(*macs.get("left_to_right")));
    EXPECT_EQ(dense(PlannerKind::Rebuild),
              digits(*macs.get("reconstruct_kernel_then_conv")));
    ContractionTree stored =
        treeOf(*entry.get("optimal_tree"), equation.numOperands());
    EXPECT_EQ(toString(evaluatePlan(equation, stored).denseMacs),
              digits(*macs.get("optimal")));
    ++seen;
  }
  EXPECT_EQ(seen, 233u);
}

//===----------------------------------------------------------------------===//
// exact.json
//===----------------------------------------------------------------------===//

static OperandSet setOf(const Equation &equation, const json::Value &operands) {
  OperandSet set = equation.emptySet();
  for (const json::Value &operand : *operands.getAsArray())
    set.set(unsigned(*operand.getAsInteger()));
  return set;
}

/// The step of `cost` that joins the two sets, in either order.
static const PlannedStep *findStep(const PlanCost &cost,
                                   const ContractionTree &tree,
                                   const OperandSet &left,
                                   const OperandSet &right) {
  for (const PlannedStep &step : cost.steps) {
    OperandSet lhs = tree.operandsOf(step.lhs), rhs = tree.operandsOf(step.rhs);
    if ((lhs == left && rhs == right) || (lhs == right && rhs == left))
      return &step;
  }
  return nullptr;
}

static void expectStep(const Equation &equation, const PlannedStep &planned,
                       const json::Object &stored) {
  const json::Object &macs = *stored.getObject("macs");
  EXPECT_EQ(toString(planned.exactMacs), digits(*macs.get("exact")));
  if (const json::Value *dense = macs.get("dense"))
    EXPECT_EQ(toString(planned.denseMacs), digits(*dense));
  const json::Object &result = *stored.getObject("result");
  ASSERT_EQ(planned.shape.size(), planned.modes.size());
  unsigned checked = 0;
  for (unsigned index = 0; index < planned.shape.size(); ++index) {
    // The file leaves out nothing that the result holds.
    auto extent = result.getInteger(equation.label(planned.modes[index]));
    ASSERT_TRUE(extent.has_value())
        << equation.label(planned.modes[index]).str();
    EXPECT_EQ(planned.shape[index], *extent);
    ++checked;
  }
  EXPECT_EQ(checked, result.size());
}

TEST(PlanData, ExactCountsAndSteps) {
  json::Value file = readDataFile("exact.json");
  unsigned seen = 0;
  for (const json::Value &value : entriesOf(file, "networks")) {
    const json::Object &entry = *value.getAsObject();
    SCOPED_TRACE(entry.getString("name")->str());
    Equation equation = equationOf(entry);
    for (auto [key, count] : {std::pair("exact", MacCount::Exact),
                              std::pair("dense", MacCount::Dense)}) {
      const json::Object *macs = entry.getObject("macs")->getObject(key);
      if (!macs)
        continue;
      EXPECT_EQ(
          toString(macsOf(costOf(equation, PlannerKind::Exact, count), count)),
          digits(*macs->get("optimal")));
      EXPECT_EQ(
          toString(macsOf(costOf(equation, PlannerKind::Left, count), count)),
          digits(*macs->get("left_to_right")));
    }
    ContractionTree tree =
        treeOf(*entry.get("optimal_tree"), equation.numOperands());
    PlanCost cost = evaluatePlan(equation, tree);
    const json::Array &steps = *entry.getArray("steps");
    EXPECT_EQ(steps.size(), cost.steps.size());
    for (const json::Value &stored : steps) {
      const json::Array &sides = *stored.getAsObject()->getArray("operands");
      const PlannedStep *planned = findStep(
          cost, tree, setOf(equation, sides[0]), setOf(equation, sides[1]));
      ASSERT_TRUE(planned);
      expectStep(equation, *planned, *stored.getAsObject());
    }
    ++seen;
  }
  EXPECT_EQ(seen, 120u);
}

//===----------------------------------------------------------------------===//
// networks.json
//===----------------------------------------------------------------------===//

/// Every network with its equation.
template <class Visit>
static void forEachNetwork(Visit visit) {
  json::Value file = readDataFile("networks.json");
  for (const json::Value &value : entriesOf(file, "networks")) {
    const json::Object &entry = *value.getAsObject();
    SCOPED_TRACE(entry.getString("name")->str());
    visit(entry, equationOf(entry));
  }
}

/// A count of the file, which may be written as a floating number.
static Count countOf(const json::Value &value) {
  if (auto number = value.getAsUINT64())
    return *number;
  return Count::fromDouble(*value.getAsNumber());
}

TEST(PlanData, StoredTreesHaveTheirStoredMacs) {
  forEachNetwork([](const json::Object &entry, const Equation &equation) {
    const json::Object &best = *entry.getObject("best");
    auto text = best.getString("tree");
    if (!text)
      return;
    Caught caught;
    auto tree =
        ContractionTree::parseTree(*text, equation.numOperands(), caught);
    ASSERT_TRUE(tree) << caught.text();
    EXPECT_EQ(toString(evaluateGoal(equation, *tree, {}).value),
              digits(*best.get("macs")));
  });
}

TEST(PlanData, NetworksMeetTheirProvenOptimum) {
  unsigned proven = 0, open = 0;
  forEachNetwork([&](const json::Object &entry, const Equation &equation) {
    const json::Object &best = *entry.getObject("best");
    bool isProven =
        *best.getString("proof") == "exact, outer products included";
    PlannerOptions options;
    // Up to 25 operands the search ends; beyond, this is enough.
    if (equation.numOperands() > 25)
      options.budget.moves = 60'000'000;
    Caught caught;
    auto found = plan(equation, options, caught);
    ASSERT_TRUE(found) << caught.text();
    Count macs = evaluatePlan(equation, found->tree).exactMacs;
    EXPECT_TRUE(found->value == macs);
    if (isProven)
      EXPECT_EQ(toString(macs), digits(*best.get("macs")));
    else
      EXPECT_LE(macs, countOf(*best.get("macs")));
    for (const auto &[anchor, value] : *entry.getObject("anchors"))
      EXPECT_LE(double(macs), *value.getAsNumber() * (1 + 1e-12))
          << llvm::StringRef(anchor).str();
    ++(isProven ? proven : open);
  });
  EXPECT_EQ(proven, 111u);
  EXPECT_EQ(open, 17u);
}

TEST(PlanData, NetworksMeetTheOptimaOfOtherObjectives) {
  unsigned networks = 0;
  forEachNetwork([&](const json::Object &entry, const Equation &equation) {
    const json::Object *optimum = entry.getObject("optimum");
    if (!optimum)
      return;
    ++networks;
    for (const auto &[key, stored] : *optimum) {
      llvm::StringRef word = key;
      PlanGoal goal;
      if (auto objective = Objective::parse(word))
        goal.objective = *objective;
      else
        for (unsigned operand = word == "train_operand0_frozen_macs";
             operand < equation.numOperands(); ++operand)
          goal.gradients.push_back(operand);
      Caught caught;
      auto found = plan(equation, {PlannerKind::Exact, goal}, caught);
      ASSERT_TRUE(found) << caught.text();
      EXPECT_EQ(toString(found->value), digits(stored)) << word.str();
    }
  });
  EXPECT_EQ(networks, 85u);
}
