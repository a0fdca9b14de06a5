//===- TileMemory.cpp - Loads and stores of a register tile ---------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Emits memref and vector ops on one-dimensional views of the buffers.
//
//===----------------------------------------------------------------------===//

#include "TileMemory.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Support/ErrorHandling.h"
#include <cassert>

using namespace conveinsum;
using namespace mlir;

/// The dense buffer `root` as one dimension.
static Value flatten(OpBuilder &builder, Location loc, Value root) {
  auto type = cast<MemRefType>(root.getType());
  if (type.getRank() == 1 && type.getLayout().isIdentity())
    return root;
  int64_t size = type.getNumElements();
  auto flat = MemRefType::get({size}, type.getElementType());
  return memref::ReinterpretCastOp::create(builder, loc, flat, root,
                                           /*offset=*/0, ArrayRef{size},
                                           ArrayRef<int64_t>{1});
}

TileMemory::TileMemory(OpBuilder &builder, const LoopNest &nest,
                       const Tile &tile)
    : nest(nest), tile(tile), loc(nest.getOp().getLoc()), entry(builder) {
  llvm::DenseMap<Value, Value> flat;
  for (const Operand &operand : nest.operands) {
    if (!operand.root) {
      buffers.push_back(operand.value);
      continue;
    }
    Value &buffer = flat[operand.root];
    if (!buffer)
      buffer = flatten(builder, loc, operand.root);
    buffers.push_back(buffer);
  }
  // Further constants go before this one, and so before all loops.
  entry.setInsertionPoint(index(0).getDefiningOp());
}

Value TileMemory::index(int64_t value) {
  Value &constant = indices[value];
  if (!constant)
    constant = arith::ConstantIndexOp::create(entry, loc, value);
  return constant;
}

Value TileMemory::address(OpBuilder &builder, Value base,
                          int64_t displacement) {
  if (!base)
    return index(displacement);
  if (displacement == 0)
    return base;
  return arith::AddIOp::create(builder, loc, base, index(displacement));
}

int64_t TileMemory::laneStride(unsigned operand) const {
  return tile.laneLoop ? nest.loops[*tile.laneLoop].strides[operand] : 0;
}

int64_t TileMemory::lanes(unsigned operand) const {
  bool sums = tile.laneLoop && nest.loops[*tile.laneLoop].reduction;
  return sums && operand == nest.resultIndex() ? 1 : tile.lanes;
}

VectorType TileMemory::vectorType(unsigned operand) const {
  return VectorType::get({tile.lanes}, nest.operands[operand].elementType);
}

Value TileMemory::broadcast(OpBuilder &builder, Value value, int64_t lanes) {
  if (lanes == 1)
    return value;
  auto type = VectorType::get({lanes}, value.getType());
  return vector::BroadcastOp::create(builder, loc, type, value);
}

Value TileMemory::mask(OpBuilder &builder, int64_t valid) {
  SmallVector<bool> bits(tile.lanes, false);
  std::fill_n(bits.begin(), valid, true);
  return mask(builder, bits);
}

Value TileMemory::mask(OpBuilder &builder, ArrayRef<bool> bits) {
  auto type = VectorType::get({tile.lanes}, builder.getI1Type());
  return arith::ConstantOp::create(builder, loc,
                                   DenseElementsAttr::get(type, bits));
}

Value TileMemory::loadContiguous(OpBuilder &builder, unsigned operand, Value at,
                                 int64_t valid) {
  VectorType type = vectorType(operand);
  if (valid == tile.lanes)
    return vector::LoadOp::create(builder, loc, type, buffers[operand], at);
  return vector::MaskedLoadOp::create(builder, loc, type, buffers[operand], at,
                                      mask(builder, valid),
                                      zero(builder, operand));
}

/// The last lane comes first in memory. Lanes that are not valid take an
/// element behind it, which the mask made zero.
Value TileMemory::loadReversed(OpBuilder &builder, unsigned operand, Value base,
                               int64_t displacement, int64_t valid) {
  Value at = address(builder, base, displacement - (valid - 1));
  Value loaded = loadContiguous(builder, operand, at, valid);
  SmallVector<int64_t> select;
  for (int64_t lane = 0; lane != tile.lanes; ++lane)
    select.push_back(lane < valid ? valid - 1 - lane : valid);
  return vector::ShuffleOp::create(builder, loc, loaded, loaded, select);
}

/// Vector loads cover the span of the lanes; each shuffle takes the lanes that
/// lie in one more of them. Nothing beyond the last lane is read: if all lanes
/// are valid the last load ends with it, else loads are masked, and lanes that
/// are not valid are zeros.
Value TileMemory::loadShuffled(OpBuilder &builder, unsigned operand, Value base,
                               int64_t displacement, int64_t valid) {
  int64_t lanes = tile.lanes, stride = laneStride(operand);
  assert(stride >= 2 && "expected lanes that lie apart, in order");
  int64_t end = (valid - 1) * stride + 1;
  Value merged;
  for (int64_t part = 0; part != stride; ++part) {
    int64_t start = part * lanes;
    if (valid == lanes)
      start = std::min(start, end - lanes);
    Value loaded;
    if (start < end)
      loaded = loadContiguous(builder, operand,
                              address(builder, base, displacement + start),
                              std::min(lanes, end - start));
    else
      loaded = zero(builder, operand);
    SmallVector<int64_t> select(lanes);
    for (int64_t lane = 0; lane != lanes; ++lane) {
      int64_t element = lane * stride;
      bool here = element >= part * lanes && element < (part + 1) * lanes;
      int64_t kept = merged ? lane : 0;
      select[lane] = here ? (merged ? lanes : 0) + element - start : kept;
    }
    merged = vector::ShuffleOp::create(builder, loc, merged ? merged : loaded,
                                       loaded, select);
  }
  return merged;
}

Value TileMemory::loadElements(OpBuilder &builder, unsigned operand, Value base,
                               int64_t displacement, int64_t valid) {
  SmallVector<Value> elements;
  Value zero;
  for (int64_t lane = 0; lane != tile.lanes; ++lane) {
    if (lane < valid) {
      Value at =
          address(builder, base, displacement + lane * laneStride(operand));
      elements.push_back(
          memref::LoadOp::create(builder, loc, buffers[operand], at));
      continue;
    }
    if (!zero)
      zero = arith::ConstantOp::create(
          builder, loc,
          builder.getZeroAttr(nest.operands[operand].elementType));
    elements.push_back(zero);
  }
  return vector::FromElementsOp::create(builder, loc, vectorType(operand),
                                        elements);
}

Value TileMemory::zero(OpBuilder &builder, unsigned operand) {
  return arith::ConstantOp::create(builder, loc,
                                   builder.getZeroAttr(vectorType(operand)));
}

/// Bit by bit: the vectors whose numbers differ in a bit exchange the lanes
/// whose numbers differ in it, the other way round.
void TileMemory::transpose(OpBuilder &builder, MutableArrayRef<Value> vectors) {
  const int64_t lanes = tile.lanes;
  assert(int64_t(vectors.size()) == lanes && "expected a square");
  for (int64_t bit = 1; bit < lanes; bit *= 2)
    for (int64_t number = 0; number != lanes; ++number) {
      if (number & bit)
        continue;
      SmallVector<int64_t> low(lanes), high(lanes);
      for (int64_t lane = 0; lane != lanes; ++lane) {
        low[lane] = lane & bit ? lanes + (lane ^ bit) : lane;
        high[lane] = lane & bit ? lanes + lane : lane | bit;
      }
      Value a = vectors[number], b = vectors[number | bit];
      vectors[number] = vector::ShuffleOp::create(builder, loc, a, b, low);
      vectors[number | bit] =
          vector::ShuffleOp::create(builder, loc, a, b, high);
    }
}

SmallVector<Value> TileMemory::loadTransposed(OpBuilder &builder,
                                              unsigned operand, Value base,
                                              int64_t displacement,
                                              int64_t rows, int64_t valid) {
  SmallVector<Value> vectors;
  for (int64_t lane = 0; lane != tile.lanes; ++lane)
    vectors.push_back(
        lane < valid
            ? loadContiguous(builder, operand,
                             address(builder, base,
                                     displacement + lane * laneStride(operand)),
                             rows)
            : zero(builder, operand));
  transpose(builder, vectors);
  return vectors;
}

void TileMemory::storeTransposed(OpBuilder &builder, ArrayRef<Value> rows,
                                 Value base, int64_t displacement,
                                 int64_t valid) {
  const unsigned result = nest.resultIndex();
  SmallVector<Value> vectors(rows);
  while (int64_t(vectors.size()) < tile.lanes)
    vectors.push_back(zero(builder, result));
  transpose(builder, vectors);
  for (int64_t lane = 0; lane != valid; ++lane)
    storeContiguous(
        builder, vectors[lane],
        address(builder, base, displacement + lane * laneStride(result)),
        rows.size());
}

Value TileMemory::load(OpBuilder &builder, unsigned operand, Value base,
                       int64_t displacement, int64_t valid) {
  if (!nest.operands[operand].root)
    return broadcast(builder, buffers[operand], lanes(operand));
  LaneAccess access = lanes(operand) == 1 ? LaneAccess::Broadcast
                                          : getLaneAccess(laneStride(operand));
  switch (access) {
  case LaneAccess::Broadcast: {
    Value at = address(builder, base, displacement);
    Value element = memref::LoadOp::create(builder, loc, buffers[operand], at);
    return broadcast(builder, element, lanes(operand));
  }
  case LaneAccess::Contiguous:
    return loadContiguous(builder, operand,
                          address(builder, base, displacement), valid);
  case LaneAccess::Reversed:
    return loadReversed(builder, operand, base, displacement, valid);
  case LaneAccess::Shuffled:
    return loadShuffled(builder, operand, base, displacement, valid);
  case LaneAccess::Elements:
    return loadElements(builder, operand, base, displacement, valid);
  }
  llvm_unreachable("all accesses are handled");
}

/// Each vector of the span takes the lanes that lie in it, and its mask leaves
/// alone what lies between them.
void TileMemory::storeSpread(OpBuilder &builder, Value value, Value base,
                             int64_t displacement, int64_t valid) {
  int64_t lanes = tile.lanes, stride = laneStride(nest.resultIndex());
  for (int64_t start = 0; start <= (valid - 1) * stride; start += lanes) {
    SmallVector<int64_t> select(lanes, 0);
    SmallVector<bool> bits(lanes, false);
    for (int64_t lane = 0; lane != valid; ++lane) {
      int64_t place = lane * stride - start;
      if (place < 0 || place >= lanes)
        continue;
      select[place] = lane;
      bits[place] = true;
    }
    Value spread =
        vector::ShuffleOp::create(builder, loc, value, value, select);
    vector::MaskedStoreOp::create(builder, loc, buffers.back(),
                                  address(builder, base, displacement + start),
                                  mask(builder, bits), spread);
  }
}

void TileMemory::store(OpBuilder &builder, Value value, Value base,
                       int64_t displacement, int64_t valid) {
  Value buffer = buffers.back();
  unsigned operand = nest.resultIndex();
  if (lanes(operand) == 1) {
    memref::StoreOp::create(builder, loc, value, buffer,
                            address(builder, base, displacement));
    return;
  }
  LaneAccess access = getLaneAccess(laneStride(operand));
  if (access == LaneAccess::Shuffled)
    return storeSpread(builder, value, base, displacement, valid);
  if (access != LaneAccess::Contiguous) {
    for (int64_t lane = 0; lane != valid; ++lane) {
      Value element = vector::ExtractOp::create(builder, loc, value, lane);
      Value at =
          address(builder, base, displacement + lane * laneStride(operand));
      memref::StoreOp::create(builder, loc, element, buffer, at);
    }
    return;
  }
  storeContiguous(builder, value, address(builder, base, displacement), valid);
}

void TileMemory::storeContiguous(OpBuilder &builder, Value value, Value at,
                                 int64_t valid) {
  Value buffer = buffers.back();
  if (valid < tile.lanes)
    vector::MaskedStoreOp::create(builder, loc, buffer, at,
                                  mask(builder, valid), value);
  else
    vector::StoreOp::create(builder, loc, value, buffer, at);
}
