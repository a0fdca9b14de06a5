//===- Peak.cpp - The bounds of this machine ------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The loop of multiply-adds is compiled in process for the same CPU as the
// steps, so that both use the same instructions.
//
//===----------------------------------------------------------------------===//

#include "Peak.h"
#include "conveinsum/CodeGen/Common/Passes.h"
#include "conveinsum/Pipelines/Pipelines.h"
#include "mlir/ExecutionEngine/ExecutionEngine.h"
#include "mlir/ExecutionEngine/OptUtils.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ExecutionEngine/Orc/JITTargetMachineBuilder.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Target/TargetMachine.h"
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>

using namespace conveinsum;
using namespace conveinsum::bench;
using namespace mlir;

/// Iterations of the loop in one call.
static constexpr int64_t kIterations = 100000;

double conveinsum::bench::now() {
  std::chrono::duration<double> time =
      std::chrono::steady_clock::now().time_since_epoch();
  return time.count();
}

double conveinsum::bench::medianSeconds(llvm::function_ref<void()> call) {
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

float *conveinsum::bench::allocate(int64_t elements) {
  size_t bytes = (elements * sizeof(float) + 63) / 64 * 64 + 64;
  auto *memory =
      static_cast<float *>(std::aligned_alloc(kBufferAlignment, bytes));
  for (int64_t i = 0; i != elements; ++i)
    memory[i] = float(i % 7) - 3;
  return memory;
}

/// A loop of independent multiply-adds that stay in registers.
static std::string peakText(int64_t lanes, unsigned accumulators) {
  std::string type = llvm::formatv("vector<{0}xf32>", lanes);
  std::string start, types, body, yield, sum, last = "%r#0";
  for (unsigned i = 0; i != accumulators; ++i) {
    std::string comma = i ? ", " : "";
    start += llvm::formatv("{0}%a{1} = %v", comma, i);
    types += comma + type;
    body += llvm::formatv("%b{0} = vector.fma %a{0}, %v, %v : {1}\n", i, type);
    yield += llvm::formatv("{0}%b{1}", comma, i);
    if (i == 0)
      continue;
    sum +=
        llvm::formatv("%s{0} = arith.addf {1}, %r#{0} : {2}\n", i, last, type);
    last = "%s" + std::to_string(i);
  }
  return llvm::formatv(
      "func.func @peak(%m: memref<{0}xf32>) {{\n"
      "%c0 = arith.constant 0 : index\n%c1 = arith.constant 1 : index\n"
      "%n = arith.constant {1} : index\n"
      "%v = vector.load %m[%c0] : memref<{0}xf32>, {2}\n"
      "%r:{3} = scf.for %i = %c0 to %n step %c1 iter_args({4}) -> ({5}) {{\n"
      "{6}scf.yield {7} : {5}\n}\n{8}"
      "vector.store {9}, %m[%c0] : memref<{0}xf32>, {2}\nreturn\n}\n",
      lanes, kIterations, type, accumulators, start, types, body, yield, sum,
      last);
}

/// The code generator of LLVM for `target`.
static std::unique_ptr<llvm::TargetMachine> makeMachine(const Machine &target) {
  llvm::orc::JITTargetMachineBuilder builder{llvm::Triple(target.triple)};
  builder.setCPU(target.cpu);
  builder.addFeatures(llvm::SubtargetFeatures(target.features).getFeatures());
  return llvm::cantFail(builder.createTargetMachine());
}

Peak::Peak(MLIRContext &context, const Machine &target)
    : lanes(target.vectorBits / 32),
      accumulators(target.vectorRegisters * 3 / 4) {
  auto module =
      parseSourceString<ModuleOp>(peakText(lanes, accumulators), &context);
  PassManager pm(&context);
  buildLoopsToLLVMPipeline(pm, CpuOptions(target));
  if (!module || failed(pm.run(*module)))
    return;
  std::unique_ptr<llvm::TargetMachine> machine = makeMachine(target);
  auto transformer = makeOptimizingTransformer(2, 0, machine.get());
  ExecutionEngineOptions options;
  options.transformer = transformer;
  auto made = ExecutionEngine::create(*module, options, std::move(machine));
  if (!made) {
    llvm::errs() << llvm::toString(made.takeError()) << "\n";
    return;
  }
  engine = std::move(*made);
  auto address = engine->lookup("peak");
  if (!address) {
    llvm::errs() << llvm::toString(address.takeError()) << "\n";
    return;
  }
  function = reinterpret_cast<void (*)(float *)>(*address);
}

Peak::~Peak() = default;

double Peak::flops() {
  float *memory = allocate(lanes);
  std::fill_n(memory, lanes, 0.5f);
  double seconds = medianSeconds([&] { function(memory); });
  std::free(memory);
  return 2.0 * kIterations * accumulators * lanes / seconds;
}

double Peak::copy(int64_t bytes) {
  float *from = allocate(bytes / 4), *to = allocate(bytes / 4);
  double seconds = medianSeconds([&] { std::memcpy(to, from, bytes); });
  std::free(from);
  std::free(to);
  return 2.0 * bytes / seconds;
}
