//===- TileEmitter.cpp - Loops around a register tile ---------------------===//
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

#include "TileEmitter.h"
#include "TileBody.h"
#include "TileMemory.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include <map>
#include <tuple>

using namespace conveinsum;
using namespace mlir;

/// Operations in straight-line code up to which reductions are unrolled; more
/// costs compile time and buys nothing.
static constexpr int64_t kMaxUnrolledOps = 160;
/// Iterations that loops on threads should have together, to share them evenly.
static constexpr int64_t kThreadIterations = 16;

namespace {
/// The iterations of one tile loop that the current tile holds.
struct TileBlock {
  unsigned loop;
  /// First iteration of each row or vector, from the block's start.
  SmallVector<int64_t> starts;
  /// Lanes of the last vector that count; the others are all valid.
  int64_t lastValid;
};

/// Where the code being emitted stands, per operand.
struct Position {
  SmallVector<Value, 4> bases;
  SmallVector<int64_t, 4> displacements;
};

/// Values loaded in the current straight-line code.
using LoadCache = std::map<std::tuple<unsigned, int64_t, int64_t>, Value>;

class Emitter {
public:
  Emitter(const LoopNest &nest, const Tile &tile, const EmitOptions &options);
  void run();

private:
  // Parallel loops.
  int64_t blockSize(unsigned loop) const;
  bool isTileLoop(unsigned loop) const;
  int64_t opsPerStep() const;
  void emitThreads(Position position);
  void emitParallel(unsigned level, Position position);
  void emitPiece(unsigned level, Position position, OpFoldResult start,
                 int64_t size);
  TileBlock makeBlock(unsigned loop, int64_t size) const;

  // The tile.
  void emitTile(const Position &position);
  SmallVector<Value> emitStart(const Position &position);
  SmallVector<Value> emitReductions(unsigned level, const Position &position,
                                    SmallVector<Value> values,
                                    int64_t laneValid, LoadCache &cache);
  SmallVector<Value> emitReductionLoop(unsigned level, const Position &position,
                                       SmallVector<Value> values,
                                       int64_t laneValid, int64_t extent,
                                       int64_t step);
  SmallVector<Value> emitBodies(const Position &position,
                                ArrayRef<Value> values, int64_t laneValid,
                                LoadCache &cache);
  void emitStores(const Position &position, ArrayRef<Value> values);

  // Addresses.
  Position advance(const Position &position, unsigned loop, Value by);
  Position advance(const Position &position, unsigned loop, int64_t by) const;
  /// Calls `visit(element, rows..)` for every accumulator of the tile.
  void forEachElement(
      llvm::function_ref<void(ArrayRef<int64_t> starts, int64_t valid)> visit)
      const;
  int64_t displacement(const Position &position, unsigned operand,
                       ArrayRef<int64_t> starts) const;

  const LoopNest &nest;
  const Tile &tile;
  const EmitOptions &options;
  OpBuilder builder;
  Location loc;
  TileMemory memory;
  /// Parallel loops from outside in, and the reductions.
  SmallVector<unsigned> parallelLoops, reductions;
  /// The first reduction that is unrolled, as an index into `reductions`.
  unsigned firstUnrolled;
  /// Loops whose blocks must not overlap because threads share them.
  unsigned threadedLoop = ~0u;
  bool lanesReduce;
  SmallVector<TileBlock, 2> blocks;
  /// The number of each loop of the original op, for bodies that read it.
  SmallVector<Value> loopNumbers;
};
} // namespace

Emitter::Emitter(const LoopNest &nest, const Tile &tile,
                 const EmitOptions &options)
    : nest(nest), tile(tile), options(options), builder(nest.getOp()),
      loc(nest.getOp().getLoc()), memory(builder, nest, tile),
      loopNumbers(nest.getOp().getNumLoops()) {
  lanesReduce = tile.laneLoop && nest.loops[*tile.laneLoop].reduction;
  for (unsigned loop = 0; loop != nest.loops.size(); ++loop)
    if (nest.loops[loop].reduction)
      reductions.push_back(loop);
    else if (!isTileLoop(loop))
      parallelLoops.push_back(loop);
  for (const TileLoop &tileLoop : llvm::reverse(tile.tileLoops))
    parallelLoops.push_back(tileLoop.loop);

  firstUnrolled = reductions.size();
  // A scalar tile is chosen to compile fast: its loops stay loops.
  bool unroll = tile.laneLoop || !tile.tileLoops.empty();
  int64_t ops = opsPerStep();
  while (unroll && firstUnrolled != 0) {
    unsigned loop = reductions[firstUnrolled - 1];
    int64_t step = tile.laneLoop == loop ? tile.lanes : 1;
    ops *= (nest.loops[loop].extent + step - 1) / step;
    if (ops > kMaxUnrolledOps)
      break;
    --firstUnrolled;
  }
}

/// About how many operations one step of the reductions takes.
int64_t Emitter::opsPerStep() const {
  int64_t accumulators = 1, loads = 0;
  for (const TileLoop &tileLoop : tile.tileLoops)
    accumulators *= tile.count(tileLoop);
  for (unsigned operand = 0; operand != nest.resultIndex(); ++operand) {
    int64_t count = 1;
    for (const TileLoop &tileLoop : tile.tileLoops)
      if (nest.loops[tileLoop.loop].strides[operand] != 0)
        count *= tile.count(tileLoop);
    int64_t stride =
        tile.laneLoop ? nest.loops[*tile.laneLoop].strides[operand] : 0;
    LaneAccess access = getLaneAccess(stride, /*full=*/true);
    int64_t ops = access == LaneAccess::Shuffled   ? 2 * stride
                  : access == LaneAccess::Elements ? 2 * tile.lanes
                                                   : 1;
    loads += count * ops;
  }
  return accumulators + loads;
}

bool Emitter::isTileLoop(unsigned loop) const {
  return llvm::any_of(tile.tileLoops, [&](const TileLoop &tileLoop) {
    return tileLoop.loop == loop;
  });
}

int64_t Emitter::blockSize(unsigned loop) const {
  for (const TileLoop &tileLoop : tile.tileLoops)
    if (tileLoop.loop == loop)
      return tileLoop.block;
  return 1;
}

Position Emitter::advance(const Position &position, unsigned loop, Value by) {
  Position next = position;
  for (auto [base, stride] :
       llvm::zip_equal(next.bases, nest.loops[loop].strides)) {
    if (stride == 0)
      continue;
    Value scaled = stride == 1 ? by
                               : arith::MulIOp::create(builder, loc, by,
                                                       memory.index(stride));
    base = base ? arith::AddIOp::create(builder, loc, base, scaled) : scaled;
  }
  return next;
}

Position Emitter::advance(const Position &position, unsigned loop,
                          int64_t by) const {
  Position next = position;
  for (auto [displacement, stride] :
       llvm::zip_equal(next.displacements, nest.loops[loop].strides))
    displacement += by * stride;
  return next;
}

void Emitter::run() {
  Position position;
  for (const Operand &operand : nest.operands) {
    position.bases.push_back({});
    position.displacements.push_back(operand.offset);
  }
  if (options.parallel)
    return emitThreads(position);
  emitParallel(0, position);
}

//===----------------------------------------------------------------------===//
// Parallel loops
//===----------------------------------------------------------------------===//

/// Puts the outermost loops on threads: as many as make enough iterations, and
/// only loops that their blocks divide, unless it is a single one.
void Emitter::emitThreads(Position position) {
  SmallVector<Value> lower, upper, steps;
  int64_t iterations = 1, rest = 0;
  unsigned level = 0;
  for (; level != parallelLoops.size() && iterations < kThreadIterations;
       ++level) {
    unsigned loop = parallelLoops[level];
    int64_t extent = nest.loops[loop].extent, block = blockSize(loop);
    bool exact = extent % block == 0;
    if (!exact && iterations > 1)
      break;
    iterations *= extent / block;
    lower.push_back(memory.index(0));
    upper.push_back(memory.index(extent - extent % block));
    steps.push_back(memory.index(block));
    if (exact)
      continue;
    rest = extent % block;
    // Loops of one iteration before it have no part in the rest.
    threadedLoop = loop;
    ++level;
    break;
  }
  if (iterations < 2) {
    threadedLoop = ~0u;
    return emitParallel(0, position);
  }
  auto loops = scf::ParallelOp::create(builder, loc, lower, upper, steps);
  {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(loops.getBody());
    Position inner = position;
    for (unsigned i = 0; i != level; ++i) {
      unsigned loop = parallelLoops[i];
      Value number = loops.getInductionVars()[i];
      inner = advance(inner, loop, number);
      loopNumbers[nest.loops[loop].dim] = number;
      if (isTileLoop(loop))
        blocks.push_back(makeBlock(loop, blockSize(loop)));
    }
    emitParallel(level, inner);
    blocks.clear();
  }
  if (rest == 0)
    return;
  unsigned loop = threadedLoop;
  Position last = position;
  for (unsigned i = 0; i + 1 < level; ++i) {
    loopNumbers[nest.loops[parallelLoops[i]].dim] = memory.index(0);
    if (isTileLoop(parallelLoops[i]))
      blocks.push_back(
          makeBlock(parallelLoops[i], blockSize(parallelLoops[i])));
  }
  emitPiece(level - 1, last,
            builder.getIndexAttr(nest.loops[loop].extent - rest), rest);
}

/// The rows or vectors of a block of `size` iterations.
TileBlock Emitter::makeBlock(unsigned loop, int64_t size) const {
  TileBlock block{loop, {}, tile.lanes};
  if (tile.laneLoop != loop) {
    for (int64_t row = 0; row != size; ++row)
      block.starts.push_back(row);
    return block;
  }
  for (int64_t start = 0; start < size; start += tile.lanes)
    block.starts.push_back(start);
  int64_t beyond = block.starts.back() + tile.lanes - size;
  if (beyond == 0)
    return block;
  bool overlap = options.recompute && size >= tile.lanes;
  if (overlap)
    block.starts.back() -= beyond;
  else
    block.lastValid = tile.lanes - beyond;
  return block;
}

void Emitter::emitPiece(unsigned level, Position position, OpFoldResult start,
                        int64_t size) {
  unsigned loop = parallelLoops[level];
  auto number = dyn_cast<Value>(start);
  std::optional<int64_t> constant = getConstantIntValue(start);
  loopNumbers[nest.loops[loop].dim] = number ? number : memory.index(*constant);
  bool inTile = isTileLoop(loop);
  if (inTile)
    blocks.push_back(makeBlock(loop, size));
  emitParallel(level + 1, number ? advance(position, loop, number)
                                 : advance(position, loop, *constant));
  if (inTile)
    blocks.pop_back();
}

void Emitter::emitParallel(unsigned level, Position position) {
  if (level == parallelLoops.size())
    return emitTile(position);
  unsigned loop = parallelLoops[level];
  int64_t extent = nest.loops[loop].extent, block = blockSize(loop);
  int64_t rest = extent % block;
  bool overlap = rest != 0 && options.recompute;
  int64_t end = overlap ? extent : extent - rest;
  if (end <= block) {
    emitPiece(level, position, builder.getIndexAttr(0), block);
  } else {
    auto loops = scf::ForOp::create(builder, loc, memory.index(0),
                                    memory.index(end), memory.index(block));
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(loops.getBody());
    Value start = loops.getInductionVar();
    if (overlap)
      start = arith::MinSIOp::create(builder, loc, start,
                                     memory.index(extent - block));
    emitPiece(level, position, start, block);
  }
  if (rest != 0 && !overlap)
    emitPiece(level, position, builder.getIndexAttr(extent - rest), rest);
}

//===----------------------------------------------------------------------===//
// The tile
//===----------------------------------------------------------------------===//

void Emitter::forEachElement(
    llvm::function_ref<void(ArrayRef<int64_t>, int64_t)> visit) const {
  // `blocks` is in order of nesting, columns before rows; rows are walked
  // outside so that few loaded values are needed at a time.
  SmallVector<int64_t, 2> starts(blocks.size(), 0);
  auto validLanes = [&](unsigned block, unsigned number) {
    bool last = number + 1 == blocks[block].starts.size();
    return tile.laneLoop == blocks[block].loop && last ? blocks[block].lastValid
                                                       : tile.lanes;
  };
  if (blocks.empty())
    return visit({}, tile.lanes);
  for (unsigned i = 0; i != blocks.back().starts.size(); ++i) {
    starts.back() = blocks.back().starts[i];
    if (blocks.size() == 1) {
      visit(starts, validLanes(0, i));
      continue;
    }
    for (unsigned j = 0; j != blocks.front().starts.size(); ++j) {
      starts.front() = blocks.front().starts[j];
      visit(starts, std::min(validLanes(0, j), validLanes(1, i)));
    }
  }
}

int64_t Emitter::displacement(const Position &position, unsigned operand,
                              ArrayRef<int64_t> starts) const {
  int64_t sum = position.displacements[operand];
  for (auto [block, start] : llvm::zip_equal(blocks, starts))
    sum += start * nest.loops[block.loop].strides[operand];
  return sum;
}

void Emitter::emitTile(const Position &position) {
  SmallVector<Value> start = emitStart(position);
  SmallVector<Value> values = start;
  if (lanesReduce) {
    auto type = VectorType::get({tile.lanes}, nest.operands.back().elementType);
    Value zero =
        arith::ConstantOp::create(builder, loc, builder.getZeroAttr(type));
    values.assign(start.size(), zero);
  }
  LoadCache cache;
  values = emitReductions(0, position, values, tile.lanes, cache);
  if (lanesReduce)
    for (auto [value, first] : llvm::zip_equal(values, start))
      value = sumLanes(builder, nest, value, first);
  emitStores(position, values);
}

/// What accumulators begin with: the fill, or the result's value so far.
SmallVector<Value> Emitter::emitStart(const Position &position) {
  SmallVector<Value> values;
  unsigned result = nest.resultIndex();
  bool needed = nest.readsResult || !reductions.empty();
  Value fill;
  if (options.fill && needed)
    fill = memory.broadcast(builder, options.fill, memory.lanes(result));
  forEachElement([&](ArrayRef<int64_t> starts, int64_t valid) {
    if (!needed || fill)
      values.push_back(fill);
    else
      values.push_back(memory.load(builder, result, position.bases[result],
                                   displacement(position, result, starts),
                                   valid));
  });
  return values;
}

SmallVector<Value> Emitter::emitReductionLoop(unsigned level,
                                              const Position &position,
                                              SmallVector<Value> values,
                                              int64_t laneValid, int64_t extent,
                                              int64_t step) {
  unsigned loop = reductions[level];
  auto loops =
      scf::ForOp::create(builder, loc, memory.index(0), memory.index(extent),
                         memory.index(step), values);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(loops.getBody());
  loopNumbers[nest.loops[loop].dim] = loops.getInductionVar();
  LoadCache cache;
  SmallVector<Value> carried(loops.getRegionIterArgs());
  carried = emitReductions(level + 1,
                           advance(position, loop, loops.getInductionVar()),
                           carried, laneValid, cache);
  scf::YieldOp::create(builder, loc, carried);
  return SmallVector<Value>(loops.getResults());
}

SmallVector<Value> Emitter::emitReductions(unsigned level,
                                           const Position &position,
                                           SmallVector<Value> values,
                                           int64_t laneValid,
                                           LoadCache &cache) {
  if (level == reductions.size())
    return emitBodies(position, values, laneValid, cache);
  unsigned loop = reductions[level];
  int64_t extent = nest.loops[loop].extent;
  int64_t step = tile.laneLoop == loop ? tile.lanes : 1;
  int64_t full = extent - extent % step;
  if (level < firstUnrolled) {
    if (full > 0)
      values =
          emitReductionLoop(level, position, values, laneValid, full, step);
  } else {
    for (int64_t number = 0; number < full; number += step) {
      loopNumbers[nest.loops[loop].dim] = memory.index(number);
      values = emitReductions(level + 1, advance(position, loop, number),
                              values, laneValid, cache);
    }
  }
  if (full == extent)
    return values;
  return emitReductions(level + 1, advance(position, loop, full), values,
                        extent - full, cache);
}

/// One body per accumulator.
SmallVector<Value> Emitter::emitBodies(const Position &position,
                                       ArrayRef<Value> values,
                                       int64_t laneValid, LoadCache &cache) {
  SmallVector<Value> results;
  forEachElement([&](ArrayRef<int64_t> starts, int64_t valid) {
    SmallVector<Value> arguments;
    int64_t lanes = lanesReduce ? laneValid : valid;
    for (unsigned operand = 0; operand != nest.resultIndex(); ++operand) {
      int64_t at = displacement(position, operand, starts);
      Value &loaded = cache[{operand, at, lanes}];
      if (!loaded)
        loaded =
            memory.load(builder, operand, position.bases[operand], at, lanes);
      arguments.push_back(loaded);
    }
    arguments.push_back(values[results.size()]);
    results.push_back(
        emitBody(builder, nest, memory, tile.lanes, arguments, loopNumbers));
  });
  return results;
}

void Emitter::emitStores(const Position &position, ArrayRef<Value> values) {
  unsigned result = nest.resultIndex(), number = 0;
  forEachElement([&](ArrayRef<int64_t> starts, int64_t valid) {
    memory.store(builder, values[number++], position.bases[result],
                 displacement(position, result, starts), valid);
  });
}

void conveinsum::emitTiledLoops(const LoopNest &nest, const Tile &tile,
                                const EmitOptions &options) {
  Emitter(nest, tile, options).run();
}
