//===- Emitter.h - The parts of the tile emitter ----------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one emitter behind every op. Addresses are kept per operand as a base
// that grows with the loops, plus a displacement known at compile time; equal
// addresses in straight-line code are loaded once.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_CODEGEN_CPU_EMITTER_H
#define CONVEINSUM_LIB_CODEGEN_CPU_EMITTER_H

#include "SumChains.h"
#include "TileEmitter.h"
#include "TileMemory.h"
#include "mlir/IR/OpDefinition.h"
#include <map>
#include <tuple>

namespace conveinsum {

/// The iterations of one tile loop that the current tile holds.
struct TileBlock {
  unsigned loop;
  /// First iteration of each row or vector, from the block's start.
  llvm::SmallVector<int64_t> starts;
  /// Lanes of the last vector that count; the others are all valid.
  int64_t lastValid;
};

/// Where the code being emitted stands, per operand.
struct Position {
  llvm::SmallVector<mlir::Value, 4> bases;
  llvm::SmallVector<int64_t, 4> displacements;
};

/// Values loaded in the current straight-line code.
using LoadCache = std::map<std::tuple<unsigned, int64_t, int64_t>, mlir::Value>;

/// Emits one nest. The parts in order of nesting: TileLoops.cpp has the loops
/// outside the tile and addresses, TileReductions.cpp the tile and what is in
/// it.
class Emitter {
public:
  Emitter(const LoopNest &nest, const Tile &tile, const EmitOptions &options);
  void run();

private:
  // Parallel loops.
  int64_t blockSize(unsigned loop) const;
  bool isTileLoop(unsigned loop) const;
  void emitThreads(Position position);
  void emitParallel(unsigned level, Position position);
  void emitPiece(unsigned level, Position position, mlir::OpFoldResult start,
                 int64_t size);
  TileBlock makeBlock(unsigned loop, int64_t size) const;

  // The tile.
  int64_t opsPerStep() const;
  bool sharesTooMuch(unsigned loop) const;
  unsigned chooseFirstUnrolled() const;
  llvm::SmallVector<Cuts> chooseCuts() const;
  void emitTile(const Position &position);
  llvm::SmallVector<mlir::Value> emitStart(const Position &position);
  llvm::SmallVector<mlir::Value>
  emitReductions(unsigned level, const Position &position,
                 llvm::SmallVector<mlir::Value> values, int64_t laneValid,
                 LoadCache &cache);
  /// One loop of a reduction, from `lower` to `upper`, with the first `numCuts`
  /// of its cuts as loops in it.
  llvm::SmallVector<mlir::Value>
  emitReductionLoop(unsigned level, const Position &position,
                    llvm::SmallVector<mlir::Value> values, int64_t laneValid,
                    mlir::Value lower, mlir::Value upper, unsigned numCuts);
  /// What a loop that carries `carried` has in an iteration that starts at
  /// `number`: the iteration, or the block or group that starts there.
  llvm::SmallVector<mlir::Value>
  emitIteration(unsigned level, const Position &position,
                llvm::SmallVector<mlir::Value> carried, int64_t laneValid,
                mlir::Value number, unsigned numCuts);
  /// `carried`, plus the values that `emit` makes from zeros.
  llvm::SmallVector<mlir::Value>
  addFromZero(llvm::SmallVector<mlir::Value> carried,
              llvm::function_ref<llvm::SmallVector<mlir::Value>(
                  llvm::SmallVector<mlir::Value>)>
                  emit);
  /// Iterations of the loop of reduction `level` that one step takes.
  int64_t reductionStep(unsigned level) const;
  llvm::SmallVector<mlir::Value> emitBodies(const Position &position,
                                            llvm::ArrayRef<mlir::Value> values,
                                            int64_t laneValid,
                                            LoadCache &cache);
  void loadRows(const Position &position, unsigned operand,
                llvm::ArrayRef<int64_t> starts, int64_t valid,
                LoadCache &cache);
  void emitStores(const Position &position, llvm::ArrayRef<mlir::Value> values);

  // Addresses.
  Position advance(const Position &position, unsigned loop, mlir::Value by);
  Position advance(const Position &position, unsigned loop, int64_t by) const;
  /// Calls `visit(element, rows..)` for every accumulator of the tile.
  void forEachElement(
      llvm::function_ref<void(llvm::ArrayRef<int64_t> starts, int64_t valid)>
          visit) const;
  /// The one of `blocks` whose loop is the tile's first; there must be blocks.
  unsigned rowsBlock() const;
  int64_t displacement(const Position &position, unsigned operand,
                       llvm::ArrayRef<int64_t> starts) const;

  const LoopNest &nest;
  const Tile &tile;
  const EmitOptions &options;
  mlir::OpBuilder builder;
  mlir::Location loc;
  TileMemory memory;
  /// Parallel loops from outside in, and the reductions.
  llvm::SmallVector<unsigned> parallelLoops, reductions;
  /// The first reduction that is unrolled, as an index into `reductions`.
  unsigned firstUnrolled;
  /// Where each of `reductions` is cut.
  llvm::SmallVector<Cuts> cuts;
  /// Loops whose blocks must not overlap because threads share them.
  unsigned threadedLoop = ~0u;
  bool lanesReduce;
  llvm::SmallVector<TileBlock, 2> blocks;
  /// The number of each loop of the original op, for bodies that read it.
  llvm::SmallVector<mlir::Value> loopNumbers;
};

} // namespace conveinsum

#endif // CONVEINSUM_LIB_CODEGEN_CPU_EMITTER_H
