//===- Pipelines.cpp - The stages of the compiler in order ----------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every pass stands here with the reason why it stands where it does.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Pipelines/Pipelines.h"
#include "conveinsum/CodeGen/CPU/Passes.h"
#include "conveinsum/CodeGen/Common/Passes.h"
#include "conveinsum/Conversion/ConvEinsumToLinalg/Passes.h"
#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsum.h"
#include "conveinsum/Dialect/ConvEinsum/Transforms/Passes.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Dialect/OpenMP/OpenMPDialect.h"
#include "mlir/Pass/PassOptions.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/OpenMP/OpenMPToLLVMIRTranslation.h"
#include "mlir/Transforms/Passes.h"

using namespace conveinsum;
using namespace mlir;

/// Checks the contract of `stage` (docs/Architecture.md).
static void addStageCheck(OpPassManager &pm, Stage stage) {
  VerifyStagePassOptions options;
  options.stage = stage;
  pm.addPass(createVerifyStagePass(options));
}

void conveinsum::buildPlanPipeline(OpPassManager &pm) {
  // The order of steps, on whole networks; a plan that a user pinned stays.
  pm.addNestedPass<func::FuncOp>(createPlanPass());
  addStageCheck(pm, Stage::Planned);
}

void conveinsum::buildDecomposePipeline(OpPassManager &pm) {
  // Networks to the steps of their plans, which is all that lowering knows.
  pm.addNestedPass<func::FuncOp>(createDecomposePass());
  addStageCheck(pm, Stage::Steps);
}

void conveinsum::buildLowerStepsPipeline(OpPassManager &pm) {
  // Steps one by one; after it nothing of the dialect is left.
  pm.addNestedPass<func::FuncOp>(createConvertConvEinsumToLinalgPass());
  addStageCheck(pm, Stage::Lowered);
}

void conveinsum::buildToLinalgPipeline(OpPassManager &pm) {
  buildPlanPipeline(pm);
  buildDecomposePipeline(pm);
  buildLowerStepsPipeline(pm);
}

void conveinsum::buildLinalgToLoopsPipeline(OpPassManager &pm,
                                            const CpuPipelineOptions &options) {
  // Tensors to buffers for the whole module at once: results of private
  // functions become buffers of their callers.
  pm.addPass(createConvEinsumBufferize());

  // All linalg ops to loops. Before the arena, because fills that move into
  // accumulators and copies that vanish shorten lifetimes.
  ConvEinsumRegisterTileOptions tile;
  tile.vectorBits = options.vectorBits;
  tile.vectorRegisters = options.vectorRegisters;
  tile.minVectorWork = options.minVectorWork;
  tile.parallelWork = options.threads ? options.parallelWork : 0;
  pm.addNestedPass<func::FuncOp>(createConvEinsumRegisterTile(tile));

  // Allocations to one workspace whose size is known from here on.
  pm.addPass(createConvEinsumArena());
}

void conveinsum::buildLoopsToLLVMPipeline(OpPassManager &pm,
                                          const CpuPipelineOptions &options) {
  if (options.threads) {
    // While loops are structured; only the loops the tiles chose are parallel.
    pm.addPass(createConvertSCFToOpenMPPass());
    // The conversion wraps bodies in alloca scopes, which must fold away before
    // their loops become branches.
    pm.addNestedPass<func::FuncOp>(createCanonicalizerPass());
  }
  OpPassManager &func = pm.nest<func::FuncOp>();
  // The body conversions of 16-bit floats that not every CPU has, as integer
  // arithmetic; otherwise LLVM calls functions no library here provides.
  arith::ArithExpandOpsPassOptions expand;
  expand.includeBf16 = true;
  func.addPass(arith::createArithExpandOpsPass(expand));
  // Views of buffers to base, offset and strides, which are all constants.
  func.addPass(memref::createExpandStridedMetadataPass());
  func.addPass(createLowerAffinePass());
  // One and the same address is computed for many loads of a tile.
  func.addPass(createCSEPass());
  func.addPass(createSCFToControlFlowPass());

  // The dialects one by one; func near the end, because it fixes the calling
  // convention the others rely on. Lane sums may be reassociated: the vector
  // ops say so themselves.
  pm.addPass(createConvertVectorToLLVMPass());
  pm.addPass(createConvertComplexToLLVMPass());
  pm.addPass(createConvertMathToLLVMPass());
  pm.addPass(createArithToLLVMConversionPass());
  pm.addPass(createFinalizeMemRefToLLVMConversionPass());
  ConvertFuncToLLVMPassOptions functions;
  functions.useBarePtrCallConv = true;
  pm.addPass(createConvertFuncToLLVMPass(functions));
  pm.addPass(createConvertControlFlowToLLVMPass());
  if (options.threads)
    pm.addPass(createConvertOpenMPToLLVMPass());
  pm.addPass(createUBToLLVMConversionPass());
  // Casts between the types of neighbouring conversions cancel out.
  pm.addPass(createReconcileUnrealizedCastsPass());
}

void conveinsum::buildLinalgToLLVMPipeline(OpPassManager &pm,
                                           const CpuPipelineOptions &options) {
  buildLinalgToLoopsPipeline(pm, options);
  buildLoopsToLLVMPipeline(pm, options);
}

namespace {
/// The options of the CPU pipelines as the command line spells them.
struct CpuPipelineFlags : public PassPipelineOptions<CpuPipelineFlags> {
  Option<std::string> cpu{
      *this, "cpu", llvm::cl::init("host"),
      llvm::cl::desc("CPU as LLVM names it; sets vector bits and registers")};
  Option<unsigned> vectorBits{*this, "vector-bits", llvm::cl::init(~0u),
                              llvm::cl::desc("Bits of a vector register")};
  Option<unsigned> vectorRegisters{*this, "vector-registers",
                                   llvm::cl::init(~0u),
                                   llvm::cl::desc("Number of registers")};
  Option<int64_t> minVectorWork{
      *this, "min-vector-work", llvm::cl::init(2048),
      llvm::cl::desc("Iterations below which an op stays scalar")};
  Option<bool> threads{*this, "threads", llvm::cl::init(false),
                       llvm::cl::desc("Run outer loops on OpenMP threads")};
  Option<int64_t> parallelWork{
      *this, "parallel-work", llvm::cl::init(1 << 20),
      llvm::cl::desc("Iterations from which an op runs on threads")};

  CpuPipelineOptions get() const {
    CpuPipelineOptions options;
    if (std::optional<CpuTarget> target = CpuTarget::get(cpu))
      options = CpuPipelineOptions(*target);
    if (vectorBits != ~0u)
      options.vectorBits = vectorBits;
    if (vectorRegisters != ~0u)
      options.vectorRegisters = vectorRegisters;
    options.minVectorWork = minVectorWork;
    options.threads = threads;
    options.parallelWork = parallelWork;
    return options;
  }
};
} // namespace

void conveinsum::registerPipelines() {
  PassPipelineRegistration<>("conveinsum-to-linalg",
                             "networks to linalg on tensors, by optimal plans",
                             buildToLinalgPipeline);
  PassPipelineRegistration<CpuPipelineFlags>(
      "linalg-to-cpu-loops",
      "linalg on static tensors to register-tiled loops on buffers",
      [](OpPassManager &pm, const CpuPipelineFlags &flags) {
        buildLinalgToLoopsPipeline(pm, flags.get());
      });
  PassPipelineRegistration<CpuPipelineFlags>(
      "cpu-loops-to-llvm", "register-tiled loops to the LLVM dialect",
      [](OpPassManager &pm, const CpuPipelineFlags &flags) {
        buildLoopsToLLVMPipeline(pm, flags.get());
      });
  PassPipelineRegistration<CpuPipelineFlags>(
      "linalg-to-llvm-cpu", "linalg on static tensors to the LLVM dialect",
      [](OpPassManager &pm, const CpuPipelineFlags &flags) {
        buildLinalgToLLVMPipeline(pm, flags.get());
      });
}

void conveinsum::registerPipelineDialects(DialectRegistry &registry) {
  registerCodeGenDialects(registry);
  registry.insert<ConvEinsumDialect, omp::OpenMPDialect>();
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
  registerOpenMPDialectTranslation(registry);
}
