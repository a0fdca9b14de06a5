//===- Cut.cpp - What the backward pass reads of the forward one ----------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Goes from what remains to what it reads, and stops at values that are kept.
//
//===----------------------------------------------------------------------===//

#include "Cut.h"
#include "Reads.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace conveinsum;

void conveinsum::eraseDead(Block &body) {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(body)))
    if (isOpTriviallyDead(&op) || (isa<func::CallOp>(op) && op.use_empty()))
      op.erase();
}

namespace {
class Cut {
public:
  Cut(Block &body, const CopiedOps &copies) : body(body), copies(copies) {}

  SmallVector<Value> find();

private:
  bool isComputedAgain(Operation *op) const;
  void read(Value value);

  Block &body;
  const CopiedOps &copies;
  /// Values that depend on no argument.
  llvm::DenseSet<Value> literals;
  llvm::SetVector<Operation *> remaining;
  llvm::DenseSet<Value> kept;
};
} // namespace

/// Ops that only look at their operand, read numbers from it, or read nothing.
bool Cut::isComputedAgain(Operation *op) const {
  if (isa<tensor::CastOp, tensor::CollapseShapeOp, tensor::ExpandShapeOp>(op))
    return true;
  return llvm::all_of(op->getResults(), [&](Value result) {
    return literals.contains(result) || !isa<TensorType>(result.getType());
  });
}

void Cut::read(Value value) {
  Operation *op = value.getDefiningOp();
  if (!op || op->getBlock() != &body || !copies.contains(op))
    return;
  if (isComputedAgain(op))
    remaining.insert(op);
  else
    kept.insert(value);
}

SmallVector<Value> Cut::find() {
  for (Operation &op : body) {
    bool isLiteral = true;
    forEachRead(&op,
                [&](Value value) { isLiteral &= literals.contains(value); });
    if (isLiteral)
      literals.insert(op.result_begin(), op.result_end());
    // Of the copies, the terminator alone is read by others: callers.
    if (!copies.contains(&op) || op.hasTrait<OpTrait::IsTerminator>())
      remaining.insert(&op);
  }
  for (size_t i = 0; i < remaining.size(); ++i)
    forEachRead(remaining[i], [&](Value value) { read(value); });

  SmallVector<Value> inOrder;
  for (Operation &op : body)
    for (Value result : op.getResults())
      if (kept.contains(result))
        inOrder.push_back(result);
  return inOrder;
}

SmallVector<Value> conveinsum::findKept(Block &body, const CopiedOps &copies) {
  return Cut(body, copies).find();
}
