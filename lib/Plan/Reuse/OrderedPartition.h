//===- OrderedPartition.h - Cells of vertices that look alike ---*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An ordered partition of the vertices of a coloured graph. A cell is a range
// of the array of vertices and is named by its start; operands come before
// modes. Splitting a cell permutes vertices inside it only, so a split is
// undone by forgetting its border, and a search needs no copies.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_REUSE_ORDEREDPARTITION_H
#define CONVEINSUM_LIB_PLAN_REUSE_ORDEREDPARTITION_H

#include "CanonicalOrder.h"
#include <vector>

namespace conveinsum {

class Partition {
public:
  /// Vertices of equal entries of `colours` share a cell; cells are in
  /// ascending order of colour. All cells wait for `refine`.
  Partition(const ColouredGraph &graph, llvm::ArrayRef<uint64_t> colours);

  /// Splits until the vertices of every cell have the same arcs to every cell.
  /// Returns a hash of all that was found on the way, equal for isomorphic
  /// graphs and partitions.
  uint64_t refine();
  /// Makes `vertex` the only one of its cell; `refine` spreads it.
  void individualise(unsigned vertex);
  /// The same for all vertices of a cell, in the order in which they are.
  void isolate(unsigned cell);

  /// A state to return to. Nothing may wait for `refine` then.
  size_t mark() const { return splits.size(); }
  void undo(size_t mark);

  /// The vertices of a cell, or of all cells.
  llvm::ArrayRef<unsigned> vertices(unsigned cell) const {
    return llvm::ArrayRef(elements).slice(cell, length[cell]);
  }
  llvm::ArrayRef<unsigned> vertices() const { return elements; }
  /// The first cell of several operands, or the number of operands. `from` is
  /// the start of a cell before which there is none.
  unsigned firstOpenCell(unsigned from) const;

  /// Vertices and arcs that were looked at, a measure of time.
  uint64_t work = 0;

private:
  void split(unsigned cell, unsigned border);
  void enqueue(unsigned cell);
  void move(unsigned vertex, unsigned position);
  void countArcs(unsigned splitter);
  void splitTouched(uint64_t &trace);
  void splitCell(unsigned cell, llvm::ArrayRef<unsigned> members,
                 uint64_t &trace);
  void enqueuePieces(unsigned cell, llvm::ArrayRef<unsigned> borders);

  const ColouredGraph &graph;
  std::vector<unsigned> elements, positionOf; ///< inverse permutations
  std::vector<unsigned> cellOf;               ///< by vertex
  std::vector<unsigned> length;               ///< by start of cell
  /// (cell, border): the cell lost what begins at the border.
  std::vector<std::pair<unsigned, unsigned>> splits;
  std::vector<unsigned> queue;
  std::vector<bool> isQueued; ///< by start of cell
  /// Vertices with arcs to the splitter, and the sum of their colours.
  std::vector<unsigned> touched;
  std::vector<bool> isTouched;
  std::vector<uint64_t> score;
};

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_REUSE_ORDEREDPARTITION_H
