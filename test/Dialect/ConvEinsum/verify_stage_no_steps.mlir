// Before plans are carried out there are no groups; pins are a user's.
// RUN: not conveinsum-opt %s --conveinsum-verify-stage=stage=imported 2>&1 | FileCheck %s --check-prefix=IMPORTED
// RUN: not conveinsum-opt %s --conveinsum-verify-stage=stage=planned 2>&1 | FileCheck %s --check-prefix=PLANNED

// IMPORTED: error: 'conveinsum.einsum' op has 'conveinsum.group', but stage imported has no steps
// PLANNED: error: 'conveinsum.einsum' op has 'conveinsum.group', but stage planned has no steps
func.func @group(%a: tensor<9x9xf32>) -> tensor<9x9xf32> {
  %0 = conveinsum.einsum "ij,jk->ik" ins(%a, %a : tensor<9x9xf32>, tensor<9x9xf32>)
         {conveinsum.keep} : tensor<9x9xf32>
  %1 = conveinsum.einsum "ij,jk->ik" ins(%0, %a : tensor<9x9xf32>, tensor<9x9xf32>)
         {conveinsum.recompute} : tensor<9x9xf32>
  %2 = conveinsum.einsum "ij,jk->ik" ins(%1, %a : tensor<9x9xf32>, tensor<9x9xf32>)
         {conveinsum.group = 0} : tensor<9x9xf32>
  return %2 : tensor<9x9xf32>
}
