//===- conveinsum-bench-steps.cpp - Speed of single steps -----------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compiles and runs steps of layer size on one thread and prints how fast they
// are, next to the multiply-add peak and the copy bandwidth measured around
// each of them. Exits with 1 when a step is below 15 % of its bound or takes
// more than 0.5 s to compile.
//
//===----------------------------------------------------------------------===//

#include "Kernel.h"
#include "Steps.h"
#include "conveinsum/CodeGen/CPU/Passes.h"
#include "conveinsum/Pipelines/Pipelines.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/TargetSelect.h"
#include <cstdlib>
#include <cstring>

using namespace conveinsum;
using namespace conveinsum::bench;
using namespace mlir;

static llvm::cl::opt<unsigned> optLevel("O",
                                        llvm::cl::desc("Level of LLVM, 0 to 3"),
                                        llvm::cl::Prefix, llvm::cl::init(2));
static llvm::cl::opt<std::string>
    cpu("target-cpu", llvm::cl::desc("CPU to compile for, as LLVM names it"),
        llvm::cl::init("host"));
static llvm::cl::opt<std::string>
    only("only", llvm::cl::desc("Run only steps whose name contains this"));

/// Zeroed floats at the alignment of compiled functions.
static float *allocate(int64_t elements) {
  size_t bytes = (elements * sizeof(float) + 63) / 64 * 64 + 64;
  auto *memory =
      static_cast<float *>(std::aligned_alloc(kBufferAlignment, bytes));
  for (int64_t i = 0; i != elements; ++i)
    memory[i] = float(i % 7) - 3;
  return memory;
}

/// A loop of independent multiply-adds that stay in registers.
static std::string peakText(const CpuTarget &target, int64_t iterations,
                            unsigned accumulators) {
  std::string type = llvm::formatv("vector<{0}xf32>", target.vectorBits / 32);
  std::string start, types, body, yield, sum;
  for (unsigned i = 0; i != accumulators; ++i) {
    std::string comma = i ? ", " : "";
    start += llvm::formatv("{0}%a{1} = %v", comma, i);
    types += comma + type;
    body += llvm::formatv("%b{0} = vector.fma %a{0}, %v, %v : {1}\n", i, type);
    yield += llvm::formatv("{0}%b{1}", comma, i);
    sum += i == 0 ? std::string()
                  : llvm::formatv("%s{0} = arith.addf {1}, %r#{0} : {2}\n", i,
                                  i == 1 ? std::string("%r#0")
                                         : "%s" + std::to_string(i - 1),
                                  type)
                        .str();
  }
  return llvm::formatv(
      "func.func @peak(%m: memref<{0}xf32>) {{\n"
      "%c0 = arith.constant 0 : index\n%c1 = arith.constant 1 : index\n"
      "%n = arith.constant {1} : index\n"
      "%v = vector.load %m[%c0] : memref<{0}xf32>, {2}\n"
      "%r:{3} = scf.for %i = %c0 to %n step %c1 iter_args({4}) -> ({5}) {{\n"
      "{6}scf.yield {7} : {5}\n}\n{8}"
      "vector.store %s{9}, %m[%c0] : memref<{0}xf32>, {2}\nreturn\n}\n",
      target.vectorBits / 32, iterations, type, accumulators, start, types,
      body, yield, sum, accumulators - 1);
}

namespace {
/// The bounds of this machine.
class Machine {
public:
  Machine(MLIRContext &context, const CpuTarget &target)
      : accumulators(target.vectorRegisters * 3 / 4),
        lanes(target.vectorBits / 32), memory(allocate(lanes)) {
    peak = Kernel::compile(
        context, peakText(target, iterations, accumulators), "peak", 2, target,
        [&](OpPassManager &pm) {
          buildLoopsToLLVMPipeline(pm, CpuPipelineOptions(target));
        });
  }
  bool valid() const { return peak != nullptr; }

  /// Multiply-adds per second, times two.
  double flops() {
    std::fill_n(memory, lanes, 0.5f);
    auto function = reinterpret_cast<void (*)(float *)>(peak->address);
    double seconds = medianSeconds([&] { function(memory); });
    return 2.0 * iterations * accumulators * lanes / seconds;
  }

  /// Bytes read and written per second when `bytes` are copied.
  static double copy(int64_t bytes) {
    float *from = allocate(bytes / 4), *to = allocate(bytes / 4);
    double seconds = medianSeconds([&] { std::memcpy(to, from, bytes); });
    std::free(from);
    std::free(to);
    return 2.0 * bytes / seconds;
  }

private:
  static constexpr int64_t iterations = 100000;
  int64_t accumulators, lanes;
  float *memory;
  std::unique_ptr<Kernel> peak;
};
} // namespace

/// Runs one step and prints its line; true if it meets the limits.
static bool runStep(MLIRContext &context, const CpuTarget &target,
                    Machine &machine, const Step &step) {
  std::unique_ptr<Kernel> kernel = Kernel::compile(
      context, step.text, "step", optLevel, target, [&](OpPassManager &pm) {
        buildLinalgToLLVMPipeline(pm, CpuPipelineOptions(target));
      });
  if (!kernel)
    return false;
  float *a = allocate(step.inputElements[0]);
  float *b = allocate(step.inputElements[1]);
  float *out = allocate(step.resultElements);
  float *workspace = allocate(kernel->workspaceBytes / 4);
  auto function = reinterpret_cast<void (*)(float *, float *, float *, float *)>(
      kernel->address);
  double flops = 2.0 * step.macs, before = machine.flops();
  double seconds = medianSeconds([&] { function(a, b, out, workspace); });
  double bound = (before + machine.flops()) / 2, rate = flops / seconds;
  if (step.memoryBound) {
    double bytes = 4.0 * (step.inputElements[0] + step.resultElements);
    rate = bytes / seconds;
    bound = Machine::copy(4 * step.resultElements);
  }
  for (float *memory : {a, b, out, workspace})
    std::free(memory);
  double percent = 100 * rate / bound;
  llvm::outs() << llvm::formatv(
      "{0,-34}{1,10:f3}{2,10:f1}{3,10:f1}{4,8:f0} %{5,-6}{6,9:f3}\n", step.name,
      seconds * 1e3, flops / seconds / 1e9, bound / 1e9, percent,
      step.memoryBound ? " copy" : " FMA", kernel->compileSeconds);
  return percent >= 15 && kernel->compileSeconds <= 0.5;
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  llvm::cl::ParseCommandLineOptions(argc, argv, "speed of single steps\n");
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  std::optional<CpuTarget> target = CpuTarget::get(cpu);
  if (!target) {
    llvm::errs() << "expected a CPU that LLVM knows, got '" << cpu << "'\n";
    return 1;
  }
  DialectRegistry registry;
  registerPipelineDialects(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();
  Machine machine(context, *target);
  if (!machine.valid())
    return 1;
  llvm::outs() << llvm::formatv(
      "{0}, {1}-bit vectors, {2} registers, f32, one thread, O{3}\n",
      target->cpu, target->vectorBits, target->vectorRegisters,
      unsigned(optLevel));
  llvm::outs() << llvm::formatv("{0,-34}{1,10}{2,10}{3,10}{4,16}{5,9}\n", "step",
                                "ms", "GF/s", "bound", "of bound", "compile s");
  bool good = true;
  for (const Step &step : makeSteps())
    if (llvm::StringRef(step.name).contains(only))
      good &= runStep(context, *target, machine, step);
  return good ? 0 : 1;
}
