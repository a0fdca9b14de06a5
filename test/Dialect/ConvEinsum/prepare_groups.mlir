// RUN: conveinsum-opt %s --conveinsum-decompose --conveinsum-prepare --verify-diagnostics --split-input-file

// One member of the group depends on constants alone.
// expected-error@+1 {{cannot be prepared: expected the steps of a group to depend on constants alone, or none of them, got both in group 0}}
func.func @torn(%x: tensor<2x3xf32>, %a: tensor<3x3xf32> {conveinsum.constant},
                %b: tensor<3x3xf32> {conveinsum.constant}) -> tensor<2x3xf32> {
  %0 = conveinsum.einsum "ij,jk,kl->il" ins(%x, %a, %b : tensor<2x3xf32>,
         tensor<3x3xf32>, tensor<3x3xf32>) plan (0,(1,2)) group [3, 4] : tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

// Both members depend on the argument that varies.
func.func @whole(%x: tensor<2x3xf32>, %a: tensor<3x3xf32> {conveinsum.constant},
                 %b: tensor<3x3xf32> {conveinsum.constant}) -> tensor<2x3xf32> {
  %0 = conveinsum.einsum "ij,jk,kl->il" ins(%x, %a, %b : tensor<2x3xf32>,
         tensor<3x3xf32>, tensor<3x3xf32>) plan ((0,1),2) group [3, 4] : tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}
