//===- TreeChoice.h - Trees and kept sets chosen together -------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The networks of a function that is to be differentiated get the trees with
// which its training costs least within a budget of kept bytes. A tree decides
// what there is to keep, and what its own values may take depends on what the
// other networks and the values between them take, so that all are one choice:
//
//   trial    a copy of the function is differentiated, with one tree each
//   problem  its values, of which the result of each network has a way for
//            every tree that may be best (`trainingTrees`)
//   choice   that of the whole front within the budget (Choice.h)
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_CHECKPOINT_TREECHOICE_H
#define CONVEINSUM_LIB_CHECKPOINT_TREECHOICE_H

#include "conveinsum/Checkpoint/Checkpoint.h"
#include "conveinsum/Plan/Training/Training.h"
#include <map>

namespace conveinsum {

/// The trees of networks that were looked at, by all that they depend on.
using KnownTrainingTrees = std::map<std::string, TrainingTrees>;

struct TreeChoiceFigures {
  /// Networks that got a tree, and trees that there were for them.
  unsigned networks = 0, trees = 0;
  /// The budget in bytes, and what is kept of it.
  Count budget, keptBytes;
  /// Of these networks, forward and backward, and of all that is recomputed:
  /// as chosen, and with the trees of the fewest MACs.
  Count macs, macsOfFirstTrees;
  /// See `CheckpointFront::error`.
  Count error;
  /// All trees were looked at that may be best.
  bool isExact = true;
};

/// Pins the trees of the networks of `function` that have no plan and on which
/// no limits or other objectives are. `trial` is a copy of it, in a copy of
/// what is around it, which is differentiated. Nothing is chosen, and
/// `networks` is 0, where there is no such network, or pins do not allow the
/// budget. Fails with a diagnostic where the function cannot be differentiated.
mlir::FailureOr<TreeChoiceFigures> chooseTrees(mlir::func::FuncOp function,
                                               mlir::func::FuncOp trial,
                                               const CheckpointBudget &budget,
                                               KnownTrainingTrees &known);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_CHECKPOINT_TREECHOICE_H
