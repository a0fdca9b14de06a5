//===- Passes.h - Gradients of functions ------------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The pass of the room and how it is registered.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_AUTODIFF_PASSES_H
#define CONVEINSUM_AUTODIFF_PASSES_H

#include "conveinsum/AutoDiff/Differentiate.h"
#include "mlir/Pass/Pass.h"

namespace conveinsum {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "conveinsum/AutoDiff/Passes.h.inc"

} // namespace conveinsum

#endif // CONVEINSUM_AUTODIFF_PASSES_H
