//===- BufferRoots.cpp - The buffer behind a view -------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Follows the view ops of memref. Views keep the base pointer of their source,
// so offsets and strides of a view's type count from the root.
//
//===----------------------------------------------------------------------===//

#include "BufferRoots.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace conveinsum;
using namespace mlir;

Value conveinsum::getViewSource(Operation *op) {
  // memref.view moves the base pointer: it is the root of its own bytes.
  if (!op || isa<memref::ViewOp>(op))
    return {};
  if (auto view = dyn_cast<ViewLikeOpInterface>(op))
    return view.getViewSource();
  return {};
}

Value conveinsum::getBufferRoot(Value memref) {
  while (Value source = getViewSource(memref.getDefiningOp()))
    memref = source;
  return memref;
}

void conveinsum::forEachBufferUser(
    Value root, llvm::function_ref<void(Operation *)> visit) {
  for (Operation *user : root.getUsers()) {
    if (getViewSource(user)) {
      for (Value result : user->getResults())
        forEachBufferUser(result, visit);
      continue;
    }
    visit(user);
  }
}

void conveinsum::eraseDeadViews(Operation *op) {
  SmallVector<Operation *> views;
  op->walk([&](Operation *inner) {
    if (getViewSource(inner))
      views.push_back(inner);
  });
  for (Operation *view : llvm::reverse(views))
    if (view->use_empty())
      view->erase();
}
