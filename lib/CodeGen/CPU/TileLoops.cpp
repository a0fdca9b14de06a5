//===- TileLoops.cpp - Loops around a register tile -----------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The parallel loops: threads, blocks of tile loops, and the ends that do not
// fill a block.
//
//===----------------------------------------------------------------------===//

#include "Emitter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace conveinsum;
using namespace mlir;

/// Iterations that loops on threads should have together, to share them evenly.
static constexpr int64_t kThreadIterations = 16;

Emitter::Emitter(const LoopNest &nest, const Tile &tile,
                 const EmitOptions &options)
    : nest(nest), tile(tile), options(options), builder(nest.getOp()),
      loc(nest.getOp().getLoc()), memory(builder, nest, tile),
      loopNumbers(nest.getOp().getNumLoops()) {
  lanesReduce = tile.laneLoop && nest.loops[*tile.laneLoop].reduction;
  for (unsigned loop = 0; loop != nest.loops.size(); ++loop)
    if (nest.loops[loop].reduction)
      reductions.push_back(loop);
    else if (tile.order.empty())
      parallelLoops.push_back(loop);
  if (!tile.order.empty())
    parallelLoops.assign(tile.order.begin(), tile.order.end());
  firstUnrolled = chooseFirstUnrolled();
  cuts = chooseCuts();
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

void conveinsum::emitTiledLoops(const LoopNest &nest, const Tile &tile,
                                const EmitOptions &options) {
  Emitter(nest, tile, options).run();
}
