//===- Passes.h - Passes of all code generators -----------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From linalg on static tensors to buffers that live in one workspace. The
// passes know nothing of conveinsum: they take any linalg op of one result with
// static shapes. A code generator makes loops of the ops between the two;
// Pipelines/ puts them together.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_CODEGEN_COMMON_PASSES_H
#define CONVEINSUM_CODEGEN_COMMON_PASSES_H

#include "conveinsum/Dialect/ConvEinsum/IR/AttributeNames.h"
#include "mlir/Pass/Pass.h"

namespace mlir {
class DialectRegistry;
class ModuleOp;
} // namespace mlir

namespace conveinsum {

/// Alignment in bytes of the workspace, of results and of buffers within it.
inline constexpr int64_t kBufferAlignment = 64;

#define GEN_PASS_DECL
#include "conveinsum/CodeGen/Common/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "conveinsum/CodeGen/Common/Passes.h.inc"

/// Registers the dialects that the passes read or make, and the external models
/// of the interfaces that bufferization needs.
void registerCodeGenDialects(mlir::DialectRegistry &registry);

} // namespace conveinsum

#endif // CONVEINSUM_CODEGEN_COMMON_PASSES_H
