//===- TrainFrontTest.cpp - What points of fronts cost --------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every point of every front that the data file has, as two functions: the
// bytes that one returns for the other, and the MACs of the steps in both. The
// MACs are summed here, over the index tuples of each step's equation; no
// planner and no count of the compiler is asked.
//
//===----------------------------------------------------------------------===//

#include "Plan/PlanTestSupport.h"
#include "conveinsum/AutoDiff/Passes.h"
#include "conveinsum/Checkpoint/Passes.h"
#include "conveinsum/Dialect/ConvEinsum/IR/AttributeNames.h"
#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsum.h"
#include "conveinsum/Dialect/ConvEinsum/Transforms/Passes.h"
#include "conveinsum/Driver/Driver.h"
#include "conveinsum/Plan/Training/Training.h"
#include "mlir/Pass/PassManager.h"

using namespace conveinsum;
namespace json = llvm::json;

namespace {
/// Numbers of a pair of functions.
struct Executed {
  Count keptBytes = 0, macs = 0;
};
} // namespace

/// How many tuples of the participants' indices a conv mode has that some index
/// of the result stands for: tuple by tuple.
static Count tuplesOf(const LinearRelation &relation) {
  std::vector<int64_t> sums{relation.offset};
  for (const LinearRelation::Term &term : relation.terms) {
    std::vector<int64_t> next;
    for (int64_t sum : sums)
      for (int64_t index = 0; index < term.extent; ++index)
        next.push_back(sum + term.coefficient * index);
    sums = std::move(next);
  }
  uint64_t tuples = 0;
  for (int64_t sum : sums)
    for (int64_t o = 0; o < relation.resultExtent; ++o) {
      int64_t apart = sum - relation.resultCoefficient * o;
      tuples += relation.modulus ? apart % relation.modulus == 0 : apart == 0;
    }
  return tuples;
}

/// The products that a step of two operands sums.
static Count productsOf(const Equation &step) {
  std::set<ModeId> modes;
  for (unsigned operand = 0; operand < step.numOperands(); ++operand)
    for (ModeId mode : step.operandModes(operand))
      modes.insert(mode);
  Count products = 1;
  for (ModeId mode : modes)
    if (!step.relation(mode))
      products *= step.size(mode);
  for (const LinearRelation &relation : step.relations())
    products *= tuplesOf(relation);
  return products;
}

/// A tree, decomposed and differentiated, that keeps so many bytes at most.
static Executed executed(const Equation &equation, const ContractionTree &tree,
                         const Count &bytes) {
  Driver driver;
  FunctionSpec spec{"f", equation, {}, ElementType::F32, {}};
  spec.operandTypes.assign(equation.numOperands(), ElementType::F32);
  for (unsigned k = 0; k < equation.numOperands(); ++k)
    spec.gradients.push_back(k);
  Caught caught;
  auto module = driver.buildModule({spec}, caught);
  module->walk([&](EinsumOp op) {
    op.setPlanAttr(PlanAttr::get(op.getContext(), Plan(tree)));
  });
  mlir::PassManager pm(&driver.context());
  pm.addPass(createDecomposePass());
  pm.addPass(createDifferentiatePass());
  CheckpointPassOptions options;
  options.budget = toString(bytes) + "B";
  pm.addPass(createCheckpointPass(options));
  EXPECT_TRUE(module && succeeded(pm.run(*module)));
  Executed numbers;
  module->walk(
      [&](EinsumOp op) { numbers.macs += productsOf(*op.boundEquation()); });
  for (auto function : module->getOps<mlir::func::FuncOp>())
    for (unsigned k = 0, e = function.getNumResults(); k != e; ++k)
      if (function.getResultAttr(k, kRoleAttr))
        numbers.keptBytes +=
            4 * llvm::cast<mlir::RankedTensorType>(function.getResultTypes()[k])
                    .getNumElements();
  return numbers;
}

TEST(TrainFrontTest, EveryPointOfEveryNetworkIsExecutedAsPredicted) {
  unsigned networks = 0, points = 0;
  json::Value file = readDataFile("networks.json");
  for (const json::Value &value : *file.getAsObject()->getArray("networks")) {
    const json::Object &entry = *value.getAsObject();
    const json::Array *expected = entry.getArray("train_front");
    if (!expected)
      continue;
    SCOPED_TRACE(entry.getString("name")->str());
    Equation equation = equationOf(entry);
    PlanGoal goal;
    for (unsigned k = 0; k < equation.numOperands(); ++k)
      goal.gradients.push_back(k);
    Caught caught;
    std::optional<TrainingFront> front =
        jointFront(equation, goal, TrainingOptions(), caught);
    ASSERT_TRUE(front);
    ASSERT_EQ(front->points.size(), expected->size());
    for (auto [point, numbers] : llvm::zip_equal(front->points, *expected)) {
      Executed pair = executed(equation, point.tree, keptBytes(point, goal));
      EXPECT_EQ(toString(pair.keptBytes),
                toString(Count(4) *
                         Count(*(*numbers.getAsArray())[0].getAsUINT64())));
      EXPECT_EQ(toString(pair.macs), digits((*numbers.getAsArray())[1]));
      ++points;
    }
    ++networks;
  }
  EXPECT_EQ(networks, 43u);
  EXPECT_EQ(points, 391u);
}
