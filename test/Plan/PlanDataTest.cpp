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

#include "PlanTestSupport.h"

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
  ASSERT_EQ(planned.shape.size(), planned.value.modes.size());
  unsigned checked = 0;
  for (unsigned index = 0; index < planned.shape.size(); ++index) {
    // The file leaves out nothing that the result holds.
    auto extent = result.getInteger(equation.label(planned.value.modes[index]));
    ASSERT_TRUE(extent.has_value())
        << equation.label(planned.value.modes[index]).str();
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

TEST(PlanData, NetworksMeetTheirProvenOptimum) {
  json::Value file = readDataFile("networks.json");
  unsigned proven = 0;
  for (const json::Value &value : entriesOf(file, "networks")) {
    const json::Object &entry = *value.getAsObject();
    SCOPED_TRACE(entry.getString("name")->str());
    const json::Object &best = *entry.getObject("best");
    if (*entry.getInteger("n") > 16 ||
        *best.getString("proof") != "exact, outer products included")
      continue;
    Equation equation = equationOf(entry);
    PlanCost cost = costOf(equation, PlannerKind::Exact);
    EXPECT_EQ(toString(cost.exactMacs), digits(*best.get("macs")));
    Caught caught;
    auto tree = ContractionTree::parseTree(*best.getString("tree"),
                                           equation.numOperands(), caught);
    ASSERT_TRUE(tree) << caught.text();
    EXPECT_EQ(toString(evaluatePlan(equation, *tree).exactMacs),
              digits(*best.get("macs")));
    ++proven;
  }
  EXPECT_EQ(proven, 96u);
}
