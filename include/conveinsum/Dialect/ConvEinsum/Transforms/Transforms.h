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
#include "conveinsum/Plan/Request/PlanRequest.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

namespace conveinsum {

/// Gives the attribute `conveinsum.constant` to arguments of functions that
/// einsums below `root` take as the named operands, in functions below `root`
/// that say nothing of constants themselves.
void markConstantArguments(mlir::Operation *root,
                           llvm::ArrayRef<unsigned> operands);

/// Which values are the same in every call, and which lie on a way from an
/// argument that needs a gradient. Example:
///
///   func.func @f(%x: .., %a: .. {conveinsum.constant},
///                %w: .. {conveinsum.gradient}) {
///     %b = math.exp %a        constant: a pure op of constants
///     %c = arith.mulf %w, %x  needs a gradient: %w leads to it
class OperandRoles {
public:
  /// Follows the argument attributes of all functions below `root`, and of the
  /// function that `root` is in.
  explicit OperandRoles(mlir::Operation *root);

  /// Whether pure ops compute a value from constants and constant arguments.
  bool isConstant(mlir::Value value) const { return constants.contains(value); }
  bool needsGradient(mlir::Value value) const {
    return trained.contains(value);
  }

private:
  void addArguments(mlir::FunctionOpInterface function);
  bool isConstantOp(mlir::Operation *op) const;
  void addTrained(mlir::Value value);
  void follow(mlir::Value value);

  llvm::DenseSet<mlir::Value> constants, trained;
  llvm::SmallVector<mlir::Value> pending;
};

/// The attribute of that name on the op or on the nearest op around it that has
/// one; null if none has.
mlir::Attribute nearestAttribute(mlir::Operation *op, llvm::StringRef name);

/// Puts the operands of an einsum that are constant or need a gradient into a
/// goal, whatever it said of them.
void addOperandRoles(EinsumOp op, const OperandRoles &roles, PlanGoal &goal);

/// What is asked for where the IR says nothing.
struct PlanDefaults {
  PlanRequest request;
  /// Positions of operands as text, because what `all` means depends on the
  /// einsum.
  std::string gradients, constants;
};

/// What is asked for one einsum: each word by the attribute on the op, else on
/// the nearest op around it, else by the defaults; operands by their values. A
/// plan that the op has is pinned. Fails with a diagnostic on the op where the
/// parts of the request contradict each other.
mlir::FailureOr<PlanRequest> planRequestOf(EinsumOp op,
                                           const PlanDefaults &defaults,
                                           const OperandRoles &roles);

/// Where the plan of an einsum comes from.
enum class PlanOrigin : uint8_t {
  None,   ///< at most two operands need none
  Pinned, ///< it was there
  Search,
  Known ///< the source of plans had it
};

/// Gives `op` the plan that answers the request, and emits a remark with its
/// figures. An op that has a plan keeps it; one with at most two operands needs
/// none. Fails with a diagnostic on the op where the request is refused.
mlir::FailureOr<PlanOrigin> planEinsum(EinsumOp op, const PlanRequest &request,
                                       PlanSource &source);

/// Replaces `op`, which carries a plan, by the steps of the plan, in the order
/// in which they run, and returns the value of the last one; a remark for each
/// step has its figures. Steps whose results are kept and steps of groups get
/// the attributes of AttributeNames.h that say so; groups are numbered from
/// `firstGroup`. Where a goal says which operands need a gradient, steps whose
/// results the plan does not keep although the backward pass reads them get one
/// as well; and where there are none of these, the plan decided nothing, and
/// what it keeps is not marked either. Nor does a plan decide anything that
/// keeps nothing where nobody limits what is kept. An op with at most two
/// operands only loses its plan. Fails with a diagnostic on the op, and leaves
/// it alone, if there is no plan, the plan has slices or a conv mode has a
/// dynamic extent. A trial, on a copy, makes no remarks.
mlir::FailureOr<mlir::Value> decomposeEinsum(mlir::RewriterBase &rewriter,
                                             EinsumOp op,
                                             int64_t firstGroup = 0,
                                             const PlanGoal *goal = nullptr,
                                             bool isTrial = false);

/// The smallest number above those of all groups of steps below `root`.
int64_t firstFreeGroup(mlir::Operation *root);

/// The canonical patterns that pay (see the pass conveinsum-simplify).
void populateSimplifyPatterns(mlir::RewritePatternSet &patterns);

/// Functions whose layouts are chosen.
enum class LayoutFunctions : uint8_t {
  All,
  /// Those without arguments that need a gradient.
  Untrained,
  /// Forward and backward functions.
  Pairs
};

/// Chooses the order of dimensions in which every intermediate of the functions
/// below `root` is stored, and makes copies in other orders where that pays,
/// for code of one core of `machine` (see the pass conveinsum-choose-layouts).
/// Returns how many steps have changed.
unsigned chooseLayouts(mlir::Operation *root, const Machine &machine,
                       LayoutFunctions functions = LayoutFunctions::All);

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

/// The multiply-adds of a step, exact count: nothing if an extent is dynamic,
/// or for an einsum that is no step yet. Fails with a diagnostic on an op that
/// is not valid.
mlir::FailureOr<std::optional<Count>> stepMacs(EinsumOp op);

/// Records on every function below `root` the multiply-adds of its einsums.
mlir::LogicalResult countMacs(mlir::Operation *root);

/// The stages of the compiler whose contracts `verifyStage` checks.
enum class Stage : uint8_t { Imported, Planned, Steps, Lowered, LLVM };

/// Checks the contract of `stage` on everything below `root`; reports the first
/// op that breaks it.
mlir::LogicalResult verifyStage(mlir::Operation *root, Stage stage);

} // namespace conveinsum

#endif // CONVEINSUM_DIALECT_CONVEINSUM_TRANSFORMS_TRANSFORMS_H
