//===- Checkpoint.cpp - Keep or recompute, in IR --------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From a pair to a problem, from the problem to a choice, from the choice to
// the pair again.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Checkpoint/Checkpoint.h"
#include "Masks.h"
#include "Rewrite.h"
#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsum.h"
#include "conveinsum/Dialect/ConvEinsum/IR/TensorSizes.h"

using namespace mlir;
using namespace conveinsum;

/// The most bytes that either function has beside what is kept, if a choice is
/// carried out.
static FailureOr<Count> memoryBesideKept(TrainedPair pair,
                                         const CheckpointChoice &choice) {
  OwningOpRef<func::FuncOp> forward = pair.forward.clone();
  OwningOpRef<func::FuncOp> backward = pair.backward.clone();
  TrainedPair copy{*forward, *backward};
  FailureOr<ForwardProblem> problem = ForwardProblem::create(copy);
  if (failed(problem))
    return failure();
  rewritePair(copy, *problem, choice);
  packMasks(copy);
  return std::max(peakBytes(*forward), peakBytes(*backward)) - choice.keptBytes;
}

/// Of the points up to `last`, the last one for which no other needs less
/// memory beside what is kept.
static FailureOr<size_t>
steadyPoint(TrainedPair pair, const CheckpointFront &front, size_t last) {
  size_t steady = 0;
  std::optional<Count> least;
  for (size_t point = 0; point <= last; ++point) {
    CheckpointChoice choice = front.choice(point);
    if (failed(checkRewrite(pair, choice)))
      return failure();
    FailureOr<Count> memory = memoryBesideKept(pair, choice);
    if (failed(memory))
      return failure();
    if (least && *memory > *least)
      continue;
    least = *memory;
    steady = point;
  }
  return steady;
}

FailureOr<CheckpointFigures>
conveinsum::checkpoint(TrainedPair pair, const CheckpointBudget &budget,
                       CheckpointPeaks peaks) {
  auto [forward, backward] = pair;
  if (failed(verifyTensorSizes(forward)) || failed(verifyTensorSizes(backward)))
    return failure();
  // What is recomputed already would be neither counted nor kept.
  if (!budget.isMax() &&
      backward.walk([](BarrierOp) { return WalkResult::interrupt(); })
          .wasInterrupted())
    return backward.emitOpError()
           << "cannot be checkpointed: expected a backward function that "
              "recomputes nothing yet, got one with 'conveinsum.barrier'";
  moveMasks(pair);
  FailureOr<ForwardProblem> problem = ForwardProblem::create(pair);
  if (failed(problem))
    return failure();
  CheckpointFront front(problem->problem());
  Count bytes = budget.bytesFor(front);
  std::optional<size_t> picked = front.pick(bytes);
  if (!picked)
    return forward.emitOpError()
           << "cannot be checkpointed: expected a budget of at least "
           << toString(front.minBytes())
           << " bytes, which pins and values that cannot be recomputed take, "
              "got "
           << toString(bytes);
  if (peaks == CheckpointPeaks::Steady) {
    FailureOr<size_t> steady = steadyPoint(pair, front, *picked);
    if (failed(steady))
      return failure();
    picked = *steady;
  }
  CheckpointChoice choice = front.choice(*picked);
  if (failed(checkRewrite(pair, choice)))
    return failure();
  rewritePair(pair, *problem, choice);
  packMasks(pair);

  CheckpointFigures figures;
  figures.keptBytes = choice.keptBytes;
  figures.recomputedMacs = choice.macs;
  figures.kept = choice.kept.size();
  figures.recomputed = choice.recomputed.size();
  figures.error = front.error();
  figures.forwardPeak = peakBytes(forward);
  figures.backwardPeak = peakBytes(backward);
  figures.forwardWorkspace = workspaceBytes(forward);
  figures.backwardWorkspace = workspaceBytes(backward);
  return figures;
}
