//===- TileChoice.cpp - Which loops live in registers ---------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tries every lane loop, every pair of tile loops and a list of block sizes;
// the count is a few thousand at most, so the search is exhaustive.
//
//===----------------------------------------------------------------------===//

#include "TileChoice.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/MathExtras.h"

using namespace conveinsum;
using namespace mlir;

/// Relative costs of one instruction, a multiply-add being 1.
static constexpr double kLoadCost = 0.5;
static constexpr double kShuffleCost = 1.0;
static constexpr double kElementCost = 1.5;
/// Accumulators below which the latency of multiply-adds shows.
static constexpr double kLatency = 8;
/// Cost of loop control and addresses per step of the innermost reduction.
static constexpr double kLoopCost = 1.0;

/// Largest stride for which loads and shuffles beat single elements.
static constexpr int64_t kMaxShuffleStride = 4;

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

ReductionKind conveinsum::getReductionKind(const LoopNest &nest) {
  linalg::LinalgOp op = nest.getOp();
  Block *body = op.getBlock();
  Value result = body->getArguments().back();
  Operation *combine = body->getTerminator()->getOperand(0).getDefiningOp();
  if (!combine || combine->getNumOperands() != 2 || !result.hasOneUse() ||
      *result.user_begin() != combine)
    return ReductionKind::Opaque;
  if (isa<arith::AddFOp, complex::AddOp>(combine))
    return ReductionKind::AddF;
  if (isa<arith::AddIOp>(combine))
    return ReductionKind::AddI;
  return ReductionKind::Opaque;
}

bool conveinsum::mayRecompute(const LoopNest &nest, bool startsFromFill) {
  if (nest.readsResult && !startsFromFill)
    return false;
  Value root = nest.operands.back().root;
  return llvm::none_of(ArrayRef(nest.operands).drop_back(),
                       [&](const Operand &in) { return in.root == root; });
}

static bool isVectorElement(Type type) {
  if (isa<Float16Type, BFloat16Type, Float32Type, Float64Type>(type))
    return true;
  auto integer = dyn_cast<IntegerType>(type);
  return integer && integer.isSignless() &&
         llvm::is_contained({8, 16, 32, 64}, integer.getWidth());
}

/// True for ops that mean the same on each lane and cannot trap, so that lanes
/// beyond the end may compute on zeros.
static bool isLaneOp(Operation &op) {
  return isa<linalg::YieldOp, arith::ConstantOp, arith::AddFOp, arith::SubFOp,
             arith::MulFOp, arith::DivFOp, arith::NegFOp, arith::AddIOp,
             arith::SubIOp, arith::MulIOp, arith::ExtFOp, arith::TruncFOp,
             arith::ExtSIOp, arith::ExtUIOp, arith::TruncIOp, arith::SIToFPOp,
             arith::UIToFPOp, arith::MaximumFOp, arith::MinimumFOp,
             math::FmaOp>(op);
}

/// The widest element type of the body in bits, or 0 if it cannot run in lanes.
static unsigned widestElement(const LoopNest &nest) {
  linalg::LinalgOp op = nest.getOp();
  unsigned widest = 0;
  auto visit = [&](Type type) {
    if (!isVectorElement(type))
      return false;
    widest = std::max(widest, type.getIntOrFloatBitWidth());
    return true;
  };
  if (nest.readsIndices ||
      !llvm::all_of(op.getBlock()->getArgumentTypes(), visit))
    return 0;
  for (Operation &inner : *op.getBlock()) {
    if (!isLaneOp(inner) || !llvm::all_of(inner.getResultTypes(), visit))
      return 0;
    for (Value operand : inner.getOperands())
      if (!visit(operand.getType()))
        return 0;
  }
  return widest;
}

namespace {
/// The search: a candidate lane loop, then pairs of blocks.
class Search {
public:
  Search(const LoopNest &nest, const CpuOptions &cpu, bool recompute)
      : nest(nest), cpu(cpu), recompute(recompute),
        reductionSteps(nest.reductionIterations()) {}

  Tile run();

private:
  void tryLaneLoop(unsigned loop, int64_t maxLanes);
  void tryTileLoops(Tile tile);
  void tryBlocks(Tile tile);
  void consider(const Tile &tile);

  SmallVector<int64_t> blocks(const Tile &tile, unsigned loop) const;
  bool dependsOn(unsigned operand, unsigned loop) const {
    return nest.loops[loop].strides[operand] != 0;
  }
  double loadCost(const Tile &tile, unsigned operand) const;
  double storeCost(const Tile &tile) const;
  double usefulPart(const Tile &tile) const;

  const LoopNest &nest;
  const CpuOptions &cpu;
  bool recompute;
  double reductionSteps;
  std::optional<Tile> best;
};
} // namespace

/// Instructions to read one vector (or scalar) of `operand`.
double Search::loadCost(const Tile &tile, unsigned operand) const {
  if (!nest.operands[operand].root)
    return 0;
  if (!tile.laneLoop)
    return kLoadCost;
  int64_t stride = nest.loops[*tile.laneLoop].strides[operand];
  switch (getLaneAccess(stride)) {
  case LaneAccess::Broadcast:
  case LaneAccess::Contiguous:
    return kLoadCost;
  case LaneAccess::Reversed:
    return kLoadCost + kShuffleCost;
  case LaneAccess::Shuffled:
    return stride * kLoadCost + (stride - 1) * kShuffleCost;
  case LaneAccess::Elements:
    return tile.lanes * kElementCost;
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
    return stride * (1 + kShuffleCost);
  default:
    return tile.lanes * kElementCost;
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
    useful *= recompute || inLanes ? 1 - loss : 1 - loss / 2;
  }
  if (tile.laneLoop && nest.loops[*tile.laneLoop].reduction)
    useful *= part(nest.loops[*tile.laneLoop].extent, tile.lanes);
  return useful;
}

void Search::consider(const Tile &tile) {
  double accumulators = 1;
  for (const TileLoop &tileLoop : tile.tileLoops)
    accumulators *= tile.count(tileLoop);
  double loads = 0, liveRegisters = accumulators + 1;
  for (unsigned operand = 0; operand != nest.resultIndex(); ++operand) {
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
  if (liveRegisters > cpu.vectorRegisters && accumulators > 1)
    return;
  bool reduces = nest.hasReduction();
  double compute = reduces ? std::max(accumulators, kLatency) : accumulators;
  double steps = reductionSteps;
  if (tile.laneLoop && nest.loops[*tile.laneLoop].reduction)
    steps = std::max(1.0, steps / tile.lanes);
  double step = compute + loads + kLoopCost;
  double finish = accumulators * (storeCost(tile) + 1) + 2 * kLoopCost;
  Tile candidate = tile;
  candidate.cost =
      (step + finish / steps) / (accumulators * tile.lanes * usefulPart(tile));
  if (!best || candidate.cost < best->cost * 0.999)
    best = candidate;
}

SmallVector<int64_t> Search::blocks(const Tile &tile, unsigned loop) const {
  int64_t extent = nest.loops[loop].extent;
  bool inLanes = tile.laneLoop && *tile.laneLoop == loop;
  SmallVector<int64_t> sizes;
  if (!inLanes) {
    for (int64_t block : {1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16})
      if (block <= extent && block < int64_t(cpu.vectorRegisters))
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
  unsigned bits = widestElement(nest);
  int64_t maxLanes = bits ? cpu.vectorBits / bits : 1;
  ReductionKind kind = getReductionKind(nest);
  if (maxLanes > 1)
    for (unsigned loop = 0; loop != nest.loops.size(); ++loop)
      if (!nest.loops[loop].reduction || kind != ReductionKind::Opaque)
        tryLaneLoop(loop, maxLanes);
  tryTileLoops(Tile());
  return *best;
}

Tile conveinsum::chooseTile(const LoopNest &nest, const CpuOptions &cpu,
                            bool recompute) {
  if (nest.readsIndices || nest.iterations() < cpu.minVectorWork)
    return Tile();
  return Search(nest, cpu, recompute).run();
}
