//===- BufferRoots.h - The buffer behind a view -----------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// After bufferization every memref is a chain of views (subview, reshapes,
// casts) of one dense buffer: an argument, an allocation or a constant. Two
// memrefs can only overlap if they have the same root.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_CODEGEN_COMMON_BUFFERROOTS_H
#define CONVEINSUM_LIB_CODEGEN_COMMON_BUFFERROOTS_H

#include "mlir/IR/Operation.h"

namespace conveinsum {

/// The buffer that `memref` is a view of.
mlir::Value getBufferRoot(mlir::Value memref);

/// The value that `op` makes a view of, or null when `op` is no view.
mlir::Value getViewSource(mlir::Operation *op);

/// Calls `visit` with every operation that uses `root` or a view of it; views
/// themselves are not visited.
void forEachBufferUser(mlir::Value root,
                       llvm::function_ref<void(mlir::Operation *)> visit);

/// Erases the views inside `op` that nothing uses.
void eraseDeadViews(mlir::Operation *op);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_CODEGEN_COMMON_BUFFERROOTS_H
