//===- RegisterTile.h - Which loops live in registers -----------*- C++ -*-===//
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
// The model counts what one step of the reduction costs in units of one vector
// multiply-add: one for each accumulator, and loads. An operand is loaded once
// per combination of the tile loops it depends on, so an 8 x 2 tile of a matrix
// product takes 2 vector loads and 8 broadcasts for 16 multiply-adds. The sum
// is divided by the lanes that do useful work: ends that do not fill a tile
// count as waste. Added are the cache lines that the loops around the tile
// bring in again and again (CacheTraffic.h), so that two tiles with equal
// instructions are told apart by how their rows lie in memory:
//
//     3x3 convolution of 16 images, 256 channels, 14 x 14, lanes along a row
//     16 rows are images     64 KiB apart, all in two sets of the caches: every
//                            load goes to the last level
//     16 rows are channels   9 KiB apart, in as many sets as there are rows
//
// The same function is asked by the code generator, with the nests that it has,
// and by whoever chooses orders of modes, with those that it would get.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TARGET_REGISTERTILE_H
#define CONVEINSUM_TARGET_REGISTERTILE_H

#include "conveinsum/Target/LoopTable.h"
#include "llvm/ADT/ArrayRef.h"
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
  /// The parallel loops from outside in. Those of the tile run block by block.
  llvm::SmallVector<unsigned, 8> order;
  /// Estimated cost of one iteration of the nest, in vector multiply-adds.
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
  /// One element at a time, or a square of them at once (`isTransposed`).
  Elements
};

/// How to read lanes that lie `stride` apart.
LaneAccess getLaneAccess(int64_t stride);

/// Whether an operand, or the result, whose lanes lie apart is loaded or stored
/// along the tile's rows instead, which lie one after the other, and turned in
/// registers: a square of as many vectors as they have lanes.
bool isTransposed(const LoopTable &table, const Tile &tile, unsigned operand);

/// What a tile is chosen for.
struct TileProblem {
  const LoopTable &table;
  /// Bytes of an element of every operand, the result last; 0 of one that is
  /// not in memory.
  llvm::ArrayRef<unsigned> elementBytes;
  /// Lanes of a vector of the widest element; 1 if the body cannot run in
  /// lanes.
  int64_t maxLanes;
  /// Lanes may run a reduction.
  bool mayReduceInLanes;
  /// Blocks may overlap: the result may be computed twice.
  bool recompute;
  unsigned vectorBits;
  unsigned vectorRegisters;
  /// Bytes of the data caches, the smallest first.
  llvm::ArrayRef<uint64_t> caches;
};

/// The cheapest tile.
Tile chooseTile(const TileProblem &problem);

} // namespace conveinsum

#endif // CONVEINSUM_TARGET_REGISTERTILE_H
