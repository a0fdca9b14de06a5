//===- Checkpoint.h - Keep or recompute, in IR ------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Decides for a forward and a backward function what goes from one to the other
// and carries it out. The choice is made by Checkpoint/Choice; here a function
// becomes a problem, and a choice two functions.
//
//   f_forward(x, w):  h = x w; y = sin h; return y, kept h
//   f_backward(x, w, g, kept h): return x^T (g cos h)
//
// is the problem {h: its bytes, the MACs of x w, needed}, {y: not needed}. The
// choice that keeps nothing makes
//
//   f_backward(x, w, g):  x', w' = x, w after g; h = x' w'; return x^T (g cos
//   h)
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_CHECKPOINT_CHECKPOINT_H
#define CONVEINSUM_CHECKPOINT_CHECKPOINT_H

#include "conveinsum/Checkpoint/Choice/Budget.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace conveinsum {

/// A forward function and its backward function, as `conveinsum-differentiate`
/// makes them.
struct TrainedPair {
  mlir::func::FuncOp forward, backward;
};

/// The pairs below `root`. Fails with a diagnostic on a function that says it
/// is half of a pair and is not.
mlir::FailureOr<llvm::SmallVector<TrainedPair>>
findTrainedPairs(mlir::Operation *root);

/// What was decided, and what it costs. Kept values lie without gaps; other
/// buffers begin at multiples of 64 bytes.
struct CheckpointFigures {
  Count keptBytes, recomputedMacs;
  unsigned kept = 0, recomputed = 0;
  /// See `CheckpointFront::error`.
  Count error;
  Count forwardPeak, backwardPeak;
  /// See `workspaceBytes`.
  Count forwardWorkspace, backwardWorkspace;
};

/// Which choices within a budget are looked at.
enum class CheckpointPeaks : uint8_t {
  /// All: the fewest MACs decide.
  Any,
  /// Those for which both functions need no more memory beside what is kept
  /// than for any choice of the front that keeps less: with more bytes neither
  /// MACs nor that memory become more.
  Steady
};

/// Decides what the pair keeps within the budget and rewrites both functions.
/// Fails with a diagnostic where that cannot be; the pair may then keep masks
/// in the place of what they are computed from, but means what it meant.
mlir::FailureOr<CheckpointFigures>
checkpoint(TrainedPair pair, const CheckpointBudget &budget,
           CheckpointPeaks peaks = CheckpointPeaks::Any);

/// The most bytes that values of a function's body take at once, in its order.
/// Not counted are arguments and results, which are the caller's, unless they
/// are kept, and constants. Views have no bytes of their own, and an op that
/// writes into an operand that nobody else reads takes none.
Count peakBytes(mlir::func::FuncOp function);

/// The bytes of workspace that the compiled function needs at least: as
/// `peakBytes`, but without what is kept, which is the caller's buffer as long
/// as the function runs; with what steps need inside of them, such as padded
/// operands; and arithmetic entry by entry writes over an operand that is read
/// for the last time. Steps are functions of their own there
/// (`conveinsum-outline-steps`). Needs the dialects of the lowering to be
/// loaded
/// (`lowerEinsum`).
Count workspaceBytes(mlir::func::FuncOp function);

} // namespace conveinsum

#endif // CONVEINSUM_CHECKPOINT_CHECKPOINT_H
