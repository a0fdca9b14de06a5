//===- ExpandComplex.cpp - Functions of complex numbers -------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Upstream's patterns, for the ops that the conversion to LLVM does not know.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/CodeGen/Common/Passes.h"
#include "mlir/Conversion/ComplexToStandard/ComplexToStandard.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Transforms/DialectConversion.h"

namespace conveinsum {
#define GEN_PASS_DEF_CONVEINSUMEXPANDCOMPLEX
#include "conveinsum/CodeGen/Common/Passes.h.inc"
} // namespace conveinsum

using namespace mlir;

namespace {
struct ExpandComplexPass
    : public conveinsum::impl::ConvEinsumExpandComplexBase<ExpandComplexPass> {
  void runOnOperation() override {
    ConversionTarget target(getContext());
    target.markUnknownOpDynamicallyLegal([](Operation *) { return true; });
    target.addIllegalDialect<complex::ComplexDialect>();
    target.addLegalOp<complex::AddOp, complex::SubOp, complex::MulOp,
                      complex::DivOp, complex::ReOp, complex::ImOp,
                      complex::CreateOp, complex::ConstantOp>();
    RewritePatternSet patterns(&getContext());
    populateComplexToStandardConversionPatterns(patterns);
    if (failed(applyPartialConversion(getOperation(), target,
                                      std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
