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
#include "conveinsum/Dialect/ConvEinsum/IR/AttributeNames.h"
#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsum.h"
#include "conveinsum/Pipelines/Pipelines.h"
#include "conveinsum/Plan/Request/PlanWords.h"
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

void CompiledFunction::call(llvm::ArrayRef<const void *> arguments) const {
  assert(arguments.size() == description.arguments.size() &&
         "one buffer for each argument");
  entry(arguments.data());
}

void CompiledFunction::invoke(const CallBuffers &buffers) const {
  llvm::SmallVector<const void *, 8> arguments;
  for (const ArgumentInfo &argument : description.arguments) {
    switch (argument.role) {
    case ArgumentRole::Operand:
      arguments.push_back(buffers.operands[*argument.operand]);
      break;
    case ArgumentRole::Out:
      arguments.push_back(buffers.out);
      break;
    case ArgumentRole::Prepared:
      arguments.push_back(buffers.prepared);
      break;
    case ArgumentRole::Workspace:
      arguments.push_back(buffers.workspace);
      break;
    case ArgumentRole::Kept:
      arguments.push_back(buffers.kept);
      break;
    case ArgumentRole::Cotangent:
      arguments.push_back(buffers.cotangent);
      break;
    case ArgumentRole::Gradient:
      arguments.push_back(buffers.gradients[*argument.operand]);
      break;
    }
  }
  call(arguments);
}

void CompiledFunction::invoke(llvm::ArrayRef<const void *> inputs, void *output,
                              void *workspaceMemory) const {
  llvm::SmallVector<const void *, 8> arguments(inputs);
  arguments.push_back(output);
  arguments.push_back(workspaceMemory);
  call(arguments);
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
static bool buildFunction(OpBuilder &builder, const FunctionSpec &spec) {
  MLIRContext *context = builder.getContext();
  Location loc = builder.getUnknownLoc();
  SmallVector<Type> inputs;
  for (unsigned k = 0; k < spec.equation.numOperands(); ++k)
    inputs.push_back(
        RankedTensorType::get(spec.equation.operandShape(k),
                              fromElementType(context, spec.operandTypes[k])));
  Type element = fromElementType(context, spec.resultType);
  auto type =
      builder.getFunctionType(inputs, resultTypeOf(spec.equation, element));
  auto function = func::FuncOp::create(builder, loc, spec.name, type);
  for (unsigned operand : spec.constants)
    function.setArgAttr(operand, kConstantAttr, builder.getUnitAttr());
  for (unsigned operand : spec.gradients)
    function.setArgAttr(operand, kGradientAttr, builder.getUnitAttr());
  for (const auto &[attribute, text] : spec.requests)
    function->setAttr(attribute, builder.getStringAttr(text));
  OpBuilder::InsertionGuard guard(builder);
  Block *body = function.addEntryBlock();
  builder.setInsertionPointToStart(body);
  EinsumOp op = EinsumOp::create(builder, loc, spec.equation,
                                 body->getArguments(), element);
  if (spec.plan && spec.equation.numOperands() > 2)
    op.setPlanAttr(PlanAttr::get(context, *spec.plan));
  // A plan that keeps nothing means it; one in IR may have been pinned for its
  // order alone.
  if (spec.plan && !spec.gradients.empty() && spec.plan->kept.empty())
    op->setDiscardableAttr(planWord("keep").attribute,
                           builder.getI64IntegerAttr(0));
  func::ReturnOp::create(builder, loc, op.getResult());
  return succeeded(mlir::verify(function));
}

OwningOpRef<ModuleOp> Driver::buildModule(llvm::ArrayRef<FunctionSpec> specs,
                                          ErrorFn onError) {
  CapturedDiagnostics capture(*mlirContext, onError);
  OpBuilder builder(mlirContext.get());
  OwningOpRef<ModuleOp> module = ModuleOp::create(builder.getUnknownLoc());
  builder.setInsertionPointToEnd(module->getBody());
  for (const FunctionSpec &spec : specs)
    if (!buildFunction(builder, spec)) {
      capture.report("the equation does not make a valid function");
      return nullptr;
    }
  return module;
}

//===----------------------------------------------------------------------===//
// Stages
//===----------------------------------------------------------------------===//

CpuOptions conveinsum::cpuOptions(const DriverOptions &options) {
  CpuOptions cpu(options.target);
  cpu.threads = options.threads > 1;
  cpu.minVectorWork = options.minVectorWork;
  cpu.parallelWork = options.parallelWork;
  if (!options.vectorize)
    cpu.vectorBits = 0;
  return cpu;
}

/// How networks become linalg for the CPU that is compiled for.
static ToLinalgOptions toLinalgOptions(const DriverOptions &options) {
  ToLinalgOptions linalg;
  linalg.peelBorders = options.vectorize;
  if (options.vectorize)
    linalg.layoutCpu = options.target.cpu == Machine::host().cpu
                           ? std::string("host")
                           : options.target.cpu;
  return linalg;
}

bool conveinsum::runPasses(ModuleOp module, const DriverOptions &options,
                           llvm::function_ref<void(OpPassManager &)> build) {
  PassManager pm(module.getContext());
  if (options.onPassManager)
    options.onPassManager(pm);
  build(pm);
  return succeeded(pm.run(module));
}

void conveinsum::buildDriverPipeline(OpPassManager &pm,
                                     const DriverOptions &options,
                                     EmitStage stage) {
  if (stage == EmitStage::Imported)
    return;
  Stage last = stage == EmitStage::Planned ? Stage::Planned
               : stage == EmitStage::Steps ? Stage::Steps
                                           : Stage::Lowered;
  buildToLinalgPipeline(pm, toLinalgOptions(options), last);
  if (stage == EmitStage::LLVM)
    buildLinalgToLLVMPipeline(pm, cpuOptions(options));
}

bool Driver::runTo(ModuleOp module, EmitStage stage, ErrorFn onError) {
  CapturedDiagnostics capture(*mlirContext, onError);
  bool ok = runPasses(module, driverOptions, [&](OpPassManager &pm) {
    buildDriverPipeline(pm, driverOptions, stage);
  });
  if (!ok)
    capture.report("the module does not reach the stage");
  return ok;
}

std::optional<ObjectCode> Driver::lower(ModuleOp module, ErrorFn onError) {
  CapturedDiagnostics capture(*mlirContext, onError);
  bool ok = runPasses(module, driverOptions, [&](OpPassManager &pm) {
    ToLinalgOptions options = toLinalgOptions(driverOptions);
    options.countMacs = true;
    buildToLinalgPipeline(pm, options);
  });
  ObjectCode object;
  if (ok) {
    // On tensors, arguments still say what they are.
    object.functions = describeFunctions(module);
    ok = runPasses(module, driverOptions, [&](OpPassManager &pm) {
      buildLinalgToLoopsPipeline(pm, cpuOptions(driverOptions));
    });
  }
  if (!ok) {
    capture.report("the module cannot be lowered to loops");
    return std::nullopt;
  }
  addBufferSizes(module, object.functions);
  return object;
}
