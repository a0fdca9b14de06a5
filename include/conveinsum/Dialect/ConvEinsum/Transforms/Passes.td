//===- Passes.td - Plan, decompose, simplify, verify -------*- tablegen -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The passes that take an einsum of many operands to pairwise steps. Each is a
// shell around a function of Transforms.h.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_DIALECT_CONVEINSUM_TRANSFORMS_PASSES_TD
#define CONVEINSUM_DIALECT_CONVEINSUM_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def PlanPass : Pass<"conveinsum-plan"> {
  let summary = "Choose the order in which einsums join their operands";
  let description = [{
    Gives every `conveinsum.einsum` with more than two operands a plan. A plan
    that is there already was pinned by someone and stays. By default the plan has
    the fewest MACs of all trees, outer products included, wherever that search is
    affordable. `minimize` asks for something else than MACs, `gradients` for a
    plan that is good for training, and `constants` for one in which steps of
    operands that never change cost nothing; both name operands by position and
    hold for every einsum that is planned.

    Before:
    ```mlir
    %0 = conveinsum.einsum "ij,jk,kl->il" ins(%a, %b, %c
           : tensor<2x9xf32>, tensor<9x9xf32>, tensor<9x9xf32>) : tensor<2x9xf32>
    ```
    After:
    ```mlir
    %0 = conveinsum.einsum "ij,jk,kl->il" ins(%a, %b, %c
           : tensor<2x9xf32>, tensor<9x9xf32>, tensor<9x9xf32>) plan ((0,1),2)
           : tensor<2x9xf32>
    ```

    With `memory-limit` the plan is the best one within it: operands, results of
    steps that wait for their reader, and the result count. An einsum that no
    plan keeps within the limit is refused with the smallest limit that one
    does, and so is a plan that was pinned and exceeds it.

    Extents must be static unless the planner is `left`, which looks at none.
    `--remarks-filter=conveinsum-plan` shows each plan with its figures.
  }];
  let options = [
    Option<"planner", "planner", "::conveinsum::PlannerKind",
           "::conveinsum::PlannerKind::Auto", "How the order is chosen", [{
             ::llvm::cl::values(
               clEnumValN(::conveinsum::PlannerKind::Auto, "auto",
                          "the optimum where it is affordable, else the best "
                          "tree that the budget finds"),
               clEnumValN(::conveinsum::PlannerKind::Exact, "exact",
                          "the optimum over all trees"),
               clEnumValN(::conveinsum::PlannerKind::Anneal, "anneal",
                          "the best tree of a local search"),
               clEnumValN(::conveinsum::PlannerKind::Greedy, "greedy",
                          "the best of some greedy trees"),
               clEnumValN(::conveinsum::PlannerKind::Left, "left",
                          "operands from left to right"),
               clEnumValN(::conveinsum::PlannerKind::Rebuild, "rebuild",
                          "all operands but the feature, then that one"))
           }]>,
    Option<"minimize", "minimize", "std::string", /*default=*/"\"flops\"",
           "What is minimised: flops, size, write, combo-K, roof-F, time, peak">,
    Option<"count", "count", "::conveinsum::MacCount",
           "::conveinsum::MacCount::Exact", "Which MACs are minimised", [{
             ::llvm::cl::values(
               clEnumValN(::conveinsum::MacCount::Exact, "exact",
                          "multiply-adds that contribute"),
               clEnumValN(::conveinsum::MacCount::Dense, "dense",
                          "what a dense kernel executes, padding included"))
           }]>,
    ListOption<"gradients", "gradients", "unsigned",
               "Positions of operands that need a gradient">,
    ListOption<"constants", "constants", "unsigned",
               "Positions of operands that are the same in every call">,
    Option<"target", "target", "std::string", /*default=*/"\"cpu\"",
           "Machine that times are predicted for: cpu or gpu">,
    Option<"budget", "budget", "std::string", /*default=*/"\"\"",
           "How much a search may do, such as 10ms, 1.5s or 20000moves">,
    Option<"memoryLimit", "memory-limit", "std::string", /*default=*/"\"\"",
           "Bytes that may be alive at once in every einsum, such as 2GiB">
  ];
  let statistics = [
    Statistic<"numPlanned", "num-planned", "Number of einsums planned">,
    Statistic<"numPinned", "num-pinned", "Number of plans that were there">
  ];
}

def DecomposePass : Pass<"conveinsum-decompose"> {
  let summary = "Carry out plans: one einsum per step";
  let description = [{
    Replaces every `conveinsum.einsum` that carries a plan by the pairwise steps
    of the plan, N - 1 of them for N operands. A step reads operands as they are:
    diagonals, sums over modes that only this operand holds, and slices of a conv
    mode with one participant are part of the step.

    Before:
    ```mlir
    %0 = conveinsum.einsum "ij,jk,kl->il" ins(%a, %b, %c
           : tensor<2x9xf32>, tensor<9x9xf32>, tensor<9x9xf32>) plan ((0,1),2)
           : tensor<2x9xf32>
    ```
    After:
    ```mlir
    %0 = conveinsum.einsum "ij,jk->ik" ins(%a, %b
           : tensor<2x9xf32>, tensor<9x9xf32>) : tensor<2x9xf32>
    %1 = conveinsum.einsum "ik,kl->il" ins(%0, %c
           : tensor<2x9xf32>, tensor<9x9xf32>) : tensor<2x9xf32>
    ```

    Plain modes may be dynamic. The extents of conv modes must be static.
    `--remarks-filter=conveinsum-decompose` shows each step with its figures.
  }];
  let statistics = [
    Statistic<"numDecomposed", "num-decomposed", "Number of einsums decomposed">,
    Statistic<"numSteps", "num-steps", "Number of steps created">
  ];
}

def SimplifyPass : Pass<"conveinsum-simplify"> {
  let summary = "Apply the canonical patterns of einsums";
  let description = [{
    Drops modes of extent 1, takes diagonals and sums over modes that only one
    operand holds before the operands are joined, and replaces an einsum that is
    a transposition, a slice or its operand by just that. Repeated einsums are
    left to `-cse`. `-canonicalize` applies the same patterns.

    Before:
    ```mlir
    %0 = conveinsum.einsum "ij->ji" ins(%a : tensor<2x3xf32>) : tensor<3x2xf32>
    ```
    After:
    ```mlir
    %empty = tensor.empty() : tensor<3x2xf32>
    %0 = linalg.transpose ins(%a : tensor<2x3xf32>)
           outs(%empty : tensor<3x2xf32>) permutation = [1, 0]
    ```

    `--remarks-filter=conveinsum-simplify` shows what became of each einsum.
  }];
  let statistics = [
    Statistic<"numRewritten", "num-rewritten", "Number of einsums rewritten">
  ];
}

def VerifyStagePass : Pass<"conveinsum-verify-stage"> {
  let summary = "Check what a stage of the compiler promises";
  let description = [{
    Fails, with a diagnostic on the op in question, unless the IR meets the
    contract of the stage (docs/Architecture.md). It changes nothing.

    - `imported`: einsums are valid; a plan is one that a user pinned.
    - `planned`: every einsum with more than two operands carries a plan.
    - `steps`: every einsum has at most two operands and no plan.
    - `lowered`: there is no op of the dialect.

    For example, after `conveinsum-plan` this passes `stage=planned` and fails
    `stage=steps`:
    ```mlir
    %0 = conveinsum.einsum "ij,jk,kl->il" ins(%a, %b, %c
           : tensor<2x9xf32>, tensor<9x9xf32>, tensor<9x9xf32>) plan ((0,1),2)
           : tensor<2x9xf32>
    ```
  }];
  let options = [
    Option<"stage", "stage", "::conveinsum::Stage",
           "::conveinsum::Stage::Imported", "The stage to check", [{
             ::llvm::cl::values(
               clEnumValN(::conveinsum::Stage::Imported, "imported",
                          "einsums, and plans that users pinned"),
               clEnumValN(::conveinsum::Stage::Planned, "planned",
                          "plans on all einsums of more than two operands"),
               clEnumValN(::conveinsum::Stage::Steps, "steps",
                          "at most two operands, no plans"),
               clEnumValN(::conveinsum::Stage::Lowered, "lowered",
                          "no op of the dialect"))
           }]>
  ];
}

#endif // CONVEINSUM_DIALECT_CONVEINSUM_TRANSFORMS_PASSES_TD
