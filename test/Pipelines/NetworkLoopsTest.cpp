//===- NetworkLoopsTest.cpp - Loops of whole networks ---------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// No load of a result stands inside a reduction loop, in any step of random
// networks, scalar or vectorised.
//
//===----------------------------------------------------------------------===//

#include "CodeGen/CPU/ReductionLoads.h"
#include "Equation/RandomEquation.h"
#include "conveinsum/Driver/Driver.h"
#include "conveinsum/Pipelines/Pipelines.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/PassManager.h"
#include <gtest/gtest.h>

using namespace conveinsum;

/// The loops of the network, by the plan from left to right.
static mlir::OwningOpRef<mlir::ModuleOp>
makeLoops(Driver &driver, const Equation &equation, const CpuOptions &options) {
  auto fail = [](const Fault &fault) { ADD_FAILURE() << fault.message; };
  FunctionSpec spec{"f", equation, {}, ElementType::F32, std::nullopt};
  spec.operandTypes.assign(equation.numOperands(), ElementType::F32);
  spec.plan = Plan(ContractionTree::leftToRight(equation.numOperands()));
  auto module = driver.buildModule({spec}, fail);
  if (!module || !driver.runTo(*module, EmitStage::Linalg, fail))
    return nullptr;
  mlir::PassManager manager(module->getContext());
  buildLinalgToLoopsPipeline(manager, options);
  if (mlir::failed(manager.run(*module)))
    return nullptr;
  return module;
}

TEST(NetworkLoops, KeepAccumulatorsInRegisters) {
  Driver driver;
  unsigned functions = 0;
  for (uint64_t seed = 0; seed != 150 && !HasFailure(); ++seed) {
    RandomEquation random = randomEquation(seed);
    auto equation = Equation::create(
        random.text, random.geometry, random.shapes,
        [](const Fault &fault) { ADD_FAILURE() << fault.message; });
    ASSERT_TRUE(equation) << random.text;
    CpuOptions options;
    options.minVectorWork = seed % 2 ? INT64_MAX : 0;
    auto module = makeLoops(driver, *equation, options);
    ASSERT_TRUE(module) << random.text;
    module->walk([&](mlir::func::FuncOp function) {
      ++functions;
      EXPECT_EQ(test::findLoadInReduction(function), "")
          << random.text << ", seed " << seed;
    });
  }
  EXPECT_GT(functions, 300u);
}
