//===- RegisterTile.cpp - Which loops live in registers -------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tries every lane loop, every pair of tile loops and a list of block sizes;
// the count is a few thousand at most, so the search is exhaustive. Traffic is
// counted only where the instructions alone are not too many.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Target/RegisterTile.h"
#include "conveinsum/Target/CacheTraffic.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Sequence.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/MathExtras.h"

using namespace conveinsum;
using llvm::ArrayRef;
using llvm::SmallVector;

/// Relative costs of one instruction, a multiply-add being 1.
static constexpr double kShuffleCost = 1.0;
static constexpr double kElementCost = 1.5;
/// Accumulators below which the latency of multiply-adds shows.
static constexpr double kLatency = 8;
/// Cost of loop control and addresses per step of the innermost reduction.
static constexpr double kLoopCost = 1.0;

/// Of two kinds of work that run beside each other, the part of the shorter one
/// that takes its own time.
static constexpr double kSerialPart = 0.25;

/// Rows from which turning a square of vectors beats single elements.
static constexpr int64_t kLeastRows = 4;

/// Largest stride for which loads and shuffles beat single elements.
static constexpr int64_t kMaxShuffleStride = 4;

/// What it costs to bring a line into the first cache, into the second and into
/// the last one: in streams, which run ahead of the computation beside it, and
/// one by one.
static constexpr double kStreamCosts[] = {1.0, 2.5, 8.0};
static constexpr double kLineCosts[] = {1.5, 12.0, 25.0};
static constexpr size_t kNumLineCosts = std::size(kLineCosts);

/// Tiles of few instructions whose loops are tried in other orders.
static constexpr unsigned kOrderedTiles = 8;

LaneAccess conveinsum::getLaneAccess(int64_t stride) {
  if (stride == 0)
    return LaneAccess::Broadcast;
  if (stride == 1)
    return LaneAccess::Contiguous;
  if (stride == -1)
    return LaneAccess::Reversed;
  if (stride >= 2 && stride <= kMaxShuffleStride)
    return LaneAccess::Shuffled;
  return LaneAccess::Elements;
}

bool conveinsum::isTransposed(const LoopTable &table, const Tile &tile,
                              unsigned operand) {
  if (!tile.laneLoop || table.loops[*tile.laneLoop].reduction ||
      tile.tileLoops.size() != 2)
    return false;
  const TileLoop &rows = tile.tileLoops.front();
  return table.loops[rows.loop].strides[operand] == 1 &&
         rows.block >= kLeastRows && rows.block <= tile.lanes &&
         getLaneAccess(table.loops[*tile.laneLoop].strides[operand]) ==
             LaneAccess::Elements;
}

/// What two kinds of work cost that run beside each other.
static double alongside(double a, double b) {
  return std::max(a, b) + kSerialPart * std::min(a, b);
}

namespace {
/// The search: a candidate lane loop, then pairs of blocks.
class Search {
public:
  explicit Search(const TileProblem &problem)
      : problem(problem), nest(problem.table),
        reductionSteps(double(nest.reductionIterations())) {}

  Tile run();

private:
  void tryLaneLoop(unsigned loop, int64_t maxLanes);
  void tryTileLoops(Tile tile);
  void tryBlocks(Tile tile);
  void consider(const Tile &tile);

  SmallVector<int64_t> blocks(const Tile &tile, unsigned loop) const;
  unsigned resultIndex() const { return problem.elementBytes.size() - 1; }
  bool dependsOn(unsigned operand, unsigned loop) const {
    return nest.loops[loop].strides[operand] != 0;
  }
  double loadCost(const Tile &tile, unsigned operand) const;
  double loadCost() const;
  double vectorLoadCost(const Tile &tile, unsigned operand) const;
  double storeCost(const Tile &tile) const;
  double withTraffic(const Tile &tile, double instructions) const;
  void orderLoops(Tile &tile, double instructions) const;
  SmallVector<unsigned, 8> usualOrder(const Tile &tile) const;
  double usefulPart(const Tile &tile) const;

  const TileProblem &problem;
  const LoopTable &nest;
  double reductionSteps;
  /// Tiles with the least cost, the best first, and their cost of instructions.
  SmallVector<std::pair<Tile, double>, kOrderedTiles + 1> best;
};
} // namespace

/// A row's part of a square of vectors that are turned, and loaded or stored at
/// `access` each.
static double squareCost(const Tile &tile, double access) {
  double vector = access + llvm::Log2_64_Ceil(tile.lanes) * kShuffleCost;
  return vector * double(tile.lanes) / double(tile.tileLoops.front().block);
}

/// A load of up to 32 bytes, a scalar, a broadcast or half a line: as many run
/// at once as multiply-adds of 256 bits, or twice as many as those of 512.
double Search::loadCost() const { return problem.vectorBits >= 512 ? 0.5 : 1; }

/// A load of lanes in a row. Where a loop moves it off the borders of lines, it
/// lies across two the more often the longer it is.
double Search::vectorLoadCost(const Tile &tile, unsigned operand) const {
  unsigned along = 0; // loops that walk along the vector
  bool isAligned = true;
  for (const Loop &loop : nest.loops) {
    int64_t stride = loop.strides[operand];
    bool isUnit = std::abs(stride) == 1;
    along += isUnit;
    isAligned &= isUnit ? along == 1 : stride % tile.lanes == 0;
  }
  const double lines =
      double(tile.lanes * problem.elementBytes[operand]) / double(kLineBytes);
  return loadCost() * std::max(1.0, 2 * lines) * (isAligned ? 1 : 1 + lines);
}

/// Instructions to read one vector (or scalar) of `operand`.
double Search::loadCost(const Tile &tile, unsigned operand) const {
  if (problem.elementBytes[operand] == 0)
    return 0;
  if (!tile.laneLoop)
    return loadCost();
  int64_t stride = nest.loops[*tile.laneLoop].strides[operand];
  switch (getLaneAccess(stride)) {
  case LaneAccess::Broadcast:
    return loadCost();
  case LaneAccess::Contiguous:
    return vectorLoadCost(tile, operand);
  case LaneAccess::Reversed:
    return vectorLoadCost(tile, operand) + kShuffleCost;
  case LaneAccess::Shuffled:
    return stride * vectorLoadCost(tile, operand) + (stride - 1) * kShuffleCost;
  case LaneAccess::Elements:
    if (isTransposed(nest, tile, operand))
      return squareCost(tile, vectorLoadCost(tile, operand));
    return double(tile.lanes) * kElementCost;
  }
  llvm_unreachable("all accesses are handled");
}

/// Instructions to finish and store one accumulator.
double Search::storeCost(const Tile &tile) const {
  if (!tile.laneLoop)
    return 1;
  if (nest.loops[*tile.laneLoop].reduction)
    return 3.0 * llvm::Log2_64_Ceil(tile.lanes);
  int64_t stride = nest.loops[*tile.laneLoop].strides.back();
  switch (getLaneAccess(stride)) {
  case LaneAccess::Contiguous:
    return 1;
  case LaneAccess::Shuffled:
    return double(stride) * (1 + kShuffleCost);
  default:
    if (isTransposed(nest, tile, resultIndex()))
      return squareCost(tile, 1);
    return double(tile.lanes) * kElementCost;
  }
}

/// The part of the computed elements that is wanted and not computed twice.
double Search::usefulPart(const Tile &tile) const {
  auto part = [](int64_t extent, int64_t block) {
    return double(extent) / double(llvm::divideCeil(extent, block) * block);
  };
  double useful = 1;
  for (const TileLoop &tileLoop : tile.tileLoops) {
    int64_t extent = nest.loops[tileLoop.loop].extent;
    bool inLanes = tile.laneLoop && *tile.laneLoop == tileLoop.loop;
    int64_t block =
        inLanes ? tile.count(tileLoop) * tile.lanes : tileLoop.block;
    // Without overlap the rest is a smaller tile: half of the waste remains.
    double loss = 1 - part(extent, block);
    useful *= problem.recompute || inLanes ? 1 - loss : 1 - loss / 2;
  }
  if (tile.laneLoop && nest.loops[*tile.laneLoop].reduction)
    useful *= part(nest.loops[*tile.laneLoop].extent, tile.lanes);
  return useful;
}

/// The parallel loops as they stand in the table, the tile's inside: blocks of
/// columns, then blocks of rows.
SmallVector<unsigned, 8> Search::usualOrder(const Tile &tile) const {
  SmallVector<unsigned, 8> order;
  auto inTile = [&](unsigned loop) {
    return llvm::any_of(tile.tileLoops, [&](const TileLoop &tileLoop) {
      return tileLoop.loop == loop;
    });
  };
  for (unsigned loop = 0; loop != nest.loops.size(); ++loop)
    if (!nest.loops[loop].reduction && !inTile(loop))
      order.push_back(loop);
  for (const TileLoop &tileLoop : llvm::reverse(tile.tileLoops))
    order.push_back(tileLoop.loop);
  return order;
}

/// The cost of the tile's instructions, and of the lines that its loops bring
/// in.
double Search::withTraffic(const Tile &tile, double instructions) const {
  SmallVector<TrafficLoop, 12> loops;
  auto add = [&](unsigned loop, int64_t step, int64_t trips) {
    SmallVector<int64_t, 4> strides;
    for (int64_t stride : nest.loops[loop].strides)
      strides.push_back(stride * step);
    loops.push_back({std::move(strides), trips});
  };
  auto blocks = [&](unsigned loop, int64_t block) {
    add(loop, block, llvm::divideCeil(nest.loops[loop].extent, block));
  };
  // From inside out: the tile, the reductions, the parallel loops.
  bool lanesReduce = tile.laneLoop && nest.loops[*tile.laneLoop].reduction;
  if (lanesReduce)
    add(*tile.laneLoop, 1, tile.lanes);
  for (const TileLoop &tileLoop : tile.tileLoops)
    add(tileLoop.loop, 1, tileLoop.block);
  for (unsigned loop : llvm::reverse(llvm::seq<unsigned>(nest.loops.size())))
    if (nest.loops[loop].reduction)
      blocks(loop, lanesReduce && *tile.laneLoop == loop ? tile.lanes : 1);
  const unsigned inner = loops.size();
  for (unsigned loop : llvm::reverse(tile.order)) {
    int64_t block = 1;
    for (const TileLoop &tileLoop : tile.tileLoops)
      if (tileLoop.loop == loop)
        block = tileLoop.block;
    blocks(loop, block);
  }
  double streams = 0, lines = 0;
  for (const OperandTraffic &operand :
       cacheTraffic(loops, inner, problem.elementBytes, problem.caches))
    for (auto [level, missed] : llvm::enumerate(operand.missed)) {
      size_t kind = std::min<size_t>(level, kNumLineCosts - 1);
      streams += missed * (1 - operand.singlePart) * kStreamCosts[kind];
      lines += missed * operand.singlePart * kLineCosts[kind];
    }
  const double iterations = double(nest.iterations());
  return alongside(instructions, streams / iterations) + lines / iterations;
}

/// Puts the loops around the tile in the order of the least traffic: those of
/// the tile at other places among the others.
void Search::orderLoops(Tile &tile, double instructions) const {
  const SmallVector<unsigned, 8> usual = tile.order;
  const unsigned numOthers = usual.size() - tile.tileLoops.size();
  auto tryOrder = [&](ArrayRef<unsigned> order) {
    Tile candidate = tile;
    candidate.order.assign(order.begin(), order.end());
    candidate.cost = withTraffic(candidate, instructions);
    if (candidate.cost < tile.cost * 0.999)
      tile = std::move(candidate);
  };
  for (unsigned column = 0; column <= numOthers; ++column)
    for (unsigned row = 0; row <= numOthers; ++row) {
      SmallVector<unsigned, 8> order(ArrayRef(usual).take_front(numOthers));
      const bool hasRows = tile.tileLoops.size() == 2;
      if (hasRows)
        order.insert(order.begin() + row, tile.tileLoops.front().loop);
      else if (row != 0)
        break;
      if (!tile.tileLoops.empty())
        order.insert(order.begin() + column + (hasRows && column > row),
                     tile.tileLoops.back().loop);
      tryOrder(order);
    }
}

void Search::consider(const Tile &tile) {
  double accumulators = 1;
  for (const TileLoop &tileLoop : tile.tileLoops)
    accumulators *= tile.count(tileLoop);
  double loads = 0, liveRegisters = accumulators + 1;
  for (unsigned operand = 0; operand != resultIndex(); ++operand) {
    double count = 1;
    for (const TileLoop &tileLoop : tile.tileLoops)
      if (dependsOn(operand, tileLoop.loop))
        count *= tile.count(tileLoop);
    loads += count * loadCost(tile, operand);
    // Rows are walked outside: only what the inner tile loop needs stays live.
    bool inner = !tile.tileLoops.empty() &&
                 dependsOn(operand, tile.tileLoops.back().loop);
    bool outer = tile.tileLoops.size() > 1 &&
                 dependsOn(operand, tile.tileLoops.front().loop);
    liveRegisters += inner && !outer ? count : 1;
  }
  if (liveRegisters > problem.vectorRegisters && accumulators > 1)
    return;
  bool reduces = nest.hasReduction();
  double compute = reduces ? std::max(accumulators, kLatency) : accumulators;
  double steps = reductionSteps;
  if (tile.laneLoop && nest.loops[*tile.laneLoop].reduction)
    steps = std::max(1.0, steps / tile.lanes);
  double step = alongside(compute, loads) + kLoopCost;
  double finish = accumulators * (storeCost(tile) + 1) + 2 * kLoopCost;
  double instructions =
      (step + finish / steps) / (accumulators * tile.lanes * usefulPart(tile));
  // Traffic only adds.
  if (best.size() == kOrderedTiles && instructions >= best.back().first.cost)
    return;
  Tile candidate = tile;
  candidate.order = usualOrder(tile);
  candidate.cost = withTraffic(candidate, instructions);
  auto *place = llvm::find_if(best, [&](const auto &other) {
    return candidate.cost < other.first.cost * 0.999;
  });
  if (place - best.begin() == kOrderedTiles)
    return;
  best.insert(place, {std::move(candidate), instructions});
  if (best.size() > kOrderedTiles)
    best.pop_back();
}

SmallVector<int64_t> Search::blocks(const Tile &tile, unsigned loop) const {
  int64_t extent = nest.loops[loop].extent;
  bool inLanes = tile.laneLoop && *tile.laneLoop == loop;
  SmallVector<int64_t> sizes;
  if (!inLanes) {
    for (int64_t block : {1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16})
      if (block <= extent && block < int64_t(problem.vectorRegisters))
        sizes.push_back(block);
    return sizes;
  }
  for (int64_t vectors = 1; vectors <= 7; ++vectors) {
    // The whole loop as one block, its last vector overlapping or masked.
    int64_t block = std::min(extent, vectors * tile.lanes);
    sizes.push_back(block);
    if (block == extent)
      break;
  }
  return sizes;
}

void Search::tryBlocks(Tile tile) {
  if (tile.tileLoops.empty())
    return consider(tile);
  for (int64_t first : blocks(tile, tile.tileLoops.front().loop)) {
    tile.tileLoops.front().block = first;
    if (tile.tileLoops.size() == 1) {
      consider(tile);
      continue;
    }
    for (int64_t second : blocks(tile, tile.tileLoops.back().loop)) {
      tile.tileLoops.back().block = second;
      consider(tile);
    }
  }
}

void Search::tryTileLoops(Tile tile) {
  bool parallelLanes = tile.laneLoop && !nest.loops[*tile.laneLoop].reduction;
  SmallVector<unsigned> others;
  for (unsigned loop = 0; loop != nest.loops.size(); ++loop)
    if (!nest.loops[loop].reduction &&
        (!tile.laneLoop || *tile.laneLoop != loop))
      others.push_back(loop);
  if (parallelLanes) {
    tile.tileLoops = {{*tile.laneLoop, 1}};
    tryBlocks(tile);
    for (unsigned row : others) {
      tile.tileLoops = {{row, 1}, {*tile.laneLoop, 1}};
      tryBlocks(tile);
    }
    return;
  }
  tile.tileLoops.clear();
  tryBlocks(tile);
  for (unsigned row : others)
    for (unsigned column : others) {
      tile.tileLoops = {{row, 1}};
      if (row != column)
        tile.tileLoops.push_back({column, 1});
      tryBlocks(tile);
    }
}

void Search::tryLaneLoop(unsigned loop, int64_t maxLanes) {
  const Loop &lane = nest.loops[loop];
  // A loop that no input walks along one by one is left to other lanes.
  bool contiguous = llvm::is_contained(lane.strides, 1);
  if (lane.extent < 2 || !contiguous)
    return;
  Tile tile;
  tile.laneLoop = loop;
  tile.lanes = std::min<int64_t>(maxLanes, llvm::PowerOf2Ceil(lane.extent));
  tryTileLoops(tile);
}

Tile Search::run() {
  if (problem.maxLanes > 1)
    for (unsigned loop = 0; loop != nest.loops.size(); ++loop)
      if (!nest.loops[loop].reduction || problem.mayReduceInLanes)
        tryLaneLoop(loop, problem.maxLanes);
  tryTileLoops(Tile());
  for (auto &[tile, instructions] : best)
    orderLoops(tile, instructions);
  return llvm::min_element(best,
                           [](const auto &a, const auto &b) {
                             return a.first.cost < b.first.cost;
                           })
      ->first;
}

Tile conveinsum::chooseTile(const TileProblem &problem) {
  return Search(problem).run();
}
