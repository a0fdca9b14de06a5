//===- Passes.h - Passes from networks to steps -----------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Constructors, options and registration of the passes of Passes.td.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_DIALECT_CONVEINSUM_TRANSFORMS_PASSES_H
#define CONVEINSUM_DIALECT_CONVEINSUM_TRANSFORMS_PASSES_H

#include "conveinsum/Dialect/ConvEinsum/Transforms/Transforms.h"
#include "mlir/Pass/Pass.h"

namespace conveinsum {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "conveinsum/Dialect/ConvEinsum/Transforms/Passes.h.inc"

} // namespace conveinsum

#endif // CONVEINSUM_DIALECT_CONVEINSUM_TRANSFORMS_PASSES_H
