//===- Passes.h - Passes of the CPU code generator --------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From linalg on buffers to loops around register tiles. The pass knows nothing
// of conveinsum: it takes any linalg op of one result with static shapes. It
// stands between bufferization and the arena of CodeGen/Common; Pipelines/ puts
// them together with upstream passes.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_CODEGEN_CPU_PASSES_H
#define CONVEINSUM_CODEGEN_CPU_PASSES_H

#include "mlir/Pass/Pass.h"

namespace mlir {
namespace func {
class FuncOp;
} // namespace func
} // namespace mlir

namespace conveinsum {

#define GEN_PASS_DECL
#include "conveinsum/CodeGen/CPU/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "conveinsum/CodeGen/CPU/Passes.h.inc"

} // namespace conveinsum

#endif // CONVEINSUM_CODEGEN_CPU_PASSES_H
