//===- ValueCosts.cpp - What values of a function cost --------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Einsums count as everywhere. Other ops have no multiply-adds of their own,
// but one that sums takes as long as a step of as many iterations.
//
//===----------------------------------------------------------------------===//

#include "ValueCosts.h"
#include "conveinsum/Dialect/ConvEinsum/IR/TensorSizes.h"
#include "conveinsum/Dialect/ConvEinsum/Transforms/Transforms.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace conveinsum;

/// Where buffers in a workspace begin.
static constexpr uint64_t kAlignment = 64;

Count conveinsum::tensorBytes(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor || (tensor.hasStaticShape() && tensor.getNumElements() == 0))
    return 0;
  std::optional<uint64_t> bytes = byteCount(tensor);
  assert(bytes && "tensors beyond 2^62 bytes were refused");
  return *bytes;
}

Count conveinsum::bufferBytes(Type type) {
  return llvm::alignTo(tensorBytes(type).word(), kAlignment);
}

bool conveinsum::isView(Operation *op) {
  return isa<BarrierOp, tensor::CastOp, tensor::CollapseShapeOp,
             tensor::ExpandShapeOp, tensor::ExtractSliceOp, tensor::ReshapeOp>(
      op);
}

/// The iterations of a linalg op that sums.
static Count iterationsOfSum(linalg::LinalgOp op) {
  if (op.getNumReductionLoops() == 0)
    return 0;
  Count iterations = 1;
  for (int64_t extent : op.getStaticLoopRanges())
    iterations *= ShapedType::isDynamic(extent) ? 1 : extent;
  return iterations;
}

FailureOr<Count> conveinsum::macsOf(Operation *root) {
  Count sum;
  WalkResult walk = root->walk([&](Operation *op) {
    if (auto linalg = dyn_cast<linalg::LinalgOp>(op))
      sum += iterationsOfSum(linalg);
    auto einsum = dyn_cast<EinsumOp>(op);
    if (!einsum)
      return WalkResult::advance();
    FailureOr<std::optional<Count>> macs = stepMacs(einsum);
    if (failed(macs))
      return WalkResult::interrupt();
    if (!*macs) {
      einsum.emitOpError() << "cannot be checkpointed: expected a step of "
                              "static extents, such as conveinsum-decompose "
                              "makes";
      return WalkResult::interrupt();
    }
    sum += **macs;
    return WalkResult::advance();
  });
  if (walk.wasInterrupted())
    return failure();
  return sum;
}

Count conveinsum::elementsWritten(Operation *op) {
  Count elements;
  if (isView(op) || isa<tensor::EmptyOp>(op) ||
      op->hasTrait<OpTrait::ConstantLike>())
    return elements;
  for (Type type : op->getResultTypes())
    if (auto tensor = dyn_cast<RankedTensorType>(type))
      if (tensor.hasStaticShape())
        elements += tensor.getNumElements();
  return elements;
}
