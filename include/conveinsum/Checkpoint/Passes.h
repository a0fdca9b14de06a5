//===- Passes.h - The pass that decides what to keep ------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Constructor, options and registration of the pass of Passes.td.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_CHECKPOINT_PASSES_H
#define CONVEINSUM_CHECKPOINT_PASSES_H

#include "conveinsum/Checkpoint/Checkpoint.h"
#include "mlir/Pass/Pass.h"

namespace conveinsum {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "conveinsum/Checkpoint/Passes.h.inc"

} // namespace conveinsum

#endif // CONVEINSUM_CHECKPOINT_PASSES_H
