//===- TileMemory.h - Loads and stores of a register tile -------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One vector (or scalar) of an operand, in the form that its stride along the
// lane loop asks for:
//
//     stride 0      one element, broadcast
//     stride 1      a vector load or store, masked where lanes lie beyond the
//                   end
//     stride -1     a vector load and a shuffle that turns it round
//     stride 2..4   that many vector loads, merged by shuffles
//     others        one element at a time
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_CODEGEN_CPU_TILEMEMORY_H
#define CONVEINSUM_LIB_CODEGEN_CPU_TILEMEMORY_H

#include "CodeGen/Common/LoopNest.h"
#include "TileChoice.h"
#include "llvm/ADT/DenseMap.h"

namespace conveinsum {

/// Access to the operands of one nest. An address is a base (null for zero),
/// plus a displacement known at compile time, in elements.
class TileMemory {
public:
  /// Prepares the buffers at the insertion point of `builder`, which must
  /// dominate all accesses.
  TileMemory(mlir::OpBuilder &builder, const LoopNest &nest, const Tile &tile);

  /// Lanes of a value of `operand`: those of the tile, or 1 for the result of a
  /// reduction that runs in lanes.
  int64_t lanes(unsigned operand) const;

  /// The value of `operand`; lanes from `valid` on are zero.
  mlir::Value load(mlir::OpBuilder &builder, unsigned operand, mlir::Value base,
                   int64_t displacement, int64_t valid);

  /// Stores the first `valid` lanes of `value` to the result.
  void store(mlir::OpBuilder &builder, mlir::Value value, mlir::Value base,
             int64_t displacement, int64_t valid);

  /// The values of `rows` rows whose elements lie one after the other, each of
  /// `valid` lanes that lie apart; further rows that are no values of any.
  llvm::SmallVector<mlir::Value>
  loadTransposed(mlir::OpBuilder &builder, unsigned operand, mlir::Value base,
                 int64_t displacement, int64_t rows, int64_t valid);
  /// The inverse for the result.
  void storeTransposed(mlir::OpBuilder &builder,
                       llvm::ArrayRef<mlir::Value> rows, mlir::Value base,
                       int64_t displacement, int64_t valid);

  /// `value`, a scalar, in all lanes of a value of the tile.
  mlir::Value broadcast(mlir::OpBuilder &builder, mlir::Value value,
                        int64_t lanes);

  /// A constant index, made once outside all loops.
  mlir::Value index(int64_t value);

  /// `base + displacement`; null stands for zero on input, never on output.
  mlir::Value address(mlir::OpBuilder &builder, mlir::Value base,
                      int64_t displacement);

private:
  mlir::Value loadReversed(mlir::OpBuilder &builder, unsigned operand,
                           mlir::Value base, int64_t displacement,
                           int64_t valid);
  mlir::Value loadShuffled(mlir::OpBuilder &builder, unsigned operand,
                           mlir::Value base, int64_t displacement,
                           int64_t valid);
  mlir::Value loadElements(mlir::OpBuilder &builder, unsigned operand,
                           mlir::Value base, int64_t displacement,
                           int64_t valid);
  /// The elements from `at` on, `valid` of them.
  mlir::Value loadContiguous(mlir::OpBuilder &builder, unsigned operand,
                             mlir::Value at, int64_t valid);
  /// The first `valid` lanes to elements in a row.
  void storeContiguous(mlir::OpBuilder &builder, mlir::Value value,
                       mlir::Value at, int64_t valid);
  void storeSpread(mlir::OpBuilder &builder, mlir::Value value,
                   mlir::Value base, int64_t displacement, int64_t valid);
  /// As many vectors as they have lanes, with lanes and vectors exchanged.
  void transpose(mlir::OpBuilder &builder,
                 llvm::MutableArrayRef<mlir::Value> vectors);
  mlir::Value zero(mlir::OpBuilder &builder, unsigned operand);
  /// Only the first `valid` lanes.
  mlir::Value mask(mlir::OpBuilder &builder, int64_t valid);
  mlir::Value mask(mlir::OpBuilder &builder, llvm::ArrayRef<bool> bits);
  int64_t laneStride(unsigned operand) const;
  mlir::VectorType vectorType(unsigned operand) const;

  const LoopNest &nest;
  const Tile &tile;
  mlir::Location loc;
  /// Every operand's buffer as one dimension, or the scalar itself.
  llvm::SmallVector<mlir::Value, 4> buffers;
  llvm::DenseMap<int64_t, mlir::Value> indices;
  /// Where constants go.
  mlir::OpBuilder entry;
};

} // namespace conveinsum

#endif // CONVEINSUM_LIB_CODEGEN_CPU_TILEMEMORY_H
