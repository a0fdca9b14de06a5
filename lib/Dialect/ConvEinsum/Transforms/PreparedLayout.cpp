//===- PreparedLayout.cpp - How prepared kernels lie in memory ------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A convolution over rows as long as a vector or longer runs along the rows,
// whatever the kernel's layout. Over shorter rows its vectors stay half empty,
// while the channels that the kernel brings fill them if they are contiguous.
//
//===----------------------------------------------------------------------===//

#include "PreparedLayout.h"
#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsum.h"
#include "llvm/ADT/Sequence.h"

using namespace mlir;
using namespace conveinsum;

/// Lanes of 32 bits in the widest vectors there are.
static constexpr int64_t kLanes = 16;

/// Whether the mode is the kernel's own and the result has it.
static bool isOwn(const Equation &step, ModeId mode) {
  return !step.relation(mode) && step.inResult(mode) &&
         step.numHolders(mode) == 1;
}

/// Whether lanes along the own modes of side `kernel` beat lanes along rows.
static bool wantsOwnModesInnermost(const Equation &step, unsigned kernel) {
  if (step.resultModes().empty())
    return false;
  ModeId innermost = step.resultModes().back();
  const LinearRelation *row = step.relation(innermost);
  if (!row || step.numHolders(innermost) != step.numOperands() ||
      row->resultExtent >= kLanes)
    return false;
  int64_t own = 1;
  for (ModeId mode : step.operandModes(kernel))
    if (isOwn(step, mode))
      own = std::max(own, step.size(mode));
  return own >= kLanes;
}

/// The dimensions of side `kernel` in their new order: what both sides hold,
/// conv modes, own modes; each in the order that they had.
static SmallVector<unsigned> newOrder(const Equation &step, unsigned kernel) {
  ArrayRef<ModeId> modes = step.operandModes(kernel);
  auto rank = [&](unsigned dimension) {
    ModeId mode = modes[dimension];
    return step.relation(mode) ? 1 : isOwn(step, mode) ? 2 : 0;
  };
  SmallVector<unsigned> order =
      llvm::to_vector(llvm::seq<unsigned>(modes.size()));
  llvm::stable_sort(order,
                    [&](unsigned a, unsigned b) { return rank(a) < rank(b); });
  return order;
}

/// The same list in another order.
template <typename List>
static List permuted(const List &list, ArrayRef<unsigned> order) {
  List result;
  for (unsigned dimension : order)
    result.push_back(list[dimension]);
  return result;
}

static void setEquation(EinsumOp op, EquationParts parts) {
  op.setEquationAttr(EquationAttr::get(op.getContext(),
                                       Equation::fromParts(std::move(parts))));
}

void conveinsum::layOutPrepared(mlir::Value value) {
  auto producer = value.getDefiningOp<EinsumOp>();
  if (!producer || producer.getPlanAttr() || !value.hasOneUse())
    return;
  OpOperand &use = *value.use_begin();
  auto reader = dyn_cast<EinsumOp>(use.getOwner());
  if (!reader || reader.getPlanAttr() || reader.getInputs().size() != 2)
    return;
  FailureOr<Equation> step = reader.boundEquation();
  FailureOr<Equation> making = producer.boundEquation();
  if (failed(step) || failed(making) || !step->hasStaticShapes() ||
      !making->hasStaticShapes())
    return;
  unsigned kernel = use.getOperandNumber();
  if (!wantsOwnModesInnermost(*step, kernel))
    return;
  SmallVector<unsigned> order = newOrder(*step, kernel);
  if (llvm::is_sorted(order))
    return;

  EquationParts made = making->parts();
  made.result = permuted(made.result, order);
  EquationParts read = step->parts();
  read.operands[kernel] = permuted(read.operands[kernel], order);
  read.shapes[kernel] = permuted(read.shapes[kernel], order);
  auto type = cast<RankedTensorType>(value.getType());
  SmallVector<int64_t> shape(type.getShape());
  value.setType(type.clone(permuted(shape, order)));
  setEquation(producer, std::move(made));
  setEquation(reader, std::move(read));
}
