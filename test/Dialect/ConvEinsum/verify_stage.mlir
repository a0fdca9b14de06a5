// RUN: conveinsum-opt %s --conveinsum-verify-stage=stage=imported -o /dev/null
// A plan that stands in the IR was pinned by someone.
// RUN: conveinsum-opt %s --conveinsum-plan --conveinsum-verify-stage=stage=imported -o /dev/null
// RUN: conveinsum-opt %s --conveinsum-plan --conveinsum-verify-stage=stage=planned -o /dev/null
// RUN: conveinsum-opt %s --conveinsum-plan --conveinsum-decompose --conveinsum-verify-stage=stage=steps -o /dev/null
// RUN: not conveinsum-opt %s --conveinsum-verify-stage=stage=planned 2>&1 | FileCheck %s --check-prefix=PLANNED
// RUN: not conveinsum-opt %s --conveinsum-plan --conveinsum-verify-stage=stage=steps 2>&1 | FileCheck %s --check-prefix=STEPS
// RUN: not conveinsum-opt %s --conveinsum-verify-stage=stage=lowered 2>&1 | FileCheck %s --check-prefix=LOWERED

// PLANNED: error: 'conveinsum.einsum' op has no plan, but stage planned has one for every einsum of more than two operands
// STEPS: error: 'conveinsum.einsum' op has 3 operands, but stage steps has at most two
// LOWERED: error: 'conveinsum.einsum' op is left, but stage lowered has no op of its dialect
func.func @chain(%a: tensor<9x9xf32>, %b: tensor<9x9xf32>, %c: tensor<9x2xf32>)
    -> tensor<9x2xf32> {
  %0 = conveinsum.einsum "ij,jk,kl->il" ins(%a, %b, %c : tensor<9x9xf32>,
         tensor<9x9xf32>, tensor<9x2xf32>) : tensor<9x2xf32>
  return %0 : tensor<9x2xf32>
}
