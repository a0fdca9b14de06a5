//===- Liveness.cpp - The most bytes that are alive at once ---------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Values that share a buffer are one storage, which is alive from the op that
// first writes it to the one that last reads it. Two figures are read from
// them: the peak, which has what is kept as long as it is read, and the
// workspace, which does not, but has what lives inside of steps.
//
//===----------------------------------------------------------------------===//

#include "AutoDiff/Reads.h"
#include "KeptValues.h"
#include "StepWorkspace.h"
#include "ValueCosts.h"
#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsum.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace conveinsum;

namespace {
struct Storage {
  Count bytes;
  unsigned first, last;
  /// The caller's, or a constant: never counted.
  bool isOthers = false;
  /// Between the two functions.
  bool isKept = false;
};

enum class Figure : uint8_t { Peak, Workspace };

class Liveness {
public:
  /// Without `steps` they take nothing inside.
  Liveness(func::FuncOp function, Figure figure, StepWorkspaces *steps)
      : function(function), figure(figure), steps(steps) {}
  Count most();

private:
  void addArguments();
  void addResults(Operation *op);
  void read(Operation *op);
  void markReturned(Operation *terminator);
  std::optional<mlir::Value> sharedBy(OpResult result);
  std::optional<mlir::Value> overwrittenBy(OpResult result);
  /// Null for what has no storage, such as scalars and values without contents.
  Storage *find(mlir::Value value);

  func::FuncOp function;
  Figure figure;
  StepWorkspaces *steps;
  /// From every value to the one whose storage it has.
  llvm::DenseMap<mlir::Value, mlir::Value> roots;
  llvm::MapVector<mlir::Value, Storage> storages;
  unsigned now = 0;
};
} // namespace

Storage *Liveness::find(mlir::Value value) {
  auto root = roots.find(value);
  if (root == roots.end())
    return nullptr;
  auto storage = storages.find(root->second);
  return storage == storages.end() ? nullptr : &storage->second;
}

void Liveness::addArguments() {
  for (BlockArgument argument : function.getArguments()) {
    // What is kept lies in its buffer without gaps.
    Storage storage{tensorBytes(argument.getType()), 0, 0};
    storage.isKept = isKeptArgument(function, argument.getArgNumber());
    storage.isOthers = !storage.isKept || figure == Figure::Workspace;
    roots[argument] = argument;
    storages[argument] = storage;
  }
}

/// The operand whose storage a result has.
std::optional<mlir::Value> Liveness::sharedBy(OpResult result) {
  Operation *op = result.getOwner();
  if (isView(op))
    return op->getOperand(isa<BarrierOp>(op) ? result.getResultNumber() : 0);
  auto writes = dyn_cast<DestinationStyleOpInterface>(op);
  if (!writes)
    return figure == Figure::Workspace ? overwrittenBy(result) : std::nullopt;
  mlir::Value destination = writes.getTiedOpOperand(result)->get();
  // What others still read, or the caller's, is not written.
  if (!destination.hasOneUse() || isa<BlockArgument>(destination))
    return std::nullopt;
  return destination;
}

/// Whether `value`, or a view of it, is read behind `op`.
static bool isReadAfter(Operation *op, mlir::Value value) {
  return llvm::any_of(value.getUsers(), [&](Operation *user) {
    Operation *reader = op->getBlock()->findAncestorOpInBlock(*user);
    if (op->isBeforeInBlock(reader))
      return true;
    return isView(user) && llvm::any_of(user->getResults(), [&](mlir::Value v) {
             return isReadAfter(op, v);
           });
  });
}

/// The operand that arithmetic entry by entry writes its result over: the first
/// one of the type, if it is the function's own and nobody reads it later.
std::optional<mlir::Value> Liveness::overwrittenBy(OpResult result) {
  Operation *op = result.getOwner();
  if (!op->hasTrait<OpTrait::Elementwise>())
    return std::nullopt;
  for (mlir::Value operand : op->getOperands()) {
    if (operand.getType() != result.getType())
      continue;
    Storage *storage = find(operand);
    if (storage && !storage->isOthers &&
        !isReadAfter(op, roots.lookup(operand)))
      return operand;
    return std::nullopt;
  }
  return std::nullopt;
}

void Liveness::addResults(Operation *op) {
  // It has contents from the first op on that writes to it.
  if (isa<tensor::EmptyOp>(op))
    return;
  for (OpResult result : op->getResults()) {
    if (!isa<RankedTensorType>(result.getType()))
      continue;
    if (std::optional<mlir::Value> shared = sharedBy(result))
      if (auto root = roots.find(*shared); root != roots.end()) {
        // A new entry may move the others.
        mlir::Value owner = root->second;
        roots[result] = owner;
        continue;
      }
    Storage storage{bufferBytes(result.getType()), now, now};
    storage.isOthers = op->hasTrait<OpTrait::ConstantLike>();
    roots[result] = result;
    storages[result] = storage;
  }
}

void Liveness::read(Operation *op) {
  forEachRead(op, [&](mlir::Value value) {
    if (Storage *storage = find(value))
      storage->last = now;
  });
}

/// Results are the caller's, kept values too, but these are counted.
void Liveness::markReturned(Operation *terminator) {
  for (auto [number, value] : llvm::enumerate(terminator->getOperands())) {
    Storage *storage = find(value);
    if (!storage)
      continue;
    if (!isKeptResult(function, number) || figure == Figure::Workspace) {
      storage->isOthers = true;
      continue;
    }
    storage->isKept = true;
    storage->bytes = tensorBytes(value.getType());
  }
}

Count Liveness::most() {
  addArguments();
  Block &body = function.getBody().front();
  std::vector<Count> inside(body.getOperations().size() + 1);
  for (Operation &op : body) {
    ++now;
    read(&op);
    addResults(&op);
    if (auto step = dyn_cast<EinsumOp>(op); step && steps)
      inside[now] = steps->of(step);
  }
  markReturned(body.getTerminator());
  std::vector<Count> born(now + 2), gone(now + 2);
  for (const auto &[value, storage] : storages) {
    bool isCounted = figure == Figure::Peak && storage.isKept;
    if (storage.isOthers && !isCounted)
      continue;
    born[storage.first] += storage.bytes;
    gone[storage.last + 1] += storage.bytes;
  }
  Count alive, most;
  for (unsigned at = 0; at <= now; ++at) {
    alive = alive + born[at] - gone[at];
    most = std::max(most, alive + inside[at]);
  }
  return most;
}

Count conveinsum::peakBytes(func::FuncOp function) {
  return Liveness(function, Figure::Peak, nullptr).most();
}

Count conveinsum::workspaceBytes(func::FuncOp function) {
  StepWorkspaces steps;
  return Liveness(function, Figure::Workspace, &steps).most();
}
