//===- JitFunction.cpp - Runs IR through the CPU pipeline ----------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The workspace and the result are handed out with guard bytes behind them, so
// that a store beyond the end fails the test.
//
//===----------------------------------------------------------------------===//

#include "JitFunction.h"
#include "conveinsum/CodeGen/Common/Passes.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/ExecutionEngine/OptUtils.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/TargetSelect.h"
#include <algorithm>
#include <cstdlib>
#include <gtest/gtest.h>

using namespace conveinsum;
using namespace conveinsum::test;
using namespace mlir;

MLIRContext &conveinsum::test::context() {
  static MLIRContext *context = [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
    DialectRegistry registry;
    registerPipelineDialects(registry);
    auto *made = new MLIRContext(registry, MLIRContext::Threading::DISABLED);
    made->loadAllAvailableDialects();
    return made;
  }();
  return *context;
}

OwningOpRef<ModuleOp>
conveinsum::test::runPipeline(StringRef source,
                              llvm::function_ref<void(OpPassManager &)> build,
                              std::string &errors) {
  ScopedDiagnosticHandler handler(&context(), [&](Diagnostic &diagnostic) {
    errors += diagnostic.str() + "\n";
    return success();
  });
  auto module = parseSourceString<ModuleOp>(source, &context());
  if (!module)
    return {};
  PassManager pm(&context());
  build(pm);
  if (failed(pm.run(*module)))
    return {};
  return module;
}

std::unique_ptr<JitFunction>
JitFunction::compile(StringRef source, const CpuPipelineOptions &options,
                     unsigned optLevel, StringRef name) {
  std::string errors;
  OwningOpRef<ModuleOp> module = runPipeline(
      source,
      [&](OpPassManager &pm) { buildLinalgToLLVMPipeline(pm, options); },
      errors);
  EXPECT_TRUE(module) << errors << source.str();
  if (!module)
    return nullptr;
  auto compiled = std::make_unique<JitFunction>();
  auto function = module->lookupSymbol<LLVM::LLVMFuncOp>(name);
  compiled->bytes =
      function->getAttrOfType<IntegerAttr>(kWorkspaceBytesAttr).getInt();
  ExecutionEngineOptions engineOptions;
  auto transformer = makeOptimizingTransformer(optLevel, 0, nullptr);
  engineOptions.transformer = transformer;
  engineOptions.enableObjectDump = false;
  engineOptions.enableGDBNotificationListener = false;
  engineOptions.enablePerfNotificationListener = false;
#ifdef CONVEINSUM_OPENMP_LIBRARY
  StringRef libraries[] = {CONVEINSUM_OPENMP_LIBRARY};
  if (options.threads)
    engineOptions.sharedLibPaths = libraries;
#endif
  auto engine = ExecutionEngine::create(*module, engineOptions);
  EXPECT_TRUE(bool(engine));
  if (!engine)
    return nullptr;
  compiled->engine = std::move(*engine);
  auto address = compiled->engine->lookup(name);
  EXPECT_TRUE(bool(address));
  if (!address)
    return nullptr;
  compiled->address = *address;
  return compiled;
}

void JitFunction::operator()(ArrayRef<const void *> inputs, void *result) {
  constexpr size_t guard = 256;
  size_t size = (bytes + guard + 63) / 64 * 64;
  auto *workspace =
      static_cast<unsigned char *>(std::aligned_alloc(kBufferAlignment, size));
  std::fill_n(workspace, size, 0xA5);
  using In = const void *;
  switch (inputs.size()) {
  case 0:
    reinterpret_cast<void (*)(void *, void *)>(address)(result, workspace);
    break;
  case 1:
    reinterpret_cast<void (*)(In, void *, void *)>(address)(inputs[0], result,
                                                            workspace);
    break;
  case 2:
    reinterpret_cast<void (*)(In, In, void *, void *)>(address)(
        inputs[0], inputs[1], result, workspace);
    break;
  case 3:
    reinterpret_cast<void (*)(In, In, In, void *, void *)>(address)(
        inputs[0], inputs[1], inputs[2], result, workspace);
    break;
  default:
    FAIL() << "expected at most 3 inputs, got " << inputs.size();
  }
  EXPECT_TRUE(std::all_of(workspace + bytes, workspace + size,
                          [](unsigned char byte) { return byte == 0xA5; }))
      << "store beyond the workspace";
  std::free(workspace);
}
