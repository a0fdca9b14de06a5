// An einsum is pure: a repeated step is computed once, an unused one not at all.
// RUN: conveinsum-opt %s --conveinsum-plan --conveinsum-decompose --cse | FileCheck %s

// CHECK-LABEL: func @repeated
// CHECK: %[[AB:.*]] = conveinsum.einsum "ij,jk->ik"
// CHECK: conveinsum.einsum "ik,kl->il" ins(%[[AB]],
// CHECK: conveinsum.einsum "ik,kl->il" ins(%[[AB]],
// CHECK-NOT: conveinsum.einsum
func.func @repeated(%a: tensor<2x9xf32>, %b: tensor<9x9xf32>,
    %c: tensor<9x7xf32>, %d: tensor<9x7xf32>)
    -> (tensor<2x7xf32>, tensor<2x7xf32>) {
  %0 = conveinsum.einsum "ij,jk,kl->il" ins(%a, %b, %c : tensor<2x9xf32>,
         tensor<9x9xf32>, tensor<9x7xf32>) : tensor<2x7xf32>
  %1 = conveinsum.einsum "ij,jk,kl->il" ins(%a, %b, %d : tensor<2x9xf32>,
         tensor<9x9xf32>, tensor<9x7xf32>) : tensor<2x7xf32>
  %unused = conveinsum.einsum "ij->ji" ins(%a : tensor<2x9xf32>) : tensor<9x2xf32>
  return %0, %1 : tensor<2x7xf32>, tensor<2x7xf32>
}
