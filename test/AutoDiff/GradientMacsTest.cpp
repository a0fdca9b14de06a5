//===- GradientMacsTest.cpp - What gradients cost -------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The MACs of the steps in forward and backward functions are those that the
// data file has for the best plan of a training step, and for every point of
// its front. They are counted in the functions that go to the lowering, one
// einsum a step and every recomputed step among them.
//
//===----------------------------------------------------------------------===//

#include "Plan/PlanTestSupport.h"
#include "conveinsum/AutoDiff/Passes.h"
#include "conveinsum/Checkpoint/Passes.h"
#include "conveinsum/Dialect/ConvEinsum/IR/AttributeNames.h"
#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsum.h"
#include "conveinsum/Dialect/ConvEinsum/Transforms/Passes.h"
#include "conveinsum/Driver/Driver.h"
#include "conveinsum/Plan/Request/PlanWords.h"
#include "mlir/Pass/PassManager.h"
#include <numeric>

using namespace conveinsum;
namespace json = llvm::json;

namespace {
/// Numbers of a pair of functions.
struct Executed {
  Count macs = 0;
  unsigned numSteps = 0;
  /// Of what the forward function returns for the backward one.
  int64_t keptBytes = 0;
};
} // namespace

static int64_t keptBytes(mlir::func::FuncOp function) {
  int64_t bytes = 0;
  for (auto [index, type] : llvm::enumerate(function.getResultTypes())) {
    auto role =
        function.getResultAttrOfType<mlir::StringAttr>(index, kRoleAttr);
    if (!role || role.getValue() != kKeptRole)
      continue;
    auto tensor = mlir::cast<mlir::RankedTensorType>(type);
    bytes += tensor.getNumElements() * tensor.getElementTypeBitWidth() / 8;
  }
  return bytes;
}

/// Plans, decomposes, differentiates and carries out what is to be kept: all
/// without `keep`, else the best within so many bytes. Counts.
static Executed executed(Driver &driver, const Equation &equation,
                         llvm::ArrayRef<unsigned> gradients,
                         std::optional<std::string> keep = std::nullopt) {
  FunctionSpec spec{"f", equation, {}, ElementType::F32, {}};
  spec.operandTypes.assign(equation.numOperands(), ElementType::F32);
  spec.gradients.append(gradients.begin(), gradients.end());
  if (keep)
    spec.requests.emplace_back(planWord("keep").attribute.str(), *keep);
  Caught caught;
  auto module = driver.buildModule({spec}, caught);
  mlir::PassManager pm(&driver.context());
  pm.addPass(createPlanPass());
  pm.addPass(createDecomposePass());
  pm.addPass(createDifferentiatePass());
  pm.addPass(createCheckpointPass());
  pm.addPass(createCountMacsPass());
  EXPECT_TRUE(module && succeeded(pm.run(*module)));
  Executed numbers;
  for (auto function : module->getOps<mlir::func::FuncOp>()) {
    numbers.macs +=
        Count(function->getAttrOfType<mlir::IntegerAttr>(kMacsAttr).getValue());
    numbers.keptBytes += keptBytes(function);
  }
  module->walk([&](EinsumOp) { ++numbers.numSteps; });
  return numbers;
}

static std::vector<unsigned> allOperands(const Equation &equation) {
  std::vector<unsigned> operands(equation.numOperands());
  std::iota(operands.begin(), operands.end(), 0u);
  return operands;
}

TEST(GradientMacsTest, NetworksCostWhatTheirBestPlansDo) {
  Driver driver;
  unsigned seen = 0;
  json::Value file = readDataFile("networks.json");
  for (const json::Value &value : *file.getAsObject()->getArray("networks")) {
    const json::Object &entry = *value.getAsObject();
    const json::Object *optimum = entry.getObject("optimum");
    if (!optimum || !optimum->get("train_all_grads_macs"))
      continue;
    SCOPED_TRACE(entry.getString("name")->str());
    Equation equation = equationOf(entry);
    std::vector<unsigned> operands = allOperands(equation);
    Executed all = executed(driver, equation, operands);
    EXPECT_EQ(toString(all.macs),
              digits(*optimum->get("train_all_grads_macs")));
    // One step of a plan is three steps of a training step.
    EXPECT_EQ(all.numSteps, 3 * (equation.numOperands() - 1));
    operands.erase(operands.begin());
    EXPECT_EQ(toString(executed(driver, equation, operands).macs),
              digits(*optimum->get("train_operand0_frozen_macs")));
    ++seen;
  }
  EXPECT_EQ(seen, 85u);
}

TEST(GradientMacsTest, EveryPointOfTheFrontsIsExecuted) {
  Driver driver;
  unsigned networks = 0, points = 0;
  json::Value file = readDataFile("networks.json");
  for (const json::Value &value : *file.getAsObject()->getArray("networks")) {
    const json::Object &entry = *value.getAsObject();
    const json::Array *front = entry.getArray("train_front");
    if (!front)
      continue;
    SCOPED_TRACE(entry.getString("name")->str());
    Equation equation = equationOf(entry);
    ++networks;
    for (const json::Value &point : *front) {
      const json::Array &numbers = *point.getAsArray();
      int64_t bytes = 4 * *numbers[0].getAsInteger();
      Executed run = executed(driver, equation, allOperands(equation),
                              std::to_string(bytes));
      EXPECT_EQ(run.keptBytes, bytes);
      EXPECT_EQ(toString(run.macs), digits(numbers[1]));
      ++points;
    }
  }
  EXPECT_EQ(networks, 43u);
  EXPECT_EQ(points, 391u);
}
