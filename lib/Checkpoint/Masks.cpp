//===- Masks.cpp - Kept bits ----------------------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Comparisons stand in the bodies of linalg ops, where differentiation puts
// them. A byte is the sum of the powers of two of its bits.
//
//===----------------------------------------------------------------------===//

#include "Masks.h"
#include "KeptValues.h"
#include "ValueCosts.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace conveinsum;

//===----------------------------------------------------------------------===//
// Comparisons
//===----------------------------------------------------------------------===//

namespace {
/// `value predicate constant`, or the other way round.
struct Comparison {
  arith::CmpFPredicate predicate;
  Attribute constant;
  bool isRight;

  bool operator==(const Comparison &other) const {
    return predicate == other.predicate && constant == other.constant &&
           isRight == other.isRight;
  }
};
} // namespace

static std::optional<Comparison> comparisonOf(OpOperand &use) {
  auto compare = dyn_cast<arith::CmpFOp>(use.getOwner());
  if (!compare)
    return std::nullopt;
  Comparison found{compare.getPredicate(), nullptr,
                   use.getOperandNumber() == 1};
  mlir::Value other = compare->getOperand(found.isRight ? 0 : 1);
  if (!matchPattern(other, m_Constant(&found.constant)))
    return std::nullopt;
  return found;
}

/// The one comparison for which an elementwise op reads entries of `use`.
static std::optional<Comparison> comparisonIn(OpOperand &use) {
  auto op = dyn_cast<linalg::GenericOp>(use.getOwner());
  if (!op || !op.isDpsInput(&use) ||
      op.getNumParallelLoops() != op.getNumLoops() ||
      !op.getMatchingIndexingMap(&use).isIdentity())
    return std::nullopt;
  std::optional<Comparison> common;
  for (OpOperand &read : op.getMatchingBlockArgument(&use).getUses()) {
    std::optional<Comparison> found = comparisonOf(read);
    if (!found || (common && !(*common == *found)))
      return std::nullopt;
    common = found;
  }
  return common;
}

/// The one comparison that everybody reads a kept argument for.
static std::optional<Comparison> comparisonOf(BlockArgument argument) {
  std::optional<Comparison> common;
  for (OpOperand &use : argument.getUses()) {
    std::optional<Comparison> found = comparisonIn(use);
    if (!found || (common && !(*common == *found)))
      return std::nullopt;
    common = found;
  }
  return common;
}

/// Makes `use` read the mask.
static void readMask(OpOperand &use, mlir::Value mask) {
  auto op = cast<linalg::GenericOp>(use.getOwner());
  BlockArgument entry = op.getMatchingBlockArgument(&use);
  SmallVector<Operation *> compares(entry.getUsers());
  use.set(mask);
  entry.setType(cast<RankedTensorType>(mask.getType()).getElementType());
  for (Operation *compare : compares) {
    compare->getResult(0).replaceAllUsesWith(entry);
    compare->erase();
  }
}

void conveinsum::moveMasks(TrainedPair pair) {
  auto [forward, backward] = pair;
  Operation *terminator = forward.getBody().front().getTerminator();
  SmallVector<mlir::Value> masks;
  for (auto [result, argument] :
       llvm::zip_equal(keptResults(forward), keptArguments(backward))) {
    mlir::Value value = terminator->getOperand(result);
    BlockArgument there = backward.getArgument(argument);
    std::optional<Comparison> found = comparisonOf(there);
    if (!found || isa<BlockArgument>(value))
      continue;
    auto type = cast<RankedTensorType>(value.getType());
    OpBuilder builder(terminator);
    mlir::Value constant = arith::ConstantOp::create(
        builder, value.getLoc(), DenseElementsAttr::get(type, found->constant));
    mlir::Value mask = arith::CmpFOp::create(
        builder, value.getLoc(), found->predicate,
        found->isRight ? constant : value, found->isRight ? value : constant);
    masks.push_back(mask);
    mlir::Value kept = addKeptArgument(backward, mask);
    for (OpOperand &use : llvm::make_early_inc_range(there.getUses()))
      readMask(use, kept);
  }
  if (!masks.empty())
    addKeptResults(forward, masks);
}

//===----------------------------------------------------------------------===//
// Bytes of bits
//===----------------------------------------------------------------------===//

static constexpr int64_t kBits = 8;

/// Whether a tensor holds bits that are packed.
static bool isPacked(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && tensor.getElementType().isInteger(1) &&
         tensor.hasStaticShape() && tensor.getRank() > 0 &&
         tensor.getNumElements() > 0;
}

static RankedTensorType packedType(RankedTensorType type) {
  return RankedTensorType::get(
      {int64_t(llvm::divideCeil(type.getNumElements(), kBits))},
      IntegerType::get(type.getContext(), kBits));
}

Count conveinsum::keptBytes(mlir::Value value) {
  if (!isPacked(value.getType()))
    return tensorBytes(value.getType());
  return tensorBytes(packedType(cast<RankedTensorType>(value.getType())));
}

namespace {
/// Builds what packs and unpacks tensors of one type.
class BitPacker {
public:
  BitPacker(OpBuilder &builder, Location loc, RankedTensorType type)
      : builder(builder), loc(loc), type(type), bytes(packedType(type)),
        flat(RankedTensorType::get({type.getNumElements()}, bit())),
        padded(RankedTensorType::get({bytes.getDimSize(0) * kBits}, bit())),
        rows(RankedTensorType::get({bytes.getDimSize(0), kBits}, bit())) {
    llvm::append_range(all.emplace_back(), llvm::seq<int64_t>(type.getRank()));
    AffineExpr row = builder.getAffineDimExpr(0);
    AffineExpr column = builder.getAffineDimExpr(1);
    auto map = [&](ArrayRef<AffineExpr> results) {
      return AffineMap::get(2, 0, results, builder.getContext());
    };
    ofBits = map({row, column});
    ofBytes = map({row});
    ofPowers = map({column});
  }

  mlir::Value pack(mlir::Value mask);
  mlir::Value unpack(mlir::Value packed);

private:
  Type bit() const { return type.getElementType(); }
  Type byte() const { return bytes.getElementType(); }
  mlir::Value zero() {
    return arith::ConstantOp::create(builder, loc, builder.getZeroAttr(byte()));
  }
  /// 1, 2, 4, ..., -128.
  mlir::Value powers();
  mlir::Value generic(mlir::Value left, AffineMap leftMap, mlir::Value out,
                      AffineMap outMap, utils::IteratorType inner,
                      function_ref<mlir::Value(ValueRange)> body);

  OpBuilder &builder;
  Location loc;
  RankedTensorType type, bytes, flat, padded, rows;
  SmallVector<ReassociationIndices> all;
  AffineMap ofBits, ofBytes, ofPowers;
};
} // namespace

mlir::Value BitPacker::powers() {
  SmallVector<int8_t> values;
  for (int64_t place = 0; place < kBits; ++place)
    values.push_back(int8_t(uint8_t(1) << place));
  return arith::ConstantOp::create(
      builder, loc,
      DenseElementsAttr::get(RankedTensorType::get({kBits}, byte()),
                             ArrayRef<int8_t>(values)));
}

mlir::Value BitPacker::generic(mlir::Value left, AffineMap leftMap,
                               mlir::Value out, AffineMap outMap,
                               utils::IteratorType inner,
                               function_ref<mlir::Value(ValueRange)> body) {
  return linalg::GenericOp::create(
             builder, loc, out.getType(), ValueRange{left, powers()},
             ValueRange{out}, ArrayRef<AffineMap>{leftMap, ofPowers, outMap},
             ArrayRef<utils::IteratorType>{utils::IteratorType::parallel,
                                           inner},
             [&](OpBuilder &nested, Location, ValueRange entries) {
               OpBuilder::InsertionGuard guard(builder);
               builder.setInsertionPointToEnd(nested.getInsertionBlock());
               linalg::YieldOp::create(builder, loc, body(entries));
             })
      .getResult(0);
}

mlir::Value BitPacker::pack(mlir::Value mask) {
  if (type.getRank() > 1)
    mask = tensor::CollapseShapeOp::create(builder, loc, flat, mask, all);
  if (padded != flat) {
    mlir::Value none =
        arith::ConstantOp::create(builder, loc, builder.getZeroAttr(bit()));
    SmallVector<OpFoldResult> low{builder.getIndexAttr(0)};
    SmallVector<OpFoldResult> high{
        builder.getIndexAttr(padded.getNumElements() - flat.getNumElements())};
    mask = tensor::PadOp::create(builder, loc, padded, mask, low, high, none);
  }
  mlir::Value split = tensor::ExpandShapeOp::create(
      builder, loc, rows, mask, ArrayRef<ReassociationIndices>{{0, 1}});
  mlir::Value empty =
      tensor::EmptyOp::create(builder, loc, bytes.getShape(), byte());
  mlir::Value sum =
      linalg::FillOp::create(builder, loc, zero(), empty).getResult(0);
  return generic(split, ofBits, sum, ofBytes, utils::IteratorType::reduction,
                 [&](ValueRange entries) -> mlir::Value {
                   mlir::Value power = arith::SelectOp::create(
                       builder, loc, entries[0], entries[1], zero());
                   return arith::AddIOp::create(builder, loc, entries[2],
                                                power);
                 });
}

mlir::Value BitPacker::unpack(mlir::Value packed) {
  mlir::Value empty =
      tensor::EmptyOp::create(builder, loc, rows.getShape(), bit());
  mlir::Value mask =
      generic(packed, ofBytes, empty, ofBits, utils::IteratorType::parallel,
              [&](ValueRange entries) -> mlir::Value {
                mlir::Value power =
                    arith::AndIOp::create(builder, loc, entries[0], entries[1]);
                return arith::CmpIOp::create(
                    builder, loc, arith::CmpIPredicate::ne, power, zero());
              });
  mask = tensor::CollapseShapeOp::create(
      builder, loc, padded, mask, ArrayRef<ReassociationIndices>{{0, 1}});
  if (padded != flat) {
    SmallVector<OpFoldResult> offset{builder.getIndexAttr(0)};
    SmallVector<OpFoldResult> size{builder.getIndexAttr(flat.getNumElements())};
    SmallVector<OpFoldResult> stride{builder.getIndexAttr(1)};
    mask = tensor::ExtractSliceOp::create(builder, loc, flat, mask, offset,
                                          size, stride);
  }
  if (type.getRank() > 1)
    mask = tensor::ExpandShapeOp::create(builder, loc, type, mask, all);
  return mask;
}

void conveinsum::packMasks(TrainedPair pair) {
  auto [forward, backward] = pair;
  Operation *terminator = forward.getBody().front().getTerminator();
  SmallVector<Type> results(forward.getResultTypes());
  SmallVector<Type> arguments(backward.getArgumentTypes());
  for (auto [result, number] :
       llvm::zip_equal(keptResults(forward), keptArguments(backward))) {
    if (!isPacked(results[result]))
      continue;
    auto type = cast<RankedTensorType>(results[result]);
    results[result] = arguments[number] = packedType(type);
    mlir::Value mask = terminator->getOperand(result);
    OpBuilder before(terminator);
    terminator->setOperand(result,
                           BitPacker(before, mask.getLoc(), type).pack(mask));

    BlockArgument argument = backward.getArgument(number);
    Block &body = backward.getBody().front();
    Operation *first = nullptr;
    for (Operation *user : argument.getUsers()) {
      Operation *reader = body.findAncestorOpInBlock(*user);
      if (!first || reader->isBeforeInBlock(first))
        first = reader;
    }
    argument.setType(packedType(type));
    if (!first)
      continue;
    OpBuilder builder(first);
    SmallVector<OpOperand *> uses;
    for (OpOperand &use : argument.getUses())
      uses.push_back(&use);
    mlir::Value unpacked =
        BitPacker(builder, argument.getLoc(), type).unpack(argument);
    for (OpOperand *use : uses)
      use->set(unpacked);
  }
  Builder builder(forward.getContext());
  forward.setType(builder.getFunctionType(forward.getArgumentTypes(), results));
  backward.setType(
      builder.getFunctionType(arguments, backward.getResultTypes()));
}
