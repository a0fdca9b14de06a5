//===- TileEmitter.h - Loops around a register tile -------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Writes a nest with a chosen tile as scf loops, from outside in:
//
//   1. parallel loops that are not in the tile, perhaps on threads;
//   2. blocks of the tile loops: columns (lanes) outside, rows inside;
//   3. the accumulators' start: the fill, or the result's old value;
//   4. the reductions, accumulators as iter_args, short inner ones unrolled;
//   5. the stores.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_CODEGEN_CPU_TILEEMITTER_H
#define CONVEINSUM_LIB_CODEGEN_CPU_TILEEMITTER_H

#include "CodeGen/Common/LoopNest.h"
#include "TileChoice.h"

namespace conveinsum {

/// What the emitter is told besides nest and tile.
struct EmitOptions {
  /// Start value of all results instead of what is in memory; may be null.
  mlir::Value fill;
  /// Blocks may overlap, so that some results are computed twice.
  bool recompute = false;
  /// The outermost loops run on threads.
  bool parallel = false;
  /// Registers that hold vectors.
  unsigned vectorRegisters = 16;
};

/// Emits the loops before the nest's op, which stays.
void emitTiledLoops(const LoopNest &nest, const Tile &tile,
                    const EmitOptions &options);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_CODEGEN_CPU_TILEEMITTER_H
