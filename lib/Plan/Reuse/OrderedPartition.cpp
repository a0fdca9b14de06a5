//===- OrderedPartition.cpp - Cells of vertices that look alike -----------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every decision (which cell splits others next, the order of the pieces) is
// made by starts of cells and by hashes, never by numbers of vertices: these
// are what an isomorphic graph has differently.
//
//===----------------------------------------------------------------------===//

#include "OrderedPartition.h"
#include <algorithm>
#include <numeric>

using namespace conveinsum;
using llvm::ArrayRef;

Partition::Partition(const ColouredGraph &graph, ArrayRef<uint64_t> colours)
    : graph(graph), elements(graph.numVertices()),
      positionOf(graph.numVertices()), cellOf(graph.numVertices()),
      length(graph.numVertices()), isQueued(graph.numVertices()),
      isTouched(graph.numVertices()), score(graph.numVertices()) {
  auto byColour = [&](unsigned a, unsigned b) {
    return colours[a] < colours[b];
  };
  std::iota(elements.begin(), elements.end(), 0u);
  auto firstMode = elements.begin() + graph.numOperands;
  std::sort(elements.begin(), firstMode, byColour);
  std::sort(firstMode, elements.end(), byColour);
  unsigned cell = 0;
  for (unsigned position = 0; position < elements.size(); ++position) {
    unsigned vertex = elements[position];
    bool begins = position == 0 || position == graph.numOperands ||
                  colours[elements[position - 1]] != colours[vertex];
    if (begins) {
      cell = position;
      enqueue(cell);
    }
    positionOf[vertex] = position;
    cellOf[vertex] = cell;
    ++length[cell];
  }
}

unsigned Partition::firstOpenCell(unsigned from) const {
  while (from < graph.numOperands && length[from] == 1)
    ++from;
  return from;
}

//===----------------------------------------------------------------------===//
// Splits
//===----------------------------------------------------------------------===//

void Partition::split(unsigned cell, unsigned border) {
  unsigned end = cell + length[cell];
  for (unsigned position = border; position < end; ++position)
    cellOf[elements[position]] = border;
  length[border] = end - border;
  length[cell] = border - cell;
  splits.push_back({cell, border});
}

void Partition::undo(size_t mark) {
  while (splits.size() > mark) {
    auto [cell, border] = splits.back();
    splits.pop_back();
    for (unsigned vertex : vertices(border))
      cellOf[vertex] = cell;
    length[cell] += length[border];
    work += length[border];
  }
}

void Partition::enqueue(unsigned cell) {
  queue.push_back(cell);
  isQueued[cell] = true;
}

void Partition::move(unsigned vertex, unsigned position) {
  unsigned other = elements[position], old = positionOf[vertex];
  elements[position] = vertex;
  elements[old] = other;
  positionOf[vertex] = position;
  positionOf[other] = old;
}

void Partition::individualise(unsigned vertex) {
  unsigned cell = cellOf[vertex];
  assert(length[cell] > 1 && "the vertex is alone already");
  work += length[cell];
  move(vertex, cell);
  split(cell, cell + 1);
  enqueue(cell);
}

void Partition::isolate(unsigned cell) {
  work += length[cell];
  for (unsigned border = cell + length[cell] - 1; border > cell; --border) {
    split(cell, border);
    enqueue(border);
  }
}

//===----------------------------------------------------------------------===//
// Refinement
//===----------------------------------------------------------------------===//

uint64_t Partition::refine() {
  uint64_t trace = 0;
  for (size_t head = 0; head < queue.size(); ++head) {
    unsigned splitter = queue[head];
    isQueued[splitter] = false;
    countArcs(splitter);
    splitTouched(trace);
  }
  queue.clear();
  return trace;
}

void Partition::countArcs(unsigned splitter) {
  for (unsigned vertex : vertices(splitter)) {
    ArrayRef<ColouredGraph::Arc> arcs = graph.arcsOf(vertex);
    work += 1 + arcs.size();
    for (const ColouredGraph::Arc &arc : arcs) {
      if (length[cellOf[arc.vertex]] == 1)
        continue;
      if (!isTouched[arc.vertex]) {
        isTouched[arc.vertex] = true;
        touched.push_back(arc.vertex);
      }
      addToHash(score[arc.vertex], arc.colour);
    }
  }
}

void Partition::splitTouched(uint64_t &trace) {
  std::sort(touched.begin(), touched.end(), [&](unsigned a, unsigned b) {
    return cellOf[a] != cellOf[b] ? cellOf[a] < cellOf[b] : score[a] < score[b];
  });
  for (size_t begin = 0, end; begin < touched.size(); begin = end) {
    unsigned cell = cellOf[touched[begin]];
    end = begin + 1;
    while (end < touched.size() && cellOf[touched[end]] == cell)
      ++end;
    splitCell(cell, ArrayRef(touched).slice(begin, end - begin), trace);
  }
  for (unsigned vertex : touched) {
    isTouched[vertex] = false;
    score[vertex] = 0;
  }
  touched.clear();
}

/// Splits a cell by the scores of `members`, which are in ascending order; what
/// has no arcs to the splitter stays in front.
void Partition::splitCell(unsigned cell, ArrayRef<unsigned> members,
                          uint64_t &trace) {
  unsigned first = cell + length[cell] - members.size();
  llvm::SmallVector<unsigned, 8> borders;
  for (unsigned index = 0; index < members.size(); ++index) {
    unsigned vertex = members[index];
    if (index != 0 && score[members[index - 1]] == score[vertex])
      continue;
    trace = combineHash(combineHash(trace, first + index), score[vertex]);
    if (first + index != cell)
      borders.push_back(first + index);
  }
  if (borders.empty())
    return;
  for (unsigned index = 0; index < members.size(); ++index)
    move(members[index], first + index);
  for (unsigned border : llvm::reverse(borders))
    split(cell, border);
  enqueuePieces(cell, borders);
}

/// A cell that waits for its turn is replaced by all its pieces. Of one that
/// had its turn, the largest piece can be left out: arcs to it are those to the
/// whole less those to the other pieces.
void Partition::enqueuePieces(unsigned cell, ArrayRef<unsigned> borders) {
  unsigned largest = cell;
  for (unsigned border : borders)
    if (length[border] > length[largest])
      largest = border;
  bool waits = isQueued[cell];
  if (!waits && cell != largest)
    enqueue(cell);
  for (unsigned border : borders)
    if (waits || border != largest)
      enqueue(border);
}
