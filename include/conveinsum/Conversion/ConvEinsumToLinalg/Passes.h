//===- Passes.h - The pass that lowers einsums to linalg --------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Constructor and registration of the pass of Passes.td.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_CONVERSION_CONVEINSUMTOLINALG_PASSES_H
#define CONVEINSUM_CONVERSION_CONVEINSUMTOLINALG_PASSES_H

#include "conveinsum/Conversion/ConvEinsumToLinalg/ConvEinsumToLinalg.h"
#include "mlir/Pass/Pass.h"

namespace conveinsum {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "conveinsum/Conversion/ConvEinsumToLinalg/Passes.h.inc"

} // namespace conveinsum

#endif // CONVEINSUM_CONVERSION_CONVEINSUMTOLINALG_PASSES_H
