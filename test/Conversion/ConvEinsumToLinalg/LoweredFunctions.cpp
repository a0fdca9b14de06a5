//===- LoweredFunctions.cpp - Lowers, compiles, runs, compares ------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lowers equations to functions of one module, compiles them with upstream's
// passes only, runs them and compares every entry with the definition.
//
//===----------------------------------------------------------------------===//

#include "LoweredFunctions.h"
#include "conveinsum/Conversion/ConvEinsumToLinalg/LowerEinsum.h"
#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsum.h"
#include "conveinsum/Runtime/HalfFloat.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotAnalysis.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotModuleBufferize.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/Linalg/Transforms/AllInterfaces.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tensor/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/ExecutionEngine/ExecutionEngine.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Support/DebugStringHelper.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "llvm/Support/TargetSelect.h"

using namespace mlir;

namespace conveinsum::test {

TypedEquation::TypedEquation(Equation equation, ElementType type)
    : equation(std::move(equation)),
      operandTypes(this->equation.numOperands(), type), resultType(type) {}

TypedEquation::TypedEquation(Equation equation,
                             std::vector<ElementType> operandTypes,
                             ElementType resultType)
    : equation(std::move(equation)), operandTypes(std::move(operandTypes)),
      resultType(resultType) {}

std::string describe(const TypedEquation &typed) {
  const Equation &equation = typed.equation;
  std::string text = equation.text();
  for (const LinearRelation &relation : equation.relations())
    text += " [" + equation.label(relation.mode).str() + ": " +
            equation.relationText(relation) +
            ", E = " + std::to_string(relation.resultExtent) + "]";
  for (unsigned i = 0; i < equation.numOperands(); ++i) {
    text += " ";
    for (int64_t extent : equation.operandShape(i))
      text += std::to_string(extent) + "x";
    text += name(typed.operandTypes[i]);
  }
  return text + " -> " + std::string(name(typed.resultType));
}

MLIRContext &context() {
  static MLIRContext *context = [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
    DialectRegistry registry;
    registry.insert<
        affine::AffineDialect, arith::ArithDialect,
        bufferization::BufferizationDialect, complex::ComplexDialect,
        func::FuncDialect, linalg::LinalgDialect, LLVM::LLVMDialect,
        memref::MemRefDialect, scf::SCFDialect, tensor::TensorDialect>();
    arith::registerBufferizableOpInterfaceExternalModels(registry);
    linalg::registerAllDialectInterfaceImplementations(registry);
    tensor::registerBufferizableOpInterfaceExternalModels(registry);
    registerBuiltinDialectTranslation(registry);
    registerLLVMDialectTranslation(registry);
    auto *made = new MLIRContext(registry, MLIRContext::Threading::DISABLED);
    made->loadAllAvailableDialects();
    return made;
  }();
  return *context;
}

//===----------------------------------------------------------------------===//
// Lowering
//===----------------------------------------------------------------------===//

static std::string functionName(size_t index) {
  return "lowered_" + std::to_string(index);
}

/// `flat`, the memory of a whole tensor, with the shape of that tensor.
static mlir::Value shaped(OpBuilder &builder, mlir::Value flat,
                          RankedTensorType type) {
  auto shapedType = MemRefType::get(type.getShape(), type.getElementType());
  auto [strides, offset] = shapedType.getStridesAndOffset();
  return memref::ReinterpretCastOp::create(builder, flat.getLoc(), shapedType,
                                           flat, offset, type.getShape(),
                                           strides);
}

/// The operand in `flat`. Buffers without elements have no strides, and there
/// is nothing to read.
static mlir::Value operandTensor(OpBuilder &builder, mlir::Value flat,
                                 RankedTensorType type) {
  if (type.getNumElements() == 0)
    return tensor::EmptyOp::create(builder, flat.getLoc(), type.getShape(),
                                   type.getElementType());
  return bufferization::ToTensorOp::create(builder, flat.getLoc(), type,
                                           shaped(builder, flat, type),
                                           /*restrict=*/true);
}

/// A function from the operands' memory and the result's to nothing; borders
/// are peeled if `peels`.
static LogicalResult addFunction(OpBuilder &builder, StringRef name,
                                 const TypedEquation &typed, bool peels) {
  const Equation &equation = typed.equation;
  Location loc = builder.getUnknownLoc();
  SmallVector<RankedTensorType> tensors;
  SmallVector<Type> arguments;
  auto addTensor = [&](ArrayRef<int64_t> shape, ElementType elementType) {
    Type element = fromElementType(builder.getContext(), elementType);
    tensors.push_back(RankedTensorType::get(shape, element));
    int64_t count = tensors.back().getNumElements();
    arguments.push_back(MemRefType::get(std::max<int64_t>(count, 1), element));
  };
  for (unsigned i = 0; i < equation.numOperands(); ++i)
    addTensor(equation.operandShape(i), typed.operandTypes[i]);
  addTensor(equation.resultShape(), typed.resultType);

  auto function = func::FuncOp::create(builder, loc, name,
                                       builder.getFunctionType(arguments, {}));
  OpBuilder::InsertionGuard guard(builder);
  Block *body = function.addEntryBlock();
  builder.setInsertionPointToStart(body);
  SmallVector<mlir::Value> inputs;
  for (unsigned i = 0; i < equation.numOperands(); ++i)
    inputs.push_back(operandTensor(builder, body->getArgument(i), tensors[i]));
  FailureOr<mlir::Value> result =
      lowerEinsum(builder, loc, equation, inputs, tensors.back(), {}, peels);
  if (failed(result))
    return failure();
  if (result->getType() != tensors.back())
    return function.emitError() << "got a result of " << result->getType();
  if (tensors.back().getNumElements() > 0)
    bufferization::MaterializeInDestinationOp::create(
        builder, loc, Type(), *result,
        shaped(builder, body->getArguments().back(), tensors.back()),
        /*restrict=*/true, /*writable=*/true);
  func::ReturnOp::create(builder, loc);
  return success();
}

OwningOpRef<ModuleOp> lower(ArrayRef<TypedEquation> equations,
                            std::string &error) {
  ScopedDiagnosticHandler handler(&context(),
                                  [&](mlir::Diagnostic &diagnostic) {
                                    error += diagnostic.str() + "\n";
                                    return success();
                                  });
  OpBuilder builder(&context());
  OwningOpRef<ModuleOp> module =
      ModuleOp::create(builder, builder.getUnknownLoc());
  builder.setInsertionPointToEnd(module->getBody());
  for (auto [i, typed] : llvm::enumerate(equations)) {
    if (succeeded(addFunction(builder, functionName(i), typed, i % 2)) &&
        succeeded(verify(&module->getBody()->back())))
      continue;
    error += describe(typed);
    return nullptr;
  }
  return module;
}

std::string checkGatherForm(ModuleOp module) {
  std::string broken;
  module.walk([&](linalg::GenericOp op) {
    SmallVector<utils::IteratorType> iterators = op.getIteratorTypesArray();
    AffineMap result = op.getIndexingMapsArray().back();
    bool gathers =
        result.isProjectedPermutation() &&
        llvm::all_of(result.getResults(), [&](AffineExpr expr) {
          return iterators[cast<AffineDimExpr>(expr).getPosition()] ==
                 utils::IteratorType::parallel;
        });
    if (!gathers)
      broken += "scatters: " + debugString(result) + "\n";
    for (AffineMap map : op.getIndexingMapsArray())
      for (AffineExpr expr : map.getResults())
        expr.walk([&](AffineExpr part) {
          if (part.getKind() == AffineExprKind::Mod ||
              part.getKind() == AffineExprKind::FloorDiv ||
              part.getKind() == AffineExprKind::CeilDiv)
            broken += "wraps: " + debugString(map) + "\n";
        });
  });
  return broken;
}

//===----------------------------------------------------------------------===//
// Compiling
//===----------------------------------------------------------------------===//

static LogicalResult bufferize(ModuleOp module) {
  bufferization::OneShotBufferizationOptions options;
  // A strided memref.copy would become a call into a runtime library.
  options.memCpyFn = [](OpBuilder &builder, Location loc, mlir::Value from,
                        mlir::Value to) {
    linalg::CopyOp::create(builder, loc, from, to);
    return success();
  };
  bufferization::BufferizationState state;
  if (failed(bufferization::runOneShotModuleBufferize(module, options, state)))
    return failure();
  // Every function is one block, and every buffer dies at its end.
  for (func::FuncOp function : module.getOps<func::FuncOp>()) {
    OpBuilder builder(function.getBody().front().getTerminator());
    for (memref::AllocOp alloc : function.getOps<memref::AllocOp>())
      memref::DeallocOp::create(builder, alloc.getLoc(), alloc);
  }
  return success();
}

static LogicalResult toLLVM(ModuleOp module, bool barePointers) {
  PassManager pm(module.getContext());
  pm.addNestedPass<func::FuncOp>(createConvertLinalgToLoopsPass());
  pm.addPass(memref::createExpandStridedMetadataPass());
  pm.addPass(createLowerAffinePass());
  pm.addPass(createSCFToControlFlowPass());
  pm.addPass(createConvertComplexToLLVMPass());
  pm.addPass(createArithToLLVMConversionPass());
  pm.addPass(createFinalizeMemRefToLLVMConversionPass());
  ConvertFuncToLLVMPassOptions func;
  func.useBarePtrCallConv = barePointers;
  pm.addPass(createConvertFuncToLLVMPass(func));
  pm.addPass(createConvertControlFlowToLLVMPass());
  pm.addPass(createConvertIndexToLLVMPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
  return pm.run(module);
}

#if defined(__x86_64__)
/// Code for processors without bfloat16 instructions calls this, and older
/// libgcc do not have it. A bfloat16 travels in the register of a half.
template <class Float>
static _Float16 truncateToBFloat(Float value) {
  uint16_t bits = encodeBFloat(value);
  _Float16 half;
  std::memcpy(&half, &bits, sizeof(half));
  return half;
}

static void defineConversions(ExecutionEngine &engine) {
  engine.registerSymbols([](llvm::orc::MangleAndInterner interner) {
    auto symbol = [](auto *function) {
      return llvm::orc::ExecutorSymbolDef(
          llvm::orc::ExecutorAddr::fromPtr(function),
          llvm::JITSymbolFlags::Exported | llvm::JITSymbolFlags::Callable);
    };
    llvm::orc::SymbolMap symbols;
    symbols[interner("__truncsfbf2")] = symbol(&truncateToBFloat<float>);
    symbols[interner("__truncdfbf2")] = symbol(&truncateToBFloat<double>);
    return symbols;
  });
}
#else
static void defineConversions(ExecutionEngine &) {}
#endif

std::unique_ptr<ExecutionEngine> compile(ModuleOp module, bool barePointers,
                                         std::string &error) {
  ScopedDiagnosticHandler handler(&context(),
                                  [&](mlir::Diagnostic &diagnostic) {
                                    error += diagnostic.str() + "\n";
                                    return success();
                                  });
  if (failed(bufferize(module)) || failed(toLLVM(module, barePointers)))
    return nullptr;
  ExecutionEngineOptions options;
  options.jitCodeGenOptLevel = llvm::CodeGenOptLevel::None;
  options.enableObjectDump = false;
  options.enableGDBNotificationListener = false;
  options.enablePerfNotificationListener = false;
  auto engine = ExecutionEngine::create(module, options);
  if (engine) {
    defineConversions(**engine);
    return std::move(*engine);
  }
  error += llvm::toString(engine.takeError());
  return nullptr;
}

//===----------------------------------------------------------------------===//
// Comparing
//===----------------------------------------------------------------------===//

static void call(void *address, ArrayRef<TypedBuffer> operands,
                 TypedBuffer &result) {
  if (operands.size() == 1)
    reinterpret_cast<void (*)(const void *, void *)>(address)(
        operands[0].data(), result.data());
  else
    reinterpret_cast<void (*)(const void *, const void *, void *)>(address)(
        operands[0].data(), operands[1].data(), result.data());
}

std::vector<std::string> mismatches(ArrayRef<TypedEquation> equations,
                                    uint64_t seed) {
  std::string error;
  OwningOpRef<ModuleOp> module = lower(equations, error);
  if (!module)
    return {error};
  std::vector<std::string> failures;
  if (std::string broken = checkGatherForm(*module); !broken.empty())
    failures.push_back(broken);
  std::unique_ptr<ExecutionEngine> engine =
      compile(*module, /*barePointers=*/true, error);
  if (!engine)
    return {error};
  for (auto [i, typed] : llvm::enumerate(equations)) {
    auto address = engine->lookup(functionName(i));
    if (!address)
      return {llvm::toString(address.takeError())};
    SplitMix64 random(seed + i);
    std::vector<TypedBuffer> operands;
    for (unsigned k = 0; k < typed.equation.numOperands(); ++k)
      operands.push_back(TypedBuffer::random(
          typed.operandTypes[k], typed.equation.operandShape(k), random));
    TypedBuffer result =
        TypedBuffer::poisoned(typed.resultType, typed.equation.resultShape());
    call(*address, operands, result);
    std::string difference =
        compareWithDefinition(typed.equation, operands, result);
    if (!difference.empty())
      failures.push_back(describe(typed) + "\n  " + difference);
  }
  return failures;
}

} // namespace conveinsum::test
