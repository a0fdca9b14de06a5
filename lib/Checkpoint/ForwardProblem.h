//===- ForwardProblem.h - A forward function as a problem -------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The values of the problem are the results of the ops of the function's body,
// in its order. An op of several results is a value of its own before these:
// one that is never kept, has all the work, and is read by each result, so that
// it is done once for all of them.
//
// Never kept, and so computed again where they are read, are values that depend
// on no argument, and scalars. Never recomputed is what has side effects.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_CHECKPOINT_FORWARDPROBLEM_H
#define CONVEINSUM_LIB_CHECKPOINT_FORWARDPROBLEM_H

#include "conveinsum/Checkpoint/Checkpoint.h"

namespace conveinsum {

class ForwardProblem {
public:
  /// Fails with a diagnostic on an op whose work is not known, or that a pin
  /// wants to be what it cannot be.
  static mlir::FailureOr<ForwardProblem> create(TrainedPair pair);

  const CheckpointProblem &problem() const { return values; }

  /// What a value of the problem is: a result, or null for an op of several.
  mlir::Value resultOf(unsigned value) const { return results[value]; }
  /// The op that recomputing a value runs; null for one of several results,
  /// whose op is a value of its own.
  mlir::Operation *opOf(unsigned value) const { return ops[value]; }

private:
  ForwardProblem() = default;
  void addValue(mlir::Operation *op, mlir::Value result, CheckpointValue value);
  mlir::LogicalResult addOp(mlir::Operation *op);
  mlir::LogicalResult addPin(mlir::Operation *op, bool isLiteral,
                             bool isRecomputable, CheckpointValue &value);
  void markNeeded(TrainedPair pair);

  CheckpointProblem values;
  llvm::SmallVector<mlir::Value> results;
  llvm::SmallVector<mlir::Operation *> ops;
  llvm::DenseMap<mlir::Value, unsigned> numbers;
  /// Values that depend on no argument.
  llvm::DenseSet<mlir::Value> literals;
  /// Values that the backward pass cannot have: not kept, nor recomputed.
  llvm::DenseSet<mlir::Value> lost;
};

} // namespace conveinsum

#endif // CONVEINSUM_LIB_CHECKPOINT_FORWARDPROBLEM_H
