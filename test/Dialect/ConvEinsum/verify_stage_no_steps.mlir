// Before plans are carried out nothing says what steps say.
// RUN: not conveinsum-opt %s --conveinsum-verify-stage=stage=imported 2>&1 | FileCheck %s --check-prefix=IMPORTED
// RUN: not conveinsum-opt %s --conveinsum-verify-stage=stage=planned 2>&1 | FileCheck %s --check-prefix=PLANNED

// IMPORTED: error: 'conveinsum.einsum' op has 'conveinsum.group', but stage imported has no steps
// PLANNED: error: 'conveinsum.einsum' op has 'conveinsum.group', but stage planned has no steps
func.func @group(%a: tensor<9x9xf32>) -> tensor<9x9xf32> {
  %0 = conveinsum.einsum "ij,jk->ik" ins(%a, %a : tensor<9x9xf32>, tensor<9x9xf32>)
         {conveinsum.group = 0 : i64} : tensor<9x9xf32>
  return %0 : tensor<9x9xf32>
}

func.func @keep(%a: tensor<9x9xf32>) -> tensor<9x9xf32> {
  %0 = conveinsum.einsum "ij,jk->ik" ins(%a, %a : tensor<9x9xf32>, tensor<9x9xf32>)
         {conveinsum.keep} : tensor<9x9xf32>
  return %0 : tensor<9x9xf32>
}
