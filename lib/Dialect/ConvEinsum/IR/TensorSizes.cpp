//===- TensorSizes.cpp - The biggest tensor of the compiler ---------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See the header.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Dialect/ConvEinsum/IR/TensorSizes.h"
#include "conveinsum/Runtime/Tensor.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace conveinsum;

/// Bytes of one element; an index has as many as a pointer.
static std::optional<uint64_t> elementBytes(Type type) {
  if (auto complex = dyn_cast<ComplexType>(type))
    if (std::optional<uint64_t> part = elementBytes(complex.getElementType()))
      return 2 * *part;
  if (auto shaped = dyn_cast<ShapedType>(type))
    return byteCount(shaped);
  if (type.isIntOrFloat())
    return llvm::divideCeil(type.getIntOrFloatBitWidth(), 8u);
  return 8;
}

std::optional<uint64_t> conveinsum::byteCount(ShapedType type) {
  std::optional<uint64_t> element = elementBytes(type.getElementType());
  if (!element || !type.hasRank())
    return element;
  std::vector<int64_t> shape;
  for (int64_t extent : type.getShape())
    shape.push_back(ShapedType::isDynamic(extent) ? 1 : extent);
  return byteCount(*element, shape);
}

std::string conveinsum::refusalOf(Type type) {
  auto shaped = dyn_cast<ShapedType>(type);
  if (!shaped || byteCount(shaped))
    return "";
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "expected tensors of at most 2^62 bytes";
  if (shaped.hasRank() && llvm::is_contained(shaped.getShape(), 0))
    os << ", where an extent of 0 counts as 1";
  os << ", got '" << type << "'";
  return text;
}

/// Reports the first of `types` that is refused.
static LogicalResult verifyTypes(Operation *op, TypeRange types) {
  for (Type type : types)
    if (std::string refusal = refusalOf(type); !refusal.empty())
      return op->emitOpError(refusal);
  return success();
}

LogicalResult conveinsum::verifyTensorSizesOf(Operation *op) {
  return success(succeeded(verifyTypes(op, op->getOperandTypes())) &&
                 succeeded(verifyTypes(op, op->getResultTypes())));
}

LogicalResult conveinsum::verifyTensorSizes(Operation *root) {
  WalkResult walk = root->walk<WalkOrder::PreOrder>([&](Operation *op) {
    for (Region &region : op->getRegions())
      for (Block &block : region)
        if (failed(verifyTypes(op, block.getArgumentTypes())))
          return WalkResult::interrupt();
    return failed(verifyTypes(op, op->getResultTypes()))
               ? WalkResult::interrupt()
               : WalkResult::advance();
  });
  return failure(walk.wasInterrupted());
}
