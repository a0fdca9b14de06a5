//===- ExpectModule.cpp - Refuses other ops than modules ------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Pass managers abort when they are given a pass for modules and run on another
// op. A pipeline that would do so holds this pass alone.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/CodeGen/Common/Passes.h"
#include "mlir/IR/BuiltinOps.h"

namespace conveinsum {
#define GEN_PASS_DEF_CONVEINSUMEXPECTMODULE
#include "conveinsum/CodeGen/Common/Passes.h.inc"
} // namespace conveinsum

using namespace mlir;

namespace {
struct ExpectModulePass
    : public conveinsum::impl::ConvEinsumExpectModuleBase<ExpectModulePass> {
  void runOnOperation() override {
    if (isa<ModuleOp>(getOperation()))
      return markAllAnalysesPreserved();
    getOperation()->emitOpError(
        "expected builtin.module, because functions are "
        "compiled with their callers");
    signalPassFailure();
  }
};
} // namespace
