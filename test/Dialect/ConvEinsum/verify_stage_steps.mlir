// RUN: conveinsum-opt %s --conveinsum-verify-stage=stage=steps --split-input-file --verify-diagnostics
// RUN: not conveinsum-opt %s --conveinsum-verify-stage=stage=stepped 2>&1 | FileCheck %s

// CHECK: Cannot find option named 'stepped'

func.func @leftover_plan(%a: tensor<9x9xf32>) -> tensor<9x9xf32> {
  // expected-error@+1 {{has a plan, but stage steps has none}}
  %0 = conveinsum.einsum "ij,jk->ik" ins(%a, %a : tensor<9x9xf32>,
         tensor<9x9xf32>) plan (0,1) : tensor<9x9xf32>
  return %0 : tensor<9x9xf32>
}

// -----

// What steps of a plan say: a group of three, the last one kept.
func.func @group(%a: tensor<9x9xf32>) -> tensor<9x9xf32> {
  %0 = conveinsum.einsum "ij,jk->ik" ins(%a, %a : tensor<9x9xf32>, tensor<9x9xf32>)
         {conveinsum.group = 0} : tensor<9x9xf32>
  %1 = conveinsum.einsum "ij,jk->ik" ins(%a, %a : tensor<9x9xf32>, tensor<9x9xf32>)
         {conveinsum.group = 0} : tensor<9x9xf32>
  %2 = conveinsum.einsum "ij,jk->ik" ins(%0, %1 : tensor<9x9xf32>, tensor<9x9xf32>)
         {conveinsum.group = 0, conveinsum.keep} : tensor<9x9xf32>
  %3 = conveinsum.einsum "ij,jk->ik" ins(%2, %2 : tensor<9x9xf32>, tensor<9x9xf32>)
         {conveinsum.keep} : tensor<9x9xf32>
  return %3 : tensor<9x9xf32>
}

// -----

func.func @alone(%a: tensor<9x9xf32>) -> tensor<9x9xf32> {
  // expected-error@+1 {{is alone in its group 3 : i64, but a group has at least two steps}}
  %0 = conveinsum.einsum "ij,jk->ik" ins(%a, %a : tensor<9x9xf32>, tensor<9x9xf32>)
         {conveinsum.group = 3} : tensor<9x9xf32>
  return %0 : tensor<9x9xf32>
}

// -----

func.func @read_outside(%a: tensor<9x9xf32>) -> (tensor<9x9xf32>, tensor<9x9xf32>) {
  // expected-error@+1 {{has a result that is read in its group 0 : i64 and once more}}
  %0 = conveinsum.einsum "ij,jk->ik" ins(%a, %a : tensor<9x9xf32>, tensor<9x9xf32>)
         {conveinsum.group = 0} : tensor<9x9xf32>
  %1 = conveinsum.einsum "ij,jk->ik" ins(%0, %a : tensor<9x9xf32>, tensor<9x9xf32>)
         {conveinsum.group = 0} : tensor<9x9xf32>
  return %0, %1 : tensor<9x9xf32>, tensor<9x9xf32>
}

// -----

func.func @kept_inside(%a: tensor<9x9xf32>) -> tensor<9x9xf32> {
  // expected-error@+1 {{has a result that is kept, but read in its group 0 : i64, which does not write it to memory}}
  %0 = conveinsum.einsum "ij,jk->ik" ins(%a, %a : tensor<9x9xf32>, tensor<9x9xf32>)
         {conveinsum.group = 0, conveinsum.keep} : tensor<9x9xf32>
  %1 = conveinsum.einsum "ij,jk->ik" ins(%0, %a : tensor<9x9xf32>, tensor<9x9xf32>)
         {conveinsum.group = 0} : tensor<9x9xf32>
  return %1 : tensor<9x9xf32>
}
