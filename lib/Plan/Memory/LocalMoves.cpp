//===- LocalMoves.cpp - Moves that make a tree fit ------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The exchanges of a tree in a fixed order, and the descent along them.
//
//===----------------------------------------------------------------------===//

#include "LocalMoves.h"
#include "Plan/Tree/TreeBuilder.h"

using namespace conveinsum;
using Step = ContractionTree::Step;

/// Joins everything below an SSA value of an unordered list of steps.
static unsigned rebuild(unsigned numOperands, llvm::ArrayRef<Step> steps,
                        unsigned value, TreeBuilder &builder) {
  if (value < numOperands)
    return value;
  auto [lhs, rhs] = steps[value - numOperands];
  unsigned left = rebuild(numOperands, steps, lhs, builder);
  return builder.join(left, rebuild(numOperands, steps, rhs, builder));
}

/// Step `reader` joins the result of step `producer` with some C. One of the
/// two inputs of the producer changes places with C.
///
/// `TreeAnnealer::tryMove` makes the same exchange, in place: it changes two
/// links and one row, and knows costs by steps alone. A peak is one of the
/// whole tree, in an order of its steps, so here every candidate becomes a
/// tree; what both could share is the swap below.
static ContractionTree exchange(const ContractionTree &tree, unsigned reader,
                                unsigned producer, bool second) {
  llvm::SmallVector<Step, 8> steps(tree.steps().begin(), tree.steps().end());
  unsigned result = tree.resultOf(producer);
  unsigned &brother = steps[reader].first == result ? steps[reader].second
                                                    : steps[reader].first;
  std::swap(brother, second ? steps[producer].second : steps[producer].first);
  TreeBuilder builder(tree.numOperands());
  rebuild(tree.numOperands(), steps, tree.numValues() - 1, builder);
  return builder.finish();
}

MeasuredTree conveinsum::improve(
    MeasuredTree start, uint64_t maxMoves,
    llvm::function_ref<MeasuredTree(const ContractionTree &)> measure) {
  MeasuredTree best = std::move(start);
  uint64_t moves = 0;
  /// Tries both exchanges along one edge; true if one was taken.
  auto tryEdge = [&](unsigned reader, unsigned value) {
    if (value < best.tree.numOperands())
      return false;
    unsigned producer = value - best.tree.numOperands();
    for (bool second : {false, true}) {
      if (moves++ >= maxMoves)
        return false;
      MeasuredTree next =
          measure(exchange(best.tree, reader, producer, second));
      if (next.betterThan(best)) {
        best = std::move(next);
        return true;
      }
    }
    return false;
  };
  bool improved = true;
  while (improved && moves < maxMoves) {
    improved = false;
    for (unsigned reader = 0; reader < best.tree.steps().size(); ++reader) {
      Step step = best.tree.steps()[reader];
      improved |= tryEdge(reader, step.first) || tryEdge(reader, step.second);
    }
  }
  return best;
}
