//===- TensorOps.cpp - Slices, pads, reversals, sums of tensors -----------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every helper emits the fewest ops that do it, and none where nothing is to be
// done.
//
//===----------------------------------------------------------------------===//

#include "TensorOps.h"
#include "ElementOps.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using mlir::utils::IteratorType;

namespace conveinsum::lowering {

//===----------------------------------------------------------------------===//
// Sizes
//===----------------------------------------------------------------------===//

OpFoldResult TensorOps::size(Value tensor, unsigned dim) {
  return tensor::getMixedSize(builder, loc, tensor, dim);
}

Sizes TensorOps::sizes(Value tensor) {
  return tensor::getMixedSizes(builder, loc, tensor);
}

OpFoldResult TensorOps::apply(AffineExpr expr, ArrayRef<OpFoldResult> symbols) {
  AffineMap map = AffineMap::get(0, symbols.size(), expr);
  return affine::makeComposedFoldedAffineApply(builder, loc, map, symbols);
}

OpFoldResult TensorOps::atLeastZero(AffineExpr expr,
                                    ArrayRef<OpFoldResult> symbols) {
  AffineExpr zero = builder.getAffineConstantExpr(0);
  AffineMap map =
      AffineMap::get(0, symbols.size(), {expr, zero}, builder.getContext());
  return affine::makeComposedFoldedAffineMax(builder, loc, map, symbols);
}

//===----------------------------------------------------------------------===//
// New tensors
//===----------------------------------------------------------------------===//

Value TensorOps::empty(ArrayRef<OpFoldResult> shape, Type element) {
  return tensor::EmptyOp::create(builder, loc, shape, element);
}

Value TensorOps::filled(ArrayRef<OpFoldResult> shape, Type element,
                        int64_t value) {
  Value scalar = constantElement(builder, loc, element, value);
  return linalg::FillOp::create(builder, loc, scalar, empty(shape, element))
      .getResult(0);
}

Value TensorOps::elementwise(ValueRange inputs, ArrayRef<AffineMap> maps,
                             ArrayRef<OpFoldResult> shape, Type element,
                             ElementFn body) {
  SmallVector<AffineMap> allMaps(maps);
  allMaps.push_back(builder.getMultiDimIdentityMap(shape.size()));
  SmallVector<IteratorType> iterators(shape.size(), IteratorType::parallel);
  Value init = empty(shape, element);
  return linalg::GenericOp::create(
             builder, loc, init.getType(), inputs, init, allMaps, iterators,
             [&](OpBuilder &b, Location bodyLoc, ValueRange arguments) {
               Value result = body(b, arguments.drop_back());
               linalg::YieldOp::create(
                   b, bodyLoc, convertElement(b, bodyLoc, result, element));
             })
      .getResult(0);
}

//===----------------------------------------------------------------------===//
// Views
//===----------------------------------------------------------------------===//

Value TensorOps::slice(Value tensor, unsigned dim, Progression positions) {
  if (positions.covers(extent(tensor, dim)))
    return tensor;
  // The step of a single position is arbitrary, and may be huge.
  return slice(tensor, dim, index(positions.begin), index(positions.count),
               positions.count > 1 ? positions.step : 1);
}

Value TensorOps::slice(Value tensor, unsigned dim, OpFoldResult offset,
                       OpFoldResult size, int64_t stride) {
  Sizes kept = sizes(tensor);
  Sizes offsets(kept.size(), index(0)), strides(kept.size(), index(1));
  offsets[dim] = offset;
  kept[dim] = size;
  strides[dim] = index(stride);
  return tensor::ExtractSliceOp::create(builder, loc, tensor, offsets, kept,
                                        strides);
}

Value TensorOps::drop(Value tensor, unsigned dim, int64_t position) {
  Sizes kept = sizes(tensor);
  Sizes offsets(kept.size(), index(0)), strides(kept.size(), index(1));
  offsets[dim] = index(position);
  kept[dim] = index(1);
  Extents shape = extents(tensor);
  shape.erase(shape.begin() + dim);
  auto reduced = RankedTensorType::get(shape, type(tensor).getElementType());
  return tensor::ExtractSliceOp::create(builder, loc, reduced, tensor, offsets,
                                        kept, strides);
}

/// The reassociation in which the dimensions `dim` and `dim + 1` of `rank`
/// belong together.
static SmallVector<ReassociationIndices> pairAt(unsigned dim, unsigned rank) {
  SmallVector<ReassociationIndices> groups;
  for (unsigned i = 0; i < rank; ++i) {
    if (i == dim + 1)
      groups.back().push_back(i);
    else
      groups.push_back({int64_t(i)});
  }
  return groups;
}

Value TensorOps::split(Value tensor, unsigned dim, int64_t inner) {
  Extents shape = extents(tensor);
  assert(shape[dim] % inner == 0 && "not a multiple of the inner extent");
  shape[dim] /= inner;
  shape.insert(shape.begin() + dim + 1, inner);
  auto splitType = RankedTensorType::get(shape, type(tensor).getElementType());
  return tensor::ExpandShapeOp::create(builder, loc, splitType, tensor,
                                       pairAt(dim, shape.size()));
}

Value TensorOps::join(Value tensor, unsigned dim) {
  return tensor::CollapseShapeOp::create(builder, loc, tensor,
                                         pairAt(dim, type(tensor).getRank()));
}

//===----------------------------------------------------------------------===//
// Copies
//===----------------------------------------------------------------------===//

Value TensorOps::insert(Value tensor, Value base, unsigned dim,
                        Progression positions) {
  assert(extent(tensor, dim) == positions.count && "one position per entry");
  Sizes kept = sizes(tensor);
  Sizes offsets(kept.size(), index(0)), strides(kept.size(), index(1));
  offsets[dim] = index(positions.begin);
  strides[dim] = index(positions.count > 1 ? positions.step : 1);
  return tensor::InsertSliceOp::create(builder, loc, tensor, base, offsets,
                                       kept, strides);
}

Value TensorOps::place(Value tensor, ArrayRef<Spread> spreads) {
  Type element = type(tensor).getElementType();
  Sizes low, high, strides;
  for (const Spread &spread : spreads) {
    low.push_back(index(spread.low));
    high.push_back(spread.high ? spread.high : index(0));
    strides.push_back(index(spread.step));
  }
  bool together = llvm::all_of(
      spreads, [](const Spread &spread) { return spread.step == 1; });
  if (together)
    return tensor::PadOp::create(builder, loc, Type(), tensor, low, high,
                                 constantElement(builder, loc, element, 0));
  Sizes own = sizes(tensor), shape;
  for (auto [dim, spread] : llvm::enumerate(spreads))
    shape.push_back(
        apply((symbol(0) - 1) * spread.step + symbol(1) + (spread.low + 1),
              {own[dim], high[dim]}));
  return tensor::InsertSliceOp::create(
      builder, loc, tensor, filled(shape, element, 0), low, own, strides);
}

Value TensorOps::place(Value tensor, unsigned dim, int64_t extent,
                       Progression positions) {
  if (positions.covers(extent))
    return tensor;
  SmallVector<Spread> spreads(type(tensor).getRank());
  spreads[dim] = spreadOf(extent, positions);
  return place(tensor, spreads);
}

Spread TensorOps::spreadOf(int64_t extent, Progression positions) {
  // The step of a single position is arbitrary.
  int64_t step = positions.count > 1 ? positions.step : 1;
  int64_t last = positions.begin + step * (positions.count - 1);
  return {positions.begin, step, index(extent - 1 - last)};
}

/// The body that copies its only input.
static Value copyElement(OpBuilder &, ValueRange elements) {
  return elements.front();
}

Value TensorOps::reverse(Value tensor, unsigned dim) {
  const int64_t last = extent(tensor, dim) - 1;
  if (last <= 0)
    return tensor;
  Sizes shape = sizes(tensor);
  SmallVector<AffineExpr> exprs;
  for (unsigned i = 0; i < shape.size(); ++i)
    exprs.push_back(builder.getAffineDimExpr(i));
  exprs[dim] = last - exprs[dim];
  AffineMap map = AffineMap::get(shape.size(), 0, exprs, builder.getContext());
  return elementwise(tensor, map, shape, type(tensor).getElementType(),
                     copyElement);
}

Value TensorOps::entriesAt(Value tensor, unsigned dim, Value positions) {
  Sizes shape = sizes(tensor);
  shape[dim] = size(positions, 0);
  AffineMap map = AffineMap::get(shape.size(), 0, builder.getAffineDimExpr(dim),
                                 builder.getContext());
  return elementwise(
      positions, map, shape, type(tensor).getElementType(),
      [&](OpBuilder &b, ValueRange elements) -> Value {
        SmallVector<Value> indices;
        for (unsigned i = 0; i < shape.size(); ++i)
          indices.push_back(
              i == dim ? arith::IndexCastOp::create(b, loc, b.getIndexType(),
                                                    elements.front())
                             .getResult()
                       : linalg::IndexOp::create(b, loc, i).getResult());
        return tensor::ExtractOp::create(b, loc, tensor, indices);
      });
}

Value TensorOps::gather(Value tensor, ArrayRef<unsigned> indices,
                        ArrayRef<OpFoldResult> shape) {
  SmallVector<AffineExpr> exprs;
  for (unsigned index : indices)
    exprs.push_back(builder.getAffineDimExpr(index));
  AffineMap map = AffineMap::get(shape.size(), 0, exprs, builder.getContext());
  return elementwise(tensor, map, shape, type(tensor).getElementType(),
                     copyElement);
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

Value TensorOps::sum(Value tensor, ArrayRef<unsigned> dims, Type accumulator) {
  unsigned rank = type(tensor).getRank();
  unsigned keptRank = rank - dims.size();
  // The loops over kept dimensions stand outside those over summed ones.
  SmallVector<AffineExpr> exprs;
  Sizes own = sizes(tensor), shape;
  unsigned summed = keptRank;
  for (unsigned i = 0; i < rank; ++i) {
    if (llvm::is_contained(dims, i)) {
      exprs.push_back(builder.getAffineDimExpr(summed++));
      continue;
    }
    exprs.push_back(builder.getAffineDimExpr(shape.size()));
    shape.push_back(own[i]);
  }
  SmallVector<IteratorType> iterators(rank, IteratorType::reduction);
  std::fill_n(iterators.begin(), keptRank, IteratorType::parallel);
  SmallVector<AffineMap> maps = {
      AffineMap::get(rank, 0, exprs, builder.getContext()),
      builder.getMultiDimIdentityMap(rank).getSliceMap(0, keptRank)};
  Value init = filled(shape, accumulator, 0);
  return linalg::GenericOp::create(
             builder, loc, init.getType(), tensor, init, maps, iterators,
             [&](OpBuilder &b, Location bodyLoc, ValueRange arguments) {
               Value term =
                   convertElement(b, bodyLoc, arguments[0], accumulator);
               linalg::YieldOp::create(b, bodyLoc,
                                       add(b, bodyLoc, arguments[1], term));
             })
      .getResult(0);
}

Value TensorOps::scale(Value tensor, int64_t factor, Type accumulator) {
  Sizes shape = sizes(tensor);
  Location at = loc;
  return elementwise(
      tensor, builder.getMultiDimIdentityMap(shape.size()), shape, accumulator,
      [&](OpBuilder &b, ValueRange elements) {
        return multiply(b, at, convertElement(b, at, elements[0], accumulator),
                        constantElement(b, at, accumulator, factor));
      });
}

Value TensorOps::copy(Value tensor) {
  Sizes shape = sizes(tensor);
  return elementwise(tensor, builder.getMultiDimIdentityMap(shape.size()),
                     shape, type(tensor).getElementType(), copyElement);
}

Value TensorOps::convert(Value tensor, Type element) {
  if (type(tensor).getElementType() == element)
    return tensor;
  Sizes shape = sizes(tensor);
  return elementwise(tensor, builder.getMultiDimIdentityMap(shape.size()),
                     shape, element, copyElement);
}

} // namespace conveinsum::lowering
