//===- ReductionLoadTest.cpp - Accumulators stay in registers -------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads the loops that the pipeline emits for small nests of every shape, and
// shows that the reader finds what is wrong.
//
//===----------------------------------------------------------------------===//

#include "JitFunction.h"
#include "RandomNest.h"
#include "ReductionLoads.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include <gtest/gtest.h>

using namespace conveinsum;
using namespace conveinsum::test;
using namespace mlir;

static std::string findInPipeline(StringRef source, const CpuOptions &options) {
  std::string errors;
  auto module = runPipeline(
      source,
      [&](OpPassManager &pm) { buildLinalgToLoopsPipeline(pm, options); },
      errors);
  if (!module)
    return errors;
  return findLoadInReduction(module->lookupSymbol("f"));
}

TEST(ReductionLoad, NestsKeepAccumulatorsInRegisters) {
  std::mt19937 random(99);
  for (unsigned i = 0; i != 300 && !HasFailure(); ++i) {
    Nest nest = Nest::make(random);
    CpuOptions options;
    options.minVectorWork = i % 3 == 0 ? INT64_MAX : 0;
    options.vectorBits = i % 2 ? 512 : 256;
    options.vectorRegisters = i % 2 ? 32 : 16;
    EXPECT_EQ(findInPipeline(nest.text(), options), "") << nest.text();
  }
}

/// Upstream's loops accumulate in memory, so the check must find that.
TEST(ReductionLoad, PlainLoopsAreFound) {
  const char *source = R"(
    func.func @f(%a: memref<4x5xf32>, %b: memref<5x6xf32>, %c: memref<4x6xf32>) {
      linalg.matmul ins(%a, %b : memref<4x5xf32>, memref<5x6xf32>)
        outs(%c : memref<4x6xf32>)
      return
    })";
  std::string errors;
  auto module = runPipeline(
      source,
      [](OpPassManager &pm) {
        pm.addNestedPass<func::FuncOp>(createConvertLinalgToLoopsPass());
      },
      errors);
  ASSERT_TRUE(module) << errors;
  EXPECT_NE(findLoadInReduction(module->lookupSymbol("f")), "");
}

/// A loop that carries one value and still reads the result.
TEST(ReductionLoad, CarriedLoopsAreFound) {
  const char *source = R"(
    func.func @f(%a: memref<4xf32>, %c: memref<1xf32>) {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c4 = arith.constant 4 : index
      %zero = arith.constant 0.0 : f32
      %s = scf.for %i = %c0 to %c4 step %c1 iter_args(%x = %zero) -> f32 {
        %o = memref.load %c[%c0] : memref<1xf32>
        %n = arith.addf %x, %o : f32
        scf.yield %n : f32
      }
      memref.store %s, %c[%c0] : memref<1xf32>
      return
    })";
  std::string errors;
  auto module = runPipeline(source, [](OpPassManager &) {}, errors);
  ASSERT_TRUE(module) << errors;
  EXPECT_EQ(findLoadInReduction(module->lookupSymbol("f")),
            "a load of the result inside a reduction loop");
}
