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
#include "conveinsum/AutoDiff/Passes.h"
#include "conveinsum/Checkpoint/Passes.h"
#include "conveinsum/CodeGen/CPU/Passes.h"
#include "conveinsum/CodeGen/Common/Passes.h"
#include "conveinsum/Conversion/ConvEinsumToLinalg/Passes.h"
#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsum.h"
#include "conveinsum/Plan/Request/PlanWords.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/Passes.h"
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

void conveinsum::buildToLinalgPipeline(OpPassManager &pm,
                                       const ToLinalgOptions &options,
                                       Stage last) {
  // None of these passes is nested: einsums may stand in functions of any kind,
  // at any depth, and the pipeline may run on any of the ops around them.

  // Trees for what training may keep, before others are chosen for few MACs.
  // Where everything may be kept these are the best.
  if (options.differentiate &&
      options.checkpoint != ToLinalgOptions().checkpoint) {
    PlanTrainingPassOptions training;
    training.budget = options.checkpoint;
    pm.addPass(createPlanTrainingPass(training));
  }
  // The order of steps, on whole networks; a plan that a user pinned stays.
  pm.addPass(createPlanPass(options.plan));
  addStageCheck(pm, Stage::Planned);
  if (last == Stage::Planned)
    return;

  // Networks to the steps of their plans, which is all that lowering knows.
  pm.addPass(createDecomposePass());
  // Orders of dimensions, before copies of constants leave with other steps of
  // theirs.
  auto addLayouts = [&](LayoutFunctions functions) {
    if (options.layoutCpu.empty())
      return;
    ChooseLayoutsPassOptions layouts;
    layouts.cpu = options.layoutCpu;
    layouts.functions = functions;
    pm.addPass(createChooseLayoutsPass(layouts));
  };
  addLayouts(LayoutFunctions::Untrained);
  // When every step is an op, so that those of constants can leave.
  if (options.prepare)
    pm.addPass(createPreparePass());
  // When constants are arguments of a role, which have no gradient, and every
  // step has the two gradients of a pair.
  if (options.differentiate) {
    pm.addPass(createDifferentiatePass());
    // While all that the forward pass hands over is known, and before
    // recomputed steps are counted and outlined.
    CheckpointPassOptions checkpoint;
    checkpoint.budget = options.checkpoint;
    pm.addPass(createCheckpointPass(checkpoint));
  }
  // Where there are gradients these come first: what is kept stays as it is.
  if (options.differentiate)
    addLayouts(LayoutFunctions::Pairs);
  addStageCheck(pm, Stage::Steps);
  if (last == Stage::Steps)
    return;

  // While all steps of a function stand in it.
  if (options.countMacs)
    pm.addPass(createCountMacsPass());

  // While equal steps can still be told to be equal.
  if (options.outline)
    pm.addPass(createOutlineStepsPass());

  // Steps one by one; after it nothing of the dialect is left.
  ConvertConvEinsumToLinalgPassOptions lowering;
  lowering.peelBorders = options.peelBorders;
  pm.addPass(createConvertConvEinsumToLinalgPass(lowering));
  addStageCheck(pm, Stage::Lowered);
}

/// Adds the check that a pipeline for modules runs on one. False if `pm` is for
/// another op, so that passes for modules cannot be added.
static bool addModuleCheck(OpPassManager &pm) {
  std::optional<StringRef> anchor = pm.getOpName();
  if (anchor && *anchor == ModuleOp::getOperationName())
    return true;
  pm.addPass(createConvEinsumExpectModule());
  return !anchor;
}

void conveinsum::buildLinalgToLoopsPipeline(OpPassManager &pm,
                                            const CpuOptions &options) {
  if (!addModuleCheck(pm))
    return;
  // Arithmetic on whole tensors becomes linalg like all else.
  pm.addPass(createConvertElementwiseToLinalgPass());

  // Tensors to buffers for the whole module at once: results of private
  // functions become buffers of their callers.
  pm.addPass(createConvEinsumBufferize());

  // All linalg ops to loops. Before the arena, because fills that move into
  // accumulators and copies that vanish shorten lifetimes. Nested on any op, so
  // that functions run in parallel and those of inner modules are reached.
  ConvEinsumRegisterTileOptions tile;
  tile.vectorBits = options.vectorBits;
  tile.vectorRegisters = options.vectorRegisters;
  tile.caches.assign(options.caches.begin(), options.caches.end());
  tile.minVectorWork = options.minVectorWork;
  tile.parallelWork = options.threads ? options.parallelWork : 0;
  tile.contract = options.contract;
  pm.nestAny().addPass(createConvEinsumRegisterTile(tile));

  // What one function hands to another to one buffer, so that callers need not
  // know what it is.
  pm.addPass(createConvEinsumPackArguments());

  // Allocations to one workspace whose size is known from here on.
  pm.addPass(createConvEinsumArena());
}

void conveinsum::buildLoopsToLLVMPipeline(OpPassManager &pm,
                                          const CpuOptions &options) {
  if (!addModuleCheck(pm))
    return;
  if (options.threads) {
    // While loops are structured; only the loops the tiles chose are parallel.
    pm.addPass(createConvertSCFToOpenMPPass());
    // The conversion wraps bodies in alloca scopes, which must fold away before
    // their loops become branches.
    pm.nestAny().addPass(createCanonicalizerPass());
  }
  OpPassManager &func = pm.nestAny();
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
  pm.addPass(createConvEinsumExpandComplex());
  pm.addPass(createConvertVectorToLLVMPass());
  pm.addPass(createConvertComplexToLLVMPass());
  pm.addPass(createConvertMathToLLVMPass());
  // Functions that LLVM has no intrinsic for are those of the C library.
  pm.addPass(createConvertMathToLibmPass());
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
  // Conversions are partial: they leave what they do not know.
  addStageCheck(pm, Stage::LLVM);
}

void conveinsum::buildLinalgToLLVMPipeline(OpPassManager &pm,
                                           const CpuOptions &options) {
  buildLinalgToLoopsPipeline(pm, options);
  buildLoopsToLLVMPipeline(pm, options);
}

namespace {
/// The options of the pipeline to linalg as the command line spells them: those
/// of its passes, under the same names.
struct ToLinalgFlags : public PassPipelineOptions<ToLinalgFlags> {
  /// A word of planning (Plan/Request/PlanWords.h).
  struct PlanOption : Option<std::string> {
    PlanOption(ToLinalgFlags &flags, StringRef name)
        : Option(flags, name, llvm::cl::desc(planWord(name).help)) {}
  };
  PlanOption planner{*this, "planner"};
  PlanOption minimize{*this, "minimize"};
  PlanOption count{*this, "count"};
  PlanOption gradients{*this, "gradients"};
  PlanOption constants{*this, "constants"};
  PlanOption target{*this, "target"};
  PlanOption budget{*this, "budget"};
  PlanOption memoryLimit{*this, "memory-limit"};
  PlanOption keep{*this, "keep"};
  Option<std::string> cache{
      *this, "cache",
      llvm::cl::desc("Folder in which plans are looked up and kept")};
  Option<bool> outline{*this, "outline",
                       llvm::cl::init(ToLinalgOptions().outline),
                       llvm::cl::desc("Make equal steps one function")};
  Option<bool> prepare{
      *this, "prepare", llvm::cl::init(ToLinalgOptions().prepare),
      llvm::cl::desc("Cut functions with constant arguments in two")};
  Option<bool> differentiate{
      *this, "differentiate", llvm::cl::init(ToLinalgOptions().differentiate),
      llvm::cl::desc("Make functions with gradients forward and backward")};
  Option<std::string> checkpoint{
      *this, "checkpoint", llvm::cl::init(ToLinalgOptions().checkpoint),
      llvm::cl::desc("Bytes that they may keep: 64MiB, 50%, min or max")};
  Option<std::string> layoutCpu{
      *this, "layout-cpu", llvm::cl::init(ToLinalgOptions().layoutCpu),
      llvm::cl::desc("CPU that orders of dimensions are chosen for, as LLVM "
                     "names it; none if empty")};
  Option<bool> peelBorders{
      *this, "peel-borders", llvm::cl::init(ToLinalgOptions().peelBorders),
      llvm::cl::desc("Make borders ops of their own instead of padding where "
                     "that pays")};
  Option<bool> countMacs{
      *this, "count-macs", llvm::cl::init(ToLinalgOptions().countMacs),
      llvm::cl::desc("Record on functions what their steps cost")};

  ToLinalgOptions get() const {
    ToLinalgOptions options;
    options.plan.planner = planner;
    options.plan.minimize = minimize;
    options.plan.count = count;
    options.plan.gradients = gradients;
    options.plan.constants = constants;
    options.plan.target = target;
    options.plan.budget = budget;
    options.plan.memoryLimit = memoryLimit;
    options.plan.keep = keep;
    options.plan.cache = cache;
    options.outline = outline;
    options.prepare = prepare;
    options.differentiate = differentiate;
    options.checkpoint = checkpoint;
    options.countMacs = countMacs;
    options.layoutCpu = layoutCpu;
    options.peelBorders = peelBorders;
    return options;
  }
};

/// The options of the CPU pipelines as the command line spells them.
struct CpuFlags : public PassPipelineOptions<CpuFlags> {
  Option<std::string> cpu{
      *this, "cpu", llvm::cl::init("host"),
      llvm::cl::desc("CPU as LLVM names it; sets vector bits and registers")};
  Option<unsigned> vectorBits{*this, "vector-bits", llvm::cl::init(~0u),
                              llvm::cl::desc("Bits of a vector register")};
  Option<unsigned> vectorRegisters{*this, "vector-registers",
                                   llvm::cl::init(~0u),
                                   llvm::cl::desc("Number of registers")};
  ListOption<uint64_t> caches{
      *this, "caches",
      llvm::cl::desc("Bytes of the data caches, the smallest first")};
  Option<int64_t> minVectorWork{
      *this, "min-vector-work", llvm::cl::init(CpuOptions().minVectorWork),
      llvm::cl::desc("Iterations below which an op stays scalar")};
  Option<bool> threads{*this, "threads", llvm::cl::init(CpuOptions().threads),
                       llvm::cl::desc("Run outer loops on OpenMP threads")};
  Option<int64_t> parallelWork{
      *this, "parallel-work", llvm::cl::init(CpuOptions().parallelWork),
      llvm::cl::desc("Iterations from which an op runs on threads")};
  Option<bool> contract{
      *this, "contract", llvm::cl::init(CpuOptions().contract),
      llvm::cl::desc("Fuse products and sums where fastmath<contract> allows")};

  /// The options, if they are what the code generator can do.
  std::optional<CpuOptions>
  get(llvm::function_ref<void(const Twine &)> onError) const {
    std::optional<Machine> known = Machine::get(cpu);
    if (!known) {
      onError("expected cpu to be host or a CPU that LLVM knows, got '" + cpu +
              "'");
      return std::nullopt;
    }
    CpuOptions options(*known);
    if (vectorBits != ~0u)
      options.vectorBits = vectorBits;
    if (vectorRegisters != ~0u)
      options.vectorRegisters = vectorRegisters;
    if (!caches.empty())
      options.caches.assign(caches.begin(), caches.end());
    options.minVectorWork = minVectorWork;
    options.threads = threads;
    options.parallelWork = parallelWork;
    options.contract = contract;
    if (!options.verify(onError))
      return std::nullopt;
    return options;
  }
};
} // namespace

/// Registers a pipeline whose options are checked before it is built.
static void registerCpuPipeline(StringRef name, StringRef description,
                                void (*build)(OpPassManager &,
                                              const CpuOptions &)) {
  registerPassPipeline(
      name, description,
      [build](OpPassManager &pm, StringRef text,
              llvm::function_ref<LogicalResult(const Twine &)> onError) {
        CpuFlags flags;
        if (failed(flags.parseFromString(text)))
          return failure();
        std::optional<CpuOptions> options =
            flags.get([&](const Twine &fault) { (void)onError(fault); });
        if (!options)
          return failure();
        build(pm, *options);
        return success();
      },
      [](llvm::function_ref<void(const mlir::detail::PassOptions &)> show) {
        show(CpuFlags());
      });
}

void conveinsum::registerPipelines() {
  PassPipelineRegistration<ToLinalgFlags>(
      "conveinsum-to-linalg", "networks to linalg on tensors, by optimal plans",
      [](OpPassManager &pm, const ToLinalgFlags &flags) {
        buildToLinalgPipeline(pm, flags.get());
      });
  registerCpuPipeline(
      "linalg-to-cpu-loops",
      "linalg on static tensors to register-tiled loops on buffers",
      buildLinalgToLoopsPipeline);
  registerCpuPipeline("cpu-loops-to-llvm",
                      "register-tiled loops to the LLVM dialect",
                      buildLoopsToLLVMPipeline);
  registerCpuPipeline("linalg-to-llvm-cpu",
                      "linalg on static tensors to the LLVM dialect",
                      buildLinalgToLLVMPipeline);
}

void conveinsum::registerPipelineDialects(DialectRegistry &registry) {
  registerCodeGenDialects(registry);
  registerDifferentiableModels(registry);
  registry.insert<ConvEinsumDialect, omp::OpenMPDialect>();
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
  registerOpenMPDialectTranslation(registry);
}
