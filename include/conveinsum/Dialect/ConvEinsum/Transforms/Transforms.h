//===- Transforms.h - From networks to steps, as functions ------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The rewrites of this room as callable functions. The passes of Passes.h are
// shells around them. This is the only room that runs planners on IR.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_DIALECT_CONVEINSUM_TRANSFORMS_TRANSFORMS_H
#define CONVEINSUM_DIALECT_CONVEINSUM_TRANSFORMS_TRANSFORMS_H

#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsum.h"
#include "conveinsum/Plan/Search/Planner.h"
#include "mlir/IR/PatternMatch.h"

namespace conveinsum {

/// Gives `op` a plan and emits a remark with its figures. An op that has a plan
/// keeps it; one with at most two operands needs none. Fails with a diagnostic
/// on the op when the planner refuses. With a limit, the plan is the best one
/// whose live bytes (Plan/MemoryLimit.h) are within it; one that stands in the
/// IR and exceeds it is refused as well.
mlir::LogicalResult
planEinsum(EinsumOp op, const PlannerOptions &options,
           std::optional<uint64_t> memoryLimit = std::nullopt);

/// Replaces `op`, which carries a plan, by the steps of the plan, in the order
/// in which they run, and returns the value of the last one; a remark for each
/// step has its figures. Steps whose results are kept and steps of groups get
/// the attributes of AttributeNames.h that say so; groups are numbered from
/// `firstGroup`. An op with at most two operands only loses its plan. Fails
/// with a diagnostic on the op, and leaves it alone, if there is no plan, the
/// plan has slices or a conv mode has a dynamic extent.
mlir::FailureOr<mlir::Value> decomposeEinsum(mlir::RewriterBase &rewriter,
                                             EinsumOp op,
                                             int64_t firstGroup = 0);

/// The smallest number above those of all groups of steps below `root`.
int64_t firstFreeGroup(mlir::Operation *root);

/// The canonical patterns that pay (see the pass conveinsum-simplify).
void populateSimplifyPatterns(mlir::RewritePatternSet &patterns);

/// Makes equal einsums one private function, which they call instead; returns
/// the number of functions made. Einsums are equal when their types and
/// attributes are and their equations differ in labels only. The functions
/// stand beside the callers in the nearest module within `root`. An einsum that
/// is not in a func.func of such a module stays, and so does one that is all of
/// its function and has no equal.
mlir::FailureOr<unsigned> outlineSteps(mlir::Operation *root);

/// Cuts every function below `root` that has constant arguments in two: what
/// depends on them alone, and the rest (see the pass conveinsum-prepare).
/// Returns how many there were. Fails with a diagnostic on a function that
/// cannot be cut, and may have cut others by then.
mlir::FailureOr<unsigned> prepareFunctions(mlir::Operation *root);

/// Records on every function below `root` the multiply-adds of its einsums.
mlir::LogicalResult countMacs(mlir::Operation *root);

/// The stages of the compiler whose contracts `verifyStage` checks.
enum class Stage : uint8_t { Imported, Planned, Steps, Lowered, LLVM };

/// Checks the contract of `stage` on everything below `root`; reports the first
/// op that breaks it.
mlir::LogicalResult verifyStage(mlir::Operation *root, Stage stage);

} // namespace conveinsum

#endif // CONVEINSUM_DIALECT_CONVEINSUM_TRANSFORMS_TRANSFORMS_H
