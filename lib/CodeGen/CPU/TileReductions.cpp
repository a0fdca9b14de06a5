//===- TileReductions.cpp - What runs inside a register tile --------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The start of the accumulators, the reductions that carry them, the blocks
// that long sums are cut into, the bodies, and the stores.
//
//===----------------------------------------------------------------------===//

#include "Emitter.h"
#include "TileBody.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace conveinsum;
using namespace mlir;

/// Operations in straight-line code up to which reductions are unrolled; more
/// costs compile time and buys nothing.
static constexpr int64_t kMaxUnrolledOps = 160;

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
    LaneAccess access = getLaneAccess(stride);
    int64_t ops = access == LaneAccess::Shuffled   ? 2 * stride
                  : access == LaneAccess::Elements ? 2 * tile.lanes
                                                   : 1;
    loads += count * ops;
  }
  return accumulators + loads;
}

int64_t Emitter::reductionStep(unsigned level) const {
  return tile.laneLoop == reductions[level] ? tile.lanes : 1;
}

/// Whether the body adds products, or other functions of several numbers.
static bool sumsProducts(const LoopNest &nest) {
  return nest.resultIndex() > 1;
}

/// Whether steps of the reduction `loop` one after the other read what rows
/// beside each other read, the taps of a window over its positions, and so much
/// of it that it would not stay in registers: LLVM loads such values once and
/// spills them.
bool Emitter::sharesTooMuch(unsigned loop) const {
  int64_t live = 0, accumulators = 1;
  for (const TileLoop &tileLoop : tile.tileLoops)
    accumulators *= tile.count(tileLoop);
  for (unsigned operand = 0; operand != nest.resultIndex(); ++operand)
    for (const TileLoop &tileLoop : tile.tileLoops) {
      int64_t stride = nest.loops[loop].strides[operand];
      if (stride != 0 && tile.laneLoop != tileLoop.loop &&
          stride == nest.loops[tileLoop.loop].strides[operand])
        live += tileLoop.block + nest.loops[loop].extent - 1;
    }
  return live > 0 && live + accumulators > int64_t(options.vectorRegisters);
}

/// Reductions are unrolled from the innermost outwards while the code is short
/// and needs no cuts.
unsigned Emitter::chooseFirstUnrolled() const {
  unsigned first = reductions.size();
  // A scalar tile is chosen to compile fast: its loops stay loops.
  bool unroll = tile.laneLoop || !tile.tileLoops.empty();
  int64_t ops = opsPerStep(), chain = 1;
  while (unroll && first != 0) {
    int64_t steps = llvm::divideCeil(nest.loops[reductions[first - 1]].extent,
                                     reductionStep(first - 1));
    ops *= steps;
    chain *= steps;
    if (ops > kMaxUnrolledOps || chain > longestChain(sumsProducts(nest)) ||
        sharesTooMuch(reductions[first - 1]))
      break;
    --first;
  }
  return first;
}

/// Sums of integers are exact in any order, and what is no sum has none.
SmallVector<Cuts> Emitter::chooseCuts() const {
  if (getReductionKind(nest) != ReductionKind::AddF)
    return SmallVector<Cuts>(reductions.size());
  SmallVector<SumLoop> loops;
  for (unsigned level = 0; level != reductions.size(); ++level) {
    int64_t extent = nest.loops[reductions[level]].extent;
    int64_t step = reductionStep(level);
    loops.push_back({extent / step, extent % step != 0});
  }
  return cutSum(loops, sumsProducts(nest));
}

void Emitter::forEachElement(
    llvm::function_ref<void(ArrayRef<int64_t>, int64_t)> visit) const {
  SmallVector<int64_t, 2> starts(blocks.size(), 0);
  auto validLanes = [&](const TileBlock &block, unsigned number) {
    bool last = number + 1 == block.starts.size();
    return tile.laneLoop == block.loop && last ? block.lastValid : tile.lanes;
  };
  if (blocks.empty())
    return visit({}, tile.lanes);
  // Rows are walked outside so that few loaded values are needed at a time.
  const unsigned rows = rowsBlock(), columns = blocks.size() - 1 - rows;
  for (unsigned i = 0; i != blocks[rows].starts.size(); ++i) {
    starts[rows] = blocks[rows].starts[i];
    if (blocks.size() == 1) {
      visit(starts, validLanes(blocks[rows], i));
      continue;
    }
    for (unsigned j = 0; j != blocks[columns].starts.size(); ++j) {
      starts[columns] = blocks[columns].starts[j];
      visit(starts, std::min(validLanes(blocks[columns], j),
                             validLanes(blocks[rows], i)));
    }
  }
}

unsigned Emitter::rowsBlock() const {
  const TileBlock *rows = llvm::find_if(blocks, [&](const TileBlock &block) {
    return block.loop == tile.tileLoops.front().loop;
  });
  return rows - blocks.begin();
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
    values.assign(start.size(), makeZero(builder, loc, type));
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

SmallVector<Value> Emitter::addFromZero(
    SmallVector<Value> carried,
    llvm::function_ref<SmallVector<Value>(SmallVector<Value>)> emit) {
  Value zero = makeZero(builder, loc, carried.front().getType());
  SmallVector<Value> block = emit(SmallVector<Value>(carried.size(), zero));
  for (auto [sum, value] : llvm::zip_equal(carried, block))
    sum = combine(builder, nest, sum, value);
  return carried;
}

SmallVector<Value> Emitter::emitIteration(unsigned level,
                                          const Position &position,
                                          SmallVector<Value> carried,
                                          int64_t laneValid, Value number,
                                          unsigned numCuts) {
  unsigned loop = reductions[level];
  int64_t span = numCuts == 0 ? 1 : cuts[level][numCuts - 1];
  if (numCuts != 0)
    return addFromZero(std::move(carried), [&](SmallVector<Value> zeros) {
      if (span == 1)
        return emitIteration(level, position, std::move(zeros), laneValid,
                             number, 0);
      int64_t extent = nest.loops[loop].extent, step = reductionStep(level);
      int64_t full = extent - extent % step;
      Value end = arith::AddIOp::create(builder, loc, number,
                                        memory.index(span * step));
      if (full % (span * step) != 0)
        end = arith::MinSIOp::create(builder, loc, end, memory.index(full));
      return emitReductionLoop(level, position, std::move(zeros), laneValid,
                               number, end, numCuts - 1);
    });
  loopNumbers[nest.loops[loop].dim] = number;
  LoadCache cache;
  return emitReductions(level + 1, advance(position, loop, number),
                        std::move(carried), laneValid, cache);
}

SmallVector<Value> Emitter::emitReductionLoop(unsigned level,
                                              const Position &position,
                                              SmallVector<Value> values,
                                              int64_t laneValid, Value lower,
                                              Value upper, unsigned numCuts) {
  int64_t span = numCuts == 0 ? 1 : cuts[level][numCuts - 1];
  Value step = memory.index(span * reductionStep(level));
  auto loops = scf::ForOp::create(builder, loc, lower, upper, step, values);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(loops.getBody());
  SmallVector<Value> carried(loops.getRegionIterArgs());
  carried = emitIteration(level, position, std::move(carried), laneValid,
                          loops.getInductionVar(), numCuts);
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
  int64_t extent = nest.loops[loop].extent, step = reductionStep(level);
  int64_t full = extent - extent % step;
  if (level < firstUnrolled) {
    if (full > 0)
      values = emitReductionLoop(level, position, std::move(values), laneValid,
                                 memory.index(0), memory.index(full),
                                 cuts[level].size());
  } else {
    assert(cuts[level].empty() && "an unrolled loop is a part of a block");
    for (int64_t number = 0; number < full; number += step) {
      loopNumbers[nest.loops[loop].dim] = memory.index(number);
      values = emitReductions(level + 1, advance(position, loop, number),
                              values, laneValid, cache);
    }
  }
  if (full == extent)
    return values;
  auto emitRest = [&](SmallVector<Value> start) {
    return emitReductions(level + 1, advance(position, loop, full),
                          std::move(start), extent - full, cache);
  };
  return cuts[level].empty() ? emitRest(std::move(values))
                             : addFromZero(std::move(values), emitRest);
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
      if (!loaded && isTransposed(nest, tile, operand))
        loadRows(position, operand, starts, lanes, cache);
      else if (!loaded)
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

/// Loads what all rows have at the lanes from `starts` on: along the rows, and
/// turned.
void Emitter::loadRows(const Position &position, unsigned operand,
                       ArrayRef<int64_t> starts, int64_t valid,
                       LoadCache &cache) {
  const TileBlock &rows = blocks[rowsBlock()];
  SmallVector<int64_t, 2> first(starts);
  first[rowsBlock()] = 0;
  const int64_t at = displacement(position, operand, first);
  SmallVector<Value> turned = memory.loadTransposed(
      builder, operand, position.bases[operand], at, rows.starts.size(), valid);
  for (auto [row, value] : llvm::zip_first(rows.starts, turned))
    cache[{operand, at + row, valid}] = value;
}

void Emitter::emitStores(const Position &position, ArrayRef<Value> values) {
  unsigned result = nest.resultIndex(), number = 0;
  if (!isTransposed(nest, tile, result)) {
    forEachElement([&](ArrayRef<int64_t> starts, int64_t valid) {
      memory.store(builder, values[number++], position.bases[result],
                   displacement(position, result, starts), valid);
    });
    return;
  }
  // The rows of each vector of lanes, in order.
  std::map<int64_t, std::pair<SmallVector<Value>, int64_t>> columns;
  const unsigned rows = rowsBlock();
  forEachElement([&](ArrayRef<int64_t> starts, int64_t valid) {
    SmallVector<int64_t, 2> first(starts);
    first[rows] = 0;
    auto &column = columns[displacement(position, result, first)];
    column.first.push_back(values[number++]);
    column.second = valid;
  });
  for (auto &[at, column] : columns)
    memory.storeTransposed(builder, column.first, position.bases[result], at,
                           column.second);
}
