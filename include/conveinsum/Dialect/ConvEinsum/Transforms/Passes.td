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
    affordable.

    What a plan shall be good for is said where it belongs, and by the options
    where nobody says it. Arguments of functions with `conveinsum.constant` are
    the same in every call: steps of operands that follow from these alone cost
    nothing. Those with `conveinsum.gradient` need a gradient, and so does every
    operand that they lead to. `conveinsum.planner`, `conveinsum.minimize`,
    `conveinsum.count`, `conveinsum.target`, `conveinsum.budget`,
    `conveinsum.memory_limit` and `conveinsum.keep_limit`, on an einsum or on an
    op around it, say what the options of these names say; the nearest one wins.

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

    With a memory limit the plan is the best one within it: operands, results of
    steps that wait for their reader, and the result count. An einsum that no
    plan keeps within the limit is refused with the smallest limit that one
    does, and so is a plan that was pinned and exceeds it.

    Einsums that are alike and are asked for alike are planned once. With `cache`
    plans are looked up in a folder, and what is found is kept there.

    Extents must be static unless the planner is `left`, which looks at none.
    `--remarks-filter=conveinsum-plan` shows each plan with its figures.
  }];
  let options = [
    // What they may say, and what is so if they say nothing, has the table of
    // Plan/Request/PlanWords.h.
    Option<"planner", "planner", "std::string", /*default=*/"\"\"",
           "How the order is chosen">,
    Option<"minimize", "minimize", "std::string", /*default=*/"\"\"",
           "What is minimised">,
    Option<"count", "count", "std::string", /*default=*/"\"\"",
           "Which MACs are minimised">,
    Option<"gradients", "gradients", "std::string", /*default=*/"\"\"",
           "Positions of operands that need a gradient, in every einsum">,
    Option<"constants", "constants", "std::string", /*default=*/"\"\"",
           "Positions of operands that are the same in every call, in every "
           "einsum">,
    Option<"target", "target", "std::string", /*default=*/"\"\"",
           "Machine that times are predicted for: a name or a JSON file">,
    Option<"budget", "budget", "std::string", /*default=*/"\"\"",
           "How much a search may do, such as 10ms, 1.5s or 20000moves">,
    Option<"memoryLimit", "memory-limit", "std::string", /*default=*/"\"\"",
           "Bytes that may be alive at once in every einsum, such as 2GiB">,
    Option<"keep", "keep", "std::string", /*default=*/"\"\"",
           "Bytes that training may keep from forward to backward in every "
           "einsum, such as 2MiB">,
    Option<"cache", "cache", "std::string", /*default=*/"\"\"",
           "Folder in which plans are looked up and kept">
  ];
  let statistics = [
    Statistic<"numPlanned", "num-planned", "Number of einsums planned">,
    Statistic<"numPinned", "num-pinned", "Number of plans that were there">,
    Statistic<"numRemembered", "num-remembered",
              "Number of plans that were known from an einsum before or from the "
              "cache">
  ];
}

def DecomposePass : Pass<"conveinsum-decompose"> {
  let summary = "Carry out plans: one einsum per step";
  let description = [{
    Replaces every `conveinsum.einsum` that carries a plan by the pairwise steps
    of the plan, N - 1 of them for N operands. A step reads operands as they are:
    diagonals, sums over modes that only this operand holds, and slices of a conv
    mode with one participant are part of the step. Steps stand in the order in
    which the plan runs them. Those whose results the plan keeps carry the
    attribute `conveinsum.keep`, those of a group `conveinsum.group` with its
    number. A plan with slices is refused.

    Where arguments of the function need a gradient (`conveinsum.gradient`), the
    steps whose results the plan does not keep although the backward pass reads
    them get `conveinsum.recompute`. If there are none, the plan decided nothing,
    and what it keeps is left to `conveinsum-checkpoint`, too. So it is if the
    plan keeps nothing and no `conveinsum.keep_limit` says that this is meant.

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

def ChooseLayoutsPass : Pass<"conveinsum-choose-layouts"> {
  let summary = "Choose the order of dimensions of intermediates";
  let description = [{
    How fast a step runs depends on which dimensions of its tensors lie next to
    each other: those that run in vector lanes, and those that are summed. The
    order of an intermediate that only steps read is free, and this pass chooses
    it for all steps of a function together, by the model of the register tile
    that each would get, cache misses included. An operand whose order is given
    is copied into a better one where the copy is cheap beside the step, and so
    is a result. Copies are einsums of one operand; those of constants move to
    the prepared function if this pass runs before conveinsum-prepare.

    Before:
    ```mlir
    %0 = conveinsum.einsum "tr,rs->ts" ins(%a, %b
           : tensor<64x8xf32>, tensor<8x1024xf32>) : tensor<64x1024xf32>
    %1 = conveinsum.einsum "bs,ts->bt" ins(%x, %0
           : tensor<512x1024xf32>, tensor<64x1024xf32>) : tensor<512x64xf32>
    ```
    After:
    ```mlir
    %0 = conveinsum.einsum "tr,rs->st" ins(%a, %b
           : tensor<64x8xf32>, tensor<8x1024xf32>) : tensor<1024x64xf32>
    %1 = conveinsum.einsum "bs,st->bt" ins(%x, %0
           : tensor<512x1024xf32>, tensor<1024x64xf32>) : tensor<512x64xf32>
    ```

    Operands and results of functions, and what other ops read, keep their order.
    Where a memory limit was asked for, no copies are made. Steps with dynamic
    extents stay as they are. `-canonicalize` makes a copy a `linalg.transpose`.
  }];
  let options = [
    Option<"cpu", "cpu", "std::string", /*default=*/"\"host\"",
           "CPU as LLVM names it, whose vectors and caches count">,
    Option<"functions", "functions", "::conveinsum::LayoutFunctions",
           /*default=*/"::conveinsum::LayoutFunctions::All",
           "Which functions are looked at", [{::llvm::cl::values(
             clEnumValN(::conveinsum::LayoutFunctions::All, "all",
                        "all functions"),
             clEnumValN(::conveinsum::LayoutFunctions::Untrained, "untrained",
                        "those without arguments that need a gradient"),
             clEnumValN(::conveinsum::LayoutFunctions::Pairs, "pairs",
                        "forward and backward functions"))}]>
  ];
  let statistics = [
    Statistic<"numChanged", "num-changed", "Number of steps that have changed">
  ];
}

def OutlineStepsPass : Pass<"conveinsum-outline-steps"> {
  let summary = "Make equal einsums one function";
  let description = [{
    Moves every `conveinsum.einsum` to a private function beside its caller, one
    for all that are equal: in operand and result types, in attributes, and in
    the equation but for its labels. A step that stands in a program many times
    is then lowered and compiled once.

    An einsum that is all of its function and has no equal stays where it is. So
    does one that cannot call a function beside it: in a module's body, in a
    function-like op other than `func.func`, or where the pass runs on less than
    the module.

    Before:
    ```mlir
    func.func @f(%a: tensor<4x4xf32>, %b: tensor<4x4xf32>) -> tensor<4x4xf32> {
      %0 = conveinsum.einsum "ij,jk->ik" ins(%a, %b
             : tensor<4x4xf32>, tensor<4x4xf32>) : tensor<4x4xf32>
      %1 = conveinsum.einsum "xy,yz->xz" ins(%0, %b
             : tensor<4x4xf32>, tensor<4x4xf32>) : tensor<4x4xf32>
      return %1 : tensor<4x4xf32>
    }
    ```
    After:
    ```mlir
    func.func private @step0(%a: tensor<4x4xf32>, %b: tensor<4x4xf32>) -> tensor<4x4xf32> {
      %0 = conveinsum.einsum "ij,jk->ik" ins(%a, %b
             : tensor<4x4xf32>, tensor<4x4xf32>) : tensor<4x4xf32>
      return %0 : tensor<4x4xf32>
    }
    func.func @f(%a: tensor<4x4xf32>, %b: tensor<4x4xf32>) -> tensor<4x4xf32> {
      %0 = call @step0(%a, %b)
             : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
      %1 = call @step0(%0, %b)
             : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
      return %1 : tensor<4x4xf32>
    }
    ```
  }];
  let dependentDialects = ["::mlir::func::FuncDialect"];
  let statistics = [
    Statistic<"numOutlined", "num-outlined", "Number of functions made">
  ];
}

def PreparePass : Pass<"conveinsum-prepare"> {
  let summary = "Compute what depends on constant arguments once";
  let description = [{
    Cuts every public `func.func` in two that has arguments with the attribute
    `conveinsum.constant`. `@f_prepare` takes these arguments; it does every op
    without side effects that depends on nothing else, and returns the tensors
    that the rest reads, constant arguments among them. `@f` takes the other
    arguments and then these tensors, so that no constant is needed any more once
    `@f_prepare` has run.

    A prepared kernel that one convolution reads over rows shorter than a vector is
    laid out with the modes innermost that only it brings to the result, so that
    these fill the vector.

    Results of the one and arguments of the other that belong together carry
    `conveinsum.role = "prepared"`, in one order; both functions name the role in
    `conveinsum.packs`. Of the other arguments, `conveinsum.operand` says which
    argument of the whole each was.

    Before:
    ```mlir
    func.func @f(%x: tensor<1x9xf32>, %a: tensor<9x9xf32> {conveinsum.constant},
                 %b: tensor<9x9xf32> {conveinsum.constant}) -> tensor<1x9xf32> {
      %0 = conveinsum.einsum "ij,jk->ik" ins(%a, %b
             : tensor<9x9xf32>, tensor<9x9xf32>) : tensor<9x9xf32>
      %1 = conveinsum.einsum "ai,ik->ak" ins(%x, %0
             : tensor<1x9xf32>, tensor<9x9xf32>) : tensor<1x9xf32>
      return %1 : tensor<1x9xf32>
    }
    ```
    After:
    ```mlir
    func.func @f_prepare(%a: tensor<9x9xf32> {conveinsum.operand = 1 : i64},
                         %b: tensor<9x9xf32> {conveinsum.operand = 2 : i64})
        -> (tensor<9x9xf32> {conveinsum.role = "prepared"})
        attributes {conveinsum.packs = ["prepared"], conveinsum.prepares = @f} {
      %0 = conveinsum.einsum "ij,jk->ik" ins(%a, %b
             : tensor<9x9xf32>, tensor<9x9xf32>) : tensor<9x9xf32>
      return %0 : tensor<9x9xf32>
    }
    func.func @f(%x: tensor<1x9xf32> {conveinsum.operand = 0 : i64},
                 %0: tensor<9x9xf32> {conveinsum.role = "prepared"})
        -> tensor<1x9xf32> attributes {conveinsum.packs = ["prepared"]} {
      %1 = conveinsum.einsum "ai,ik->ak" ins(%x, %0
             : tensor<1x9xf32>, tensor<9x9xf32>) : tensor<1x9xf32>
      return %1 : tensor<1x9xf32>
    }
    ```

    After `conveinsum-decompose` the ops are steps, so that exactly those are
    prepared that the planner took to be free. A function that is called, or that
    is not all in sight, is refused. `--remarks-filter=conveinsum-prepare` shows
    what was prepared.
  }];
  let statistics = [
    Statistic<"numPrepared", "num-prepared", "Number of functions cut in two">
  ];
}

def CountMacsPass : Pass<"conveinsum-count-macs"> {
  let summary = "Record on functions what their einsums cost";
  let description = [{
    Sets `conveinsum.macs` on every function: the multiply-adds of the einsums in
    it, in the exact count, as `ui128`. A function in which an einsum has dynamic
    extents, or is a network that was not decomposed, gets none.

    ```mlir
    func.func @f(%x: tensor<1x9xf32>, %y: tensor<9x9xf32>) -> tensor<1x9xf32>
        attributes {conveinsum.macs = 81 : ui128} {
      %0 = conveinsum.einsum "ai,ik->ak" ins(%x, %y
             : tensor<1x9xf32>, tensor<9x9xf32>) : tensor<1x9xf32>
      return %0 : tensor<1x9xf32>
    }
    ```
  }];
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
    - `planned`: every einsum with more than two operands carries a plan. Until
      here no einsum is in a group of steps.
    - `steps`: every einsum has at most two operands and no plan. Of the einsums
      of a group, all but the last are read in the group only and not kept.
    - `lowered`: there is no op of the dialect but `conveinsum.barrier`, which
      holds until tensors become buffers.
    - `llvm`: there are only modules and ops of the dialects llvm and omp.

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
                          "no op of the dialect but barriers"),
               clEnumValN(::conveinsum::Stage::LLVM, "llvm",
                          "only modules and the dialects llvm and omp"))
           }]>
  ];
}

#endif // CONVEINSUM_DIALECT_CONVEINSUM_TRANSFORMS_PASSES_TD
