//===- GradientMacsTest.cpp - What gradients cost -------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The MACs of the steps in forward and backward functions are those that the
// data file has for the best plan of a training step.
//
//===----------------------------------------------------------------------===//

#include "Plan/PlanTestSupport.h"
#include "conveinsum/AutoDiff/Passes.h"
#include "conveinsum/Dialect/ConvEinsum/IR/AttributeNames.h"
#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsum.h"
#include "conveinsum/Dialect/ConvEinsum/Transforms/Passes.h"
#include "conveinsum/Driver/Driver.h"
#include "mlir/Pass/PassManager.h"

using namespace conveinsum;
namespace json = llvm::json;

namespace {
/// Numbers of a pair of functions.
struct Executed {
  Count macs = 0;
  unsigned numSteps = 0;
};
} // namespace

/// Plans, decomposes and differentiates; counts.
static Executed executed(const Equation &equation,
                         llvm::ArrayRef<unsigned> gradients) {
  Driver driver;
  FunctionSpec spec{"f", equation, {}, ElementType::F32, {}};
  spec.operandTypes.assign(equation.numOperands(), ElementType::F32);
  spec.gradients.append(gradients.begin(), gradients.end());
  Caught caught;
  auto module = driver.buildModule({spec}, caught);
  mlir::PassManager pm(&driver.context());
  pm.addPass(createPlanPass());
  pm.addPass(createDecomposePass());
  pm.addPass(createDifferentiatePass());
  pm.addPass(createCountMacsPass());
  EXPECT_TRUE(module && succeeded(pm.run(*module)));
  Executed numbers;
  for (auto function : module->getOps<mlir::func::FuncOp>())
    numbers.macs +=
        Count(function->getAttrOfType<mlir::IntegerAttr>(kMacsAttr).getValue());
  module->walk([&](EinsumOp) { ++numbers.numSteps; });
  return numbers;
}

TEST(GradientMacsTest, NetworksCostWhatTheirBestPlansDo) {
  unsigned seen = 0;
  json::Value file = readDataFile("networks.json");
  for (const json::Value &value : *file.getAsObject()->getArray("networks")) {
    const json::Object &entry = *value.getAsObject();
    const json::Object *optimum = entry.getObject("optimum");
    if (!optimum || !optimum->get("train_all_grads_macs"))
      continue;
    SCOPED_TRACE(entry.getString("name")->str());
    Equation equation = equationOf(entry);
    std::vector<unsigned> operands;
    for (unsigned k = 0; k < equation.numOperands(); ++k)
      operands.push_back(k);
    Executed all = executed(equation, operands);
    EXPECT_EQ(toString(all.macs),
              digits(*optimum->get("train_all_grads_macs")));
    // One step of a plan is three steps of a training step.
    EXPECT_EQ(all.numSteps, 3 * (equation.numOperands() - 1));
    operands.erase(operands.begin());
    EXPECT_EQ(toString(executed(equation, operands).macs),
              digits(*optimum->get("train_operand0_frozen_macs")));
    ++seen;
  }
  EXPECT_EQ(seen, 85u);
}
