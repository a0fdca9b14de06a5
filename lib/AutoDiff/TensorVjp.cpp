//===- TensorVjp.cpp - Gradients of views and parts -----------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Ops that place entries: the gradient takes them from where they went.
//
//===----------------------------------------------------------------------===//

#include "Models.h"
#include "Values.h"
#include "conveinsum/AutoDiff/Vjp.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/DialectRegistry.h"

using namespace mlir;
using namespace conveinsum;

namespace {
struct CastModel
    : DifferentiableOpInterface::ExternalModel<CastModel, tensor::CastOp> {
  LogicalResult buildVjp(Operation *op, Vjp &vjp) const {
    Value source = op->getOperand(0);
    vjp.add(source,
            tensor::CastOp::create(vjp.builder, op->getLoc(), source.getType(),
                                   vjp.cotangent(op->getResult(0))));
    return success();
  }
};

struct CollapseModel
    : DifferentiableOpInterface::ExternalModel<CollapseModel,
                                               tensor::CollapseShapeOp> {
  LogicalResult buildVjp(Operation *op, Vjp &vjp) const {
    auto collapse = cast<tensor::CollapseShapeOp>(op);
    vjp.add(collapse.getSrc(),
            tensor::ExpandShapeOp::create(vjp.builder, op->getLoc(),
                                          collapse.getSrcType(),
                                          vjp.cotangent(collapse.getResult()),
                                          collapse.getReassociationIndices()));
    return success();
  }
};

struct ExpandModel
    : DifferentiableOpInterface::ExternalModel<ExpandModel,
                                               tensor::ExpandShapeOp> {
  LogicalResult buildVjp(Operation *op, Vjp &vjp) const {
    auto expand = cast<tensor::ExpandShapeOp>(op);
    vjp.add(expand.getSrc(), tensor::CollapseShapeOp::create(
                                 vjp.builder, op->getLoc(), expand.getSrcType(),
                                 vjp.cotangent(expand.getResult()),
                                 expand.getReassociationIndices()));
    return success();
  }
};

struct ExtractSliceModel
    : DifferentiableOpInterface::ExternalModel<ExtractSliceModel,
                                               tensor::ExtractSliceOp> {
  LogicalResult buildVjp(Operation *op, Vjp &vjp) const {
    auto slice = cast<tensor::ExtractSliceOp>(op);
    Value zeros =
        constantOf(vjp.builder, op->getLoc(), slice.getSourceType(), 0);
    vjp.add(slice.getSource(),
            tensor::InsertSliceOp::create(
                vjp.builder, op->getLoc(), vjp.cotangent(slice.getResult()),
                zeros, slice.getMixedOffsets(), slice.getMixedSizes(),
                slice.getMixedStrides()));
    return success();
  }
};

struct InsertSliceModel
    : DifferentiableOpInterface::ExternalModel<InsertSliceModel,
                                               tensor::InsertSliceOp> {
  LogicalResult buildVjp(Operation *op, Vjp &vjp) const {
    auto insert = cast<tensor::InsertSliceOp>(op);
    Value cotangent = vjp.cotangent(insert.getResult());
    auto offsets = insert.getMixedOffsets();
    auto sizes = insert.getMixedSizes();
    auto strides = insert.getMixedStrides();
    if (vjp.needs(insert.getSource()))
      vjp.add(insert.getSource(),
              tensor::ExtractSliceOp::create(vjp.builder, op->getLoc(),
                                             insert.getSourceType(), cotangent,
                                             offsets, sizes, strides));
    if (vjp.needs(insert.getDest())) {
      Value zeros =
          constantOf(vjp.builder, op->getLoc(), insert.getSourceType(), 0);
      vjp.add(insert.getDest(), tensor::InsertSliceOp::create(
                                    vjp.builder, op->getLoc(), zeros, cotangent,
                                    offsets, sizes, strides));
    }
    return success();
  }
};

struct PadModel
    : DifferentiableOpInterface::ExternalModel<PadModel, tensor::PadOp> {
  LogicalResult buildVjp(Operation *op, Vjp &vjp) const {
    auto pad = cast<tensor::PadOp>(op);
    Value padding = pad.getConstantPaddingValue();
    if (!padding || vjp.needs(padding))
      return op->emitOpError("expected a constant that is padded with, whose "
                             "gradient nobody asks for");
    OpBuilder &builder = vjp.builder;
    RankedTensorType type = pad.getSourceType();
    SmallVector<OpFoldResult> sizes, strides;
    for (int64_t extent : type.getShape()) {
      sizes.push_back(builder.getIndexAttr(extent));
      strides.push_back(builder.getIndexAttr(1));
    }
    vjp.add(pad.getSource(),
            tensor::ExtractSliceOp::create(
                builder, op->getLoc(), type, vjp.cotangent(pad.getResult()),
                pad.getMixedLowPad(), sizes, strides));
    return success();
  }
};

struct ConcatModel
    : DifferentiableOpInterface::ExternalModel<ConcatModel, tensor::ConcatOp> {
  LogicalResult buildVjp(Operation *op, Vjp &vjp) const {
    auto concat = cast<tensor::ConcatOp>(op);
    OpBuilder &builder = vjp.builder;
    unsigned rank = concat.getResultType().getRank();
    int64_t at = 0;
    for (Value input : concat.getInputs()) {
      auto type = cast<RankedTensorType>(input.getType());
      SmallVector<OpFoldResult> offsets(rank, builder.getIndexAttr(0));
      SmallVector<OpFoldResult> strides(rank, builder.getIndexAttr(1));
      SmallVector<OpFoldResult> sizes;
      for (int64_t extent : type.getShape())
        sizes.push_back(builder.getIndexAttr(extent));
      offsets[concat.getDim()] = builder.getIndexAttr(at);
      at += type.getDimSize(concat.getDim());
      if (vjp.needs(input))
        vjp.add(input, tensor::ExtractSliceOp::create(
                           builder, op->getLoc(), type,
                           vjp.cotangent(concat.getResult()), offsets, sizes,
                           strides));
    }
    return success();
  }
};

/// One number out of a tensor.
struct ExtractModel
    : DifferentiableOpInterface::ExternalModel<ExtractModel,
                                               tensor::ExtractOp> {
  LogicalResult buildVjp(Operation *op, Vjp &vjp) const {
    auto extract = cast<tensor::ExtractOp>(op);
    Value zeros =
        constantOf(vjp.builder, op->getLoc(), extract.getTensor().getType(), 0);
    vjp.add(extract.getTensor(),
            tensor::InsertOp::create(vjp.builder, op->getLoc(),
                                     vjp.cotangent(extract.getResult()), zeros,
                                     extract.getIndices()));
    return success();
  }
};
} // namespace

void conveinsum::registerTensorModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, tensor::TensorDialect *) {
    tensor::CastOp::attachInterface<CastModel>(*context);
    tensor::CollapseShapeOp::attachInterface<CollapseModel>(*context);
    tensor::ExpandShapeOp::attachInterface<ExpandModel>(*context);
    tensor::ExtractSliceOp::attachInterface<ExtractSliceModel>(*context);
    tensor::InsertSliceOp::attachInterface<InsertSliceModel>(*context);
    tensor::PadOp::attachInterface<PadModel>(*context);
    tensor::ConcatOp::attachInterface<ConcatModel>(*context);
    tensor::ExtractOp::attachInterface<ExtractModel>(*context);
  });
}
