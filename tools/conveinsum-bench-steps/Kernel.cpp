//===- Kernel.cpp - Compiles and times one function -----------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Uses the execution engine of MLIR with LLVM's pipeline of the given level.
//
//===----------------------------------------------------------------------===//

#include "Kernel.h"
#include "conveinsum/CodeGen/CPU/Passes.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/ExecutionEngine/OptUtils.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ExecutionEngine/Orc/JITTargetMachineBuilder.h"
#include "llvm/Target/TargetMachine.h"
#include <algorithm>
#include <chrono>
#include <vector>

using namespace conveinsum;
using namespace conveinsum::bench;
using namespace mlir;

static double now() {
  std::chrono::duration<double> time =
      std::chrono::steady_clock::now().time_since_epoch();
  return time.count();
}

static std::unique_ptr<llvm::TargetMachine>
makeMachine(const CpuTarget &target, unsigned optLevel) {
  llvm::orc::JITTargetMachineBuilder builder{llvm::Triple(target.triple)};
  builder.setCPU(target.cpu);
  llvm::SubtargetFeatures features(target.features);
  builder.addFeatures(features.getFeatures());
  builder.setCodeGenOptLevel(static_cast<llvm::CodeGenOptLevel>(optLevel));
  return llvm::cantFail(builder.createTargetMachine());
}

std::unique_ptr<Kernel>
Kernel::compile(MLIRContext &context, llvm::StringRef text,
                llvm::StringRef name, unsigned optLevel,
                const CpuTarget &target,
                llvm::function_ref<void(OpPassManager &)> build) {
  double start = now();
  auto module = parseSourceString<ModuleOp>(text, &context);
  PassManager pm(&context);
  build(pm);
  if (!module || failed(pm.run(*module)))
    return nullptr;
  auto kernel = std::make_unique<Kernel>();
  Operation *function = module->lookupSymbol(name);
  if (auto bytes = function->getAttrOfType<IntegerAttr>(kWorkspaceBytesAttr))
    kernel->workspaceBytes = bytes.getInt();
  std::unique_ptr<llvm::TargetMachine> machine = makeMachine(target, optLevel);
  auto transformer = makeOptimizingTransformer(optLevel, 0, machine.get());
  ExecutionEngineOptions options;
  options.transformer = transformer;
  options.jitCodeGenOptLevel = static_cast<llvm::CodeGenOptLevel>(optLevel);
  options.enableObjectDump = false;
  options.enableGDBNotificationListener = false;
  options.enablePerfNotificationListener = false;
  auto engine = ExecutionEngine::create(*module, options, std::move(machine));
  if (!engine) {
    llvm::errs() << llvm::toString(engine.takeError()) << "\n";
    return nullptr;
  }
  kernel->engine = std::move(*engine);
  auto address = kernel->engine->lookup(name);
  if (!address) {
    llvm::errs() << llvm::toString(address.takeError()) << "\n";
    return nullptr;
  }
  kernel->address = *address;
  kernel->compileSeconds = now() - start;
  return kernel;
}

double conveinsum::bench::medianSeconds(const std::function<void()> &call) {
  call();
  double start = now();
  call();
  // Each sample lasts long enough for the clock, all of them about 0.2 s.
  int64_t calls = std::max<int64_t>(1, 0.01 / std::max(now() - start, 1e-7));
  std::vector<double> samples(15);
  for (double &sample : samples) {
    start = now();
    for (int64_t i = 0; i != calls; ++i)
      call();
    sample = (now() - start) / calls;
  }
  std::nth_element(samples.begin(), samples.begin() + 7, samples.end());
  return samples[7];
}
