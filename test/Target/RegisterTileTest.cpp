//===- RegisterTileTest.cpp - Which loops live in registers ---------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The choices whose reasons are known: each was measured to be right.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Target/RegisterTile.h"
#include "llvm/ADT/STLExtras.h"
#include "gtest/gtest.h"

using namespace conveinsum;

namespace {

/// A nest in f32 on a machine with 512-bit vectors.
struct Nest {
  LoopTable table;

  Nest &parallel(int64_t extent, llvm::SmallVector<int64_t, 4> strides) {
    table.loops.push_back(
        {extent, false, std::move(strides), unsigned(table.loops.size())});
    return *this;
  }
  Nest &reduction(int64_t extent, llvm::SmallVector<int64_t, 4> strides) {
    table.loops.push_back(
        {extent, true, std::move(strides), unsigned(table.loops.size())});
    return *this;
  }
  Tile tile(unsigned registers = 32, int64_t lanes = 16) const {
    const unsigned bytes[] = {4, 4, 4};
    const uint64_t caches[] = {32 << 10, 1 << 20, 32 << 20};
    return chooseTile({table, bytes, lanes, /*mayReduceInLanes=*/true,
                       /*recompute=*/true, lanes >= 16 ? 512u : 256u, registers,
                       caches});
  }
};

/// `bshw,tshw->bthw|hw` with taps 3 x 3 and images of `size` pixels a side,
/// which are padded to `size` + 2.
Nest convolution(int64_t batch, int64_t channels, int64_t size) {
  const int64_t row = size + 2, image = row * row;
  return Nest()
      .parallel(batch, {channels * image, 0, channels * size * size})
      .parallel(channels, {0, channels * 9, size * size})
      .parallel(size, {row, 0, size})
      .parallel(size, {1, 0, 1})
      .reduction(channels, {image, 9, 0})
      .reduction(3, {row, 3, 0})
      .reduction(3, {1, 1, 0});
}

bool isTiled(const Tile &tile, unsigned loop) {
  return llvm::any_of(tile.tileLoops, [&](const TileLoop &tileLoop) {
    return tileLoop.loop == loop;
  });
}

double accumulators(const Tile &tile) {
  double product = 1;
  for (const TileLoop &tileLoop : tile.tileLoops)
    product *= double(tile.count(tileLoop));
  return product;
}

TEST(RegisterTile, MatrixProductFillsTheRegisters) {
  Nest nest;
  nest.parallel(512, {512, 0, 512})
      .parallel(512, {0, 1, 1})
      .reduction(512, {1, 512, 0});
  for (auto [registers, lanes] : {std::pair(32u, 16), std::pair(16u, 8)}) {
    Tile tile = nest.tile(registers, lanes);
    EXPECT_EQ(tile.laneLoop, 1u);
    EXPECT_EQ(tile.lanes, lanes);
    EXPECT_GE(accumulators(tile), 0.6 * registers);
    EXPECT_LT(accumulators(tile), registers);
    EXPECT_EQ(tile.order.size(), 2u);
  }
}

/// Images of 256 channels lie 64 KiB apart, all in two sets of a cache.
TEST(RegisterTile, RowsAreNoImagesOfAPowerOfTwo) {
  Tile tile = convolution(16, 256, 14).tile();
  EXPECT_FALSE(isTiled(tile, 0));
  EXPECT_TRUE(isTiled(tile, 1));
}

/// Rows of an image are loaded across lines, channels are broadcast.
TEST(RegisterTile, SmallImagesHaveChannelsAsRows) {
  for (int64_t channels : {57, 140, 256}) {
    Tile tile = convolution(16, channels, 14).tile();
    EXPECT_TRUE(isTiled(tile, 1)) << channels;
    EXPECT_EQ(tile.laneLoop, 3u) << channels;
  }
}

/// The kernel of 9 MiB would be read once more for every row of an image if the
/// channels were inside.
TEST(RegisterTile, AKernelBeyondTheCachesIsReadInBlocks) {
  Nest nest;
  const int64_t channels = 512, row = 16, image = 256;
  nest.parallel(16, {channels * image, 0, channels * 196})
      .parallel(channels, {0, 1, 196})
      .parallel(14, {row, 0, 14})
      .parallel(14, {1, 0, 1})
      .reduction(channels, {image, 9 * channels, 0})
      .reduction(3, {row, 3 * channels, 0})
      .reduction(3, {1, channels, 0});
  Tile tile = nest.tile();
  EXPECT_EQ(tile.laneLoop, 1u);
  // At least three vectors of a row of the kernel, which hardware fetches
  // ahead.
  EXPECT_GE(tile.count(tile.tileLoops.back()), 3);
}

/// All loops of the order are the parallel ones, each once.
TEST(RegisterTile, TheOrderIsOneOfTheParallelLoops) {
  Tile tile = convolution(4, 64, 56).tile();
  llvm::SmallVector<unsigned, 8> order = tile.order;
  llvm::sort(order);
  EXPECT_EQ(order, (llvm::SmallVector<unsigned, 8>{0, 1, 2, 3}));
}

TEST(RegisterTile, WithoutVectorsATileIsOfScalars) {
  Tile tile = convolution(1, 8, 14).tile(16, 1);
  EXPECT_FALSE(tile.laneLoop.has_value());
  EXPECT_EQ(tile.lanes, 1);
  EXPECT_GT(accumulators(tile), 1);
}

} // namespace
