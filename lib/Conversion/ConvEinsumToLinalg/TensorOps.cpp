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
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using mlir::utils::IteratorType;

namespace conveinsum::lowering {

//===----------------------------------------------------------------------===//
// New tensors
//===----------------------------------------------------------------------===//

Value TensorOps::empty(ArrayRef<int64_t> shape, Type element) {
  return tensor::EmptyOp::create(builder, loc, shape, element);
}

Value TensorOps::filled(ArrayRef<int64_t> shape, Type element, int64_t value) {
  Value scalar = constantElement(builder, loc, element, value);
  return linalg::FillOp::create(builder, loc, scalar, empty(shape, element))
      .getResult(0);
}

Value TensorOps::elementwise(ValueRange inputs, ArrayRef<AffineMap> maps,
                             ArrayRef<int64_t> shape, Type element,
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

/// Offsets, sizes and strides that select everything of `shape`.
static void selectAll(OpBuilder &builder, ArrayRef<int64_t> shape,
                      SmallVector<OpFoldResult> &offsets,
                      SmallVector<OpFoldResult> &sizes,
                      SmallVector<OpFoldResult> &strides) {
  offsets.assign(shape.size(), builder.getIndexAttr(0));
  strides.assign(shape.size(), builder.getIndexAttr(1));
  for (int64_t extent : shape)
    sizes.push_back(builder.getIndexAttr(extent));
}

Value TensorOps::slice(Value tensor, unsigned dim, Progression positions) {
  if (positions.covers(extent(tensor, dim)))
    return tensor;
  SmallVector<OpFoldResult> offsets, sizes, strides;
  selectAll(builder, extents(tensor), offsets, sizes, strides);
  offsets[dim] = builder.getIndexAttr(positions.begin);
  sizes[dim] = builder.getIndexAttr(positions.count);
  // The step of a single position is arbitrary, and may be huge.
  strides[dim] = builder.getIndexAttr(positions.count > 1 ? positions.step : 1);
  return tensor::ExtractSliceOp::create(builder, loc, tensor, offsets, sizes,
                                        strides);
}

Value TensorOps::drop(Value tensor, unsigned dim, int64_t position) {
  SmallVector<OpFoldResult> offsets, sizes, strides;
  Extents shape = extents(tensor);
  selectAll(builder, shape, offsets, sizes, strides);
  offsets[dim] = builder.getIndexAttr(position);
  sizes[dim] = builder.getIndexAttr(1);
  shape.erase(shape.begin() + dim);
  auto reduced = RankedTensorType::get(shape, type(tensor).getElementType());
  return tensor::ExtractSliceOp::create(builder, loc, reduced, tensor, offsets,
                                        sizes, strides);
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

SmallVector<Progression> TensorOps::allPositions(Value tensor) {
  SmallVector<Progression> positions;
  for (int64_t extent : type(tensor).getShape())
    positions.push_back({0, 1, extent});
  return positions;
}

Value TensorOps::insert(Value tensor, Value base,
                        ArrayRef<Progression> positions) {
  SmallVector<OpFoldResult> offsets, sizes, strides;
  for (auto [dim, along] : llvm::enumerate(positions)) {
    assert(extent(tensor, dim) == along.count && "one position per entry");
    offsets.push_back(builder.getIndexAttr(along.begin));
    sizes.push_back(builder.getIndexAttr(along.count));
    strides.push_back(builder.getIndexAttr(along.count > 1 ? along.step : 1));
  }
  return tensor::InsertSliceOp::create(builder, loc, tensor, base, offsets,
                                       sizes, strides);
}

Value TensorOps::insert(Value tensor, Value base, unsigned dim,
                        Progression positions) {
  SmallVector<Progression> all = allPositions(tensor);
  all[dim] = positions;
  return insert(tensor, base, all);
}

/// Zeros before and after the entries of `tensor`, which stay together.
static Value padAround(OpBuilder &builder, Location loc, Value tensor,
                       ArrayRef<int64_t> shape,
                       ArrayRef<Progression> positions) {
  SmallVector<OpFoldResult> low, high;
  for (auto [extent, along] : llvm::zip_equal(shape, positions)) {
    low.push_back(builder.getIndexAttr(along.begin));
    high.push_back(builder.getIndexAttr(extent - along.begin - along.count));
  }
  Type element = TensorOps::type(tensor).getElementType();
  return tensor::PadOp::create(
      builder, loc, RankedTensorType::get(shape, element), tensor, low, high,
      constantElement(builder, loc, element, 0));
}

Value TensorOps::place(Value tensor, ArrayRef<int64_t> shape,
                       ArrayRef<Progression> positions) {
  bool together = llvm::all_of(positions, [](const Progression &along) {
    return along.step == 1 || along.count <= 1;
  });
  if (together)
    return padAround(builder, loc, tensor, shape, positions);
  Value zeros = filled(shape, type(tensor).getElementType(), 0);
  return insert(tensor, zeros, positions);
}

Value TensorOps::place(Value tensor, unsigned dim, int64_t extent,
                       Progression positions) {
  if (positions.covers(extent))
    return tensor;
  Extents shape = extents(tensor);
  shape[dim] = extent;
  SmallVector<Progression> all = allPositions(tensor);
  all[dim] = positions;
  return place(tensor, shape, all);
}

/// The body that copies its only input.
static Value copyElement(OpBuilder &, ValueRange elements) {
  return elements.front();
}

Value TensorOps::reverse(Value tensor, unsigned dim) {
  Extents shape = extents(tensor);
  if (shape[dim] <= 1)
    return tensor;
  SmallVector<AffineExpr> exprs;
  for (unsigned i = 0; i < shape.size(); ++i)
    exprs.push_back(builder.getAffineDimExpr(i));
  exprs[dim] = (shape[dim] - 1) - exprs[dim];
  AffineMap map = AffineMap::get(shape.size(), 0, exprs, builder.getContext());
  return elementwise(tensor, map, shape, type(tensor).getElementType(),
                     copyElement);
}

Value TensorOps::entriesAt(Value tensor, unsigned dim, Value positions) {
  Extents shape = extents(tensor);
  shape[dim] = extent(positions, 0);
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
                        ArrayRef<int64_t> shape) {
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
  Extents shape;
  unsigned summed = keptRank;
  for (unsigned i = 0; i < rank; ++i) {
    if (llvm::is_contained(dims, i)) {
      exprs.push_back(builder.getAffineDimExpr(summed++));
      continue;
    }
    exprs.push_back(builder.getAffineDimExpr(shape.size()));
    shape.push_back(extent(tensor, i));
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
  Extents shape = extents(tensor);
  Location at = loc;
  return elementwise(
      tensor, builder.getMultiDimIdentityMap(shape.size()), shape, accumulator,
      [&](OpBuilder &b, ValueRange elements) {
        return multiply(b, at, convertElement(b, at, elements[0], accumulator),
                        constantElement(b, at, accumulator, factor));
      });
}

Value TensorOps::copy(Value tensor) {
  Extents shape = extents(tensor);
  return elementwise(tensor, builder.getMultiDimIdentityMap(shape.size()),
                     shape, type(tensor).getElementType(), copyElement);
}

Value TensorOps::convert(Value tensor, Type element) {
  if (type(tensor).getElementType() == element)
    return tensor;
  Extents shape = extents(tensor);
  return elementwise(tensor, builder.getMultiDimIdentityMap(shape.size()),
                     shape, element, copyElement);
}

} // namespace conveinsum::lowering
