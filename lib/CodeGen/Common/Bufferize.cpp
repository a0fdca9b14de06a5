//===- Bufferize.cpp - Tensors of functions to buffers --------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A thin shell around one-shot bufferization. What it adds is the calling
// convention: results are out-parameters, arguments are never written, and
// every copy is a linalg op, that of a pad included. Upstream's promotion of
// results to out-parameters would compute a reshaped result in a buffer of its
// own and copy it.
//
//===----------------------------------------------------------------------===//

#include "BarrierModel.h"
#include "BufferRoots.h"
#include "RegionTensors.h"
#include "conveinsum/CodeGen/Common/Passes.h"
#include "conveinsum/Dialect/ConvEinsum/IR/TensorSizes.h"
#include "mlir/Dialect/Arith/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Bufferization/Transforms/FuncBufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotAnalysis.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotModuleBufferize.h"
#include "mlir/Dialect/Bufferization/Transforms/Transforms.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Linalg/Transforms/SubsetInsertionOpInterfaceImpl.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/SCF/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tensor/IR/TensorInferTypeOpInterfaceImpl.h"
#include "mlir/Dialect/Tensor/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Tensor/Transforms/SubsetInsertionOpInterfaceImpl.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace conveinsum {
#define GEN_PASS_DEF_CONVEINSUMBUFFERIZE
#include "conveinsum/CodeGen/Common/Passes.h.inc"
} // namespace conveinsum

using namespace conveinsum;
using namespace mlir;

void conveinsum::registerCodeGenDialects(DialectRegistry &registry) {
  registry
      .insert<arith::ArithDialect, bufferization::BufferizationDialect,
              complex::ComplexDialect, func::FuncDialect, linalg::LinalgDialect,
              LLVM::LLVMDialect, math::MathDialect, memref::MemRefDialect,
              scf::SCFDialect, tensor::TensorDialect, vector::VectorDialect>();
  arith::registerBufferizableOpInterfaceExternalModels(registry);
  bufferization::func_ext::registerBufferizableOpInterfaceExternalModels(
      registry);
  linalg::registerBufferizableOpInterfaceExternalModels(registry);
  linalg::registerSubsetOpInterfaceExternalModels(registry);
  scf::registerBufferizableOpInterfaceExternalModels(registry);
  tensor::registerBufferizableOpInterfaceExternalModels(registry);
  tensor::registerInferTypeOpInterfaceExternalModels(registry);
  tensor::registerSubsetOpInterfaceExternalModels(registry);
  registerBarrierModel(registry);
}

static LogicalResult copyBuffer(OpBuilder &builder, Location loc, Value from,
                                Value to) {
  linalg::CopyOp::create(builder, loc, from, to);
  return success();
}

/// True if `type` is a static tensor; says what is wrong if not.
static bool isStaticTensor(func::FuncOp func, Type type, StringRef what,
                           unsigned number) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (tensor && tensor.hasStaticShape())
    return true;
  func.emitOpError("expected ")
      << what << " " << number << " to be a tensor of static shape, got "
      << type;
  return false;
}

static LogicalResult checkSignature(func::FuncOp func) {
  if (func.isExternal())
    return func.emitOpError("expected a body, got a declaration: nothing says "
                            "where it takes its results and its workspace");
  if (!func.getBody().hasOneBlock())
    return func.emitOpError("expected a body of one block, got ")
           << func.getBody().getBlocks().size();
  for (auto [i, type] : llvm::enumerate(func.getArgumentTypes()))
    if (!isStaticTensor(func, type, "argument", i))
      return failure();
  for (auto [i, type] : llvm::enumerate(func.getResultTypes()))
    if (!isStaticTensor(func, type, "result", i))
      return failure();
  return success();
}

/// Whether all tensors below `root` are in functions that are compiled, in ops
/// that can be on buffers.
static LogicalResult checkOps(Operation *root) {
  auto isTensor = llvm::IsaPred<TensorType>;
  WalkResult walk = root->walk([&](Operation *op) {
    if (llvm::none_of(op->getOperandTypes(), isTensor) &&
        llvm::none_of(op->getResultTypes(), isTensor))
      return WalkResult::advance();
    auto function = op->getParentOfType<FunctionOpInterface>();
    if (function && isa<func::FuncOp>(function) &&
        isa<ModuleOp>(function->getParentOp())) {
      if (isa<bufferization::BufferizableOpInterface>(op))
        return WalkResult::advance();
      op->emitOpError("expected ops on tensors that can be bufferized");
    } else {
      op->emitOpError(
          "expected tensors in a func.func of a builtin.module only");
    }
    return WalkResult::interrupt();
  });
  return failure(walk.wasInterrupted());
}

/// Arguments are inputs of the caller, so they must not be written in place.
static void markArgumentsReadOnly(func::FuncOp func) {
  Builder builder(func.getContext());
  for (unsigned i = 0, e = func.getNumArguments(); i != e; ++i)
    func.setArgAttr(i, bufferization::BufferizationDialect::kWritableAttrName,
                    builder.getBoolAttr(false));
}

/// A pad by one value is a fill and a copy, which register tiles compile; what
/// bufferization would make of it is a loop nest around a constant.
static void lowerPad(RewriterBase &rewriter, tensor::PadOp pad) {
  Value padding = pad.getConstantPaddingValue();
  ReifiedRankedShapedTypeDims shapes;
  rewriter.setInsertionPoint(pad);
  if (!padding || failed(reifyResultShapes(rewriter, pad, shapes)))
    return;
  Location loc = pad.getLoc();
  if (padding.getParentRegion() == &pad.getRegion())
    padding = rewriter.clone(*padding.getDefiningOp())->getResult(0);
  Value empty = tensor::EmptyOp::create(rewriter, loc, shapes.front(),
                                        pad.getResultType().getElementType());
  Value filled =
      linalg::FillOp::create(rewriter, loc, padding, empty).getResult(0);
  SmallVector<OpFoldResult> strides(pad.getResultType().getRank(),
                                    rewriter.getIndexAttr(1));
  Value padded = tensor::InsertSliceOp::create(
      rewriter, loc, pad.getSource(), filled, pad.getMixedLowPad(),
      tensor::getMixedSizes(rewriter, loc, pad.getSource()), strides);
  if (padded.getType() != pad.getType())
    padded = tensor::CastOp::create(rewriter, loc, pad.getType(), padded);
  rewriter.replaceOp(pad, padded);
}

static void lowerPads(RewriterBase &rewriter, ModuleOp module) {
  SmallVector<tensor::PadOp> pads;
  module.walk([&](tensor::PadOp pad) { pads.push_back(pad); });
  for (tensor::PadOp pad : pads)
    lowerPad(rewriter, pad);
}

static LogicalResult bufferize(ModuleOp module) {
  bufferization::OneShotBufferizationOptions options;
  options.bufferizeFunctionBoundaries = true;
  options.setFunctionBoundaryTypeConversion(
      bufferization::LayoutMapOption::IdentityLayoutMap);
  options.memCpyFn = copyBuffer;
  options.bufferAlignment = kBufferAlignment;
  bufferization::BufferizationState state;
  return bufferization::runOneShotModuleBufferize(module, options, state);
}

/// The allocation that `returned` is all of, through reshapes only. Buffers
/// without elements have no static strides to view them by, and their copies
/// are free.
static memref::AllocOp getReturnedAlloc(Value returned) {
  auto alloc = getBufferRoot(returned).getDefiningOp<memref::AllocOp>();
  if (!alloc || alloc->getBlock() != returned.getParentBlock())
    return {};
  auto type = alloc.getType();
  auto returnedType = cast<MemRefType>(returned.getType());
  bool whole = type.getLayout().isIdentity() &&
               returnedType.getLayout().isIdentity() &&
               type.getNumElements() == returnedType.getNumElements() &&
               (type == returnedType || type.getNumElements() > 0);
  return whole ? alloc : memref::AllocOp();
}

/// `buffer` seen with the shape of `type`, both dense.
static Value viewAs(OpBuilder &builder, Location loc, Value buffer,
                    MemRefType type) {
  if (buffer.getType() == type)
    return buffer;
  auto [strides, offset] = type.getStridesAndOffset();
  return memref::ReinterpretCastOp::create(builder, loc, type, buffer, offset,
                                           type.getShape(), strides);
}

/// Makes result `returned` of `func` the contents of a new last argument.
static void returnThroughArgument(func::FuncOp func, func::ReturnOp ret,
                                  Value returned) {
  Location loc = ret.getLoc();
  Value out = func.getBody().front().addArgument(returned.getType(), loc);
  OpBuilder builder(ret);
  memref::AllocOp alloc = getReturnedAlloc(returned);
  if (!alloc) {
    (void)copyBuffer(builder, loc, returned, out);
    return;
  }
  builder.setInsertionPointToStart(&func.getBody().front());
  alloc.replaceAllUsesWith(viewAs(builder, loc, out, alloc.getType()));
  alloc.erase();
}

/// Makes the results of `func` out-parameters. Of the attributes of arguments
/// and results, their role stays.
static void promoteResults(func::FuncOp func) {
  auto ret = cast<func::ReturnOp>(func.getBody().front().getTerminator());
  Builder builder(func.getContext());
  SmallVector<DictionaryAttr> argumentAttrs;
  auto keepRole = [&](Attribute role) {
    NamedAttrList list;
    if (role)
      list.set(kRoleAttr, role);
    list.set(LLVM::LLVMDialect::getNoAliasAttrName(), builder.getUnitAttr());
    argumentAttrs.push_back(list.getDictionary(func.getContext()));
  };
  for (unsigned i = 0, e = func.getNumArguments(); i != e; ++i)
    keepRole(func.getArgAttr(i, kRoleAttr));
  for (unsigned i = 0, e = ret.getNumOperands(); i != e; ++i) {
    keepRole(func.getResultAttr(i, kRoleAttr));
    returnThroughArgument(func, ret, ret.getOperand(i));
  }
  ret.getOperandsMutable().clear();

  func.setType(builder.getFunctionType(func.getBody().getArgumentTypes(), {}));
  func.removeResAttrsAttr();
  func.setAllArgAttrs(argumentAttrs);
}

/// Passes new buffers for the results of `call`.
static void promoteResults(func::CallOp call) {
  OpBuilder builder(call);
  SmallVector<Value> operands(call.getOperands());
  for (Value result : call.getResults()) {
    Value buffer = memref::AllocOp::create(
        builder, call.getLoc(), cast<MemRefType>(result.getType()),
        builder.getI64IntegerAttr(kBufferAlignment));
    operands.push_back(buffer);
    result.replaceAllUsesWith(buffer);
  }
  func::CallOp::create(builder, call.getLoc(), call.getCallee(), TypeRange(),
                       operands);
  call.erase();
}

/// Bufferizes the functions that stand directly in `module`.
static LogicalResult bufferizeFunctions(ModuleOp module) {
  for (auto func : module.getOps<func::FuncOp>()) {
    if (failed(checkSignature(func)) || failed(placeRegionTensors(func)))
      return failure();
    markArgumentsReadOnly(func);
  }
  IRRewriter rewriter(module.getContext());
  lowerPads(rewriter, module);
  if (failed(bufferization::eliminateEmptyTensors(rewriter, module)) ||
      failed(bufferize(module)))
    return failure();
  for (auto func : module.getOps<func::FuncOp>()) {
    SmallVector<func::CallOp> calls;
    func.walk([&](func::CallOp call) { calls.push_back(call); });
    for (func::CallOp call : calls)
      promoteResults(call);
    if (failed(removeRegionBuffers(func)))
      return failure();
  }
  for (auto func : module.getOps<func::FuncOp>())
    promoteResults(func);
  return success();
}

namespace {
struct BufferizePass
    : public conveinsum::impl::ConvEinsumBufferizeBase<BufferizePass> {
  void runOnOperation() override {
    if (failed(verifyTensorSizes(getOperation())) ||
        failed(checkOps(getOperation())))
      return signalPassFailure();
    SmallVector<ModuleOp> modules;
    getOperation().walk([&](ModuleOp module) { modules.push_back(module); });
    for (ModuleOp module : modules)
      if (failed(bufferizeFunctions(module)))
        return signalPassFailure();
    getOperation().walk([&](Operation *op) {
      numBuffers += isa<memref::AllocOp>(op);
      numCopies += isa<linalg::CopyOp>(op);
    });
  }
};
} // namespace
