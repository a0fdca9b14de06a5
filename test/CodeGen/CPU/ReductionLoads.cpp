//===- ReductionLoads.cpp - Finds results read while they are summed ------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ReductionLoads.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;

/// The buffer that a view looks at. A place in the workspace is a buffer.
static Value rootOf(Value buffer) {
  while (auto view = buffer.getDefiningOp<ViewLikeOpInterface>()) {
    if (isa<memref::ViewOp>(view))
      break;
    buffer = view.getViewSource();
  }
  return buffer;
}

namespace {
struct Access {
  Operation *op;
  Value root;
  ValueRange indices;
};
} // namespace

static void collect(Operation *function, SmallVectorImpl<Access> &loads,
                    SmallVectorImpl<Access> &stores) {
  function->walk([&](Operation *op) {
    if (auto load = dyn_cast<memref::LoadOp>(op))
      loads.push_back({op, rootOf(load.getMemRef()), load.getIndices()});
    if (auto load = dyn_cast<vector::LoadOp>(op))
      loads.push_back({op, rootOf(load.getBase()), load.getIndices()});
    if (auto load = dyn_cast<vector::MaskedLoadOp>(op))
      loads.push_back({op, rootOf(load.getBase()), load.getIndices()});
    if (auto store = dyn_cast<memref::StoreOp>(op))
      stores.push_back({op, rootOf(store.getMemRef()), store.getIndices()});
    if (auto store = dyn_cast<vector::StoreOp>(op))
      stores.push_back({op, rootOf(store.getBase()), store.getIndices()});
    if (auto store = dyn_cast<vector::MaskedStoreOp>(op))
      stores.push_back({op, rootOf(store.getBase()), store.getIndices()});
  });
}

static bool dependsOn(Value value, Value number) {
  if (value == number)
    return true;
  Operation *op = value.getDefiningOp();
  return op && llvm::any_of(op->getOperands(), [&](Value operand) {
           return dependsOn(operand, number);
         });
}

static bool isMadeBy(Value value, Operation *maker) {
  Operation *op = value.getDefiningOp();
  return op &&
         (op == maker || llvm::any_of(op->getOperands(), [&](Value operand) {
            return isMadeBy(operand, maker);
          }));
}

/// Whether `store` stands in the loop nest of `loop` or writes what it carries.
/// Nests before that one make its inputs, and it may read those.
static bool belongsTo(const Access &store, scf::ForOp loop) {
  Operation *nest = loop;
  while (!isa<FunctionOpInterface>(nest->getParentOp()))
    nest = nest->getParentOp();
  return nest->isAncestor(store.op) ||
         llvm::any_of(store.op->getOperands(),
                      [&](Value operand) { return isMadeBy(operand, loop); });
}

std::string conveinsum::test::findLoadInReduction(Operation *function) {
  SmallVector<Access> loads, stores;
  collect(function, loads, stores);
  for (const Access &store : stores)
    for (auto loop = store.op->getParentOfType<scf::ForOp>(); loop;
         loop = loop->getParentOfType<scf::ForOp>())
      if (!llvm::any_of(store.indices, [&](Value index) {
            return dependsOn(index, loop.getInductionVar());
          }))
        return "a store inside a reduction loop";
  for (const Access &load : loads)
    for (auto loop = load.op->getParentOfType<scf::ForOp>(); loop;
         loop = loop->getParentOfType<scf::ForOp>())
      for (const Access &store : stores)
        if (loop.getNumResults() != 0 && store.root == load.root &&
            belongsTo(store, loop))
          return "a load of the result inside a reduction loop";
  return "";
}
