// RUN: conveinsum-opt %s --conveinsum-verify-stage=stage=steps --split-input-file --verify-diagnostics
// RUN: not conveinsum-opt %s --conveinsum-verify-stage=stage=stepped 2>&1 | FileCheck %s

// CHECK: Cannot find option named 'stepped'

func.func @leftover_plan(%a: tensor<9x9xf32>) -> tensor<9x9xf32> {
  // expected-error@+1 {{has a plan, but stage steps has none}}
  %0 = conveinsum.einsum "ij,jk->ik" ins(%a, %a : tensor<9x9xf32>,
         tensor<9x9xf32>) plan (0,1) : tensor<9x9xf32>
  return %0 : tensor<9x9xf32>
}
