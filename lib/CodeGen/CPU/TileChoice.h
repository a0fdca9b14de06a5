//===- TileChoice.h - Which loops live in registers -------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The search of Target/RegisterTile.h for a linalg op: what its body allows,
// and where its operands lie.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_CODEGEN_CPU_TILECHOICE_H
#define CONVEINSUM_LIB_CODEGEN_CPU_TILECHOICE_H

#include "CodeGen/Common/LoopNest.h"
#include "conveinsum/CodeGen/CPU/CpuOptions.h"
#include "conveinsum/Target/RegisterTile.h"

namespace conveinsum {

/// How a body combines the values of a reduction.
enum class ReductionKind {
  /// Not known to be associative: lanes must not run a reduction.
  Opaque,
  /// result + f(inputs), floating-point or complex.
  AddF,
  /// result + f(inputs), integers.
  AddI
};

/// The kind of reduction in the body of `nest`.
ReductionKind getReductionKind(const LoopNest &nest);

/// True if the result may be computed twice where blocks overlap.
bool mayRecompute(const LoopNest &nest, bool startsFromFill);

/// The cheapest tile. `recompute` says that blocks may overlap.
Tile chooseTile(const LoopNest &nest, const CpuOptions &cpu, bool recompute);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_CODEGEN_CPU_TILECHOICE_H
