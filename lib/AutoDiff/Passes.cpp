//===- Passes.cpp - The pass of this room ---------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A shell around the functions of Differentiate.h.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/AutoDiff/Passes.h"
#include "Models.h"
#include "conveinsum/Dialect/ConvEinsum/IR/AttributeNames.h"
#include "conveinsum/Plan/Request/PlanWords.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Remarks.h"

namespace conveinsum {
#define GEN_PASS_DEF_DIFFERENTIATEPASS
#include "conveinsum/AutoDiff/Passes.h.inc"
} // namespace conveinsum

using namespace mlir;
using namespace conveinsum;

void conveinsum::registerDifferentiableModels(DialectRegistry &registry) {
  registerEinsumModel(registry);
  registerArithModels(registry);
  registerMathModels(registry);
  registerComplexModels(registry);
  registerTensorModels(registry);
  registerLinalgModels(registry);
  registerCallModel(registry);
}

/// Marks the arguments that an option lists.
static LogicalResult markGradients(func::FuncOp function, StringRef list) {
  SmallVector<unsigned> numbers;
  if (list == "all") {
    for (unsigned k = 0, e = function.getNumArguments(); k != e; ++k)
      numbers.push_back(k);
  } else {
    SmallVector<StringRef> words;
    list.split(words, ',');
    for (StringRef word : words) {
      unsigned number = 0;
      if (word.trim().getAsInteger(10, number) ||
          number >= function.getNumArguments())
        return function.emitOpError()
               << "expected gradients to be all, or numbers of arguments below "
               << function.getNumArguments() << " such as 0,2, got '" << list
               << "'";
      if (llvm::is_contained(numbers, number))
        return function.emitOpError()
               << "expected every argument once in gradients, got " << number
               << " twice in '" << list << "'";
      numbers.push_back(number);
    }
  }
  for (unsigned number : numbers)
    function.setArgAttr(number, kGradientAttr,
                        UnitAttr::get(function.getContext()));
  return success();
}

namespace {
struct DifferentiatePass
    : conveinsum::impl::DifferentiatePassBase<DifferentiatePass> {
  using DifferentiatePassBase::DifferentiatePassBase;

  void getDependentDialects(DialectRegistry &registry) const override {
    DifferentiatePassBase::getDependentDialects(registry);
    registerDifferentiableModels(registry);
  }

  void runOnOperation() override {
    SmallVector<func::FuncOp> functions;
    if (failed(markNamed()))
      return signalPassFailure();
    getOperation()->walk([&](func::FuncOp candidate) {
      for (unsigned k = 0, e = candidate.getNumArguments(); k != e; ++k)
        if (candidate.getArgAttr(k, kGradientAttr))
          return functions.push_back(candidate);
    });
    for (func::FuncOp each : functions) {
      if (failed(run(each)))
        return signalPassFailure();
      ++numDifferentiated;
    }
  }

private:
  /// Gives the named function the attributes that the option stands for.
  LogicalResult markNamed() {
    if (function.empty() && gradients.empty())
      return success();
    if (function.empty() || gradients.empty())
      return emitError(getOperation()->getLoc())
             << "conveinsum-differentiate expected the options function and "
                "gradients together, got one of them";
    LogicalResult result = failure();
    bool isFound = false;
    getOperation()->walk([&](func::FuncOp candidate) {
      if (candidate.getName() != function)
        return;
      isFound = true;
      result = markGradients(candidate, gradients);
    });
    if (!isFound)
      return emitError(getOperation()->getLoc())
             << "conveinsum-differentiate expected a function of the name that "
                "its option gives, got '"
             << function << "'";
    return result;
  }

  LogicalResult run(func::FuncOp each) {
    std::string name = each.getName().str();
    if (joint)
      return differentiateJointly(each);
    FailureOr<DifferentiatedFunction> made = differentiate(each);
    if (failed(made))
      return failure();
    numKept += made->kept;
    remark::passed(each.getLoc(), remark::RemarkOpts::name("differentiated")
                                      .category("conveinsum-differentiate")
                                      .function(name))
        << remark::metric("kept", std::to_string(made->kept));
    return success();
  }
};
} // namespace
