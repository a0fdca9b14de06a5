//===- Passes.td - Keep or recompute -----------------------*- tablegen -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_CHECKPOINT_PASSES_TD
#define CONVEINSUM_CHECKPOINT_PASSES_TD

include "mlir/Pass/PassBase.td"

def PlanTrainingPass : Pass<"conveinsum-plan-training"> {
  let summary = "Choose the trees of networks for what training may keep";
  let description = [{
    Which tree is best depends on how many bytes go from the forward to the
    backward pass: one with few MACs may have large values in its middle. For
    every `func.func` with arguments that need a gradient this pass chooses the
    trees of all its networks, and what is kept of their values and of those
    between them, together: of all that is within the budget what costs the
    fewest MACs, forward, backward and recomputed. The trees are pinned as plans.
    What is kept is left to `conveinsum-checkpoint`, which finds the same again
    once the steps stand in the function.

    A share is one of what keeping everything takes with the trees that have the
    fewest MACs. The budget in bytes becomes the attribute
    `conveinsum.kept_budget` of the function, which `conveinsum-checkpoint` obeys
    whatever its own budget is.

    Networks keep a plan that they have. Those that ask for another objective
    than the count of MACs, or for limits of bytes, that have constant operands,
    open extents or more than 16 operands are left to `conveinsum-plan`; so is
    every function with constant arguments, which becomes another one before it
    is differentiated.

    Before, and after with `budget=min`:
    ```mlir
    func.func @f(%x: tensor<64x8xf32>, %u: tensor<8x2xf32> {conveinsum.gradient},
                 %v: tensor<2x8xf32> {conveinsum.gradient}) -> tensor<64x8xf32> {
      %0 = conveinsum.einsum "ij,jk,kl->il" ins(%x, %u, %v
             : tensor<64x8xf32>, tensor<8x2xf32>, tensor<2x8xf32>) : tensor<64x8xf32>
      return %0 : tensor<64x8xf32>
    }
    ```
    ```mlir
    func.func @f(%x: tensor<64x8xf32>, %u: tensor<8x2xf32> {conveinsum.gradient},
                 %v: tensor<2x8xf32> {conveinsum.gradient}) -> tensor<64x8xf32>
        attributes {conveinsum.kept_budget = 0 : i64} {
      %0 = conveinsum.einsum "ij,jk,kl->il" ins(%x, %u, %v
             : tensor<64x8xf32>, tensor<8x2xf32>, tensor<2x8xf32>) plan ((0,1),2)
             : tensor<64x8xf32>
      return %0 : tensor<64x8xf32>
    }
    ```

    `--remarks-filter=conveinsum-plan-training` shows for every function the
    figures of its choice.
  }];
  let dependentDialects = [
    "::conveinsum::ConvEinsumDialect", "::mlir::arith::ArithDialect",
    "::mlir::complex::ComplexDialect", "::mlir::func::FuncDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
    "::mlir::tensor::TensorDialect"
  ];
  let options = [
    Option<"budget", "budget", "std::string", /*default=*/"\"max\"",
           "Bytes that may be kept: with a unit (64MiB), a share of what keeping "
           "everything takes (0.5, 50%), min or max">
  ];
  let statistics = [
    Statistic<"numNetworks", "num-networks", "Number of networks that got a tree">
  ];
}

def CheckpointPass : Pass<"conveinsum-checkpoint"> {
  let summary = "Decide which values are kept for the backward pass";
  let description = [{
    Takes the pairs of functions that `conveinsum-differentiate` makes. Of what
    `@f_forward` returns for `@f_backward`, so much stays as the budget allows;
    the rest is computed again in `@f_backward`, just before it is first read,
    from arguments and from what is kept. Of all choices that keep at most so many
    bytes this is one with the fewest recomputed MACs, and of these one that
    writes the fewest elements. Values that the backward pass does not read are
    kept where recomputing others from them is cheaper.

    Of a value that the backward function only compares with a constant, such as
    a relu whose gradient is all that reads it, the outcome is kept. Tensors of
    bits are kept 8 to a byte.

    What is recomputed reads values that come out of a `conveinsum.barrier`
    behind the cotangents, so that no later pass merges it with the forward pass
    or moves it there.

    Values whose ops have `conveinsum.keep` or `conveinsum.recompute` are not
    asked for: they are kept, or recomputed, wherever something reads them. The
    budget `max`, which is the default, carries out these pins alone. A budget
    that they do not allow is refused with the smallest one that they do. The
    attribute `conveinsum.kept_budget` of a function, an i64 of bytes, counts
    instead of the option.

    Before, and after with `budget=min`:
    ```mlir
    func.func @f_forward(%x: tensor<4x8xf32> {conveinsum.operand = 0 : i64},
                         %w: tensor<8x2xf32> {conveinsum.operand = 1 : i64})
        -> (tensor<4x2xf32>, tensor<4x2xf32> {conveinsum.role = "kept"})
        attributes {conveinsum.backward = @f_backward, conveinsum.packs = ["kept"]} {
      %h = conveinsum.einsum "ij,jk->ik" ins(%x, %w
             : tensor<4x8xf32>, tensor<8x2xf32>) : tensor<4x2xf32>
      %y = math.sin %h : tensor<4x2xf32>
      return %y, %h : tensor<4x2xf32>, tensor<4x2xf32>
    }
    func.func @f_backward(%x: tensor<4x8xf32> {conveinsum.operand = 0 : i64},
                          %w: tensor<8x2xf32> {conveinsum.operand = 1 : i64},
                          %g: tensor<4x2xf32> {conveinsum.role = "cotangent"},
                          %h: tensor<4x2xf32> {conveinsum.role = "kept"})
        -> (tensor<8x2xf32> {conveinsum.operand = 1 : i64})
        attributes {conveinsum.forward = @f_forward, conveinsum.packs = ["kept"]} {
      %c = math.cos %h : tensor<4x2xf32>
      %gh = arith.mulf %g, %c : tensor<4x2xf32>
      %gw = conveinsum.einsum "ik,ij->jk" ins(%gh, %x
             : tensor<4x2xf32>, tensor<4x8xf32>) : tensor<8x2xf32>
      return %gw : tensor<8x2xf32>
    }
    ```
    ```mlir
    func.func @f_forward(%x: tensor<4x8xf32> {conveinsum.operand = 0 : i64},
                         %w: tensor<8x2xf32> {conveinsum.operand = 1 : i64})
        -> tensor<4x2xf32>
        attributes {conveinsum.backward = @f_backward, conveinsum.packs = ["kept"]} {
      %h = conveinsum.einsum "ij,jk->ik" ins(%x, %w
             : tensor<4x8xf32>, tensor<8x2xf32>) : tensor<4x2xf32>
      %y = math.sin %h : tensor<4x2xf32>
      return %y : tensor<4x2xf32>
    }
    func.func @f_backward(%x: tensor<4x8xf32> {conveinsum.operand = 0 : i64},
                          %w: tensor<8x2xf32> {conveinsum.operand = 1 : i64},
                          %g: tensor<4x2xf32> {conveinsum.role = "cotangent"})
        -> (tensor<8x2xf32> {conveinsum.operand = 1 : i64})
        attributes {conveinsum.forward = @f_forward, conveinsum.packs = ["kept"]} {
      %b:2 = conveinsum.barrier %x, %w after %g
               : tensor<4x8xf32>, tensor<8x2xf32> after tensor<4x2xf32>
      %h = conveinsum.einsum "ij,jk->ik" ins(%b#0, %b#1
             : tensor<4x8xf32>, tensor<8x2xf32>) : tensor<4x2xf32>
      %c = math.cos %h : tensor<4x2xf32>
      %gh = arith.mulf %g, %c : tensor<4x2xf32>
      %gw = conveinsum.einsum "ik,ij->jk" ins(%gh, %x
             : tensor<4x2xf32>, tensor<4x8xf32>) : tensor<8x2xf32>
      return %gw : tensor<8x2xf32>
    }
    ```

    The fewest MACs decide, whatever memory the two functions have beside what
    is kept; more bytes then may take more of it. With `steady-peak` they do not:
    of the choices that are best within some budget, one counts only if none that
    keeps less needs less of that memory. Every such choice is carried out on a
    copy to know.

    `--remarks-filter=conveinsum-checkpoint` shows for every pair what is kept,
    what is recomputed, the most bytes that are alive at once in both, and the
    bytes of workspace that both need besides what is kept.
  }];
  let dependentDialects = [
    "::conveinsum::ConvEinsumDialect", "::mlir::affine::AffineDialect",
    "::mlir::arith::ArithDialect", "::mlir::complex::ComplexDialect",
    "::mlir::func::FuncDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::tensor::TensorDialect"
  ];
  let options = [
    Option<"budget", "budget", "std::string", /*default=*/"\"max\"",
           "Bytes that may be kept: with a unit (64MiB), a share of what keeping "
           "everything takes (0.5, 50%), min or max">,
    Option<"steadyPeak", "steady-peak", "bool", /*default=*/"false",
           "Take no choice that needs more memory beside what is kept than one "
           "that keeps less">
  ];
  let statistics = [
    Statistic<"numKept", "num-kept", "Number of values kept">,
    Statistic<"numRecomputed", "num-recomputed", "Number of values recomputed">
  ];
}

#endif // CONVEINSUM_CHECKPOINT_PASSES_TD
