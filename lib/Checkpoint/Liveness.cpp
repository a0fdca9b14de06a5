//===- Liveness.cpp - The most bytes that are alive at once ---------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Values that share a buffer are one storage, which is alive from the op that
// first writes it to the one that last reads it.
//
//===----------------------------------------------------------------------===//

#include "AutoDiff/Reads.h"
#include "KeptValues.h"
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
  /// Counted whatever else it is.
  bool isKept = false;
};

class Liveness {
public:
  explicit Liveness(func::FuncOp function) : function(function) {}
  Count peak();

private:
  void addArguments();
  void addResults(Operation *op);
  void read(Operation *op);
  void markReturned(Operation *terminator);
  std::optional<mlir::Value> sharedBy(OpResult result) const;
  /// Null for what has no storage, such as scalars and values without contents.
  Storage *find(mlir::Value value);

  func::FuncOp function;
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
    storage.isOthers = !storage.isKept;
    roots[argument] = argument;
    storages[argument] = storage;
  }
}

/// The operand whose storage a result has.
std::optional<mlir::Value> Liveness::sharedBy(OpResult result) const {
  Operation *op = result.getOwner();
  if (isView(op))
    return op->getOperand(isa<BarrierOp>(op) ? result.getResultNumber() : 0);
  auto writes = dyn_cast<DestinationStyleOpInterface>(op);
  if (!writes)
    return std::nullopt;
  mlir::Value destination = writes.getTiedOpOperand(result)->get();
  // What others still read, or the caller's, is not written.
  if (!destination.hasOneUse() || isa<BlockArgument>(destination))
    return std::nullopt;
  return destination;
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
    if (!isKeptResult(function, number)) {
      storage->isOthers = true;
      continue;
    }
    storage->isKept = true;
    storage->bytes = tensorBytes(value.getType());
  }
}

Count Liveness::peak() {
  addArguments();
  Block &body = function.getBody().front();
  for (Operation &op : body) {
    ++now;
    read(&op);
    addResults(&op);
  }
  markReturned(body.getTerminator());
  std::vector<Count> born(now + 2), gone(now + 2);
  for (const auto &[value, storage] : storages) {
    if (storage.isOthers && !storage.isKept)
      continue;
    born[storage.first] += storage.bytes;
    gone[storage.last + 1] += storage.bytes;
  }
  Count alive, most;
  for (unsigned at = 0; at <= now; ++at) {
    alive = alive + born[at] - gone[at];
    most = std::max(most, alive);
  }
  return most;
}

Count conveinsum::peakBytes(func::FuncOp function) {
  return Liveness(function).peak();
}
