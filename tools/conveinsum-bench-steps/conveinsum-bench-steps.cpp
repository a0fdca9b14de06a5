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

#include "Peak.h"
#include "Steps.h"
#include "conveinsum/Driver/Driver.h"
#include "conveinsum/Equation/Gradient.h"
#include "conveinsum/Runtime/StandardStreams.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/InitLLVM.h"
#include <algorithm>
#include <cstdlib>
#include <functional>
#include <numeric>

using namespace conveinsum;
using namespace conveinsum::bench;

static llvm::cl::opt<OptLevel>
    optLevel(llvm::cl::desc("Level of LLVM:"), llvm::cl::init(OptLevel::O2),
             llvm::cl::values(clEnumVal(OptLevel::O0, "none"),
                              clEnumVal(OptLevel::O1, "some"),
                              clEnumVal(OptLevel::O2, "usual")));
static llvm::cl::opt<std::string>
    cpu("target-cpu", llvm::cl::desc("CPU to compile for, as LLVM names it"),
        llvm::cl::init("host"));
static llvm::cl::opt<std::string>
    only("only", llvm::cl::desc("Run only steps whose name contains this"));

static llvm::cl::opt<bool>
    gradients("gradients",
              llvm::cl::desc("Run the gradients of every step beside it"));

/// Code of one step and what it took to get there from the equation.
struct Compiled {
  std::unique_ptr<CompiledModule> module;
  double seconds;
};

static Compiled compile(Driver &driver, const Step &step) {
  auto report = [&](const Fault &diagnostic) {
    llvm::errs() << step.name << ": " << diagnostic.message << "\n";
  };
  double start = now();
  FunctionSpec spec{"step",
                    step.equation,
                    {ElementType::F32, ElementType::F32},
                    ElementType::F32,
                    std::nullopt};
  auto module = driver.buildModule({spec}, report);
  if (!module)
    return {nullptr, 0};
  return {driver.compile(*module, report), now() - start};
}

static int64_t product(llvm::ArrayRef<int64_t> shape) {
  return std::accumulate(shape.begin(), shape.end(), int64_t(1),
                         std::multiplies<int64_t>());
}

/// What was measured of a step.
struct Speed {
  /// Of the multiply-add peak or the copy bandwidth.
  double percent = 0;
  double compileSeconds = 0;

  bool meetsLimits() const { return percent >= 15 && compileSeconds <= 0.5; }
};

/// Runs one step and prints its line, without the end of it. `flops` are those
/// that count: a step and its gradients have the same.
static std::optional<Speed> runStep(Driver &driver, Peak &peak,
                                    const Step &step, double flops) {
  Compiled compiled = compile(driver, step);
  const CompiledFunction *function =
      compiled.module ? compiled.module->find("step") : nullptr;
  if (!function)
    return std::nullopt;
  const Equation &equation = step.equation;
  int64_t elements[] = {product(equation.operandShape(0)),
                        product(equation.operandShape(1)),
                        product(equation.resultShape())};
  float *a = allocate(elements[0]), *b = allocate(elements[1]);
  float *out = allocate(elements[2]);
  float *workspace = allocate(function->workspaceBytes() / 4);
  double before = peak.flops();
  double seconds =
      medianSeconds([&] { function->invoke({a, b}, out, workspace); });
  double bound = (before + peak.flops()) / 2, rate = flops / seconds;
  if (step.memoryBound) {
    rate = 4.0 * (elements[0] + elements[1] + elements[2]) / seconds;
    bound = Peak::copy(4 * *std::max_element(elements, elements + 3));
  }
  for (float *memory : {a, b, out, workspace})
    std::free(memory);
  Speed speed{100 * rate / bound, compiled.seconds};
  llvm::outs() << llvm::formatv(
      "{0,-40}{1,10:f3}{2,10:f1}{3,10:f1}{4,8:f0} %{5,-6}{6,9:f3}", step.name,
      seconds * 1e3, flops / seconds / 1e9, bound / 1e9, speed.percent,
      step.memoryBound ? " copy" : " FMA", speed.compileSeconds);
  return speed;
}

/// Runs a step and, if they are asked for, its two gradients; true if all meet
/// their limits. Beside a gradient stands its share in that of the step.
static bool runAll(Driver &driver, Peak &peak, const Step &step) {
  double flops =
      2.0 * static_cast<double>(step.equation.macs(
                step.equation.singleton(0), step.equation.singleton(1),
                gradients ? MacCount::Exact : MacCount::Dense));
  std::optional<Speed> forward = runStep(driver, peak, step, flops);
  llvm::outs() << "\n";
  bool good = forward && forward->meetsLimits();
  for (unsigned operand = 0; forward && gradients && operand != 2; ++operand) {
    Step gradient{step.name + (operand ? ", dw" : ", dx"),
                  gradientTowards(step.equation, operand).equation,
                  step.memoryBound};
    std::optional<Speed> speed = runStep(driver, peak, gradient, flops);
    double share = speed ? speed->percent / forward->percent : 0;
    llvm::outs() << llvm::formatv("{0,8:f2}\n", share);
    good &= share >= 0.6;
  }
  return good;
}

int main(int argc, char **argv) {
  guardStandardStreams();
  llvm::InitLLVM init(argc, argv);
  llvm::cl::ParseCommandLineOptions(argc, argv, "speed of single steps\n");
  std::optional<Machine> target = Machine::get(cpu);
  if (!target) {
    llvm::errs() << "expected a CPU that LLVM knows, got '" << cpu << "'\n";
    return 1;
  }
  DriverOptions options;
  options.target = *target;
  options.optLevel = optLevel;
  Driver driver(options);
  Peak peak(driver.context(), *target);
  if (!peak.isValid())
    return 1;
  llvm::outs() << llvm::formatv(
      "{0}, {1}-bit vectors, {2} registers, f32, one thread\n", target->cpu,
      target->vectorBits, target->vectorRegisters);
  llvm::outs() << llvm::formatv("{0,-40}{1,10}{2,10}{3,10}{4,16}{5,10}{6}\n",
                                "step", "ms", "GF/s", "bound", "of bound",
                                "compile s", gradients ? " of step" : "");
  bool good = true;
  for (const Step &step : makeSteps(gradients))
    if (llvm::StringRef(step.name).contains(only))
      good &= runAll(driver, peak, step);
  // Nobody reads a failure to write a message, so that is none.
  llvm::errs().clear_error();
  return good ? 0 : 1;
}
