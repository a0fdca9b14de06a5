//===- TileChoice.h - Which loops live in registers -------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A register tile keeps a small block of the result in registers while the
// reductions run. Its shape is a choice of
//
//   - the lane loop, one iteration per vector lane: a parallel loop, or a
//     reduction, whose lanes are summed after the loops;
//   - up to two tile loops, parallel and unrolled, the lane loop among them
//     when it is parallel: rows x columns of accumulators.
//
// The model counts what one step of the reduction costs: a multiply-add per
// accumulator, and loads. An operand is loaded once per combination of the tile
// loops it depends on, so an 8 x 2 tile of a matrix product takes 2 vector
// loads and 8 broadcasts for 16 multiply-adds. The sum is divided by the lanes
// that do useful work: ends that do not fill a tile count as waste.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_CODEGEN_CPU_TILECHOICE_H
#define CONVEINSUM_LIB_CODEGEN_CPU_TILECHOICE_H

#include "CodeGen/Common/LoopNest.h"
#include "conveinsum/CodeGen/CPU/CpuOptions.h"
#include <optional>

namespace conveinsum {

/// A parallel loop of which `block` iterations are in the tile.
struct TileLoop {
  unsigned loop;
  int64_t block;
};

/// The shape of a register tile; no lanes and no tile loops is a scalar.
struct Tile {
  /// The loop in vector lanes.
  std::optional<unsigned> laneLoop;
  /// Lanes of a vector; 1 without a lane loop.
  int64_t lanes = 1;
  /// Unrolled loops, rows first. A parallel lane loop is always the last one;
  /// its block counts iterations, not vectors.
  llvm::SmallVector<TileLoop, 2> tileLoops;
  /// Estimated cost of one iteration of the nest.
  double cost = 0;

  /// Vectors or scalars that the block of `tileLoop` needs.
  int64_t count(const TileLoop &tileLoop) const {
    bool inLanes = laneLoop && *laneLoop == tileLoop.loop;
    return inLanes ? (tileLoop.block + lanes - 1) / lanes : tileLoop.block;
  }
};

/// How the lanes of a vector lie in memory. Strides may be negative: a flipped
/// mode is read backwards.
enum class LaneAccess {
  /// One element for all lanes.
  Broadcast,
  /// A vector load or store.
  Contiguous,
  /// A vector load and a shuffle that turns it round.
  Reversed,
  /// As many vector loads as the stride, merged by shuffles; as many masked
  /// stores.
  Shuffled,
  /// One element at a time.
  Elements
};

/// How to read lanes that lie `stride` apart.
LaneAccess getLaneAccess(int64_t stride);

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
