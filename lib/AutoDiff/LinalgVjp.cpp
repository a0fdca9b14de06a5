//===- LinalgVjp.cpp - Gradients of linalg ops ----------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An op of linalg applies its body to the entries that its maps name, and maybe
// adds up. Its gradient towards one input is a body, too: that of the op and
// the derivatives of its scalar ops, on the cotangents of the results. Sums
// over what the input lacks are einsums, which are summed as those are; where a
// cotangent goes on as it is, the einsum is all.
//
//===----------------------------------------------------------------------===//

#include "Models.h"
#include "Reads.h"
#include "Values.h"
#include "conveinsum/AutoDiff/Vjp.h"
#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsum.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace conveinsum;

namespace {
/// The gradients of one op.
class LinalgGradient {
public:
  LinalgGradient(linalg::LinalgOp op, Vjp &vjp)
      : op(op), vjp(vjp), builder(vjp.builder), loc(op.getLoc()) {}

  LogicalResult build();

private:
  LogicalResult check();
  LogicalResult findSummands();
  LogicalResult addInput(OpOperand &input);
  /// The body's cotangent of an input, where it needs no computation.
  OpResult passedOn(OpOperand &input);
  mlir::Value inIterationSpace(OpOperand &input);
  mlir::Value reduced(mlir::Value value, AffineMap from, OpOperand &input);

  linalg::LinalgOp op;
  Vjp &vjp;
  OpBuilder &builder;
  Location loc;
  /// For each result what the body adds to it or sets it to.
  SmallVector<mlir::Value> summands;
};
} // namespace

LogicalResult LinalgGradient::check() {
  for (AffineMap map : op.getIndexingMapsArray())
    if (!map.isProjectedPermutation())
      return op.emitOpError("expected indexing maps without arithmetic in an "
                            "op whose gradient is asked for, got ")
             << AffineMapAttr::get(map)
             << "; a convolution is a conveinsum.einsum";
  LogicalResult ok = success();
  llvm::SetVector<mlir::Value> captured;
  getUsedValuesDefinedAbove(op->getRegions(), captured);
  for (mlir::Value value : captured)
    if (vjp.needs(value))
      ok = op.emitOpError("expected what needs a gradient among the inputs, "
                          "got it used in the body");
  return ok;
}

/// The other side of a sum with the result's entry so far.
static mlir::Value addedTo(mlir::Value sum, BlockArgument entry) {
  Operation *add = sum.getDefiningOp();
  if (!add || !isa<arith::AddFOp, complex::AddOp>(add) || !entry.hasOneUse())
    return nullptr;
  if (add->getOperand(0) == entry)
    return add->getOperand(1);
  return add->getOperand(1) == entry ? add->getOperand(0) : mlir::Value();
}

LogicalResult LinalgGradient::findSummands() {
  Operation *yield = op.getBlock()->getTerminator();
  for (OpOperand &init : op.getDpsInitsMutable()) {
    BlockArgument entry = op.getMatchingBlockArgument(&init);
    mlir::Value yielded = yield->getOperand(summands.size());
    bool isSet =
        entry.use_empty() &&
        op.getMatchingIndexingMap(&init).getNumResults() == op.getNumLoops();
    summands.push_back(isSet ? yielded : addedTo(yielded, entry));
    if (!summands.back())
      return op.emitOpError("expected a body that computes each entry once or "
                            "sums up with arith.addf, as its gradient is asked "
                            "for");
    if (!isSet)
      vjp.add(init.get(), vjp.cotangent(op.getTiedOpResult(&init)));
  }
  return success();
}

OpResult LinalgGradient::passedOn(OpOperand &input) {
  BlockArgument entry = op.getMatchingBlockArgument(&input);
  OpResult found;
  for (auto [k, summand] : llvm::enumerate(summands)) {
    if (!vjp.cotangent(op->getResult(k)))
      continue;
    if (summand != entry) {
      // It might depend on the input in another way.
      if (summand.getDefiningOp())
        return OpResult();
      continue;
    }
    if (found)
      return OpResult();
    found = op->getResult(k);
  }
  if (!found)
    return OpResult();
  // Where the input has entries that the result has summed up, the cotangent is
  // repeated, which no einsum does.
  AffineMap read = op.getMatchingIndexingMap(&input);
  AffineMap written = op.getIndexingMapMatchingResult(found);
  for (AffineExpr dim : read.getResults())
    if (!llvm::is_contained(written.getResults(), dim))
      return OpResult();
  return found;
}

/// The gradient towards `input`, one entry for each execution of the body.
mlir::Value LinalgGradient::inIterationSpace(OpOperand &input) {
  SmallVector<mlir::Value> inputs;
  SmallVector<AffineMap> maps;
  SmallVector<unsigned> cotangents;
  for (OpOperand *read : op.getDpsInputOperands()) {
    inputs.push_back(read->get());
    maps.push_back(op.getMatchingIndexingMap(read));
  }
  unsigned numReads = inputs.size();
  for (OpResult result : op->getResults()) {
    if (mlir::Value cotangent = vjp.cotangent(result)) {
      inputs.push_back(cotangent);
      maps.push_back(op.getIndexingMapMatchingResult(result));
      cotangents.push_back(result.getResultNumber());
    }
  }
  BlockArgument entry = op.getMatchingBlockArgument(&input);
  unsigned rank = op.getNumLoops();
  maps.push_back(builder.getMultiDimIdentityMap(rank));
  mlir::Value empty = tensor::EmptyOp::create(
      builder, loc, op.getStaticLoopRanges(), entry.getType());
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::parallel);
  auto fillBody = [&](OpBuilder &inner, Location at, ValueRange entries) {
    IRMapping mapping;
    for (auto [k, read] : llvm::enumerate(op.getDpsInputOperands()))
      mapping.map(op.getMatchingBlockArgument(read), entries[k]);
    // Sums so far are read by the sums alone, whose gradient needs no value.
    for (OpOperand &init : op.getDpsInitsMutable())
      mapping.map(op.getMatchingBlockArgument(&init),
                  constantOf(inner, at, getElementTypeOrSelf(init.get()), 0));
    Vjp scalars(inner);
    scalars.ask(entries[op.getDpsInputOperands().size() == 0
                            ? 0
                            : input.getOperandNumber()]);
    SmallVector<Operation *> ops;
    for (Operation &each : op.getBlock()->without_terminator()) {
      ops.push_back(inner.clone(each, mapping));
      scalars.follow(ops.back());
    }
    for (auto [k, number] : llvm::enumerate(cotangents))
      scalars.add(mapping.lookupOrDefault(summands[number]),
                  entries[numReads + k]);
    for (Operation *each : llvm::reverse(ops))
      if (failed(scalars.visit(each)))
        break; // reported; the op below keeps the IR valid
    mlir::Value gradient = scalars.cotangent(entries[input.getOperandNumber()]);
    linalg::YieldOp::create(
        inner, at,
        gradient ? gradient : constantOf(inner, at, entry.getType(), 0));
  };
  return linalg::GenericOp::create(builder, loc, empty.getType(), inputs, empty,
                                   maps, iterators, fillBody)
      .getResult(0);
}

/// Sums over the dimensions that the input lacks and puts the others into its
/// order; `from` says what the dimensions of `value` are.
mlir::Value LinalgGradient::reduced(mlir::Value value, AffineMap from,
                                    OpOperand &input) {
  AffineMap to = op.getMatchingIndexingMap(&input);
  if (from != to) {
    EquationParts parts;
    parts.operands.resize(1);
    parts.shapes.push_back(shapeOf(cast<RankedTensorType>(value.getType())));
    llvm::SmallDenseMap<AffineExpr, ModeId> modes;
    for (AffineExpr dim : from.getResults()) {
      modes[dim] = parts.labels.size();
      parts.operands[0].push_back(parts.labels.size());
      parts.labels.push_back("d" + std::to_string(parts.labels.size()));
    }
    for (AffineExpr dim : to.getResults())
      parts.result.push_back(modes.lookup(dim));
    value = EinsumOp::create(builder, loc, Equation::fromParts(parts),
                             ValueRange(value), getElementTypeOrSelf(value))
                .getResult();
  }
  if (isa<RankedTensorType>(input.get().getType()))
    return value;
  return tensor::ExtractOp::create(builder, loc, value, ValueRange());
}

LogicalResult LinalgGradient::addInput(OpOperand &input) {
  if (!vjp.needs(input.get()))
    return success();
  if (OpResult result = passedOn(input)) {
    vjp.add(input.get(),
            reduced(vjp.cotangent(result),
                    op.getIndexingMapMatchingResult(result), input));
    return success();
  }
  // Only what the body computes is asked for its rule; the first op without one
  // is reported before anything is built.
  for (Operation &each : op.getBlock()->without_terminator())
    if (!isa<DifferentiableOpInterface>(each) &&
        llvm::any_of(each.getResultTypes(), isDifferentiable) &&
        each.getNumOperands() != 0)
      return each.emitOpError("expected an op that has a gradient, got one "
                              "that does not implement "
                              "DifferentiableOpInterface");
  mlir::Value value = inIterationSpace(input);
  vjp.add(
      input.get(),
      reduced(value, builder.getMultiDimIdentityMap(op.getNumLoops()), input));
  return success();
}

LogicalResult LinalgGradient::build() {
  if (failed(check()) || failed(findSummands()))
    return failure();
  for (OpOperand *input : op.getDpsInputOperands())
    if (failed(addInput(*input)))
      return failure();
  return success();
}

namespace {
template <typename Op>
struct LinalgModel
    : DifferentiableOpInterface::ExternalModel<LinalgModel<Op>, Op> {
  LogicalResult buildVjp(Operation *op, Vjp &vjp) const {
    return LinalgGradient(cast<linalg::LinalgOp>(op), vjp).build();
  }
};
} // namespace

template <typename... Ops>
static void attach(MLIRContext *context) {
  (Ops::template attachInterface<LinalgModel<Ops>>(*context), ...);
}

void conveinsum::registerLinalgModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, linalg::LinalgDialect *) {
    attach<linalg::GenericOp, linalg::MapOp, linalg::ReduceOp,
           linalg::TransposeOp, linalg::BroadcastOp, linalg::FillOp,
           linalg::CopyOp, linalg::ElementwiseOp>(context);
    attach<linalg::AddOp, linalg::SubOp, linalg::MulOp, linalg::DivOp,
           linalg::MaxOp, linalg::MinOp, linalg::NegFOp, linalg::ExpOp,
           linalg::LogOp, linalg::AbsOp, linalg::SqrtOp, linalg::RsqrtOp,
           linalg::SquareOp, linalg::TanhOp, linalg::ErfOp,
           linalg::ReciprocalOp, linalg::PowFOp, linalg::SelectOp,
           linalg::CeilOp, linalg::FloorOp, linalg::RoundOp>(context);
    attach<linalg::MatmulOp, linalg::BatchMatmulOp, linalg::MatvecOp,
           linalg::VecmatOp, linalg::DotOp, linalg::ContractOp>(context);
  });
}
