//===- ModuleFuzzer.cpp - A context for fuzz targets with IR --------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ModuleFuzzer.h"
#include "conveinsum/InitAll.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Diagnostics.h"

using namespace conveinsum;
using namespace conveinsum::test;

static constexpr unsigned kInputsPerContext = 2000;

static unsigned numErrors = 0;

static std::unique_ptr<mlir::MLIRContext> makeContext() {
  mlir::DialectRegistry registry;
  conveinsum::registerAllDialects(registry);
  registry.insert<mlir::func::FuncDialect>();
  auto context = std::make_unique<mlir::MLIRContext>(
      registry, mlir::MLIRContext::Threading::DISABLED);
  context->loadDialect<ConvEinsumDialect, mlir::func::FuncDialect>();
  context->getDiagEngine().registerHandler([](mlir::Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error) {
      ++numErrors;
      require(!diagnostic.str().empty(), "an error says something");
    }
    return mlir::success();
  });
  return context;
}

mlir::MLIRContext &FuzzContext::next() {
  static std::unique_ptr<mlir::MLIRContext> context;
  static unsigned used = 0;
  if (!context || used == kInputsPerContext) {
    context = makeContext();
    used = 0;
  }
  ++used;
  numErrors = 0;
  return *context;
}

unsigned FuzzContext::errors() { return numErrors; }
void FuzzContext::forgetErrors() { numErrors = 0; }
