//===- MachineCode.cpp - From modules to objects --------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The LLVM dialect becomes LLVM IR, everything that is not exported becomes
// internal, LLVM's own pipeline runs, and the target emits an object. The same
// object serves the JIT, object files and libraries.
//
//===----------------------------------------------------------------------===//

#include "MachineCode.h"
#include "conveinsum/Pipelines/Pipelines.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"

using namespace conveinsum;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// Diagnostics
//===----------------------------------------------------------------------===//

CapturedDiagnostics::CapturedDiagnostics(mlir::MLIRContext &context,
                                         ErrorFn onError)
    : onError(onError), handler(&context, [this](mlir::Diagnostic &diagnostic) {
        if (diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error &&
            captured.empty())
          captured = diagnostic.str();
        return mlir::success();
      }) {}

void CapturedDiagnostics::report(StringRef otherwise) {
  Fault diagnostic;
  diagnostic.message = captured.empty() ? otherwise.str() : captured;
  onError(diagnostic);
}

//===----------------------------------------------------------------------===//
// LLVM IR
//===----------------------------------------------------------------------===//

std::string conveinsum::entryName(StringRef function) {
  return ("conveinsum.entry." + function).str();
}

/// A function that takes one array of pointers and calls `callee` with them.
static void createEntry(llvm::Module &module, llvm::Function *callee) {
  llvm::LLVMContext &context = module.getContext();
  llvm::Type *pointer = llvm::PointerType::getUnqual(context);
  auto *type =
      llvm::FunctionType::get(llvm::Type::getVoidTy(context), {pointer}, false);
  auto *entry = llvm::Function::Create(type, llvm::Function::ExternalLinkage,
                                       entryName(callee->getName()), module);
  llvm::IRBuilder<> builder(llvm::BasicBlock::Create(context, "", entry));
  llvm::SmallVector<llvm::Value *> arguments;
  for (unsigned i = 0; i < callee->arg_size(); ++i) {
    llvm::Value *slot =
        builder.CreateConstInBoundsGEP1_64(pointer, entry->getArg(0), i);
    arguments.push_back(builder.CreateLoad(pointer, slot));
  }
  builder.CreateCall(callee, arguments);
  builder.CreateRetVoid();
}

static std::unique_ptr<llvm::TargetMachine>
createTargetMachine(const DriverOptions &options, std::string &error) {
  static bool initialized = [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
    return true;
  }();
  (void)initialized;
  llvm::Triple triple(options.target.triple);
  const llvm::Target *target =
      llvm::TargetRegistry::lookupTarget(triple, error);
  if (!target)
    return nullptr;
  llvm::CodeGenOptLevel level =
      options.optLevel == OptLevel::O0   ? llvm::CodeGenOptLevel::None
      : options.optLevel == OptLevel::O1 ? llvm::CodeGenOptLevel::Less
                                         : llvm::CodeGenOptLevel::Default;
  std::unique_ptr<llvm::TargetMachine> machine(target->createTargetMachine(
      triple, options.target.cpu, options.target.features,
      llvm::TargetOptions(), llvm::Reloc::PIC_, std::nullopt, level));
  if (!machine)
    error = "no code generator for " + options.target.triple;
  return machine;
}

static void optimize(llvm::Module &module, llvm::TargetMachine &machine,
                     OptLevel level) {
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  // Tiles unroll what should be; beyond that, values that steps of a reduction
  // share would be held in registers and push the accumulators out of them.
  llvm::PipelineTuningOptions tuning;
  tuning.LoopUnrolling = false;
  llvm::PassBuilder builder(&machine, tuning);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  llvm::ModulePassManager passes =
      level == OptLevel::O0
          ? builder.buildO0DefaultPipeline(llvm::OptimizationLevel::O0)
          : builder.buildPerModuleDefaultPipeline(
                level == OptLevel::O1 ? llvm::OptimizationLevel::O1
                                      : llvm::OptimizationLevel::O2);
  passes.run(module, modules);
}

/// Adds an exported string that ends with a zero.
static void createString(llvm::Module &module, StringRef name, StringRef text) {
  llvm::Constant *value =
      llvm::ConstantDataArray::getString(module.getContext(), text);
  new llvm::GlobalVariable(module, value->getType(), /*isConstant=*/true,
                           llvm::GlobalValue::ExternalLinkage, value, name);
}

/// Makes all functions internal but the exported ones, adds their entries, and
/// says for which CPU the code is.
static void prepareModule(llvm::Module &module, const ObjectCode &object,
                          bool withEntries, const DriverOptions &options) {
  for (llvm::Function &function : module)
    if (!function.isDeclaration())
      function.setLinkage(llvm::Function::InternalLinkage);
  for (const FunctionInfo &info : object.functions) {
    llvm::Function *function = module.getFunction(info.name);
    assert(function && "exported functions survive the translation");
    if (withEntries)
      createEntry(module, function);
    else
      function->setLinkage(llvm::Function::ExternalLinkage);
  }
  for (llvm::Function &function : module) {
    if (function.isDeclaration())
      continue;
    function.addFnAttr("target-cpu", options.target.cpu);
    if (!options.target.features.empty())
      function.addFnAttr("target-features", options.target.features);
    function.addFnAttr("prefer-vector-width",
                       std::to_string(options.target.vectorBits));
  }
}

/// Optimises and emits; returns an error's text, empty for success.
static std::string emit(llvm::Module &module, bool withEntries,
                        const DriverOptions &options, ObjectCode &object) {
  std::string error;
  std::unique_ptr<llvm::TargetMachine> machine =
      createTargetMachine(options, error);
  if (!machine)
    return error;
  module.setTargetTriple(machine->getTargetTriple());
  module.setDataLayout(machine->createDataLayout());
  prepareModule(module, object, withEntries, options);
  for (const auto &[name, text] : object.strings)
    createString(module, name, text);
  optimize(module, *machine, options.optLevel);
  llvm::raw_svector_ostream os(object.bytes);
  llvm::legacy::PassManager codegen;
  if (machine->addPassesToEmitFile(codegen, os, nullptr,
                                   llvm::CodeGenFileType::ObjectFile))
    return "the target emits no objects";
  codegen.run(module);
  return "";
}

bool Driver::finish(mlir::ModuleOp module, ObjectCode &object, bool withEntries,
                    ErrorFn onError) {
  CapturedDiagnostics capture(*mlirContext, onError);
  auto fail = [&](StringRef otherwise) {
    capture.report(otherwise);
    return false;
  };
  if (!runPasses(module, driverOptions, [&](mlir::OpPassManager &pm) {
        buildLoopsToLLVMPipeline(pm, cpuOptions(driverOptions));
      }))
    return fail("the module cannot be lowered to LLVM");
  llvm::LLVMContext llvmContext;
  std::unique_ptr<llvm::Module> llvmModule =
      mlir::translateModuleToLLVMIR(module, llvmContext);
  if (!llvmModule)
    return fail("the module cannot be translated to LLVM IR");
  std::string error = emit(*llvmModule, withEntries, driverOptions, object);
  return error.empty() || fail(error);
}

std::optional<ObjectCode>
Driver::emitObject(mlir::ModuleOp module, bool withEntries, ErrorFn onError) {
  std::optional<ObjectCode> object = lower(module, onError);
  if (!object || !finish(module, *object, withEntries, onError))
    return std::nullopt;
  return object;
}

std::unique_ptr<CompiledModule> Driver::compile(mlir::ModuleOp module,
                                                ErrorFn onError) {
  std::optional<ObjectCode> object =
      emitObject(module, /*withEntries=*/true, onError);
  return object ? load(std::move(*object), onError) : nullptr;
}
