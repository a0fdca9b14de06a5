//===- Driver.cpp - From equations and modules to code --------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Building of modules, and the stages in order. What MLIR reports on the way is
// handed to the caller's error callback.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Driver/Driver.h"
#include "MachineCode.h"
#include "StepOutlining.h"
#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsum.h"
#include "conveinsum/Pipelines/Pipelines.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace conveinsum;

std::optional<EmitStage> conveinsum::parseEmitStage(StringRef word) {
  return llvm::StringSwitch<std::optional<EmitStage>>(word)
      .Case("imported", EmitStage::Imported)
      .Case("planned", EmitStage::Planned)
      .Case("steps", EmitStage::Steps)
      .Case("linalg", EmitStage::Linalg)
      .Case("llvm", EmitStage::LLVM)
      .Default(std::nullopt);
}

std::string FunctionSpec::stepKey() const {
  std::string key = equation.canonicalKey();
  for (ElementType type : operandTypes)
    key += " " + std::string(conveinsum::name(type));
  return key + " " + std::string(conveinsum::name(resultType));
}

void CompiledFunction::invoke(llvm::ArrayRef<const void *> inputs, void *output,
                              void *workspaceMemory) const {
  llvm::SmallVector<const void *, 8> arguments(inputs);
  arguments.push_back(output);
  arguments.push_back(workspaceMemory);
  entry(arguments.data());
}

CompiledModule::~CompiledModule() = default;

Driver::Driver(DriverOptions options) : driverOptions(std::move(options)) {
  DialectRegistry registry;
  registerPipelineDialects(registry);
  mlirContext = std::make_unique<MLIRContext>(registry);
  // What modules are built from; passes load what they make.
  mlirContext->loadDialect<ConvEinsumDialect, func::FuncDialect>();
}

Driver::~Driver() = default;

//===----------------------------------------------------------------------===//
// Building
//===----------------------------------------------------------------------===//

/// Adds the function of one spec at the builder's place.
static bool buildFunction(OpBuilder &builder, const FunctionSpec &spec,
                          bool withPlan) {
  MLIRContext *context = builder.getContext();
  Location loc = builder.getUnknownLoc();
  SmallVector<Type> inputs;
  for (unsigned k = 0; k < spec.equation.numOperands(); ++k)
    inputs.push_back(
        RankedTensorType::get(spec.equation.operandShape(k),
                              fromElementType(context, spec.operandTypes[k])));
  Type element = fromElementType(context, spec.resultType);
  auto type = builder.getFunctionType(inputs,
                                      resultTypeOf(spec.equation, element));
  auto function = func::FuncOp::create(builder, loc, spec.name, type);
  OpBuilder::InsertionGuard guard(builder);
  Block *body = function.addEntryBlock();
  builder.setInsertionPointToStart(body);
  EinsumOp op = EinsumOp::create(builder, loc, spec.equation,
                                 body->getArguments(), element);
  if (withPlan && spec.tree && spec.equation.numOperands() > 2)
    op.setPlanAttr(PlanAttr::get(context, *spec.tree));
  func::ReturnOp::create(builder, loc, op.getResult());
  return succeeded(mlir::verify(function));
}

OwningOpRef<ModuleOp> Driver::buildModule(llvm::ArrayRef<FunctionSpec> specs,
                                          bool withPlans, ErrorFn onError) {
  CapturedDiagnostics capture(*mlirContext, onError);
  OpBuilder builder(mlirContext.get());
  OwningOpRef<ModuleOp> module = ModuleOp::create(builder.getUnknownLoc());
  builder.setInsertionPointToEnd(module->getBody());
  for (const FunctionSpec &spec : specs)
    if (!buildFunction(builder, spec, withPlans)) {
      capture.report("the equation does not make a valid function");
      return nullptr;
    }
  return module;
}

//===----------------------------------------------------------------------===//
// Stages
//===----------------------------------------------------------------------===//

static CpuPipelineOptions cpuOptions(const DriverOptions &options) {
  CpuPipelineOptions cpu(options.target);
  cpu.threads = options.threads > 1;
  cpu.minVectorWork = options.minVectorWork;
  cpu.parallelWork = options.parallelWork;
  if (!options.vectorize)
    cpu.vectorBits = 0;
  return cpu;
}

static bool runPasses(ModuleOp module,
                      llvm::function_ref<void(OpPassManager &)> build) {
  PassManager pm(module.getContext());
  build(pm);
  return succeeded(pm.run(module));
}

bool conveinsum::lowerToLoops(ModuleOp module, const DriverOptions &options) {
  return runPasses(module, [&](OpPassManager &pm) {
    buildLinalgToLoopsPipeline(pm, cpuOptions(options));
  });
}

bool conveinsum::lowerToLLVM(ModuleOp module, const DriverOptions &options) {
  return runPasses(module, [&](OpPassManager &pm) {
    buildLoopsToLLVMPipeline(pm, cpuOptions(options));
  });
}

/// The stages up to linalg.
static bool runFrontStages(ModuleOp module, EmitStage stage) {
  if (stage == EmitStage::Imported)
    return true;
  if (!runPasses(module, buildPlanPipeline))
    return false;
  if (stage == EmitStage::Planned)
    return true;
  if (!runPasses(module, buildDecomposePipeline))
    return false;
  if (stage == EmitStage::Steps)
    return true;
  // Equal steps become one function while they can still be told to be equal.
  return succeeded(outlineSteps(module)) &&
         runPasses(module, buildLowerStepsPipeline);
}

bool Driver::runTo(ModuleOp module, EmitStage stage, ErrorFn onError) {
  CapturedDiagnostics capture(*mlirContext, onError);
  bool ok = runFrontStages(module, stage);
  if (ok && stage == EmitStage::LLVM)
    ok = lowerToLoops(module, driverOptions) && lowerToLLVM(module, driverOptions);
  if (!ok)
    capture.report("the module does not reach the stage");
  return ok;
}
